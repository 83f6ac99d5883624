"""Stores of incidents, verdicts, pings and duty."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import (
    Drill,
    Incident,
    IncidentState,
    Mode,
    Notification,
    Override,
    Ping,
    Points,
    Report,
    Review,
    Sign,
    SignKind,
)


class Incidents(Protocol):
    """Incidents with their signs and reports; marked, never deleted."""

    def get(self, id: int) -> Incident:
        """One incident; NotFound if there is none."""

    def open_of(self, customer_id: int) -> Incident | None:
        """The customer's latest incident that nobody has judged and that has not lapsed."""

    def of(self, customer_id: int) -> list[Incident]:
        """All incidents of a customer, oldest first."""

    def undecided(self, team: str | None = None) -> list[Incident]:
        """Those that wait for a verdict, oldest first."""

    def since(self, at: datetime, team: str | None = None) -> list[Incident]:
        """Those opened from `at` on, oldest first."""

    def all(self) -> list[Incident]: ...

    def held_back(self, team: str) -> list[Incident]:
        """Those that wait for the morning's card."""

    def shown(self, ids: Iterable[int], at: datetime) -> None:
        """They are on the morning's card now."""

    def save(self, incident: Incident) -> Incident:
        """Store a new one (id 0) or what changed of one."""

    def end(self, id: int, state: IncidentState) -> None: ...

    def signs(self, id: int) -> list[Sign]:
        """Signs by time, those that no longer hold included."""

    def add_sign(self, id: int, sign: Sign) -> None: ...

    def change_sign(self, id: int, sign: Sign) -> None:
        """Write severity, time, category and danger of a sign of this incident anew."""

    def void(self, kind: SignKind, ref: int) -> list[int]:
        """Mark a sign as no longer holding wherever it stands; the incidents concerned."""

    def with_sign(self, kind: SignKind, ref: int) -> list[Incident]:
        """The incidents that have this sign, oldest first."""

    def report(self, id: int) -> Report: ...
    def reports(self, incident_id: int) -> list[Report]: ...

    def last_report(self, reporter: str, since: datetime) -> Report | None:
        """The reporter's latest report filed after `since`, withdrawn ones left out."""

    def recent_reports(self, reporter: str, since: datetime) -> list[Report]:
        """All of them, the latest first."""

    def file(self, report: Report) -> Report:
        """Store a new report."""

    def change_report(self, report: Report) -> None:
        """Write a report anew: said in more detail, withdrawn."""

    def sign_times(self, incident_ids: Iterable[int]) -> dict[int, list[datetime]]:
        """When the living signs of these happened; a detection counts with every message's time."""


class Reviews(Protocol):
    """Verdicts and the ledger of points; history stays."""

    def standing(self, incident_id: int) -> Review | None:
        """The verdict that stands: the latest."""

    def history(self, incident_id: int) -> list[Review]: ...

    def all(self) -> dict[int, Review]:
        """Incident → the verdict that stands."""

    def add(self, review: Review) -> Review: ...
    def change(self, review: Review) -> None:
        """Write state and second person of a verdict."""

    def waiting(self) -> list[Review]:
        """Standing verdicts that wait for a second person or a confirmation, oldest first."""

    def give(self, customer_id: int, review_id: int, points: Points) -> None: ...
    def take_back(self, incident_id: int, at: datetime, review_id: int) -> float:
        """Mark the incident's living points as taken back; how many there were."""

    def ledger(self, customer_id: int) -> list[Points]:
        """Everything ever given to a customer, taken back or not, oldest first."""

    def with_points(self) -> list[int]:
        """Customers that ever got points."""


class Pings(Protocol):
    """Pings and their calls; every change is a compare-and-set on the version."""

    def get(self, id: int) -> Ping:
        """One ping; NotFound if there is none."""

    def open_of(self, customer_id: int) -> Ping | None: ...

    def open(self, team: str | None = None) -> list[Ping]:
        """Open pings, oldest first."""

    def since(self, at: datetime, team: str | None = None) -> list[Ping]:
        """Pings opened or still open since `at`."""

    def of_incident(self, incident_id: int) -> list[Ping]: ...
    def all(self) -> list[Ping]: ...

    def due(self, now: datetime, limit: int) -> list[Ping]:
        """Open pings whose `due_at` has come, the longest due first; held for this transaction, skipping those that
        another replica holds."""

    def next_due(self) -> datetime | None: ...

    def add(self, ping: Ping) -> Ping:
        """Store a new ping; Stale if the customer has an open one meanwhile."""

    def move(self, ping: Ping) -> bool:
        """Write a ping whose version is still `ping.version - 1`; False: somebody else moved it."""

    def note(self, notification: Notification) -> None: ...
    def calls(self, ping_id: int) -> list[Notification]:
        """Calls of a ping in order."""

    def unheard(self, ping_id: int, key: str, people: Iterable[str]) -> None:
        """Mark what these people were called with under `key` as shown and not heard."""

    def automatic_calls(self, target: str, since: datetime) -> int:
        """How many automatic calls, bundled ones left out, this person got after `since`."""

    def bundle(self, target: str, team: str, ping_id: int, at: datetime, since: datetime) -> tuple[int, int, list[int]]:
        """Put a ping into the person's bundle begun after `since`, or a new one: (its id, version from 0, pings)."""

    def close_bundle(self, bundle_id: int) -> list[int]:
        """Let a bundle take nothing in any more; its pings, [] if there is no such bundle."""

    def bundled(self, bundle_id: int) -> tuple[str, str, int, list[int]]:
        """(target, team, version, pings) of a bundle; its version moves on."""


class Drills(Protocol):
    """Practice calls."""

    def get(self, id: int) -> Drill:
        """One drill; NotFound if there is none."""

    def add(self, drill: Drill) -> Drill:
        """Store a new one."""

    def due(self, now: datetime) -> list[Drill]:
        """Those that nobody has seen in time; held for this transaction, skipping those that another replica holds."""

    def end(self, drill: Drill) -> bool:
        """Write who has seen it and when it ended; False: it has ended already."""

    def forget(self, before: datetime) -> int:
        """Remove those that were over before this instant."""


class Duty(Protocol):
    """Overrides of the rota, modes, digests written."""

    def overrides(self, team: str, since: datetime) -> list[Override]:
        """Those that end after `since`, in the order in which they were made."""

    def add_override(self, override: Override) -> Override: ...
    def mode(self, team: str) -> Mode: ...
    def set_mode(self, team: str, mode: Mode, at: datetime, actor: str) -> None: ...

    def hand_over(self, team: str, heir: str, *, renamed: bool) -> None:
        """Give incidents, reports, pings and overrides of an ended team to another; mode and digests go along where
        it is only a new name."""

    def digests(self, team: str) -> Sequence[str]:
        """Weeks that were written for a team."""

    def claim_digest(self, team: str, week: str, due_at: datetime, at: datetime, *, posted: bool) -> bool:
        """Write the row of a team's week; False: it stands already."""
