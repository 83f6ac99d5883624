"""Counting a customer's stored history again, after somebody changed whose messages they are (rules.md 3)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from bot.domain.likeness import Fingerprint
from bot.domain.model import Detection, Trace
from bot.domain.policy import Policy
from bot.domain.repetition import SLACK, Burst, Fill, Timeline, bursts_of, reach
from bot.handlers import detections
from bot.handlers.memory import END, Memory, print_of
from bot.ports import UnitOfWork

_History = tuple[list[Burst], Timeline, dict[int, int]]
"""The bursts, the timeline they were found on, and how many contents had been left out at each message."""
BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)


def recount(customers: Iterable[int], uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> int:
    """Find every burst again; what no longer holds lapses first. The number of open detections afterwards."""
    ids = sorted(set(customers))
    uow.customers.hold(ids)
    histories = {id: _bursts(id, uow, policy, memory) for id in ids}
    for id, (bursts, _, _) in histories.items():
        _lapse(id, bursts, uow, policy, now)
    for id, history in histories.items():
        _record(id, history, uow, policy, now, memory)
    uow.customers.changed(ids)
    memory.forget(ids)
    return sum(len(uow.detections.of(id, BEGIN)) for id in ids)


def _bursts(customer: int, uow: UnitOfWork, policy: Policy, memory: Memory) -> _History:
    """The bursts of a whole history; what is near-same is compared once and kept with the rows."""
    traces = uow.messages.recent(customer, BEGIN, END)
    since = (traces[0].at if traces else BEGIN) - reach(policy.windows) - SLACK
    timeline = Timeline(policy.windows, policy.max_contents, since, keep=False)
    raws: dict[int, bytes] = {}
    left: dict[int, int] = {}
    fills: list[list[Fill]] = []
    for trace in traces:
        print = _full(trace, uow, memory)
        near = b"".join(sorted(timeline.note(print, memory.recall(uow), trace.alike or b"")))
        if near != (trace.alike or b""):
            uow.messages.alike(trace.id, near)
        fills.append(timeline.add(trace.root, trace.at, print))
        raws[trace.root] = timeline.raw_of.get(trace.root, print.raw_key)
        left[trace.root] = timeline.left_out
    timeline.raw_of = raws
    return bursts_of(fills), timeline, left


def _full(trace: Trace, uow: UnitOfWork, memory: Memory) -> Fingerprint:
    """With its content where the text is still kept, else by hashes and bitmap alone."""
    text = uow.messages.text(trace.id)
    return (memory.fingerprinter.of(text) if text is not None else None) or print_of(trace)


def _lapse(customer: int, bursts: list[Burst], uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    for old in uow.detections.of(customer, BEGIN):
        held = frozenset(uow.detections.messages(old.id))
        if not any(held <= burst.members for burst in bursts) and not _forgotten(held, uow):
            detections.lapse(old, uow, policy, now)


def _forgotten(held: frozenset[int], uow: UnitOfWork) -> bool:
    """A detection none of whose messages are stored cannot be counted again and stays as it is."""
    return not uow.messages.spoken(held)


def _record(customer: int, history: _History, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> None:
    bursts, timeline, left = history
    owner: dict[int, Detection] = {
        message: old for old in uow.detections.of(customer, BEGIN) for message in uow.detections.messages(old.id)
    }
    for burst in bursts:
        timeline.detection_of = {m: owner[m].id for m in burst.members if m in owner}
        left_out = max(left[message] for message in burst.members)
        detections.record(customer, burst, timeline, left_out, uow, policy, now, memory)
