"""Customers, contacts and rules on rows; every change of who is who moves the epoch."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, update

from bot.domain.attribution import Directory, Owner
from bot.domain.errors import NotFound, Refused, Stale
from bot.domain.model import Contract, Customer, CustomerKind, CustomerRecord
from storage import epochs, merging
from storage.nouns import week_of
from storage.session import Session
from storage.tables import ContactRow, CustomerRow, CustomerRuleRow, MessageRow, StaffRow, TeamRow, table_of

_customers: Final = table_of(CustomerRow)
_contacts: Final = table_of(ContactRow)
_rules: Final = table_of(CustomerRuleRow)
_messages: Final = table_of(MessageRow)
_teams: Final = table_of(TeamRow)
_staff: Final = table_of(StaffRow)
_ALL: Final = select(_customers).order_by(_customers.c.id)
_ONE: Final = _ALL.where(_customers.c.id == bindparam("wanted"))
_ALL_CONTACTS: Final = select(_contacts).order_by(_contacts.c.id)
_CONTACTS_OF_ONE: Final = _ALL_CONTACTS.where(_contacts.c.customer_id == bindparam("wanted"))
MAIL: Final = "email"
CONTRACT: Final = ("terms_version", "clause", "paid_through", "paid_as_of", "anchor_day", "renewal_on")


@dataclass(frozen=True, slots=True)
class Saved:
    """ports.Saved"""

    id: int
    new: bool
    changed: tuple[str, ...]
    moved: frozenset[int]


class Customers:
    """ports.Customers on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def epoch(self) -> int:
        return epochs.read(self._s)

    def directory(self) -> Directory:
        run = self._s.connection.execute
        teams = list(run(select(_teams.c.zone, _teams.c.channels, _teams.c.workspaces, _teams.c.hours)))
        rules: dict[str, dict[str, int]] = {"channel": {}, "workspace": {}, "domain": {}}
        for kind, value, customer_id in run(select(_rules.c.kind, _rules.c.value, _rules.c.customer_id)):
            rules[kind][value] = customer_id
        gone = select(_customers.c.id, _customers.c.merged_into).where(_customers.c.merged_into.is_not(None))
        return Directory(
            epoch=self.epoch(),
            staff=frozenset(self._s.connection.scalars(select(_staff.c.account))),
            own_workspaces=frozenset(w for team in teams for w in team.workspaces),
            channels=rules["channel"],
            workspaces=rules["workspace"],
            domains=rules["domain"],
            merged={row.id: row.merged_into for row in run(gone)},
            zones={channel: team.zone for team in teams for channel in team.channels},
            hours={channel: week_of(team.hours) for team in teams for channel in team.channels if team.hours},
        )

    def contacts(self, lookups: Sequence[str]) -> dict[str, Owner]:
        wanted = json.dumps(lookups) if self._s.sqlite else list(lookups)
        found = self._s.rows(self._s.statements.contacts, wanted)
        return {row[0]: Owner(row[1], row[2], bool(row[3]), bool(row[4])) for row in found}

    def lookup(self, account: str) -> str:
        platform, _, address = account.split(":", 2)
        if platform != MAIL:
            return account
        return f"{MAIL}::{self._s.lookup.hash(b'mail', address.strip().casefold()).hex()}"

    def unknown(self, account: str, name: str, now: datetime) -> int:
        id = self._insert({"kind": CustomerKind.UNKNOWN.value, "name": name or None, "zone": "", "source": "seen"}, now)
        self._contact(account, name, id, "seen", now)
        return id

    def unnamed(self, now: datetime) -> int:
        return self._insert({"kind": CustomerKind.UNKNOWN.value, "zone": "", "source": "report"}, now)

    def rename(self, customer_id: int, account: str, name: str) -> None:
        mine = (_customers.c.id == customer_id, _customers.c.source == "seen")
        self._s.connection.execute(update(_customers).where(*mine).values(name=name))
        self._s.connection.execute(
            update(_contacts).where(_contacts.c.lookup == self.lookup(account)).values(name=name)
        )

    def _insert(self, values: dict[str, Any], now: datetime) -> int:
        row = {"version": 0, "created_at": now, "terms_version": "", "clause": "", "anchor_day": 1, **values}
        id: int = self._s.connection.scalar(_customers.insert().values(row).returning(_customers.c.id))
        return id

    def _contact(self, account: str, name: str, customer_id: int, source: str, now: datetime) -> None:
        label = account.split(":", 2)[2] if account.startswith(f"{MAIL}:") else None
        values = {
            "lookup": self.lookup(account), "label": label, "name": name or None, "customer_id": customer_id,
            "source": source, "seen_at": now,
        }  # fmt: skip
        self._s.connection.execute(_contacts.insert().values(values))

    def hold(self, ids: Iterable[int]) -> dict[int, int]:
        wanted = sorted(set(ids))
        rows = self._s.rows(self._s.statements.hold, json.dumps(wanted) if self._s.sqlite else wanted)
        versions = dict(rows)
        if len(versions) != len(wanted):
            raise Stale("customers")
        return versions

    def changed(self, ids: Iterable[int]) -> None:
        wanted = sorted(set(ids))
        parameter = (json.dumps(wanted) if self._s.sqlite else wanted,)
        self._s.driver(self._s.statements.bump, parameter).close()

    def get(self, id: int) -> Customer:
        found = self._read(_ONE, _CONTACTS_OF_ONE, {"wanted": id})
        if not found:
            raise NotFound("customer", str(id))
        return found[0]

    def all(self) -> list[Customer]:
        return self._read(_ALL, _ALL_CONTACTS, {})

    def counts(self) -> dict[int, int]:
        return {customer: messages for customer, messages in self._s.connection.execute(_COUNTS)}

    def _read(self, query: Select[Any], contacts: Select[Any], values: dict[str, int]) -> list[Customer]:
        rows = self._s.connection.execute(query, values).all()
        accounts: dict[int, list[str]] = {}
        for contact in self._s.connection.execute(contacts, values):
            shown = f"{MAIL}::{contact.label}" if contact.label is not None else contact.lookup
            accounts.setdefault(contact.customer_id, []).append(shown)
        return [_customer(row, tuple(accounts.get(row.id, ()))) for row in rows]

    def save(self, record: CustomerRecord, now: datetime) -> Saved:
        key = self._s.lookup.hash(b"name", record.name)
        values = {
            "name": record.name, "name_key": key, "kind": record.kind.value, "zone": record.zone,
            "source": record.source, **{name: getattr(record.contract, name) for name in CONTRACT},
        }  # fmt: skip
        row = self._s.connection.execute(select(_customers).where(_customers.c.name_key == key)).one_or_none()
        if row is None:
            id = self._insert(values, now)
            changed: tuple[str, ...] = ("new",)
        else:
            id = row.id
            changed = tuple(n for n, v in values.items() if n != "name_key" and getattr(row, n) != v)
            self._s.connection.execute(update(_customers).where(_customers.c.id == id).values(values))
        moved: set[int] = set()
        for account in record.contacts:
            before = self.contacts([self.lookup(account)]).get(self.lookup(account))
            if before is None or before[0] != id:
                moved |= self.assign(account, id, "", now)[1]
                changed = (*changed, "contacts")
        changed += self._save_rules(record, id)
        epochs.move(self._s)
        return Saved(id, row is None, tuple(dict.fromkeys(changed)), frozenset(moved))

    def _save_rules(self, record: CustomerRecord, id: int) -> tuple[str, ...]:
        wanted = [("channel", v) for v in record.channels] + [("workspace", v) for v in record.workspaces]
        wanted += [("domain", v.casefold()) for v in record.domains]
        changed = []
        for kind, value in wanted:
            mine = (_rules.c.kind == kind, _rules.c.value == value)
            before = self._s.connection.scalar(select(_rules.c.customer_id).where(*mine))
            if before is None:
                self._s.connection.execute(_rules.insert().values(kind=kind, value=value, customer_id=id))
            elif before != id:
                self._s.connection.execute(update(_rules).where(*mine).values(customer_id=id))
            if before != id:
                changed.append(f"{kind}s")
        return tuple(dict.fromkeys(changed))

    def freeze(self) -> None:
        epochs.move(self._s)

    def concerned(self, accounts: Iterable[str]) -> frozenset[int]:
        lookups = [self.lookup(account) for account in accounts]
        owners = {owner.effective for owner in self.contacts(lookups).values()} if lookups else set()
        said = (_messages.c.author.in_(lookups), _messages.c.customer_id.is_not(None))
        held = self._s.connection.scalars(select(_messages.c.customer_id).where(*said).distinct())
        return frozenset(owners | set(held))

    def assign(self, account: str, customer_id: int, name: str, now: datetime) -> tuple[int | None, frozenset[int]]:
        lookup = self.lookup(account)
        target = self.get(customer_id).merged_into or customer_id
        mine = _contacts.c.lookup == lookup
        before = self._s.connection.scalar(select(_contacts.c.customer_id).where(mine))
        if before is None:
            self._contact(account, name, customer_id, "person", now)
        else:
            self._s.connection.execute(update(_contacts).where(mine).values(customer_id=customer_id, source="person"))
        said = (_messages.c.author == lookup, _messages.c.speaker == "customer")
        held = set(self._s.connection.scalars(select(_messages.c.customer_id).where(*said).distinct()))
        moved = update(_messages).where(*said).values(customer_id=target, attributed_id=customer_id)
        self._s.connection.execute(moved)
        epochs.move(self._s)
        return before, frozenset(held | {target}) if held else frozenset()

    def merge(self, customer_id: int, into: int) -> None:
        if customer_id == into:
            raise Refused("customers.merge_self")
        if self.get(customer_id).merged_into is not None or self.get(into).merged_into is not None:
            raise Refused("customers.merge_merged")
        if self._s.connection.scalar(select(func.count()).where(_customers.c.merged_into == customer_id)):
            raise Refused("customers.merge_target")
        self._s.connection.execute(update(_customers).where(_customers.c.id == customer_id).values(merged_into=into))
        merging.move_all(self._s, customer_id, into)
        epochs.move(self._s)

    def part(self, customer_id: int) -> int:
        into = self.get(customer_id).merged_into
        if into is None:
            raise Refused("customers.not_merged")
        self._s.connection.execute(update(_customers).where(_customers.c.id == customer_id).values(merged_into=None))
        merging.move_back(self._s, customer_id, into)
        epochs.move(self._s)
        return into

    def split(self, customer_id: int, accounts: Sequence[str], name: str, now: datetime) -> int:
        old = self.get(customer_id)
        if old.merged_into is not None:
            raise Refused("customers.merge_merged")
        lookups = [self.lookup(account) for account in accounts]
        owned = select(_contacts.c.lookup).where(_contacts.c.customer_id == customer_id)
        owns = set(self._s.connection.scalars(owned))
        for account, lookup in zip(accounts, lookups, strict=True):
            if lookup not in owns:
                raise NotFound("contact", account)
        if owns <= set(lookups):
            raise Refused("customers.split_all")
        new = self._insert({"kind": old.kind.value, "zone": old.zone, "source": "person", **self._named(name)}, now)
        mine = _contacts.c.lookup.in_(lookups)
        self._s.connection.execute(update(_contacts).where(mine).values(customer_id=new, source="person"))
        merging.move_said(self._s, lookups, customer_id, new)
        epochs.move(self._s)
        return new

    def _named(self, name: str) -> dict[str, Any]:
        """A name and the key by which an import finds it, unless it finds another customer by that name already."""
        key = self._s.lookup.hash(b"name", name)
        taken = not name or self._s.connection.scalar(select(func.count()).where(_customers.c.name_key == key))
        return {"name": name or None, "name_key": None if taken else key}


_COUNTS: Final = (
    select(_messages.c.customer_id, func.count())
    .where(_messages.c.customer_id.is_not(None), _messages.c.root.is_(None))
    .group_by(_messages.c.customer_id)
)


def _customer(row: Any, contacts: tuple[str, ...]) -> Customer:
    return Customer(
        id=row.id, name=row.name or "", kind=CustomerKind(row.kind), zone=row.zone, contacts=contacts,
        merged_into=row.merged_into, contract=Contract(**{name: getattr(row, name) for name in CONTRACT}),
    )  # fmt: skip
