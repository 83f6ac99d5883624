"""The morning's card: what the night held back, at the opening of each team's desk (rules.md 7)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.audit import SYSTEM
from bot.domain.calendar import is_open, next_opening
from bot.domain.model import Destination, Incident, Priority, Team
from bot.domain.notices import MorningListed, Post
from bot.domain.policy import Policy
from bot.domain.roster import Roster, calendar_of, instead
from bot.handlers.views import incident_facts, quotes_of
from bot.ports import UnitOfWork

SPELLED: Final = 5
"""Incidents whose messages are quoted on the card."""


def show(uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> int:
    """Put the cards that are due; how many."""
    return sum(_show(team, uow, policy, now) for team in roster.teams)


def _show(team: Team, uow: UnitOfWork, policy: Policy, now: datetime) -> bool:
    held = uow.incidents.held_back(team.name)
    zone = team.zone or policy.calendar.zone
    to = places(f"morning:{team.name}:{held[0].id}", team) if held else ()
    if not to or not is_open(calendar_of(team, policy.calendar, zone), now):
        return False
    uow.incidents.shown([incident.id for incident in held], now)
    uow.audit.append(now, SYSTEM, "morning.shown", f"team:{team.name}", {"incidents": [i.id for i in held]})
    notice = MorningListed(team.name, zone, held[0].opened_at, tuple(incident_facts(one, uow) for one in held))
    for key, place in to:
        uow.outbox.put(_card(key, place, notice), now, team.language)
    return True


def remind(incident: Incident, uow: UnitOfWork, policy: Policy, team: Team, now: datetime) -> None:
    """Let an incident that was told before stand on a card of the next opening, for what the night added to it."""
    zone = team.zone or policy.calendar.zone
    opening = next_opening(calendar_of(team, policy.calendar, zone), now) or now
    notice = MorningListed(team.name, zone, incident.last_sign_at, (incident_facts(incident, uow),))
    for base, place in places(f"morning:{team.name}:{incident.id}:{opening:%Y%m%d}", team):
        put = uow.outbox.keys([base])
        post = _card(f"{base}@{put[base] + 1}" if put else base, place, notice)
        uow.outbox.put(replace(post, edits=base if put else "", at=opening), now, team.language)


def _card(key: str, to: Destination, notice: MorningListed) -> Post:
    quotes = tuple(key for fact in notice.incidents[:SPELLED] for key in quotes_of(fact, 2))
    return Post(
        key=key, lane=f"team:{notice.team}", priority=Priority.NORMAL, to=to, notice=notice, quotes=quotes
    )  # fmt: skip


def places(key: str, team: Team) -> tuple[tuple[str, Destination], ...]:
    """Where a card stands that calls nobody, each with its key: the team's channel, else directly with those who are
    called while nobody is on call."""
    channel = team.alert_channel or team.leads_channel
    if channel:
        return ((key, Destination(channel)),)
    return tuple((f"{key}+{n}" if n else key, Destination("", (person,))) for n, person in enumerate(instead(team)))
