"""A replay as JSON Lines for other programs (rules.md 9): written whole from the rows, so no line stands twice."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.replay.feed import Replayed
from bot.domain.questions import DetectionStory


def write_lines(path: Path, result: Replayed, channels: Mapping[str, str]) -> None:
    """Replace `path` at once, so that a reader never sees half of it."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        for line in _lines(result, channels):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    draft.replace(path)


def _lines(result: Replayed, channels: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for story in result.shown.stories:
        yield _detection(story, channels)
    for outage in result.shown.outages:
        yield {
            "type": "outage",
            "at": stamp(outage.at),
            "last_at": stamp(outage.last_at),
            "ended_at": stamp(outage.ended_at) if outage.ended_at else None,
            "customers": outage.customers,
        }
    for skipped in result.skipped:
        yield {"type": "skipped", "file": skipped.file, "record": skipped.record, "reason": skipped.key}


def _detection(story: DetectionStory, channels: Mapping[str, str]) -> dict[str, object]:
    found = story.detection
    return {
        "type": "detection",
        "at": stamp(found.at),
        "customer": story.customer.label,
        "accounts": list(story.customer.contacts),
        "window": found.window,
        "count": found.count,
        "kind": found.kind.value,
        "waiting": found.waiting,
        "messages": [
            {
                "id": message.message_id,
                "at": stamp(message.sent_at),
                "channel": channels.get(f"{message.platform}:{message.workspace}:{message.channel}", message.channel),
                "text": message.text,
            }
            for message in story.messages
        ],
        "found_later": found.found_later,
        "outage": found.outage_id is not None,
        "left_out": found.left_out,
        "edition": found.edition,
        "pack": found.pack_hash,
        "habit": [{"days": h.days, "bursts": h.bursts, "distinct_days": h.distinct_days} for h in story.habits],
    }


def stamp(at: datetime) -> str:
    """UTC as ISO 8601."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
