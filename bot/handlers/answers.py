"""Questions of people on duty, answered from rows for the one who asks; nothing here writes."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain import digest as rules
from bot.domain.access import DUTY, Facts, decide
from bot.domain.errors import NotFound
from bot.domain.events import IncidentReviewed, PingAcknowledged, ReviewSeconded
from bot.domain.model import (
    Actor,
    Customer,
    Finding,
    Incident,
    Opinion,
    Ping,
    PingState,
    Reach,
    ReviewState,
    Team,
    Turn,
)
from bot.domain.notices import IncidentFacts
from bot.domain.oncall import on_call, second
from bot.domain.policy import Policy
from bot.domain.questions import (
    DigestAsked,
    DigestShown,
    NextAsked,
    NextShown,
    OnCallAsked,
    OnCallShown,
    ReviewAsked,
    ReviewShown,
    StandingAsked,
    StandingShown,
    StatusAsked,
    StatusShown,
)
from bot.domain.roster import NOBODY, Roster, instead, standing_in
from bot.domain.verdict import suggestion
from bot.handlers.digests import build
from bot.handlers.rights import involved_in, review_facts, uninvolved
from bot.handlers.standings import end_of, standing_of, zone_of
from bot.handlers.views import incident_facts, ping_facts, quotes_of
from bot.ports import UnitOfWork

TURNS: Final = 4
"""Coming turns that are shown."""
QUOTED: Final = 20
"""Texts that the one who judges can read at once."""
SHOWN: Final = 20
"""Open pings and undecided incidents that are shown, oldest first; the others are counted."""


def team_asked(name: str, actor: Actor, roster: Roster) -> Team:
    """The team named, else the asker's own, else the only one."""
    team = roster.team(name or actor.team or roster.first().name)
    if team is NOBODY:
        raise NotFound("team", name)
    return team


