"""What time brings: due steps, the morning's card, outages that went quiet, posts that were lost."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain import escalation
from bot.domain.audit import SYSTEM
from bot.domain.errors import Stale
from bot.domain.events import EscalationsDue, Looked, PersonUnheard, PostFailed
from bot.domain.model import Destination, Ping, PingState, Priority, Severity, Team
from bot.domain.notices import Applied, PingOpened, Post, PostLost, StepsTaken
from bot.domain.policy import Policy
from bot.domain.roster import Roster, keepers
from bot.handlers import calls, drills, mornings, outages, pings
from bot.handlers.views import ping_facts, quotes_of
from bot.ports import UnitOfWork

TOLD: Final = "lost:"
"""Keys of posts that tell of a lost one: one that is lost itself is not told again."""


def steps(event: EscalationsDue, uow: UnitOfWork, policy: Policy, now: datetime) -> StepsTaken:
    """Take what is due of pings, mornings, practice calls and outages."""
    roster = Roster(uow.teams.all())
    taken = pings.advance(uow, policy, roster, now) + mornings.show(uow, policy, roster, now)
    taken += drills.expire(uow, policy, roster, now)
    outages.expire(now, uow, policy, now)
    return StepsTaken(taken, uow.pings.next_due())


def lost(event: PostFailed, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """A call that nobody will see brings the next step at once; those who look after the bot are told (D7)."""
    uow.audit.append(now, SYSTEM, "post.lost", event.key, {"reason": event.reason})
    roster = Roster(uow.teams.all())
    kind, _, rest = event.key.partition(":")
    number = rest.partition(":")[0]
    team = roster.first()
    if kind in ("ping", "help", calls.HOOK) and number.isdecimal():
        ping = uow.pings.get(int(number))
        team = roster.team(ping.team)
        if kind == "ping" and "@" not in event.key:
            _call_otherwise(event.key, ping, team, uow, roster, now)
    elif kind == "bundle" and number.isdecimal() and "@" not in event.key:
        _unbundle(int(number), uow, now)
    elif kind in ("digest", "morning"):
        team = next((one for one in roster.teams if rest.startswith(f"{one.name}:")), team)
    if not event.key.startswith(TOLD):
        _tell(event, team if team.staff else roster.first(), uow, policy, now)
    return Applied(event.key, ("lost",))


def _call_otherwise(key: str, ping: Ping, team: Team, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Directly whomever the channel does not reach any more; where people themselves are not reached, the next step at
    once. Nothing of it if the ping moved on meanwhile."""
    if not ping.open or ping.state is PingState.ACKNOWLEDGED:
        return
    base = key.partition("+")[0]
    calls = [call for call in uow.pings.calls(ping.id) if call.key == base and call.round == ping.round]
    people = [call.target for call in calls if call.target] if team.alert_channel and base == key else []
    latest = any(call.step == ping.step - 1 for call in calls)
    hurries = latest and ping.state is PingState.TRIGGERED and not people
    moved = escalation.hurried(ping, now) if hurries else replace(ping, version=ping.version + 1)
    if not uow.pings.move(moved):  # also where nothing moves: nobody may have answered meanwhile
        raise Stale("ping")
    facts = ping_facts(ping, uow, roster)
    priority = Priority.CRITICAL if ping.severity is Severity.CRITICAL else Priority.PING
    for number, person in enumerate(people):
        post = Post(
            key=f"{key}+direct{number}", lane=f"customer:{ping.customer_id}", priority=priority,
            to=Destination("", (person,)), notice=PingOpened(facts), quotes=quotes_of(facts.incident),
            round=f"ping:{ping.id}",
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def unheard(event: PersonUnheard, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """Whoever hears nothing of a grave call counts as unreachable: if that is so of everybody it went to, the next step
    is due at once. The call stands where it was shown, so nothing is lost and nobody has to be told instead."""
    uow.audit.append(now, SYSTEM, "call.unheard", event.key, {"people": list(event.people)})
    kind, _, rest = event.key.partition(":")
    number = rest.partition(":")[0]
    if kind == "ping" and number.isdecimal():
        _pass_on(uow.pings.get(int(number)), event, uow, now)
    return Applied(event.key, ("unheard",))


def _pass_on(ping: Ping, event: PersonUnheard, uow: UnitOfWork, now: datetime) -> None:
    base = event.key.partition("+")[0]
    uow.pings.unheard(ping.id, base, event.people)
    if ping.state is not PingState.TRIGGERED or ping.severity < Severity.HIGH:
        return
    made = [call for call in uow.pings.calls(ping.id) if call.round == ping.round and not call.asked]
    latest = [call for call in made if call.at == made[-1].at]
    hurries = any(call.key == base for call in latest) and all(call.unheard for call in latest)
    moved = escalation.hurried(ping, now) if hurries else replace(ping, version=ping.version + 1)
    if not uow.pings.move(moved):  # also where nothing moves: the others of this call may be told of at this moment
        raise Stale("ping")


def _unbundle(id: int, uow: UnitOfWork, now: datetime) -> None:
    """A bundle that reaches nobody takes no more pings in, and the next step of each is due at once."""
    for number in uow.pings.close_bundle(id):
        ping = uow.pings.get(number)
        if ping.state is PingState.TRIGGERED and not uow.pings.move(escalation.hurried(ping, now)):
            raise Stale("ping")


def _tell(event: PostFailed, team: Team, uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    """Directly to the admins, else the leads: the channel itself may be what failed. A card once, not at every edit."""
    zone = team.zone or policy.calendar.zone
    channel = "" if event.key.startswith(f"{calls.HOOK}:") else team.alert_channel
    for number, person in enumerate(keepers(team)):
        post = Post(
            key=f"{TOLD}{event.key.partition('@')[0]}:{number}", lane=f"{TOLD}{person}", priority=Priority.PING,
            to=Destination("", (person,)), notice=PostLost(event.key, event.reason, channel, now, zone),
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def looked(event: Looked, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """Record that somebody was shown something restricted, or was refused."""
    action = "access.refused" if event.refused else "access.shown"
    uow.audit.append(now, event.actor, action, event.subject, {"asked": event.question, "reason": event.refused})
    return Applied(event.subject)
