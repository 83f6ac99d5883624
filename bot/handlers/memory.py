"""What may be remembered between batches, each with the number that proves it fresh in the same transaction."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.domain.attribution import Directory, Owner
from bot.domain.errors import Stale
from bot.domain.likeness import Fingerprint, Fingerprinter
from bot.domain.model import Trace
from bot.domain.policy import Policy
from bot.domain.repetition import SLACK, Timeline, reach
from bot.ports import UnitOfWork

CUSTOMERS: Final = 2000
"""Timelines kept; the one used longest ago goes first and is rebuilt from rows when needed."""
CONTACTS: Final = 100_000
END: Final = datetime(9999, 1, 1, tzinfo=UTC)


class Memory:
    """Caches of one writer. After a rollback everything that the batch touched is forgotten (`clear`)."""

    def __init__(self, fingerprinter: Fingerprinter, free_mail: frozenset[str]) -> None:
        self.fingerprinter = fingerprinter
        self._free_mail = free_mail
        self._directory: Directory | None = None
        self._contacts: dict[str, Owner] = {}
        self._lookups: dict[str, str] = {}
        self._timelines: OrderedDict[int, tuple[int, Timeline]] = OrderedDict()
        self._held: dict[int, int] = {}

    def clear(self) -> None:
        """Forget everything; nothing here is more than a copy of rows."""
        self._directory = None
        self._contacts.clear()
        self._timelines.clear()
        self._held.clear()

    def directory(self, uow: UnitOfWork) -> Directory:
        epoch = uow.customers.epoch()
        if self._directory is None or self._directory.epoch != epoch:
            self._directory = replace(uow.customers.directory(), free_mail=self._free_mail)
            self._contacts.clear()
        return self._directory

    @property
    def directory_held(self) -> Directory:
        """The directory that this batch was begun with."""
        if self._directory is None:
            raise Stale("people")
        return self._directory

    def contact(self, lookup: str) -> Owner | None:
        """Whose an account is that `contacts` was asked about in this batch."""
        return self._contacts.get(lookup)

    def learned(self, lookup: str, owner: Owner) -> Owner:
        """A contact that this batch made, or named again."""
        self._contacts[lookup] = owner
        return owner

    def lookup(self, uow: UnitOfWork, account: str) -> str:
        if not account.startswith("email:"):
            return account
        return uow.customers.lookup(account)

    def contacts(self, uow: UnitOfWork, lookups: Iterable[str]) -> dict[str, Owner]:
        """Known contacts among these, asked of the rows only for those not seen since the epoch."""
        missing = sorted({lookup for lookup in lookups if lookup not in self._contacts})
        if missing:
            if len(self._contacts) > CONTACTS:
                self._contacts.clear()
            self._contacts.update(uow.customers.contacts(missing))
        return self._contacts

    def confirm(self, uow: UnitOfWork, held: dict[int, int]) -> None:
        """Keep the versions of the customers held, and see that nobody changed who is who meanwhile."""
        if self._directory is None or uow.customers.epoch() != self._directory.epoch:
            raise Stale("people")
        self._held = held
        for customer, version in held.items():
            cached = self._timelines.get(customer)
            if cached is not None and cached[0] != version:
                del self._timelines[customer]

    def timeline(self, uow: UnitOfWork, policy: Policy, customer: int, earliest: datetime) -> Timeline:
        """The customer's timeline, reaching far enough back for a message sent at `earliest`."""
        cached = self._timelines.get(customer)
        if cached is not None and cached[1].covers(earliest):
            self._timelines.move_to_end(customer)
            return cached[1]
        late = cached is not None
        timeline = load(uow, policy, customer, earliest, keep=late)
        self._timelines[customer] = (self._held[customer], timeline)
        if len(self._timelines) > CUSTOMERS:
            self._timelines.popitem(last=False)
        return timeline

    def recall(self, uow: UnitOfWork) -> Callable[[int], Fingerprint | None]:
        """Fetches the content of a stored wording in this transaction; None once its text is gone."""

        def fetch(id: int) -> Fingerprint | None:
            text = uow.messages.text(id)
            return None if text is None else self.fingerprinter.of(text)

        return fetch

    def moved(self, uow: UnitOfWork, customers: set[int]) -> None:
        """The batch changed what is counted for these; their timelines go on at the next version."""
        if not customers:
            return
        uow.customers.changed(customers)
        for customer in customers:
            cached = self._timelines.get(customer)
            if cached is not None and cached[1].keep:
                del self._timelines[customer]
            elif cached is not None:
                self._timelines[customer] = (self._held[customer] + 1, cached[1])

    def drop(self, customer: int | None) -> None:
        """Somebody else stored a message of this customer first; what was noted here is in doubt."""
        if customer is not None:
            self._timelines.pop(customer, None)

    def forget(self, customers: Iterable[int]) -> None:
        for customer in customers:
            self._timelines.pop(customer, None)


def load(uow: UnitOfWork, policy: Policy, customer: int, earliest: datetime, *, keep: bool) -> Timeline:
    """A timeline built from rows, far enough back for a message sent at `earliest`."""
    since = earliest - reach(policy.windows) - SLACK
    traces = uow.messages.recent(customer, since, END)
    late = bool(traces) and traces[-1].at - SLACK > earliest
    span = (traces[-1].at - since) / reach(policy.windows) if traces else 1
    timeline = Timeline(policy.windows, int(policy.max_contents * max(span, 1)), since, keep or late)
    for trace in traces:
        timeline.restore(print_of(trace), trace.root, trace.id, trace.at, trace.alike or b"")
        if trace.detection_id is not None:
            timeline.detection_of[trace.root] = trace.detection_id
    return timeline


def print_of(trace: Trace) -> Fingerprint:
    """What is left of a stored content without its text."""
    return Fingerprint(trace.key, trace.raw_key, trace.numbers_key, trace.bitmap, None)
