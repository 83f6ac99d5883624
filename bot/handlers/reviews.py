"""Verdicts: given by an uninvolved person, seconded where grave, changed later with their history (rules.md 5)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain import standing as ledger
from bot.domain import verdict
from bot.domain.audit import SYSTEM
from bot.domain.errors import Refused, Stale
from bot.domain.events import IncidentReviewed, ReviewSeconded
from bot.domain.model import (
    Finding,
    Incident,
    IncidentState,
    Outcome,
    Points,
    Priority,
    Review,
    ReviewState,
    Standing,
    Team,
)
from bot.domain.notices import Post, ThresholdReached, VerdictRecorded
from bot.domain.policy import Policy
from bot.domain.roster import Roster
from bot.handlers import pings, seconds
from bot.handlers.digests import for_leads
from bot.handlers.rights import involved_in, uninvolved
from bot.handlers.standings import end_of, standing_of
from bot.ports import UnitOfWork

_WAITING: Final = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a verdict is worth."""

    points: float = 0
    category: str = ""
    weight: float = 0
    factor: float = 0
    rights_only: bool = False


def review(event: IncidentReviewed, uow: UnitOfWork, policy: Policy, now: datetime) -> VerdictRecorded:
    """Record a verdict; points only where it is confirmed and final."""
    incident = _held(event.incident_id, uow)
    if incident.state is IncidentState.LAPSED:
        raise Refused("review.lapsed")
    if not event.reason.strip():
        raise Refused("review.reason")
    categories = event.categories or tuple(key for key in incident.categories if policy.category(key) is not None)
    if any(policy.category(key) is None for key in categories):
        raise Refused("review.category")
    if event.finding is Finding.CONFIRMED and not categories:
        raise Refused("review.category")
    roster = Roster(uow.teams.all())
    others = uninvolved(incident, uow, roster) - {event.actor}
    severity = event.severity or incident.severity
    alone = event.actor in involved_in(incident, uow)
    stored = uow.reviews.add(
        Review(
            id=0, incident_id=incident.id, at=now, reviewer=event.actor, finding=event.finding,
            reason=event.reason.strip(), demand_valid=event.demand_valid, means_acceptable=event.means_acceptable,
            environment_harmed=event.environment_harmed, severity=severity, categories=categories,
            state=verdict.state_of(event.finding, severity, involved=alone, seconds=len(others)), second="",
            second_at=None, edition=policy.edition, pack_hash=policy.hash,
        )
    )  # fmt: skip
    _audit(stored, "incident.reviewed", event.actor, uow, now)
    return _settle(incident, stored, uow, policy, roster, now)


def second(event: ReviewSeconded, uow: UnitOfWork, policy: Policy, now: datetime) -> VerdictRecorded:
    """A second person agrees, or the verdict is disputed and has to be given anew."""
    incident = _held(event.incident_id, uow)
    standing = uow.reviews.standing(event.incident_id)
    if standing is None or standing.state not in _WAITING:
        raise Refused("review.none")
    if event.review_id is not None and event.review_id != standing.id:
        raise Refused("review.changed")
    state = ReviewState.FINAL if event.agrees else ReviewState.DISPUTED
    said = event.reason.strip() or None
    seconded = replace(standing, state=state, second=event.actor, second_at=now, second_reason=said)
    uow.reviews.change(seconded)
    _audit(seconded, "review.agreed" if event.agrees else "review.disputed", event.actor, uow, now)
    return _settle(incident, seconded, uow, policy, Roster(uow.teams.all()), now)


def _held(id: int, uow: UnitOfWork) -> Incident:
    """The incident, its customer kept to this transaction: of verdicts at one moment each sees the one before, so that
    nothing counts twice and no threshold is crossed unseen. Stale if the customer changed meanwhile."""
    customer = uow.incidents.get(id).customer_id
    uow.customers.hold([customer])
    incident = uow.incidents.get(id)
    if incident.customer_id != customer:
        raise Stale("customers")
    return incident


def _audit(review: Review, action: str, actor: str, uow: UnitOfWork, now: datetime) -> None:
    facts = {
        "review": review.id, "finding": review.finding.value, "state": review.state.value,
        "severity": review.severity.key, "categories": list(review.categories), "demand": review.demand_valid.value,
        "means": review.means_acceptable.value, "environment": review.environment_harmed.value,
        "edition": review.edition, "pack": review.pack_hash,
    }  # fmt: skip
    uow.audit.append(now, actor, action, f"incident:{review.incident_id}", facts)


