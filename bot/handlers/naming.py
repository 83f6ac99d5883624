"""Whom a report is about: said, else the channel's, else who wrote last in it, else somebody still to be named."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.events import CustomersMerged, ReportFiled
from bot.domain.model import CustomerKind, Report
from bot.domain.policy import Policy
from bot.handlers import customers
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


def whom(event: ReportFiled, uow: UnitOfWork, now: datetime, memory: Memory) -> tuple[int, int | None]:
    """(the customer, the stored message that it is about)."""
    place = _place(event.place, uow)
    message, owner = pointed(event, uow)
    if event.customer_id is not None:
        customer = uow.customers.get(event.customer_id)
        return customer.merged_into or customer.id, message
    if owner is not None:
        return owner, message
    directory = memory.directory(uow)
    ruled = directory.channels.get(event.place)
    if ruled is not None:
        return directory.effective(ruled), message
    last = uow.messages.last_customer(place, now) if place is not None else None
    return last if last is not None else uow.customers.unnamed(now), message


def likely(channel: str, message_id: str, uow: UnitOfWork, now: datetime) -> int | None:
    """Whom a report would be about that names nobody; reads only, for whoever fills in a form."""
    platform, _, rest = channel.partition(":")
    workspace, _, id = rest.partition(":")
    directory = uow.customers.directory()
    ruled = directory.channels.get(channel)
    if not id or id not in uow.messages.newest(platform, workspace, [id]):
        return directory.effective(ruled) if ruled is not None else None
    place = uow.messages.place(platform, workspace, id)
    known = uow.messages.known([(place, message_id)]) if message_id else []
    owner = known[0].customer_id if known else None
    found = next((one for one in (owner, ruled, uow.messages.last_customer(place, now)) if one is not None), None)
    return directory.effective(found) if found is not None else None


def pointed(event: ReportFiled, uow: UnitOfWork) -> tuple[int | None, int | None]:
    """(the stored message that was pointed at, its customer); None for what nobody said or nobody stored."""
    place = _place(event.place, uow)
    known = uow.messages.known([(place, event.message_id)]) if event.message_id and place is not None else []
    return (known[0].root or known[0].id, known[0].customer_id) if known else (None, None)


def _place(channel: str, uow: UnitOfWork) -> int | None:
    """The number of the channel `platform:workspace:channel`; None where the report came from no channel."""
    platform, _, rest = channel.partition(":")
    workspace, _, id = rest.partition(":")
    return uow.messages.place(platform, workspace, id) if id else None


def named(
    report: Report, customer_id: int, actor: str, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory
) -> None:
    """Somebody without a name gets one: what was filed about them moves to the customer, reversibly."""
    before, target = uow.customers.get(report.customer_id), uow.customers.get(customer_id)
    into = target.merged_into or target.id
    if into == before.id:
        return
    if before.kind is not CustomerKind.UNKNOWN or before.contacts:
        raise Refused("report.customer_known")
    customers.merge(CustomersMerged(customer_id=before.id, into=into, actor=actor), uow, policy, now, memory)
