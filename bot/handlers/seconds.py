"""The second person of a grave verdict: asked, told how it ended, asked anew when the first may not judge any more."""

from dataclasses import replace
from datetime import datetime

from bot.domain.audit import SYSTEM
from bot.domain.model import Destination, Incident, Priority, Review, ReviewState, Team
from bot.domain.notices import Post, SecondWanted
from bot.domain.roster import Roster
from bot.handlers.rights import involved_in, uninvolved
from bot.handlers.views import incident_facts, quotes_of
from bot.ports import UnitOfWork

WAITING = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


def want(incident: Incident, review: Review, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Ask those who can: uninvolved people who may judge, the reviewer left out."""
    team = roster.team(incident.team)
    free = uninvolved(incident, uow, roster) - {review.reviewer}
    people = tuple(account for account in roster.judges(incident.team) if account in free)
    channel = team.leads_channel or team.alert_channel
    for number, to in enumerate([Destination(channel, people)] if channel else [Destination("", (p,)) for p in people]):
        _put(f"second:{review.id}:{number}", "", to, incident, review, team, uow, now)


def settled(incident: Incident, review: Review, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """The card says how it ended; a dispute is told to the one whose verdict it was."""
    team = roster.team(incident.team)
    channel = team.leads_channel or team.alert_channel
    posted = uow.outbox.keys([f"second:{review.id}:{number}" for number in range(20)])
    for key, edits in posted.items():
        to = Destination(channel) if channel else Destination("", (review.second,))
        _put(f"{key}@{edits + 1}", key, to, incident, review, team, uow, now)
    if review.state is ReviewState.DISPUTED:
        key = f"second:{review.id}:disputed"
        _put(key, "", Destination("", (review.reviewer,)), incident, review, team, uow, now)


def _put(
    key: str, edits: str, to: Destination, incident: Incident, review: Review, team: Team, uow: UnitOfWork,
    now: datetime,
) -> None:  # fmt: skip
    facts = incident_facts(incident, uow)
    state = "" if review.state in WAITING else review.state.value
    provisional = review.state is ReviewState.PROVISIONAL
    post = Post(
        key=key, lane=f"incident:{incident.id}", priority=Priority.NORMAL, to=to, edits=edits,
        notice=SecondWanted(facts, review.finding.value, provisional, state), quotes=quotes_of(facts),
    )  # fmt: skip
    uow.outbox.put(post, now, team.language)


def recuse(incident: Incident, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Whoever judged or seconded turns out to be named in it: the verdict is provisional again, without points, until
    an uninvolved lead or decision maker confirms it (rules.md 5)."""
    review = uow.reviews.standing(incident.id)
    if review is None or review.state not in (*WAITING, ReviewState.FINAL):
        return
    if not {review.reviewer, review.second} & involved_in(incident, uow) or review.state is ReviewState.PROVISIONAL:
        return
    back = uow.reviews.take_back(incident.id, now, review.id)
    again = replace(review, state=ReviewState.PROVISIONAL, second="", second_at=None)
    uow.reviews.change(again)
    facts = {"review": review.id, "taken_back": back, "reason": "involved"}
    uow.audit.append(now, SYSTEM, "review.provisional", f"incident:{incident.id}", facts)
    want(incident, again, uow, roster, now)
