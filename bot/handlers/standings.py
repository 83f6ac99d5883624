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
    return standings_of(uow.customers.get(customer_id), uow, policy, roster, at)[0]


def standings_of(
    customer: Customer, uow: UnitOfWork, policy: Policy, roster: Roster, *instants: datetime
) -> tuple[Standing, ...]:
    """The standing at each of these instants, from one reading of the rows."""
    ledger = uow.reviews.ledger(customer.id)
    times = uow.incidents.sign_times({points.incident_id for points in ledger}) if ledger else {}
    zone = zone_of(customer, uow, policy, roster)

    def at(instant: datetime) -> Standing:
        alive = {
            points.incident_id
            for points in ledger
            if points.confirmed_at <= instant and (points.taken_back_at is None or points.taken_back_at > instant)
        }
        signs = [time for id in alive for time in times.get(id, ())]
        return standing(ledger, signs, instant, zone, policy.standing)

    return tuple(at(instant) for instant in instants)


def zone_of(customer: Customer, uow: UnitOfWork, policy: Policy, roster: Roster) -> str:
    """The customer's zone, else that of the team that had its latest incident, else the pack's (rules.md 6)."""
    if customer.zone:
        return customer.zone
    incidents = uow.incidents.of(customer.id)
    latest = roster.team(incidents[-1].team).zone if incidents else ""
    return latest or policy.calendar.zone


def end_of(customer: Customer, policy: Policy, roster: Roster, now: datetime, zone: str = "") -> ContractEnd:
    """The earliest end that article 16 allows."""
    zone = customer.zone or zone or policy.calendar.zone
    return earliest_end(customer.contract, zone, now, policy.standing.paid_stale)
