"""A customer (an organisation or a person), its contacts, and what its contract says."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class CustomerKind(StrEnum):
    """Who the other side is (S1-42, S2-7)."""

    CUSTOMER = "customer"
    PROSPECT = "prospect"
    PARTNER = "partner"
    UNKNOWN = "unknown"
    """Nobody matched: a customer made for one account until somebody assigns it (rules.md 1)."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What is known of the contract (S0-2, S0-43); every date is a day in the customer's zone."""

    terms_version: str = ""
    clause: str = ""
    paid_through: date | None = None
    paid_as_of: date | None = None
    anchor_day: int = 1
    renewal_on: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer as a person wrote it into a file: how to recognise it and what its contract says."""

    name: str
    kind: CustomerKind = CustomerKind.CUSTOMER
    contacts: tuple[str, ...] = ()
    """`platform:workspace:id`; `email::address` for a mail address."""
    domains: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """`platform:workspace:channel`"""
    workspaces: tuple[str, ...] = ()
    """`platform:workspace`"""
    zone: str = ""
    contract: Contract = field(default_factory=Contract)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One account or mail address of a customer; `account` is `platform:workspace:id`."""

    account: str
    name: str
    customer_id: int


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the rows know it."""

    id: int
    name: str
    kind: CustomerKind
    zone: str
    contacts: tuple[str, ...]
    merged_into: int | None = None
    contract: Contract = field(default_factory=Contract)

    @property
    def label(self) -> str:
        """The name, else the first account, else the row (rules.md 9)."""
        return self.name or (self.contacts[0] if self.contacts else f"customer:{self.id}")
