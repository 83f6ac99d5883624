"""A replay as JSON Lines for other programs (rules.md 9): written whole from the rows, so no line stands twice."""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.replay.feed import Replayed
from bot.domain.errors import BadInput, Fault
from bot.domain.questions import DetectionStory, PingStory, RecordShown


def write_lines(path: Path, result: Replayed, channels: Mapping[str, str]) -> None:
    """Replace a file at once, so that a reader never sees half of it; write into anything else (a pipe, a device)."""
    plain = path.is_file() or not path.exists()
    path = path.resolve() if plain else path
    draft = path.with_name(path.name + ".part") if plain else path
    try:
        with draft.open("w", encoding="utf-8") as file:
            for line in _lines(result, channels):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        if plain:
            draft.replace(path)
    except OSError as error:
        if plain:
            draft.unlink(missing_ok=True)
        raise _unwritable(path, error.strerror or str(error)) from None


def check_writable(path: Path) -> None:
    """BadInput at once where `path` could not be written when the work is done."""
    if path.is_dir():
        raise _unwritable(path, os.strerror(errno.EISDIR))
    special = path.exists() and not path.is_file()
    folder = path if special else path.resolve().parent
    if not folder.exists():
        raise _unwritable(path, os.strerror(errno.ENOENT))
    if not os.access(folder, os.W_OK):
        raise _unwritable(path, os.strerror(errno.EACCES))


def _unwritable(path: Path, error: str) -> BadInput:
    return BadInput((Fault(str(path), 0, "not_writable", (("error", error),)),))


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
    yield from _record(result.record)
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


def _record(record: RecordShown) -> Iterator[dict[str, object]]:
    """Incidents, pings with their calls, standings, digests: in that order, each by its number."""
    for incident in record.incidents:
        yield {
            "type": "incident", "id": incident.incident_id, "at": stamp(incident.opened_at),
            "last_at": stamp(incident.last_sign_at), "customer": incident.customer, "team": incident.team,
            "severity": incident.severity.key, "categories": list(incident.categories), "reach": incident.reach.value,
            "signs": len(incident.signs) + incident.more, "outage": incident.outage_id is not None,
            "finding": incident.finding or None, "state": incident.state,
        }  # fmt: skip
    for story in record.pings:
        yield _ping(story)
    for shown in record.standings:
        standing = shown.standing
        yield {
            "type": "standing", "customer": shown.customer.label, "at": stamp(standing.at),
            "points": round(standing.points, 3), "level": standing.level.key, "threshold": standing.threshold,
            "days": standing.habit.days, "weeks": standing.habit.weeks,
            "earliest_end": stamp(shown.end.at) if shown.end.at else None,
        }  # fmt: skip
    for line in record.supposed:
        yield {
            "type": "supposed", "customer": line.name, "points": round(line.standing.points, 3),
            "level": line.standing.level.key, "threshold": line.standing.threshold,
        }  # fmt: skip
    for digest in record.digests:
        yield {
            "type": "digest", "team": digest.team, "week": digest.week, "since": stamp(digest.since),
            "at": stamp(digest.at), "incidents": digest.incidents, "confirmed": digest.confirmed,
            "detections": digest.detections, "outages": digest.outages, "pings": len(digest.pings),
            "to_judge": sum(line.count for line in digest.to_judge),
            "waited": [line.name for line in digest.waited], "toward": [line.name for line in digest.toward],
        }  # fmt: skip


def _ping(story: PingStory) -> dict[str, object]:
    ping = story.ping
    return {
        "type": "ping", "id": ping.ping_id, "at": stamp(ping.opened_at), "customer": ping.incident.customer,
        "incident": ping.incident.incident_id, "severity": ping.severity.key, "state": ping.state.value,
        "rounds": ping.round, "acked_at": stamp(ping.acked_at) if ping.acked_at else None,
        "resolved_at": stamp(ping.resolved_at) if ping.resolved_at else None,
        "outcome": ping.outcome.value if ping.outcome else None,
        "calls": [
            {
                "at": stamp(call.at), "to": name or None, "round": call.round,
                "step": "asked" if call.asked else call.step + 1,
            }
            for name, call in story.calls
        ],
    }  # fmt: skip


def stamp(at: datetime) -> str:
    """UTC as ISO 8601."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
