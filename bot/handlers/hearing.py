"""What a platform keeps from us is told to those who look after the bot: once, and again when it changed."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.audit import SYSTEM
from bot.domain.events import HearingSeen
from bot.domain.model import Destination, Priority, Team
from bot.domain.notices import Applied, HearingNoticed, Post
from bot.domain.policy import Policy
from bot.domain.roster import Roster, keepers
from bot.ports import UnitOfWork


def seen(event: HearingSeen, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """Directly to whoever looks after a team of that platform (discord.md 17): what is written there is not counted
    meanwhile. While there is nobody to tell nothing counts as told."""
    name = f"hearing:{event.platform}:{event.matter}"
    people = dict(_keepers(event.platform, Roster(uow.teams.all())))
    times, _, before = uow.presence.told(name).partition(":")
    if not people or before == event.trouble:
        return Applied(name)
    time = int(times or 0) + 1
    uow.presence.tell(name, f"{time}:{event.trouble}")
    uow.audit.append(now, SYSTEM, "hearing.changed", name, {"trouble": event.trouble})
    for number, (person, team) in enumerate(people.items()):
        zone = team.zone or policy.calendar.zone
        notice = HearingNoticed(event.platform, event.matter, event.trouble, now, zone)
        post = Post(
            key=f"{name}:{time}:{number}", lane=f"{name}:{person}", priority=Priority.PING,
            to=Destination("", (person,)), notice=notice,
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)
    return Applied(name, ("trouble",))


def _keepers(platform: str, roster: Roster) -> Iterator[tuple[str, Team]]:
    """Everybody to tell, once, and the first of their teams."""
    told = set()
    for team in roster.teams:
        places = (*team.channels, team.alert_channel, team.leads_channel)
        for person in keepers(team) if any(place.startswith(f"{platform}:") for place in places) else ():
            if person not in told:
                told.add(person)
                yield person, team
