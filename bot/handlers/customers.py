"""Customers are imported, assigned, merged and parted; each change is audited and counted again."""

from datetime import datetime

from bot.domain.audit import SYSTEM
from bot.domain.errors import Refused, Stale
from bot.domain.events import (
    AuthorLookedUp,
    ContactAssigned,
    CustomersImported,
    CustomersMerged,
    CustomerSplit,
    MessagePosted,
)
from bot.domain.model import Spoken
from bot.domain.notices import Applied
from bot.domain.policy import Policy
from bot.domain.roster import Roster
from bot.handlers import files, pings
from bot.handlers.memory import Memory
from bot.handlers.messages import attribute
from bot.handlers.recount import recount
from bot.handlers.reviews import tell_threshold
from bot.handlers.standings import standing_of
from bot.ports import UnitOfWork


def imported(event: CustomersImported, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Write customers from a file; those whose contacts moved are counted again."""
    changed: list[str] = []
    moved: set[int] = set()
    _hold({account for record in event.records for account in record.contacts}, set(), uow)
    for record in event.records:
        saved = uow.customers.save(record, now)
        if saved.changed:
            action = "customer.imported" if saved.new else "customer.changed"
            detail = {"columns": list(saved.changed), "source": record.source}
            uow.audit.append(now, event.actor, action, f"customer:{saved.id}", detail)
            changed.append(f"customer:{saved.id}")
        moved |= saved.moved
    memory.clear()
    memory.directory(uow)
    return Applied("customers", tuple(changed), recount(moved, uow, policy, now, memory) if moved else 0)


def assign(event: ContactAssigned, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Give an account and all its stored messages to a customer; assigning it back undoes it."""
    target = uow.customers.get(event.customer_id)
    _hold({event.account}, {target.merged_into or target.id}, uow)
    before, held = uow.customers.assign(event.account, target.id, "", now)
    detail = {"account": uow.customers.lookup(event.account), "before": before}
    uow.audit.append(now, event.actor, "contact.assigned", f"customer:{target.id}", detail)
    memory.clear()
    memory.directory(uow)
    return Applied(f"customer:{target.id}", ("contacts",), recount(held, uow, policy, now, memory))


def _hold(accounts: set[str], customers: set[int], uow: UnitOfWork) -> None:
    """Keep all customers concerned before anything moves, so that no message slips in under the old attribution."""
    uow.customers.freeze()
    concerned = uow.customers.concerned(accounts) | customers
    uow.customers.hold(concerned)
    if not uow.customers.concerned(accounts) <= concerned:
        raise Stale("people")


def merge(event: CustomersMerged, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Make two customers one, or part them again."""
    _hold(set(), {event.customer_id, uow.customers.get(event.customer_id).merged_into or event.into}, uow)
    if event.undo:
        into, action = uow.customers.part(event.customer_id), "customer.parted"
    else:
        into, action = _merged(event, uow, policy, now), "customer.merged"
    uow.audit.append(now, event.actor, action, f"customer:{event.customer_id}", {"into": into})
    memory.clear()
    memory.directory(uow)
    return Applied(f"customer:{into}", ("merged",), recount({event.customer_id, into}, uow, policy, now, memory))


def _merged(event: CustomersMerged, uow: UnitOfWork, policy: Policy, now: datetime) -> int:
    """What was said and found of both stands together; together they may reach the threshold."""
    roster = Roster(uow.teams.all())
    both = (event.customer_id, event.into)
    reached = any(standing_of(id, uow, policy, roster, now).threshold for id in both)
    pings.merged(event.customer_id, event.into, uow, now)
    uow.customers.merge(event.customer_id, event.into)
    standing = standing_of(event.into, uow, policy, roster, now)
    if standing.threshold and not reached:
        team = uow.incidents.of(event.into)[-1].team
        key = f"threshold:merged:{event.customer_id}:{event.into}"
        tell_threshold(event.into, team, key, standing, uow, policy, roster, now)
    return event.into


def split(event: CustomerSplit, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Take accounts out of a customer into one of their own; merging it back undoes it."""
    if not event.accounts:
        raise Refused("customers.split_none")
    before = uow.customers.get(event.customer_id)
    _hold(set(event.accounts), {before.merged_into or before.id}, uow)
    made = uow.customers.split(before.id, event.accounts, event.name, now)
    detail = {"from": before.id, "accounts": [uow.customers.lookup(account) for account in event.accounts]}
    uow.audit.append(now, event.actor, "customer.split", f"customer:{made}", detail)
    memory.clear()
    memory.directory(uow)
    return Applied(f"customer:{made}", ("contacts",), recount({before.id, made}, uow, policy, now, memory))


def looked_up(event: AuthorLookedUp, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """An author's roles are known now: what waited as unattributed gets its speaker and is counted (rules.md 1)."""
    account = memory.lookup(uow, f"{event.platform}:{event.workspace}:{event.author}")
    memory.directory(uow)
    customers: set[int] = set()
    ours: list[int] = []
    waiting = uow.messages.waiting(account)
    for said in waiting:
        author, speaker, attributed, customer = attribute(_as_posted(said, event), uow, now, memory)
        uow.messages.settle(said.id, author, speaker.value, attributed, customer)
        ours += [said.id] if speaker not in files.EVIDENCE else []
        print = memory.fingerprinter.of(said.text) if customer is not None and said.text is not None else None
        if customer is not None and print is not None:
            uow.messages.count(said.id, print.key, print.raw_key, print.numbers_key, print.bitmap)
            customers.add(customer)
    uow.files.drop(ours)
    detail = {"membership": event.membership.value, "messages": len(waiting)}
    uow.audit.append(now, SYSTEM, "author.settled", account, detail)
    return Applied(account, ("speaker",) if waiting else (), recount(customers, uow, policy, now, memory))


def _as_posted(said: Spoken, event: AuthorLookedUp) -> MessagePosted:
    """A stored message as it would come in today, for the rules of attribution."""
    return MessagePosted(
        platform=event.platform, workspace=said.workspace, channel=said.channel, message_id=said.message_id,
        author=event.author, home=event.home or event.workspace, author_name=event.author_name,
        membership=event.membership, mail=event.mail, text="", sent_at=said.sent_at,
    )  # fmt: skip
