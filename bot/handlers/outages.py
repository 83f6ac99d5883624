"""Outages: many customers write the same within minutes, so it is us; one notice stands for all (rules.md 3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.audit import SYSTEM
from bot.domain.events import OutageEnded
from bot.domain.likeness import Fingerprint, same_content
from bot.domain.model import Detection, Outage, Priority, Team
from bot.domain.notices import Applied, OutageNoticed, Post
from bot.domain.policy import Policy
from bot.domain.roster import Roster
from bot.handlers import incidents, mornings
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
    incidents.outaged(id, [d.id for d in members], uow, policy, now)
    if now - last <= policy.fresh:
        _notice(replace(outage, id=id), detection.center, members, uow, policy, now)


def _notice(
    outage: Outage, center: int, members: Sequence[Detection], uow: UnitOfWork, policy: Policy, now: datetime
) -> None:
    """One notice for each team that hears of it (rules.md 3)."""
    roster = Roster(uow.teams.all())
    said = uow.messages.spoken([detection.center for detection in members])
    concerned = {roster.first(f"{m.platform}:{m.workspace}:{m.channel}").name for m in said}
    for team in roster.teams:
        if team.name in concerned or not said:
            _put(outage, center, team, uow, policy, now)


def _put(outage: Outage, center: int, team: Team, uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    zone = team.zone or policy.calendar.zone
    quotes = (f"message:{center}",) if center else ()
    notice = OutageNoticed(outage.id, team.name, zone, outage.at, outage.customers, quotes, outage.ended_at)
    ended = outage.ended_at is not None
    for key, to in mornings.places(f"outage:{outage.id}:{team.name}", team):
        if not ended or uow.outbox.keys([key]):
            post = Post(
                key=f"{key}@1" if ended else key, lane=f"outage:{outage.id}", priority=Priority.PING, to=to,
                notice=notice, edits=key if ended else "", quotes=quotes,
            )  # fmt: skip
            uow.outbox.put(post, now, team.language)


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
            _end(outage, outage.last_at + policy.outage.quiet, SYSTEM, uow, policy, now)
        else:
            active.append(outage)
    return active


def _end(outage: Outage, at: datetime, actor: str, uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    ended = replace(outage, ended_at=at)
    uow.detections.save_outage(ended, 0, [])
    uow.audit.append(now, actor, "outage.ended", f"outage:{outage.id}", {})
    for team in uow.teams.all():
        _put(ended, uow.detections.outage_center(outage.id), team, uow, policy, now)


def end(event: OutageEnded, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """A person ends every outage that goes on."""
    active = expire(now, uow, policy, now)
    for outage in active:
        _end(outage, now, event.actor, uow, policy, now)
    return Applied("outage", tuple(str(outage.id) for outage in active))