def _settle(
    incident: Incident, review: Review, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> VerdictRecorded:
    """Move the standing as the verdict says, end the ping, ask for a second person, tell of a threshold."""
    before = standing_of(incident.customer_id, uow, policy, roster, now)
    given = _worth(review, policy)
    back = _move(incident, review, given, uow, policy, now)
    _mark(incident, review, uow, roster, now)
    after = standing_of(incident.customer_id, uow, policy, roster, now)
    if back is not None:
        facts = {
            "incident": incident.id, "review": review.id, "given": given.points, "category": given.category,
            "weight": given.weight, "factor": given.factor, "taken_back": back, "before": before.points,
            "after": after.points, "edition": policy.edition, "pack": policy.hash,
        }  # fmt: skip
        uow.audit.append(now, SYSTEM, "standing.moved", f"customer:{incident.customer_id}", facts)
    if review.state in _WAITING:
        seconds.want(incident, review, uow, roster, now)
    elif review.second:
        seconds.settled(incident, review, uow, roster, now)
    if after.threshold and not before.threshold:
        tell_threshold(incident.customer_id, incident.team, f"threshold:{review.id}", after, uow, policy, roster, now)
    return VerdictRecorded(
        incident_id=incident.id, review_id=review.id, customer=uow.customers.get(incident.customer_id).label,
        finding=review.finding, state=review.state,
        suggestion=verdict.suggestion(review.demand_valid, review.means_acceptable, review.environment_harmed),
        severity=review.severity, category=given.category, points=given.points, weight=given.weight,
        factor=given.factor, taken_back=back or 0, rights_only=given.rights_only, points_before=before.points,
        points_after=after.points, level_before=before.level, level_after=after.level, threshold=after.threshold,
    )  # fmt: skip


def _worth(review: Review, policy: Policy) -> _Given:
    """Points of the worst confirmed category; the use of a right alone gives none (S0-32)."""
    if review.finding is not Finding.CONFIRMED or review.state is not ReviewState.FINAL:
        return _Given()
    counted = [policy.category(key) for key in review.categories if key not in policy.rights]
    worst = max((c for c in counted if c is not None), key=lambda c: c.weight, default=None)
    if counted and worst is None:  # the pack has none of these any more
        raise Refused("review.category")
    if worst is None:
        return _Given(category=review.categories[0], rights_only=True)
    factor, points = ledger.earned(worst.weight, review.severity, policy.standing)
    return _Given(points, worst.key, worst.weight, factor)


def _move(
    incident: Incident, review: Review, given: _Given, uow: UnitOfWork, policy: Policy, now: datetime
) -> float | None:
    """Give points once for an incident; how many of an earlier verdict went. None: nothing moved, as where the same
    was found again, for an incident must not look newly confirmed whenever somebody judges it as before."""
    last = min(incident.last_sign_at, now)
    living = [
        p for p in uow.reviews.ledger(incident.customer_id) if p.incident_id == incident.id and not p.taken_back_at
    ]
    if [(p.points, p.category, p.severity, p.at) for p in living] == [
        (given.points, given.category, review.severity, last)
    ]:
        return None
    back = uow.reviews.take_back(incident.id, now, review.id)
    if given.points:
        points = Points(
            id=0, incident_id=incident.id, at=last, confirmed_at=now, points=given.points, category=given.category,
            weight=given.weight, severity=review.severity, factor=given.factor, edition=policy.edition,
            pack_hash=policy.hash,
        )  # fmt: skip
        uow.reviews.give(incident.customer_id, review.id, points)
    return back if back or given.points else None


def _mark(incident: Incident, review: Review, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    if review.state is ReviewState.DISPUTED:
        uow.incidents.end(incident.id, IncidentState.SUSPECTED)
        return
    uow.incidents.end(incident.id, IncidentState.JUDGED)
    pings.ended(incident.id, Outcome.JUDGED, uow, roster, now)


def tell_threshold(
    customer_id: int, team_name: str, key: str, standing: Standing, uow: UnitOfWork, policy: Policy, roster: Roster,
    now: datetime,
) -> None:  # fmt: skip
    """The leads and decision makers hear of it once; what follows is theirs to decide (S0-7)."""
    team: Team = roster.team(team_name)
    customer = uow.customers.get(customer_id)
    facts = {"points": standing.points, "level": standing.level.key, "critical": standing.critical}
    uow.audit.append(now, SYSTEM, "threshold.reached", f"customer:{customer.id}", facts)
    notice = ThresholdReached(
        customer.id, customer.label, team.name, standing, end_of(customer, policy, roster, now, standing.zone),
        customer.contract.clause,
    )  # fmt: skip
    for number, to in enumerate(for_leads(team)):
        post = Post(
            key=f"{key}+{number}" if number else key, lane=f"customer:{customer.id}", priority=Priority.NORMAL, to=to,
            notice=notice,
        )  # fmt: skip
        uow.outbox.put(post, now, team.language)
