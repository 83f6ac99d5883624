"""Detections: a burst is opened, grows, and is joined with others that it meets (rules.md 2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.audit import SYSTEM
from bot.domain.model import Detection, DetectionState, Kind, Outcome, SignKind
from bot.domain.policy import Policy
from bot.domain.repetition import MIXED, Burst, Timeline
from bot.domain.roster import Roster
from bot.handlers import incidents, outages, waiting
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Found:
    """A burst of a customer, with the exact wordings of its messages."""

    customer: int
    burst: Burst
    raw_of: Mapping[int, bytes]
    left_out: int = 0


def record(
    customer: int,
    burst: Burst,
    timeline: Timeline,
    left_out: int,
    uow: UnitOfWork,
    policy: Policy,
    now: datetime,
    memory: Memory,
    *,
    recovered: bool = False,
) -> int:
    """Open a detection or let those that share a message grow into one; its id. `recovered`: its newest message was
    found after an outage of ours."""
    found = Found(customer, burst, timeline.raw_of, left_out)
    ids = {timeline.detection_of[m] for m in burst.members if m in timeline.detection_of}
    new = [m for m in burst.members if m not in timeline.detection_of]
    if ids:
        detection = grow([uow.detections.get(id) for id in ids], found, new, uow, policy, now)
    else:
        detection = opened(found, uow, policy, now, memory)
    if not ids or detection.outage_id is not None:
        outages.watch(detection, uow, policy, now, memory)
        detection = uow.detections.get(detection.id)
    incidents.detected(detection, uow, policy, now, recovered=recovered)
    merged = ids - {detection.id}
    if merged:  # after the older one was heard, so that a ping that both rest on goes on
        roster = Roster(uow.teams.all())
        incidents.voided(SignKind.DETECTION, sorted(merged), Outcome.MERGED, uow, policy, roster, now)
        for message, id in timeline.detection_of.items():
            if id in merged:
                timeline.detection_of[message] = detection.id
    timeline.detection_of.update(dict.fromkeys(burst.members, detection.id))
    return detection.id


def opened(found: Found, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Detection:
    """A new detection, with what was decided under which edition of the policy."""
    burst = found.burst
    raw = _raw(found.raw_of[m] for m in burst.members)
    judged, zone = waiting.judge(found.customer, burst, uow, policy, memory)
    detection = uow.detections.save(
        Detection(
            id=0, customer_id=found.customer, at=burst.at, last_at=burst.last, window=burst.window.name,
            count=burst.count, kind=Kind.EXACT if raw else Kind.NEAR, waiting=judged, center=burst.center, raw_key=raw,
            found_at=now, found_later=now - burst.last > policy.fresh, left_out=found.left_out, outage_id=None,
            state=DetectionState.OPEN, edition=policy.edition, pack_hash=policy.hash, zone=zone,
        ),
        burst.members,
    )  # fmt: skip
    _audit(uow, now, "detection.opened", detection)
    return detection


def grow(
    touched: Sequence[Detection], found: Found, new: Iterable[int], uow: UnitOfWork, policy: Policy, now: datetime
) -> Detection:
    """The oldest of the touched detections takes the burst's messages and the other detections in."""
    first, *others = sorted(touched, key=lambda d: (d.at, d.id))
    lengths = {window.name: window.length for window in policy.windows}
    for other in others:
        uow.detections.end(other.id, DetectionState.MERGED, into=first.id)
        _audit(uow, now, "detection.merged", other, into=first.id)
    window, count, center = _tightest([first, *others], found.burst, lengths)
    raws = {d.raw_key for d in touched} | {found.raw_of[m] for m in found.burst.members}
    raw = _raw(raws)
    shorter = lengths[window] < lengths.get(first.window, timedelta.max)
    grown = replace(
        first, at=min(first.at, found.burst.at), last_at=max(*(d.last_at for d in touched), found.burst.last),
        window=window, count=count, center=center, kind=Kind.EXACT if raw else Kind.NEAR, raw_key=raw,
        waiting=False if shorter and first.waiting else first.waiting, left_out=max(first.left_out, found.left_out),
    )  # fmt: skip
    if grown == first and not new:
        return first
    saved = uow.detections.save(grown, new)
    if (grown.window, grown.kind, grown.waiting) != (first.window, first.kind, first.waiting):
        _audit(uow, now, "detection.changed", saved)
    return saved


def _tightest(touched: Sequence[Detection], burst: Burst, lengths: Mapping[str, timedelta]) -> tuple[str, int, int]:
    """The shortest window that was ever full, its largest count, and that count's center."""
    seen = [(d.window, d.count, d.center) for d in touched if d.window in lengths]
    seen.append((burst.window.name, burst.count, burst.center))
    return min(seen, key=lambda s: (lengths[s[0]], -s[1]))


def _raw(raws: Iterable[bytes | None]) -> bytes | None:
    """The one exact wording of all messages, or None where they differ."""
    distinct = set(raws)
    only = distinct.pop() if len(distinct) == 1 else None
    return None if only == MIXED else only


def _audit(uow: UnitOfWork, now: datetime, action: str, detection: Detection, **more: object) -> None:
    facts = {
        "customer": detection.customer_id, "window": detection.window, "count": detection.count,
        "kind": detection.kind.value, "waiting": detection.waiting, "edition": detection.edition,
        "pack": detection.pack_hash, **more,
    }  # fmt: skip
    uow.audit.append(now, SYSTEM, action, f"detection:{detection.id}", facts)


def lapse(detection: Detection, uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    """Mark a detection that a recount no longer finds; never deleted (rules.md 3)."""
    uow.detections.end(detection.id, DetectionState.LAPSED)
    _audit(uow, now, "detection.lapsed", detection)
    roster = Roster(uow.teams.all())
    incidents.voided(SignKind.DETECTION, [detection.id], Outcome.WITHDRAWN, uow, policy, roster, now)
