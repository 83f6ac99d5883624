"""Customers are imported, assigned, merged and parted; each change is audited and counted again."""

from datetime import datetime

from bot.domain.events import AuthorLookedUp, ContactAssigned, CustomersImported, CustomersMerged
from bot.domain.model import Membership, Speaker
from bot.domain.notices import Applied
from bot.domain.policy import Policy
from bot.handlers.memory import Memory
from bot.handlers.recount import recount
from bot.ports import UnitOfWork


def imported(event: CustomersImported, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Write customers from a file; those whose contacts moved are counted again."""
    changed: list[str] = []
    moved: set[int] = set()
    for record in event.records:
        before = uow.customers.contacts([uow.customers.lookup(account) for account in record.contacts])
        id, new, columns = uow.customers.save(record, now)
        if columns:
            action = "customer.imported" if new else "customer.changed"
            detail = {"columns": list(columns), "source": record.source}
            uow.audit.append(now, event.actor, action, f"customer:{id}", detail)
            changed.append(f"customer:{id}")
        if "contacts" in columns and before:
            moved |= {id, *(effective for _, effective in before.values())}
    memory.clear()
    return Applied("customers", tuple(changed), recount(moved, uow, policy, now, memory) if moved else 0)


def assign(event: ContactAssigned, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Give an account and all its stored messages to a customer; assigning it back undoes it."""
    target = uow.customers.get(event.customer_id)
    before = uow.customers.assign(event.account, target.id, "", now)
    held = {target.merged_into or target.id}
    if before is not None:
        previous = uow.customers.get(before)
        held.add(previous.merged_into or previous.id)
    detail = {"account": uow.customers.lookup(event.account), "before": before}
    uow.audit.append(now, event.actor, "contact.assigned", f"customer:{target.id}", detail)
    memory.clear()
    memory.directory(uow)
    return Applied(f"customer:{target.id}", ("contacts",), recount(held, uow, policy, now, memory))


def merge(event: CustomersMerged, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Make two customers one, or part them again."""
    if event.undo:
        into, action = uow.customers.part(event.customer_id), "customer.parted"
    else:
        uow.customers.merge(event.customer_id, event.into)
        into, action = event.into, "customer.merged"
    uow.audit.append(now, event.actor, action, f"customer:{event.customer_id}", {"into": into})
    memory.clear()
    memory.directory(uow)
    return Applied(f"customer:{into}", ("merged",), recount({event.customer_id, into}, uow, policy, now, memory))


def looked_up(event: AuthorLookedUp, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """An author's roles are known now: what waited as unattributed gets its speaker and is counted (rules.md 1)."""
    account = f"{event.platform}:{event.workspace}:{event.author}"
    speakers = {Membership.MEMBER: Speaker.COLLEAGUE, Membership.BOT: Speaker.BOT}
    speaker = speakers.get(event.membership, Speaker.CUSTOMER)
    if account in memory.directory(uow).staff:
        speaker = Speaker.STAFF
    customer = None
    if speaker is Speaker.CUSTOMER:
        known = uow.customers.contacts([account]).get(account)
        customer = known[1] if known else uow.customers.unknown(account, "", now)
    ids = uow.messages.settle(event.platform, event.workspace, account, speaker, customer)
    for id in ids:
        print = memory.fingerprinter.of(uow.messages.text(id) or "")
        if customer is not None and print is not None:
            uow.messages.count(id, print.key, print.raw_key, print.numbers_key, print.bitmap)
    uow.audit.append(now, "kasuhara", "author.settled", account, {"speaker": speaker.value, "messages": len(ids)})
    found = recount({customer}, uow, policy, now, memory) if customer is not None else 0
    return Applied(account, ("speaker",) if ids else (), found)
