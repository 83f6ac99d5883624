"""Stores of who is who: customers, teams."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.attribution import Directory, Owner
from bot.domain.model import Customer, CustomerRecord, Team


class Saved(Protocol):
    """What writing an imported customer did."""

    @property
    def id(self) -> int: ...
    @property
    def new(self) -> bool: ...
    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the columns that moved."""

    @property
    def moved(self) -> frozenset[int]:
        """Customers whose stored messages changed hands."""


class Customers(Protocol):
    """Customers, their contacts and rules; every change of attribution moves the epoch."""

    def epoch(self) -> int:
        """Grows with every change of who is who; a Directory is fresh only at this number."""

    def directory(self) -> Directory: ...

    def contacts(self, lookups: Sequence[str]) -> dict[str, Owner]:
        """Account → whose it is, for the accounts that are known."""

    def lookup(self, account: str) -> str:
        """The form under which an account or mail address is stored."""

    def unknown(self, account: str, name: str, now: datetime) -> int:
        """A customer made for one account that nobody matched."""

    def unnamed(self, now: datetime) -> int:
        """A customer made for a report that could not say whom it is about; merged into the right one later."""

    def rename(self, customer_id: int, account: str, name: str) -> None:
        """Give an unknown customer the name that it writes under; one that a person entered keeps its own."""

    def hold(self, ids: Iterable[int]) -> dict[int, int]:
        """Keep these customers to this transaction, in id order; their versions."""

    def changed(self, ids: Iterable[int]) -> None:
        """Move the versions of these customers on."""

    def get(self, id: int) -> Customer:
        """One customer; NotFound if there is none."""

    def all(self) -> list[Customer]: ...

    def counts(self) -> dict[int, int]:
        """Customer → how many messages of theirs are stored; reads all of them."""

    def save(self, record: CustomerRecord, now: datetime) -> "Saved":
        """Write an imported customer, recognised by name."""

    def freeze(self) -> None:
        """Let nobody attribute a message until this transaction ends: the first step of every change of who is who."""

    def concerned(self, accounts: Iterable[str]) -> frozenset[int]:
        """Customers that have these accounts or their messages; hold them before moving anything."""

    def assign(self, account: str, customer_id: int, name: str, now: datetime) -> tuple[int | None, frozenset[int]]:
        """Give an account and its stored messages to a customer; (the customer it had, all whose counts change)."""

    def merge(self, customer_id: int, into: int) -> None:
        """Make one customer part of another: its messages, incidents, reports, points and pings move, and the versions
        of these pings with them. Stale if both have an open ping: one has to be resolved before."""

    def part(self, customer_id: int) -> int:
        """Undo `merge`; the customer it had gone into."""

    def split(self, customer_id: int, accounts: Sequence[str], name: str, now: datetime) -> int:
        """Make some contacts of a customer a customer of their own; its number. Their stored messages move, and the
        incidents that stand only on reports about these, with all that belongs to them. NotFound for what is no contact
        of this customer; Refused if no contact would stay behind, or the customer is merged into another."""


class Teams(Protocol):
    """Teams and staff; every change moves the same epoch as customers."""

    def all(self) -> tuple[Team, ...]: ...
    def alone(self) -> None:
        """Nobody else applies or puts teams until this transaction ends; who is in which group may still change."""

    def apply(self, teams: Sequence[Team], source: str) -> None:
        """Make these the teams of `source`; teams of other sources stay, unless they have the same name."""

    def put(self, team: Team, source: str) -> None:
        """Write one team in the place of the team of this name."""

    def fill(
        self, group: str, members: Sequence[tuple[str, str]]
    ) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Let these accounts (with their names) be the members of a user group; team → who joined and who left, of
        the teams that list the group and changed by it."""

    def meet(
        self, account: str, name: str, groups: Sequence[str]
    ) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Let this account be a member of these user groups of its workspace and of no others; team → which of its
        groups it joined and left, of the teams that changed by it."""

    def sources(self) -> Mapping[str, str]:
        """Team → which source wrote it last."""
