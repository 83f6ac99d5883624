"""What a pressed button means: its action and subject become something to do or to ask; the core decides on rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from bot.domain.events import (
    DrillSeen,
    Event,
    OutageEnded,
    PingAcknowledged,
    PingResolved,
    ReportFiled,
    ReportWithdrawn,
    ReviewSeconded,
)
from bot.domain.model import ReportKind
from bot.domain.questions import Question, ReviewAsked, StandingAsked, WhyAsked

DIGITS: Final = 18
"""No row has a longer number."""
HELP: Final = ("now", "home")
"""Action and subject of the button that calls somebody at once; it says nothing about anybody."""
AGAIN: Final = "~"
"""Parts an id that stands twice on one screen from its number: no platform takes an id twice."""


def apart(ids: Iterable[str]) -> Iterator[str]:
    """The same ids, in this order, each once."""
    seen: Counter[str] = Counter()
    for id in map(bare, ids):
        seen[id] += 1
        yield id if seen[id] == 1 else f"{id}{AGAIN}{seen[id]}"


def bare(id: str) -> str:
    """The id that `apart` was given."""
    return id.partition(AGAIN)[0]


def number_of(subject: str, kind: str) -> int | None:
    """9 for `incident:9` and the kind incident; None for anything else, such as a subject that was tampered with."""
    named, _, number = subject.partition(":")
    fits = named == kind and number.isascii() and number.isdecimal() and len(number) <= DIGITS
    return int(number) if fits and int(number) > 0 else None


def pressed(action: str, subject: str, actor: str) -> Event | Question | None:
    """None for a button that this version does not know, or one whose subject was tampered with.

    A second opinion and a verdict need a form where the platform has forms: there they are not done by this alone.
    """
    if (action, subject) == HELP:
        return ReportFiled(actor=actor, kind=ReportKind.NOW)
    kind = subject.partition(":")[0]
    id = number_of(subject, kind)
    if id is None:
        return None
    match action, kind:
        case "ack", "ping":
            return PingAcknowledged(actor=actor, ping_id=id)
        case "resolve", "ping":
            return PingResolved(actor=actor, ping_id=id)
        case "seen", "drill":
            return DrillSeen(actor=actor, drill_id=id)
        case "agree" | "disagree", "incident":
            return ReviewSeconded(actor=actor, incident_id=id, agrees=action == "agree")
        case "verify" | "show", "incident":
            return ReviewAsked(actor=actor, incident_id=id)
        case "outage_end", "outage":
            return OutageEnded(actor=actor)
        case "withdraw", "report":
            return ReportWithdrawn(actor=actor, report_id=id)
        case "why" | "why_numbers", "ping" | "incident" | "detection" | "customer":
            return WhyAsked(actor=actor, subject=f"{kind}:{id}")
        case "standing", "customer":
            return StandingAsked(actor=actor, customer_id=id)
    return None
