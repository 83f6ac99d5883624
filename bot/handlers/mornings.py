"""The morning's card: what the night held back, at the opening of each team's desk (rules.md 7)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.audit import SYSTEM
from bot.domain.calendar import is_open
from bot.domain.model import Destination, IncidentState, Priority, Team
from bot.domain.notices import MorningListed, Post
from bot.domain.policy import Policy
from bot.domain.roster import Roster
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
    if not held or not is_open(replace(policy.calendar, zone=zone), now):
        return False
    uow.incidents.shown([incident.id for incident in held], now)
    waiting = [incident for incident in held if incident.state is IncidentState.SUSPECTED]
    channel = team.alert_channel or team.leads_channel
    uow.audit.append(now, SYSTEM, "morning.shown", f"team:{team.name}", {"incidents": [i.id for i in held]})
    if waiting and channel:
        facts = tuple(incident_facts(incident, uow) for incident in waiting)
        quotes = tuple(key for fact in facts[:SPELLED] for key in quotes_of(fact, 2))
        post = Post(
            key=f"morning:{team.name}:{held[0].id}", lane=f"team:{team.name}", priority=Priority.NORMAL,
            to=Destination(channel), notice=MorningListed(team.name, zone, held[0].opened_at, facts), quotes=quotes,
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)
    return True
