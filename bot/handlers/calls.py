"""Calls of a ping: whom a step reaches now, bundled where it would be too many, and cards that follow the ping."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.access import DUTY, LEADING
from bot.domain.escalation import Deed
from bot.domain.model import ASKED, Destination, Notification, Override, Ping, PingState, Priority, Severity, Team
from bot.domain.notices import (
    OutcomeAsked,
    PhoneCalled,
    PingEscalated,
    PingExhausted,
    PingFacts,
    PingOpened,
    PingsBundled,
    PingSettled,
    Post,
    Posted,
)
from bot.domain.policy import Policy, StepTarget
from bot.domain.roster import Called, Roster, called, instead, with_roles
from bot.handlers.views import asking, ping_facts, quotes_of
from bot.ports import UnitOfWork

HOUR: Final = timedelta(hours=1)
HOOK: Final = "hook"
"""The platform of a phone service, in keys and destinations."""
FOLLOWED: Final = 10
"""Cards of one ping that follow it, the latest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom to call in which steps; `reached` how many of the policy's steps that takes in all."""

    steps: tuple[tuple[int, Called], ...]
    reached: int


def plan(ping: Ping, deed: Deed, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Plan:
    """Look up now who answers each step; a step that nobody holds is taken at once with the next one."""
    team = roster.team(ping.team)
    overrides = uow.duty.overrides(ping.team, now)
    helpless = frozenset(asking(uow.incidents.get(ping.incident_id), uow))
    had = {call.target for call in uow.pings.calls(ping.id) if call.round == ping.round}
    steps, found = policy.ping.steps, []
    wanted = list(deed.call)
    while wanted:
        step = wanted.pop(0)
        answer = called(team, steps[step].to, overrides, now, helpless)
        if steps[step].to is StepTarget.SECOND and set(answer.people) <= had:
            answer = _another(team, overrides, now, helpless, had, answer)
        if not answer.people and step == 0 and not team.alert_channel:
            answer = Called(anybody(roster, helpless), nobody_on_call=True)
        if answer.people or step == 0:
            found.append((step, answer))
        elif not wanted and step + 1 < len(steps):
            wanted.append(step + 1)
    reached = max((step for step in deed.call), default=ping.step - 1)
    reached = max([reached, *(step for step, _ in found)]) + 1
    return Plan(tuple(found), reached)


def anybody(roster: Roster, helpless: frozenset[str]) -> tuple[str, ...]:
    """Whom to call where a team has neither people on duty nor a channel: the leads of the others, else supervisors."""
    for roles in (LEADING, DUTY):
        found = [p for team in roster.teams for p in with_roles(team, *roles) if p not in helpless]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _another(
    team: Team, overrides: Sequence[Override], now: datetime, helpless: frozenset[str], had: set[str], answer: Called
) -> Called:
    """The second person was called already (somebody stands in since): whoever is on call now, else another one."""
    on_call = called(team, StepTarget.ON_CALL, overrides, now, helpless).people
    others = called(team, StepTarget.SUPERVISORS, overrides, now, helpless).people
    fresh = [person for person in (*on_call, *others) if person not in had]
    return Called(tuple(fresh[:1])) if fresh else answer


def make(ping: Ping, plan: Plan, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Ping:
    """Put the posts of the planned steps, note each call; the ping with its number of calls."""
    for step, answer in plan.steps:
        first = step == 0
        ping = _step(ping, step, answer.people, first, uow, policy, roster, now)
    return ping


def _step(
    ping: Ping, step: int, people: Sequence[str], first: bool, uow: UnitOfWork, policy: Policy, roster: Roster,
    now: datetime,
) -> Ping:  # fmt: skip
    team = roster.team(ping.team)
    gentle = ping.automatic and ping.severity < Severity.HIGH
    bundled = [p for p in people if gentle and uow.pings.automatic_calls(p, now - HOUR) >= policy.ping.per_hour]
    direct = [p for p in people if p not in bundled]
    groups = [tuple(direct)] if team.alert_channel else [(person,) for person in direct]
    for group in groups if direct or not bundled else []:
        key = f"ping:{ping.id}:{ping.sent}"
        ping = _note(ping, step, group, key, uow, now)
        facts = ping_facts(ping, uow, roster)
        notice: Posted = PingOpened(facts) if first else PingEscalated(facts, step + 1)
        _put(ping, key, notice, facts, group, team, uow, now)
        _ring("opened" if first else "escalated", ping, key, step, group, uow, policy, now)
    for person in bundled:
        ping = _bundle(ping, step, person, team, uow, roster, now)
    return ping


def _note(ping: Ping, step: int, people: Sequence[str], key: str, uow: UnitOfWork, now: datetime) -> Ping:
    for person in people or ("",):
        call = Notification(ping.id, ping.sent, ping.round, step, person, now, ping.automatic, key, ping.reason)
        uow.pings.note(call)
        ping = replace(ping, sent=ping.sent + 1)
    return ping


def _put(
    ping: Ping, key: str, notice: Posted, facts: PingFacts, people: Sequence[str], team: Team, uow: UnitOfWork,
    now: datetime,
) -> None:  # fmt: skip
    if not team.alert_channel and not people:
        return
    uow.outbox.put(
        Post(
            key=key, lane=f"customer:{ping.customer_id}", priority=_priority(ping), notice=notice,
            to=Destination(team.alert_channel, tuple(people)), quotes=quotes_of(facts.incident),
            round=f"ping:{ping.id}",
        ),
        now,
        team.language,
    )  # fmt: skip


def _ring(
    kind: str, ping: Ping, key: str, step: int, people: Sequence[str], uow: UnitOfWork, policy: Policy, now: datetime
) -> None:
    """Let a phone service call these people as well, where one is connected and it is grave enough."""
    if not policy.ping.hooked or ping.severity < policy.ping.hook_from:
        return
    post = Post(
        key=f"{HOOK}:{key.partition(':')[2]}", lane=f"{HOOK}:{ping.id}", priority=_priority(ping),
        to=Destination(f"{HOOK}::phone", tuple(people)), round=f"ping:{ping.id}",
        notice=PhoneCalled(kind, ping.id, ping.round, step + 1, ping.severity, now),
    )  # fmt: skip
    uow.outbox.put(post, now)


def _priority(ping: Ping) -> Priority:
    return Priority.CRITICAL if ping.severity is Severity.CRITICAL else Priority.PING


def _bundle(ping: Ping, step: int, person: str, team: Team, uow: UnitOfWork, roster: Roster, now: datetime) -> Ping:
    """One card for everything beyond what a person takes in an hour; it grows in place."""
    id, version, pings = uow.pings.bundle(person, team.name, ping.id, now, now - HOUR)
    key = f"bundle:{id}"
    ping = _note(ping, step, (person,), key, uow, now)
    post_bundle(id, version, person, [*pings], team, uow, roster, now, latest=ping)
    return ping


def post_bundle(
    id: int, version: int, person: str, pings: Sequence[int], team: Team, uow: UnitOfWork, roster: Roster,
    now: datetime, latest: Ping | None = None,
) -> None:  # fmt: skip
    """Put a bundle's card, or change it."""
    stored = [latest if latest is not None and id == latest.id else uow.pings.get(id) for id in pings]
    facts = tuple(ping_facts(ping, uow, roster) for ping in stored)
    key = f"bundle:{id}"
    post = Post(
        key=f"{key}@{version}" if version else key, lane=key, priority=Priority.NORMAL,
        to=Destination(team.alert_channel, (person,)), notice=PingsBundled(id, team.name, facts),
        edits=key if version else "", round="" if version else key,
    )  # fmt: skip
    uow.outbox.put(post, now, team.language)


def ask(ping: Ping, uow: UnitOfWork, roster: Roster, now: datetime, asked: str) -> Ping:
    """Ask the acknowledger how it ended."""
    team = roster.team(ping.team)
    key = f"ping:{ping.id}:{ping.sent}"
    ping = _note(ping, ASKED, (asked,), key, uow, now)
    facts = ping_facts(ping, uow, roster)
    _put(ping, key, OutcomeAsked(facts, ping.due_at or now), facts, (asked,), team, uow, now)
    return ping


def exhaust(ping: Ping, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Ping:
    """Tell the leads that nobody answered."""
    team = roster.team(ping.team)
    key = f"ping:{ping.id}:{ping.sent}"
    last = len(policy.ping.steps)
    times = 1 + len({c.key for c in uow.pings.calls(ping.id) if c.round == ping.round and c.step == last})
    leads = with_roles(team, *LEADING)
    if not leads and not team.alert_channel:
        leads = instead(team) or anybody(roster, frozenset())
    ping = _note(ping, last, leads, key, uow, now)
    facts = ping_facts(ping, uow, roster)
    if leads and not team.alert_channel:
        for number, lead in enumerate(leads):
            mine = key if not number else f"{key}+{number}"
            _put(ping, mine, PingExhausted(facts, times), facts, (lead,), team, uow, now)
    else:
        _put(ping, key, PingExhausted(facts, times), facts, leads, team, uow, now)
    _ring("exhausted", ping, key, last, leads, uow, policy, now)
    return ping


def follow(ping: Ping, uow: UnitOfWork, roster: Roster, now: datetime, *, only_last: bool = False) -> None:
    """Let the cards of this ping say how it stands now: all of them once it is settled, else the last one."""
    team = roster.team(ping.team)
    calls = uow.pings.calls(ping.id)
    own = list(dict.fromkeys(call.key for call in calls if call.key.startswith("ping:")))[-FOLLOWED:]
    cards = {key: to for base in own for key, to in _copies(base, calls, team)}
    posted = uow.outbox.keys(cards)
    keys = [key for key in cards if key in posted]
    facts = ping_facts(ping, uow, roster)
    settled = ping.state in (PingState.ACKNOWLEDGED, PingState.RESOLVED)
    notice: Posted = PingSettled(facts) if settled else PingOpened(facts)
    for key in keys[-1:] if only_last else keys:
        post = Post(
            key=f"{key}@{posted[key] + 1}", lane=f"customer:{ping.customer_id}", priority=Priority.NORMAL,
            to=cards[key], notice=notice, edits=key,
            quotes=quotes_of(facts.incident),
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)
    for key in dict.fromkeys(call.key for call in calls if call.key.startswith("bundle:")):
        _follow_bundle(key, ping, uow, roster, now)


def _copies(key: str, calls: Sequence[Notification], team: Team) -> Iterator[tuple[str, Destination]]:
    """The card of a call, and its copies that went directly to people (a channel that failed, or none)."""
    people = tuple(call.target for call in calls if call.key == key and call.target)
    yield key, Destination(team.alert_channel, people)
    for number, person in enumerate(people):
        yield f"{key}+{number}", Destination("", (person,))
        yield f"{key}+direct{number}", Destination("", (person,))


def _follow_bundle(key: str, ping: Ping, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    id = int(key.partition(":")[2])
    target, team, version, pings = uow.pings.bundled(id)
    waiting = [one for one in pings if one != ping.id and uow.pings.get(one).state is PingState.TRIGGERED]
    if not waiting and ping.state is not PingState.TRIGGERED:
        uow.outbox.cancel_round(key)
    post_bundle(id, version, target, pings, roster.team(team), uow, roster, now, latest=ping)
