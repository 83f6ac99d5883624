"""What time brings: due steps, the morning's card, outages that went quiet, posts that were lost."""

from datetime import datetime
from typing import Final

from bot.domain import escalation
from bot.domain.audit import SYSTEM
from bot.domain.events import EscalationsDue, Looked, PostFailed
from bot.domain.model import Destination, PingState, Priority, Role, Team
from bot.domain.notices import Applied, Post, PostLost, StepsTaken
from bot.domain.policy import Policy
from bot.domain.roster import Roster, with_roles
from bot.handlers import mornings, outages, pings
from bot.ports import UnitOfWork

TOLD: Final = "lost:"
"""Keys of posts that tell of a lost one: one that is lost itself is not told again."""


def steps(event: EscalationsDue, uow: UnitOfWork, policy: Policy, now: datetime) -> StepsTaken:
    """Take what is due of pings, mornings and outages."""
    roster = Roster(uow.teams.all())
    taken = pings.advance(uow, policy, roster, now) + mornings.show(uow, policy, roster, now)
    outages.expire(now, uow, policy, now)
    return StepsTaken(taken, uow.pings.next_due())


def lost(event: PostFailed, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """A call that nobody will see brings the next step at once; those who look after the bot are told (D7)."""
    uow.audit.append(now, SYSTEM, "post.lost", event.key, {"reason": event.reason})
    roster = Roster(uow.teams.all())
    kind, _, rest = event.key.partition(":")
    team = roster.first()
    if kind == "ping":
        ping = uow.pings.get(int(rest.partition(":")[0]))
        team = roster.team(ping.team)
        if ping.state is PingState.TRIGGERED and "@" not in event.key:
            uow.pings.move(escalation.hurried(ping, now))
    if not event.key.startswith(TOLD):
        _tell(event, team, uow, policy, now)
    return Applied(event.key, ("lost",))


def _tell(event: PostFailed, team: Team, uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    """Directly to the admins, else the leads: the channel itself may be what failed."""
    people = with_roles(team, Role.ADMIN) or with_roles(team, Role.LEAD) or with_roles(team, Role.SUPERVISOR)
    zone = team.zone or policy.calendar.zone
    for number, person in enumerate(people):
        post = Post(
            key=f"{TOLD}{event.key}:{number}", lane=f"{TOLD}{person}", priority=Priority.PING,
            to=Destination("", (person,)), notice=PostLost(event.key, event.reason, team.alert_channel, now, zone),
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)


def looked(event: Looked, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """Record that somebody was shown something restricted, or was refused."""
    action = "access.refused" if event.refused else "access.shown"
    uow.audit.append(now, event.actor, action, event.subject, {"asked": event.question, "reason": event.refused})
    return Applied(event.subject)
