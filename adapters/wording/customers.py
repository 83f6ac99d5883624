"""One customer's standing as an answer: every number with its parts, and what would have changed it (S0-33…36)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from adapters.wording.buttons import button
from adapters.wording.card import Card, Section, Tone
from adapters.wording.incidents import finding_words
from adapters.wording.people import labelled
from adapters.wording.standing import (
    contract_fields,
    habit_words,
    level_words,
    number,
    origin_words,
    pace_words,
    points_words,
    threshold_words,
)
from adapters.wording.times import Clock
from adapters.wording.titles import fitted
from adapters.wording.voice import Voice
from bot.domain.model import (
    ContractEnd,
    Customer,
    Finding,
    Incident,
    IncidentState,
    Level,
    Points,
    Review,
    ReviewState,
    Standing,
)
from bot.domain.questions import StandingShown

INCIDENTS: Final = 5
ORIGINS: Final = 5
"""Incidents whose points are explained one by one."""


def shown(answer: StandingShown, voice: Voice) -> Card:
    """The sum, habit and outlook, the contract, the incidents."""
    standing, customer = answer.standing, answer.customer
    clock = Clock.on(voice, standing.zone, standing.at)
    incidents = [_incident(one, review, clock, voice) for one, review in answer.incidents[:INCIDENTS]]
    if more := len(answer.incidents) - len(incidents):
        incidents.append(voice.say("answer.standing.more", count=more))
    counted = [
        voice.say(f"answer.standing.{key}", count=count)
        for key, count in (("complaints", answer.complaints), ("waited", answer.waited))
        if count
    ]
    lines = (*(incidents or [voice.say("answer.standing.none")]), *counted)
    return Card(
        _title("answer.standing.title", customer, standing, voice),
        Tone.WARNING if standing.threshold else Tone.CALM,
        (
            *_threshold(standing, voice),
            Section(voice.say("answer.standing.points"), (points_words(standing, voice),)),
            *_outlook(customer, standing, answer.end, clock, voice),
            Section(voice.say("answer.standing.incidents"), lines),
        ),
        (button("why", f"customer:{customer.id}", voice, key="why_numbers"),),
        voice.say("answer.standing.footer", edition=voice.policy.edition),
    )


def why(
    customer: Customer, standing: Standing, end: ContractEnd, ledger: Iterable[Points], edition: str, voice: Voice
) -> Card:
    """Every number: what gave it, what took it back, the rule, and what would have changed it."""
    clock = Clock.on(voice, standing.zone, standing.at)
    return Card(
        _title("answer.standing.why_title", customer, standing, voice),
        Tone.WARNING if standing.threshold else Tone.CALM,
        (
            *_threshold(standing, voice),
            Section(voice.say("answer.standing.points"), (points_words(standing, voice),)),
            Section(voice.say("answer.standing.how"), tuple(_origins(standing, ledger, clock, voice))),
            *_outlook(customer, standing, end, clock, voice),
            Section(voice.say("answer.standing.changed"), tuple(_changed(standing, voice))),
        ),
        footer=voice.say("answer.standing.footer", edition=edition),
    )


def _title(key: str, customer: Customer, standing: Standing, voice: Voice) -> str:
    points, level = number(standing.points), level_words(standing.level, voice)
    name = labelled(customer.label, voice)
    return fitted(name, (lambda short: voice.say(key, customer=short, points=points, level=level),))


def _threshold(standing: Standing, voice: Voice) -> tuple[Section, ...]:
    reasons = threshold_words(standing, voice)
    return (Section(lines=(voice.say("answer.standing.threshold"), *reasons)),) if reasons else ()


def _outlook(
    customer: Customer, standing: Standing, end: ContractEnd, clock: Clock, voice: Voice
) -> tuple[Section, ...]:
    """Habit and pace, then the contract."""
    contract, today = customer.contract, clock.today or date.max
    fields = contract_fields(end, contract.clause, contract.renewal_on, today, voice, standing.zone)
    return (
        Section(voice.say("answer.standing.habit"), (habit_words(standing, voice), pace_words(standing, voice))),
        Section(voice.say("answer.standing.contract"), fields=fields),
    )


def _incident(incident: Incident, review: Review | None, clock: Clock, voice: Voice) -> str:
    """What people found, or that nobody did yet; a reviewer's categories stand above those of the signs."""
    if incident.state is IncidentState.LAPSED:
        finding = voice.say("answer.standing.lapsed")
    elif review is None:
        finding = voice.say("answer.standing.unjudged")
    else:
        finding = finding_words(review.finding, voice)
        if review.state is not ReviewState.FINAL:
            finding = voice.say("card.group.choice", group=finding, choice=_state(review, voice))
    categories = (review and review.categories) or incident.categories
    return voice.say(
        "answer.standing.incident",
        id=str(incident.id),
        at=clock.day_of(incident.opened_at),
        severity=voice.severity(review.severity if review else incident.severity),
        what=voice.listed(map(voice.category, categories[:2])) or voice.say("card.what.unsaid"),
        finding=finding,
    )


def _state(review: Review, voice: Voice) -> str:
    return voice.say(f"answer.state.{review.state.value}")


def _origins(standing: Standing, ledger: Iterable[Points], clock: Clock, voice: Voice) -> Iterable[str]:
    """What each incident gave, what was taken back, and the rule by which it fades."""
    live = [share.points for share in standing.shares]
    yield from (origin_words(points, voice) for points in live[:ORIGINS])
    if more := len(live[ORIGINS:]):
        yield voice.say("answer.standing.ledger_more", count=more)
    for points in [one for one in ledger if one.taken_back_at is not None][-ORIGINS:]:
        at = clock.time(points.taken_back_at or points.at)
        yield voice.say("answer.standing.back", id=str(points.incident_id), points=f"{points.points:g}", at=at)
    rule = voice.policy.standing
    yield voice.say(
        "answer.standing.rule",
        days=rule.half_life.days,
        watch=f"{rule.watch:g}",
        concern=f"{rule.concern:g}",
        review=f"{rule.review:g}",
        percent=f"{rule.leave_below * 100:g}",
    )


def _changed(standing: Standing, voice: Voice) -> Iterable[str]:
    """The largest part taken away, the way up, why a level is still held, and that people alone give points."""
    rule = voice.policy.standing
    bounds = {Level.WATCH: rule.watch, Level.CONCERN: rule.concern, Level.REVIEW: rule.review}
    if standing.shares:
        largest = standing.shares[0]
        without = number(max(standing.points - largest.now, 0))
        yield voice.say("answer.standing.without", id=str(largest.points.incident_id), points=without)
    if standing.level is not Level.REVIEW:
        level = Level(standing.level + 1)
        up, name = f"{bounds[level] - float(number(standing.points)):.1f}", level_words(level, voice)
        yield voice.say("answer.standing.up", points=up, level=name, bound=f"{bounds[level]:g}")
    bound = bounds.get(standing.level, 0.0)
    if standing.points < bound:
        name, line = level_words(standing.level, voice), f"{bound * rule.leave_below:g}"
        yield voice.say("answer.standing.held", level=name, bound=f"{bound:g}", line=line)
    if standing.threshold and standing.critical:
        yield voice.say("answer.standing.if_not_critical")
    elif standing.threshold:
        yield voice.say("answer.standing.if_fewer", days=rule.threshold_days, weeks=rule.threshold_weeks)
    if standing.shares:
        yield voice.say("answer.standing.again", finding=finding_words(Finding.CONFIRMED, voice))
    else:
        yield voice.say("answer.standing.never")
