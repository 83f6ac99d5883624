"""The second person of a grave verdict: asked, told how it ended, asked anew when the first may not judge any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.access import LEADING, decide
from bot.domain.audit import SYSTEM
from bot.domain.events import ReviewSeconded
from bot.domain.model import Destination, Incident, Priority, Review, ReviewState, Team
from bot.domain.notices import Post, SecondWanted
from bot.domain.roster import Roster, with_roles
from bot.handlers.rights import involved_in, review_facts
from bot.handlers.views import incident_facts, quotes_of
from bot.ports import UnitOfWork

TIMES: Final = 4
"""How often a verdict is asked about: once, and anew whenever somebody turns out to be involved."""
WAITING = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


def want(incident: Incident, review: Review, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Ask everybody who may answer, each once: in the channel those who read it, the others by a card of their own."""
    team = roster.team(incident.team)
    judges = roster.judges(incident.team)
    actors = map(roster.actor, judges)
    people = [a.account for a in actors if not decide(a, ReviewSeconded, review_facts(incident, a, uow, roster))]
    channel = team.leads_channel or team.alert_channel
    readers = with_roles(team, *LEADING) if team.leads_channel else people
    there = tuple(account for account in people if channel and account in readers)
    asked = next((n for n in range(TIMES) if not uow.outbox.keys(_cards(review, n, team, judges))), TIMES)
    for key, to in _cards(review, asked, team, [one for one in people if one not in there]).items():
        _put(key, "", replace(to, people=there) if to.channel else to, incident, review, team, uow, now)


def settled(incident: Incident, review: Review, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Every card says how it ended; a dispute is told to the one whose verdict it was."""
    team = roster.team(incident.team)
    _follow(incident, review, uow, roster, now)
    if review.state is ReviewState.DISPUTED:
        key = f"second:{review.id}:disputed"
        _put(key, "", Destination("", (review.reviewer,)), incident, review, team, uow, now)


def _follow(incident: Incident, review: Review, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Let the cards say how the verdict stands now."""
    team, judges = roster.team(incident.team), roster.judges(incident.team)
    cards = {key: to for asked in range(TIMES) for key, to in _cards(review, asked, team, judges).items()}
    for key, edits in uow.outbox.keys(cards).items():
        _put(f"{key}@{edits + 1}", key, cards[key], incident, review, team, uow, now)


def _cards(review: Review, asked: int, team: Team, people: Sequence[str]) -> dict[str, Destination]:
    """Where the cards of the n-th asking stand: in the channel, if there is one, and directly with these people."""
    key, channel = f"second:{review.id}:{asked}", team.leads_channel or team.alert_channel
    there = {key: Destination(channel)} if channel else {}
    return there | {f"{key}:{account}": Destination("", (account,)) for account in people}


def _put(
    key: str, edits: str, to: Destination, incident: Incident, review: Review, team: Team, uow: UnitOfWork,
    now: datetime,
) -> None:  # fmt: skip
    facts = incident_facts(incident, uow)
    state = "" if review.state in WAITING else review.state.value
    provisional = review.state is ReviewState.PROVISIONAL
    post = Post(
        key=key, lane=f"incident:{incident.id}", priority=Priority.NORMAL, to=to, edits=edits,
        notice=SecondWanted(
            facts, review.finding.value, provisional, state, severity=review.severity, categories=review.categories
        ),
        quotes=quotes_of(facts),
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
    _follow(incident, again, uow, roster, now)
    want(incident, again, uow, roster, now)
