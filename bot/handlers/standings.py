"""A customer's standing and the earliest end of the contract, read from the rows (rules.md 6)."""

from datetime import datetime

from bot.domain.contract import earliest_end
from bot.domain.model import ContractEnd, Customer, Standing
from bot.domain.policy import Policy
from bot.domain.roster import Roster
from bot.domain.standing import standing
from bot.ports import UnitOfWork


def standing_of(customer_id: int, uow: UnitOfWork, policy: Policy, roster: Roster, at: datetime) -> Standing:
    """The standing as the ledger gives it for an instant, `at` may lie in the past."""
    ledger = uow.reviews.ledger(customer_id)
    alive = {
        points.incident_id
        for points in ledger
        if points.confirmed_at <= at and (points.taken_back_at is None or points.taken_back_at > at)
    }
    times = uow.incidents.sign_times(alive) if alive else {}
    signs = [time for id in alive for time in times.get(id, ())]
    zone = zone_of(uow.customers.get(customer_id), uow, policy, roster)
    return standing(ledger, signs, at, zone, policy.standing)


def zone_of(customer: Customer, uow: UnitOfWork, policy: Policy, roster: Roster) -> str:
    """The customer's zone, else that of the team that had its latest incident, else the pack's (rules.md 6)."""
    if customer.zone:
        return customer.zone
    incidents = uow.incidents.of(customer.id)
    return roster.team(incidents[-1].team).zone if incidents and incidents[-1].team else policy.calendar.zone


def end_of(customer: Customer, policy: Policy, roster: Roster, now: datetime, zone: str = "") -> ContractEnd:
    """The earliest end that article 16 allows."""
    zone = customer.zone or zone or policy.calendar.zone
    return earliest_end(customer.contract, zone, now, policy.standing.paid_stale)
