"""What a pressed button means: its action and subject become something to do or to ask; the core decides on rows."""

from bot.domain.events import Event, OutageEnded, PingAcknowledged, PingResolved, ReportWithdrawn, ReviewSeconded
from bot.domain.questions import Question, ReviewAsked, StandingAsked, WhyAsked

DIGITS = 18
"""No row has a longer number."""


def pressed(action: str, subject: str, actor: str) -> Event | Question | None:
    """None for a button that this version does not know, or one whose subject was tampered with."""
    kind, _, number = subject.partition(":")
    if not number.isascii() or not number.isdecimal() or len(number) > DIGITS:
        return None
    id = int(number)
    match action, kind:
        case "ack", "ping":
            return PingAcknowledged(actor=actor, ping_id=id)
        case "resolve", "ping":
            return PingResolved(actor=actor, ping_id=id)
        case "agree" | "disagree", "incident":
            return ReviewSeconded(actor=actor, incident_id=id, agrees=action == "agree")
        case "verify" | "show", "incident":
            return ReviewAsked(actor=actor, incident_id=id)
        case "outage_end", "outage":
            return OutageEnded(actor=actor)
        case "withdraw", "report":
            return ReportWithdrawn(actor=actor, report_id=id)
        case (("why" | "why_numbers" | "incident" | "detection"), ("ping" | "incident" | "detection" | "customer")):
            return WhyAsked(actor=actor, subject=subject)
        case "standing", "customer":
            return StandingAsked(actor=actor, customer_id=id)
    return None
