"""Pings: opened by signs, answered by people, moved on by the clock; one open ping a customer (rules.md 7)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain import escalation
from bot.domain.audit import SYSTEM
from bot.domain.errors import Stale
from bot.domain.escalation import Deed
from bot.domain.events import PingAcknowledged, PingResolved
from bot.domain.model import (
    Destination,
    Incident,
    IncidentState,
    Outcome,
    Ping,
    PingState,
    Priority,
    Reach,
    Sign,
)
from bot.domain.notices import HelpComing, IncidentNoted, PingAnswered, Post
from bot.domain.policy import Policy
from bot.domain.roster import Roster
from bot.handlers import calls
from bot.handlers.mornings import places
from bot.handlers.views import asking, incident_facts, quotes_of
from bot.ports import UnitOfWork

AHEAD: Final = timedelta(minutes=5)
"""Clocks of platforms and ours differ by less; a replay's clock stands at the oldest message in flight."""
STEPS: Final = 200
"""Pings moved in one transaction; the rest is due at the next look, a second later."""


def signed(
    incident: Incident, sign: Sign, reach: Reach, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> Ping | None:
    """A new sign reached its incident: open the customer's ping, or let the open one take it in."""
    now = _moment(sign, now)
    ping = uow.pings.open_of(incident.customer_id)
    if ping is not None:
        if reach is not Reach.PING:
            moved, deed = escalation.heard(ping, sign), Deed()
        else:
            moved, deed = escalation.joined(ping, incident, sign, policy.ping, now)
            deed = _unbundled(ping, moved, deed, uow)
        return _carry_out(moved, deed, uow, policy, roster, now, "ping.joined")
    if reach is Reach.PING:
        opened, deed = escalation.opened(incident, sign, policy.ping, now)
        stored = uow.pings.add(opened)
        uow.audit.append(now, SYSTEM, "ping.opened", f"ping:{stored.id}", _facts(stored))
        return _carry_out(replace(stored, version=stored.version + 1), deed, uow, policy, roster, now, "")
    if reach is Reach.CARD:
        _card(incident, uow, roster, now)
    return None


def grown(
    incident: Incident, sign: Sign, count: int, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> None:
    """A burst goes on: a graver or a late message starts a round, otherwise the card follows at round numbers."""
    now = _moment(sign, now)
    ping = uow.pings.open_of(incident.customer_id)
    if ping is None:
        if incident.reach is Reach.PING and not _settled(incident, sign, uow, policy):
            signed(incident, sign, Reach.PING, uow, policy, roster, now)
        return
    moved, deed = escalation.joined(ping, incident, sign, policy.ping, now)
    if incident.reach is not Reach.PING:
        moved, deed = escalation.heard(ping, sign), Deed()
    if deed != Deed() or round_number(count):
        _carry_out(moved, deed, uow, policy, roster, now, "")
    elif not uow.pings.move(moved):
        raise Stale("ping")


def _moment(sign: Sign, now: datetime) -> datetime:
    """A sign that is a little ahead of our clock happens at its own time; one dated further ahead does not."""
    return sign.at if now < sign.at <= now + AHEAD else now


def _unbundled(ping: Ping, moved: Ping, deed: Deed, uow: UnitOfWork) -> Deed:
    """A person's report is never bundled: whoever has the ping only in a bundle is called for it."""
    if deed.call or not ping.automatic or moved.automatic or ping.state is not PingState.TRIGGERED:
        return deed
    last = [call.key for call in uow.pings.calls(ping.id) if call.round == ping.round]
    return Deed(call=(ping.step - 1,)) if last and last[-1].startswith("bundle:") else deed


def _settled(incident: Incident, sign: Sign, uow: UnitOfWork, policy: Policy) -> bool:
    """Somebody said that it is dealt with: what goes on in the same way calls again only after quiet minutes."""
    done = [ping for ping in uow.pings.of_incident(incident.id) if ping.resolved_at is not None]
    last = done[-1] if done else None
    if last is None or last.resolved_at is None or sign.severity > last.severity:
        return False
    return sign.at - last.resolved_at < policy.ping.quiet


def weighed(
    incident: Incident, sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> Ping | None:
    """A report was said in more detail: graver or more dangerous than known, it starts a round."""
    ping = uow.pings.open_of(incident.customer_id)
    if ping is None:
        return None
    graver = sign.severity > ping.severity or bool(sign.danger and sign.danger not in ping.dangers)
    known = replace(sign, at=max(sign.at, ping.last_sign_at))
    moved, deed = escalation.joined(ping, incident, known, policy.ping, now)
    moved = replace(moved, categories=incident.categories)
    if not graver:
        moved, deed = replace(escalation.heard(ping, known), categories=incident.categories), Deed()
    return _carry_out(moved, deed, uow, policy, roster, now, "")


def round_number(count: int) -> bool:
    """Every one up to ten, then tens, then hundreds: a flood must not flood the card."""
    return count <= 10 or (count < 100 and count % 10 == 0) or count % 100 == 0


def _carry_out(
    moved: Ping, deed: Deed, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, action: str
) -> Ping:
    """Write a moved ping and do what its move asks for; Stale if somebody else moved it first."""
    found = calls.plan(moved, deed, uow, policy, roster, now) if deed.call else None
    if found is not None:
        moved = _skipping(moved, found, policy, now)
    if not uow.pings.move(moved):
        raise Stale("ping")
    if action:
        uow.audit.append(now, SYSTEM, action, f"ping:{moved.id}", _facts(moved))
    before = moved
    if found is not None:
        if deed.call[0] == 0:  # a round begins anew and calls those of the one before again
            uow.outbox.cancel_round(f"ping:{moved.id}")
        moved = calls.make(moved, found, uow, policy, roster, now)
    elif deed.ask:
        moved = calls.ask(moved, uow, roster, now, moved.acked_by)
    elif deed.exhausted:
        moved = calls.exhaust(moved, uow, policy, roster, now)
    else:
        calls.follow(moved, uow, roster, now, only_last=moved.state is not PingState.RESOLVED)
    if moved.sent != before.sent:
        moved = replace(moved, version=moved.version + 1)
        if not uow.pings.move(moved):
            raise Stale("ping")
    return moved


def _skipping(moved: Ping, found: calls.Plan, policy: Policy, now: datetime) -> Ping:
    """Steps that nobody holds take no time: the wait is that of the step really taken; if none was left, it is over."""
    if not found.steps:
        return replace(moved, step=len(policy.ping.steps), due_at=now)
    if found.reached <= moved.step:
        return moved
    return replace(moved, step=found.reached, due_at=now + policy.ping.steps[found.reached - 1].wait)


def _facts(ping: Ping) -> dict[str, object]:
    return {
        "incident": ping.incident_id, "customer": ping.customer_id, "state": ping.state.value, "round": ping.round,
        "reason": ping.reason.value, "step": ping.step, "severity": ping.severity.key,
    }  # fmt: skip


def _card(incident: Incident, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    team = roster.team(incident.team)
    facts = incident_facts(incident, uow)
    for key, to in places(f"incident:{incident.id}", team):
        post = Post(
            key=key, lane=f"customer:{incident.customer_id}", priority=Priority.NORMAL, to=to,
            notice=IncidentNoted(facts), quotes=quotes_of(facts),
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def advance(uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> int:
    """Take every step that is due, never early, each once: whoever moves the ping first takes it (rules.md 7)."""
    due = uow.pings.due(now, STEPS)
    for ping in due:
        moved, deed = escalation.due(ping, policy.ping, now)
        _carry_out(moved, deed, uow, policy, roster, now, "ping.asked" if deed.ask else _action(moved))
    return len(due)


def _action(ping: Ping) -> str:
    return "ping.exhausted" if ping.state is PingState.EXHAUSTED else "ping.escalated"


def acknowledge(event: PingAcknowledged, uow: UnitOfWork, policy: Policy, now: datetime) -> PingAnswered:
    """The first who takes it has it: no call of this round is claimed for sending after this commit."""
    roster = Roster(uow.teams.all())
    ping = uow.pings.get(event.ping_id)
    taken = escalation.acknowledged(ping, event.actor, policy.ping, now)
    if taken is None:
        return _answer(ping, False, uow, roster)
    if not uow.pings.move(taken):
        raise Stale("ping")
    uow.outbox.cancel_round(f"ping:{ping.id}")
    detail = {**_facts(taken), "waited": (now - ping.opened_at).total_seconds()}
    uow.audit.append(now, event.actor, "ping.acknowledged", f"ping:{ping.id}", detail)
    calls.follow(taken, uow, roster, now)
    _comfort(taken, uow, roster, now)
    return _answer(taken, True, uow, roster)


def _comfort(ping: Ping, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Whoever asked for help learns at once who comes."""
    team = roster.team(ping.team)
    incident = uow.incidents.get(ping.incident_id)
    for number, person in enumerate(asking(incident, uow)):
        if person == ping.acked_by:
            continue
        notice = HelpComing(ping.id, roster.name(ping.acked_by), now, incident.zone)
        post = Post(
            key=f"help:{ping.id}:{ping.version}:{number}", lane=f"help:{ping.id}:{number}", priority=Priority.PING,
            to=Destination("", (person,)), notice=notice,
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def resolve(event: PingResolved, uow: UnitOfWork, policy: Policy, now: datetime) -> PingAnswered:
    """A person says that it is dealt with, and how if they like; the verdict is still to be given."""
    roster = Roster(uow.teams.all())
    ping = uow.pings.get(event.ping_id)
    if not ping.open:
        return _answer(ping, False, uow, roster)
    note = event.note.strip() or None
    done = _end(replace(ping, note=note), Outcome.HANDLED, uow, roster, now, event.actor, {"note": note is not None})
    return _answer(done, True, uow, roster)


def _end(
    ping: Ping, outcome: Outcome, uow: UnitOfWork, roster: Roster, now: datetime, actor: str,
    detail: Mapping[str, object] | None = None,
) -> Ping:  # fmt: skip
    done = escalation.resolved(ping, outcome, now)
    if not uow.pings.move(done):
        raise Stale("ping")
    uow.outbox.cancel_round(f"ping:{ping.id}")
    facts = {**_facts(done), "outcome": outcome.value, **(detail or {})}
    uow.audit.append(now, actor, "ping.resolved", f"ping:{ping.id}", facts)
    calls.follow(done, uow, roster, now)
    return done


def ended(
    incident_id: int, outcome: Outcome, uow: UnitOfWork, roster: Roster, now: datetime, actor: str = SYSTEM
) -> None:
    """The open ping of an incident ends with it."""
    for ping in uow.pings.of_incident(incident_id):
        if ping.open:
            _end(ping, outcome, uow, roster, now, actor)


def merged(customer_id: int, into: int, uow: UnitOfWork, now: datetime) -> None:
    """Two customers become one: of two open pings the graver goes on, then the unanswered, then the older."""
    roster = Roster(uow.teams.all())
    both = [p for p in (uow.pings.open_of(customer_id), uow.pings.open_of(into)) if p is not None]
    if len(both) > 1:
        _, other = sorted(both, key=lambda p: (-p.severity, p.state is PingState.ACKNOWLEDGED, p.opened_at, p.id))
        _end(other, Outcome.MERGED, uow, roster, now, SYSTEM)


def redrawn(incident_id: int, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Something on the card changed that moves nobody."""
    for ping in uow.pings.of_incident(incident_id):
        if ping.open:
            calls.follow(ping, uow, roster, now, only_last=True)


def _answer(ping: Ping, first: bool, uow: UnitOfWork, roster: Roster) -> PingAnswered:
    incident = uow.incidents.get(ping.incident_id)
    helped = asking(incident, uow) if first and ping.state is PingState.ACKNOWLEDGED else ()
    judged = incident.state is IncidentState.JUDGED
    return PingAnswered(
        ping_id=ping.id, state=ping.state, first=first, by=roster.name(ping.acked_by) if ping.acked_by else "",
        at=ping.resolved_at or ping.acked_at, customer=uow.customers.get(ping.customer_id).label,
        outcome=Outcome.JUDGED if judged and not ping.open else ping.outcome, helped=helped,
        incident_id=ping.incident_id, note=(ping.note or "") if first else "",
    )  # fmt: skip