def on_duty(question: OnCallAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> OnCallShown:
    """Who is on call now and next."""
    team = team_asked(question.team, roster.actor(question.actor), roster)
    overrides = standing_in(team, uow.duty.overrides(team.name, now))
    turn = on_call(team.rota, overrides, now)
    following: list[tuple[str, Turn]] = []
    last = turn
    while last is not None and len(following) < TURNS:
        last = on_call(team.rota, overrides, last.end)
        if last is not None:
            following.append((roster.name(last.account), last))
    other = second(team.rota, overrides, now)
    return OnCallShown(
        team=team.name, zone=team.rota.zone if team.rota else team.zone, at=now, turn=turn,
        name=roster.name(turn.account) if turn else "", second=roster.name(other) if other else "",
        following=tuple(following), overrides=tuple((roster.name(o.account), o) for o in overrides),
        instead=roster.names(instead(team)) if turn is None else (),
    )  # fmt: skip


def standing(question: StandingAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> StandingShown:
    """One customer's standing with everything that it rests on."""
    return standing_shown(effective(question.customer_id, uow), uow, policy, roster, now)


def effective(id: int, uow: UnitOfWork) -> Customer:
    """The customer of this number, or the one that it is part of by now."""
    asked = uow.customers.get(id)
    return uow.customers.get(asked.merged_into) if asked.merged_into else asked


def standing_shown(customer: Customer, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> StandingShown:
    incidents = [(incident, uow.reviews.standing(incident.id)) for incident in uow.incidents.of(customer.id)]
    legitimate = sum(1 for _, review in incidents if review is not None and review.finding is Finding.LEGITIMATE)
    waited = [d for d in uow.detections.of(customer.id, now - timedelta(days=366)) if d.waiting]
    return StandingShown(
        customer=customer, standing=standing_of(customer.id, uow, policy, roster, now),
        end=end_of(customer, policy, roster, now, zone_of(customer, uow, policy, roster)),
        incidents=tuple(reversed(incidents)), complaints=legitimate, waited=len(waited),
    )  # fmt: skip


def status(question: StatusAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> StatusShown:
    """What goes on in a team, or with one customer: what nobody has taken first, the gravest, then the oldest."""
    actor = roster.actor(question.actor)
    team = team_asked(question.team, actor, roster)
    customer = None if question.customer_id is None else effective(question.customer_id, uow)
    pings = [p for p in uow.pings.open(team.name) if customer is None or p.customer_id == customer.id]
    pings.sort(key=lambda ping: (ping.state is PingState.ACKNOWLEDGED, *_urgent(ping)))
    undecided = [i for i in _undecided(team.name, uow) if customer is None or i.customer_id == customer.id]
    called = {ping.incident_id for ping in pings}
    others = [incident for incident in undecided if incident.id not in called]
    listed = {ping.incident_id for ping in pings[:SHOWN]} | {incident.id for incident in others[:SHOWN]}
    reads = customer is not None and not decide(actor, StandingAsked, Facts())
    return StatusShown(
        team=team.name, zone=team.zone or policy.calendar.zone, mode=uow.duty.mode(team.name),
        pings=tuple(ping_facts(ping, uow, roster) for ping in pings[:SHOWN]),
        undecided=tuple(incident_facts(incident, uow) for incident in undecided if incident.id in listed),
        outages=tuple(uow.detections.outages(active=True)) if customer is None else (),
        more_pings=len(pings[SHOWN:]), more_undecided=len(others[SHOWN:]),
        takes=frozenset(ping.id for ping in pings[:SHOWN] if _may_take(ping, actor, uow)), customer=customer,
        standing=standing_of(customer.id, uow, policy, roster, now) if customer is not None and reads else None,
    )  # fmt: skip


def _urgent(matter: Ping | Incident) -> tuple[int, datetime, int]:
    """The gravest first, of these the oldest."""
    return -matter.severity, matter.opened_at, matter.id


def _undecided(team: str, uow: UnitOfWork) -> list[Incident]:
    """What people have to judge, in the order in which they should."""
    found = [i for i in uow.incidents.undecided(team) if i.reach not in (Reach.LISTED, Reach.DIGEST)]
    return sorted(found, key=_urgent)


def _may_take(ping: Ping, actor: Actor, uow: UnitOfWork) -> bool:
    called = any(call.target == actor.account for call in uow.pings.calls(ping.id))
    return not decide(actor, PingAcknowledged, Facts(team=ping.team, called=called))


def digest(question: DigestAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> DigestShown:
    """The last seven days as of now."""
    team = team_asked(question.team, roster.actor(question.actor), roster)
    return DigestShown(
        build(team, rules.as_of(policy.digest, team.zone or policy.calendar.zone, now), uow, policy, roster, now)
    )


def to_review(question: ReviewAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> ReviewShown:
    """What there is to judge; NotFound where nothing waits for the asker."""
    actor = roster.actor(question.actor)
    incident = _judged(question.incident_id, actor, uow, roster)
    facts = incident_facts(incident, uow)
    history = uow.reviews.history(incident.id)
    last = history[-1] if history else None
    unclear = Opinion.UNCLEAR
    answers = (last.demand_valid, last.means_acceptable, last.environment_harmed) if last else (unclear,) * 3
    return ReviewShown(
        incident=facts, answers=answers, suggestion=suggestion(*answers), history=tuple(history),
        alone=not uninvolved(incident, uow, roster) - {actor.account} and actor.account in involved_in(incident, uow),
        quotes=_texts(facts, uow), pings=tuple(uow.pings.of_incident(incident.id)),
    )  # fmt: skip


def _texts(facts: IncidentFacts, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """What was said, for the one who judges: only what is still kept."""
    found = []
    for key in quotes_of(facts, QUOTED):
        kind, _, number = key.partition(":")
        if kind == "message":
            text = uow.messages.text(int(number))
        else:
            report = uow.incidents.report(int(number))
            text = report.quote if kind == "quote" else report.text
        if text is not None:
            found.append((key, text))
    return tuple(found)


def _judged(id: int | None, actor: Actor, uow: UnitOfWork, roster: Roster) -> Incident:
    if id is not None:
        return uow.incidents.get(id)
    waiting = _to_judge(actor, uow, roster)
    if not waiting:
        raise NotFound("incident", "")
    return waiting[0]


def _to_judge(actor: Actor, uow: UnitOfWork, roster: Roster) -> list[Incident]:
    """Undecided incidents that the actor may judge, gravest and oldest first."""
    found = [i for team in actor.roles if actor.is_in(DUTY, team) for i in _undecided(team, uow)]
    free = [i for i in found if not decide(actor, IncidentReviewed, review_facts(i, actor, uow, roster))]
    return sorted(free, key=_urgent)


def following(question: NextAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> NextShown:
    """What most waits for the asker: a ping, an outcome, a second opinion, a verdict."""
    actor = roster.actor(question.actor)
    zone = roster.team(actor.team).zone or policy.calendar.zone
    pings = [p for team in actor.roles for p in uow.pings.open(team) if _concerns(p, actor, uow)]
    unanswered = [p for p in pings if p.state in (PingState.TRIGGERED, PingState.EXHAUSTED)]
    mine = [p for p in pings if p.state is PingState.ACKNOWLEDGED and p.acked_by == actor.account]
    seconds = [(review, uow.incidents.get(review.incident_id)) for review in uow.reviews.waiting()]
    seconds = [(r, i) for r, i in seconds if not decide(actor, ReviewSeconded, review_facts(i, actor, uow, roster))]
    seconds.sort(key=lambda one: (-one[0].severity, one[0].at))
    judge = _to_judge(actor, uow, roster)
    more = len(unanswered) + len(mine) + len(seconds) + len(judge) - 1
    for kind, waiting in (("ping", unanswered), ("outcome", mine)):
        if waiting:
            worst = min(waiting, key=_urgent)
            facts = ping_facts(worst, uow, roster)
            return NextShown(kind, f"ping:{worst.id}", facts.incident, facts, worst.opened_at, more, zone)
    if seconds:
        review, incident = seconds[0]
        kind = "confirm" if review.state is ReviewState.PROVISIONAL else "second"
        return NextShown(kind, f"incident:{incident.id}", _shown(incident, uow), None, review.at, more, zone)
    if judge:
        first = judge[0]
        return NextShown("judge", f"incident:{first.id}", _shown(first, uow), None, first.opened_at, more, zone)
    return NextShown("", "", None, None, None, 0, zone)


def _shown(incident: Incident, uow: UnitOfWork) -> IncidentFacts:
    return incident_facts(incident, uow)


def _concerns(ping: Ping, actor: Actor, uow: UnitOfWork) -> bool:
    return actor.is_in(DUTY, ping.team) or any(c.target == actor.account for c in uow.pings.calls(ping.id))
