"""Evaluate: labelled timelines go through the production door; what it detects is the prediction, nothing else."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from adapters.replay.watch import FollowingClock
from bot.domain.errors import BadInput, Fault
from bot.domain.events import CustomersImported, MessagePosted
from bot.domain.model import CustomerRecord, Platform
from bot.domain.questions import DetectionsAsked, DetectionsShown
from bot.intake import BATCH, Intake

WORKSPACE: Final = "EVAL"


@dataclass(frozen=True, slots=True)
class Timeline:
    """One customer's messages, as the file has them."""

    customer: str
    messages: tuple[MessagePosted, ...]


def read_timelines(path: Path) -> tuple[Timeline, ...]:
    """The timelines of a JSON Lines file; BadInput names every line that cannot be used."""
    faults: list[Fault] = []
    found: dict[str, Timeline] = {}
    for number, line in _numbered(path):
        try:
            timeline = _timeline(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            faults.append(Fault(str(path), number, "eval_line", (("error", f"{type(error).__name__}: {error}"),)))
            continue
        if timeline.customer in found:
            faults.append(Fault(str(path), number, "eval_twice", (("got", timeline.customer),)))
        found[timeline.customer] = timeline
    if faults:
        raise BadInput(tuple(faults))
    return tuple(found.values())


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput((Fault(str(path), 0, "eval_file", (("error", str(error)),)),)) from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _timeline(line: dict[str, Any]) -> Timeline:
    customer = str(line["customer"])
    return Timeline(customer, tuple(_message(customer, i, m) for i, m in enumerate(line["messages"])))


def _message(customer: str, index: int, message: dict[str, Any]) -> MessagePosted:
    at = datetime.fromisoformat(message["t"])
    if at.tzinfo is None:
        raise ValueError("t: no offset from UTC")
    return MessagePosted(
        platform=Platform(message["platform"]),
        workspace=WORKSPACE,
        channel=str(message["channel"]),
        message_id=f"{customer}/{index}",
        author=customer,
        text=str(message["text"]),
        sent_at=at,
    )


async def predict(
    timelines: Sequence[Timeline], intake: Intake, clock: FollowingClock, progress: Callable[[int], None]
) -> list[dict[str, object]]:
    """One prediction a timeline, in order: the detections of that customer, by the indexes of their messages."""
    await intake.submit(CustomersImported(records=tuple(_record(t) for t in timelines), actor="cli:evaluate"))
    for done, timeline in enumerate(timelines, start=1):
        ordered = sorted(timeline.messages, key=lambda m: m.sent_at)
        for start in range(0, len(ordered), BATCH):
            part = ordered[start : start + BATCH]
            clock.now = part[0].sent_at
            for future in [intake.submit(event) for event in part]:
                await future
        progress(done)
    shown = await intake.ask(DetectionsAsked())
    alerts: dict[str, list[dict[str, object]]] = {timeline.customer: [] for timeline in timelines}
    for story in shown.stories if isinstance(shown, DetectionsShown) else ():
        indexes = sorted(int(message.message_id.rpartition("/")[2]) for message in story.messages)
        alert = {"message_indexes": indexes, "window": story.detection.window, "count": story.detection.count}
        alerts[story.customer.name].append(alert)
    return [{"customer": customer, "alerts": found} for customer, found in alerts.items()]


def _record(timeline: Timeline) -> CustomerRecord:
    accounts = sorted({f"{m.platform}:{WORKSPACE}:{m.author}" for m in timeline.messages})
    return CustomerRecord(name=timeline.customer, contacts=tuple(accounts), source="evaluate")
