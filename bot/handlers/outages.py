"""Outages: many customers write the same within minutes, so it is us; one notice stands for all (rules.md 3)."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.audit import SYSTEM
from bot.domain.events import OutageEnded
from bot.domain.likeness import Fingerprint, same_content
from bot.domain.model import Detection, Outage
from bot.domain.notices import Applied
from bot.domain.policy import Policy
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


def watch(detection: Detection, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> None:
    """Let a detection join the outage of its content, or declare one when enough customers say the same."""
    running = expire(detection.last_at, uow, policy, now)
    active = [outage for outage in running if outage.at - policy.outage.within <= detection.last_at]
    print = _print(detection.center, uow, memory)
    if print is None:
        return
    for outage in active:
        center = _print(uow.detections.outage_center(outage.id), uow, memory)
        if detection.outage_id == outage.id or (center is not None and same_content(print, center)):
            _join(outage, detection, uow)
            return
    if detection.outage_id is None:
        _declare(detection, print, uow, policy, now, memory)


def _join(outage: Outage, detection: Detection, uow: UnitOfWork) -> None:
    more = 0 if detection.outage_id == outage.id else 1
    last = max(outage.last_at, detection.last_at)
    if more or last != outage.last_at:
        grown = replace(outage, last_at=last, customers=outage.customers + more)
        uow.detections.save_outage(grown, detection.center, [detection.id])


def _declare(
    detection: Detection, print: Fingerprint, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory
) -> None:
    rule = policy.outage
    around = uow.detections.near(detection.at + rule.within, detection.at - rule.within)
    by_customer = {detection.customer_id: detection}
    for other in around:
        if other.customer_id not in by_customer and other.outage_id is None:
            theirs = _print(other.center, uow, memory)
            if theirs is not None and same_content(print, theirs):
                by_customer[other.customer_id] = other
    members = _densest(list(by_customer.values()), rule.within)
    if len(members) < rule.customers:
        return
    first, last = min(d.at for d in members), max(d.last_at for d in members)
    outage = Outage(0, first, last, None, len(members))
    id = uow.detections.save_outage(outage, detection.center, [d.id for d in members])
    uow.audit.append(now, SYSTEM, "outage.declared", f"outage:{id}", {"customers": len(members)})


def _densest(detections: list[Detection], within: timedelta) -> list[Detection]:
    """The largest set of detections whose times lie within the rule's span, ends included."""
    spans = [[d for d in detections if start.at <= d.at <= start.at + within] for start in detections]
    return max(spans, key=len)


def _print(message: int, uow: UnitOfWork, memory: Memory) -> Fingerprint | None:
    text = uow.messages.text(message)
    return None if text is None else memory.fingerprinter.of(text)


def expire(at: datetime, uow: UnitOfWork, policy: Policy, now: datetime) -> list[Outage]:
    """End outages that were quiet for long enough before `at`; those that go on."""
    active = []
    for outage in uow.detections.outages(active=True):
        if outage.last_at + policy.outage.quiet < at:
            _end(outage, outage.last_at + policy.outage.quiet, SYSTEM, uow, now)
        else:
            active.append(outage)
    return active


def _end(outage: Outage, at: datetime, actor: str, uow: UnitOfWork, now: datetime) -> None:
    uow.detections.save_outage(replace(outage, ended_at=at), 0, [])
    uow.audit.append(now, actor, "outage.ended", f"outage:{outage.id}", {})


def end(event: OutageEnded, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """A person ends every outage that goes on."""
    active = expire(now, uow, policy, now)
    for outage in active:
        _end(outage, now, event.actor, uow, now)
    return Applied("outage", tuple(str(outage.id) for outage in active))
