"""Whether a customer who repeats was waiting for us: no harassment, but a customer to look after (rules.md 3)."""

from dataclasses import replace
from datetime import datetime

from bot.domain.attribution import Directory
from bot.domain.calendar import support_minutes
from bot.domain.model import Customer, Spoken
from bot.domain.policy import Policy
from bot.domain.repetition import Burst
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


def judge(customer_id: int, burst: Burst, uow: UnitOfWork, policy: Policy, memory: Memory) -> tuple[bool | None, str]:
    """(waiting or not, None where nobody is known as staff; the zone whose support hours were used)."""
    directory = memory.directory(uow)
    customer = uow.customers.get(customer_id)
    channel = _first_channel(burst, uow, directory)
    zone = customer.zone or directory.zones.get(channel, "") or policy.calendar.zone
    if not directory.staffed:
        return None, zone
    calendar = replace(policy.calendar, zone=zone, week=directory.hours.get(channel) or policy.calendar.week)
    target = policy.response_target.total_seconds() / 60
    if support_minutes(calendar, burst.first, burst.at) <= target:
        return False, zone
    return not answered(customer, burst.first, burst.at, uow, directory), zone


def _first_channel(burst: Burst, uow: UnitOfWork, directory: Directory) -> str:
    if not directory.zones:
        return ""
    first = uow.messages.spoken([min(burst.members)])
    return _channel(first[0]) if first else ""


def answered(customer: Customer, start: datetime, end: datetime, uow: UnitOfWork, directory: Directory) -> bool:
    """Whether one of our people answered this customer between two instants."""
    said = uow.messages.staff_between(start, end)
    return any(_answers(message, customer, uow, directory) for message in said)


def _answers(message: Spoken, customer: Customer, uow: UnitOfWork, directory: Directory) -> bool:
    """In their thread, direct message or own channel, by mention or reply, or unthreaded after them (rules.md 3)."""
    owner = directory.channels.get(_channel(message))
    if owner is not None and directory.effective(owner) == customer.id:
        return True
    if message.mentions:
        prefix = f"{message.platform}:"
        accounts = uow.messages.authors(customer.id) | set(customer.contacts)
        if {a.rpartition(":")[2] for a in accounts if a.startswith(prefix)} & set(message.mentions):
            return True
    followed = [id for id in (message.reply_to, message.thread) if id]
    if followed and not message.direct:
        return any(uow.messages.in_thread(message, id, customer.id) for id in followed)
    return uow.messages.customers_before(message, message.sent_at) == customer.id


def _channel(message: Spoken) -> str:
    return f"{message.platform}:{message.workspace}:{message.channel}"
