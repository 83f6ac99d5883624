"""Pings, the calls they made and bundles on rows; every change of a ping is a compare-and-set."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, text, update

from bot.domain.errors import NotFound
from bot.domain.model import Notification, Outcome, Ping, PingState, RoundReason, Severity
from storage.columns import EPOCH
from storage.nouns import fields_of, values_of
from storage.session import Session
from storage.tables import BundleRow, IncidentRow, NotificationRow, PingRow, table_of
from storage.tables.pings import OPEN

_pings: Final = table_of(PingRow)
_calls: Final = table_of(NotificationRow)
_bundles: Final = table_of(BundleRow)
_incidents: Final = table_of(IncidentRow)
_OPEN: Final[Any] = text(OPEN)
"""Word for word as the partial indexes have it, or they could not be used."""
_ALL: Final = select(_pings).order_by(_pings.c.opened_at, _pings.c.id)
_ONE: Final = _ALL.where(_pings.c.id == bindparam("wanted"))
_OPEN_OF: Final = _ALL.where(_pings.c.customer_id == bindparam("wanted"), _OPEN)
_OF_INCIDENT: Final = _ALL.where(_pings.c.incident_id == bindparam("wanted"))
_DUE: Final = (
    select(_pings)
    .where(_OPEN, _pings.c.due_at <= bindparam("now"))
    .order_by(_pings.c.due_at, _pings.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEXT_DUE: Final = select(func.min(_pings.c.due_at)).where(_OPEN)
_MADE: Final = _pings.insert().returning(_pings.c.id)
_MOVED: Final = update(_pings).where(_pings.c.id == bindparam("wanted"), _pings.c.version == bindparam("before"))
_CALLS_OF: Final = select(_calls).where(_calls.c.ping_id == bindparam("wanted")).order_by(_calls.c.n)
BUNDLE: Final = "bundle:"
"""The outbox key of a bundle's card begins so."""


class Pings:
    """ports.Pings on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def get(self, id: int) -> Ping:
        found = self._read(_ONE, wanted=id)
        if not found:
            raise NotFound("ping", str(id))
        return found[0]

    def open_of(self, customer_id: int) -> Ping | None:
        found = self._read(_OPEN_OF, wanted=customer_id)
        return found[0] if found else None

    def open(self, team: str | None = None) -> list[Ping]:
        return self._read(_ALL.where(_OPEN, *_of_team(team)))

    def since(self, at: datetime, team: str | None = None) -> list[Ping]:
        was_open = or_(_OPEN, _pings.c.opened_at >= at, _pings.c.resolved_at >= at)
        return self._read(_ALL.where(was_open, *_of_team(team)))

    def of_incident(self, incident_id: int) -> list[Ping]:
        return self._read(_OF_INCIDENT, wanted=incident_id)

    def all(self) -> list[Ping]:
        return self._read(_ALL)

    def _read(self, query: Select[Any], **values: int) -> list[Ping]:
        return [_ping(row) for row in self._s.connection.execute(query, values)]

    def due(self, now: datetime, limit: int) -> list[Ping]:
        held = self._s.connection.execute(_DUE, {"now": now, "most": limit})
        return [ping for row in held if (ping := _readable(row))]

    def next_due(self) -> datetime | None:
        found: datetime | None = self._s.connection.scalar(_NEXT_DUE)
        return found

    def add(self, ping: Ping) -> Ping:
        # As its incident was attributed, not as it is merged now, so that parting takes the ping along.
        attributed = select(_incidents.c.attributed_id).where(_incidents.c.id == ping.incident_id)
        values = _values(ping) | {"version": 1}
        values["attributed_id"] = self._s.connection.scalar(attributed) or ping.customer_id
        return replace(ping, id=int(self._s.connection.execute(_MADE, values).scalar_one()), version=1)

    def move(self, ping: Ping) -> bool:
        unmoved = {"wanted": ping.id, "before": ping.version - 1}
        return self._s.connection.execute(_MOVED, unmoved | _values(ping)).rowcount == 1

    def note(self, notification: Notification) -> None:
        self._s.connection.execute(_calls.insert(), values_of(notification))

    def calls(self, ping_id: int) -> list[Notification]:
        return [_call(row) for row in self._s.connection.execute(_CALLS_OF, {"wanted": ping_id})]

    def unheard(self, ping_id: int, key: str, people: Iterable[str]) -> None:
        theirs = (_calls.c.ping_id == ping_id, _calls.c.key == key, _calls.c.target.in_(list(people)))
        self._s.connection.execute(update(_calls).where(*theirs).values(unheard=True))

    def automatic_calls(self, target: str, since: datetime) -> int:
        theirs = (_calls.c.target == target, _calls.c.at > since, _calls.c.automatic.is_(True))
        single = ~_calls.c.key.startswith(BUNDLE)
        return self._s.connection.execute(select(func.count()).where(*theirs, single)).scalar_one()

    def bundle(self, target: str, team: str, ping_id: int, at: datetime, since: datetime) -> tuple[int, int, list[int]]:
        self._alone(target)
        theirs = (_bundles.c.target == target, _bundles.c.at > since)
        query = select(_bundles).where(*theirs).order_by(_bundles.c.at.desc(), _bundles.c.id.desc()).limit(1)
        row = self._s.connection.execute(query).one_or_none()
        if row is None:
            values = {"target": target, "team": team, "at": at, "pings": [ping_id], "version": 0}
            made = _bundles.insert().values(values).returning(_bundles.c.id)
            return int(self._s.connection.execute(made).scalar_one()), 0, [ping_id]
        version, pings = self._grown(row.id, pings=list(dict.fromkeys([*row.pings, ping_id])))[2:]
        return row.id, version, pings

    def close_bundle(self, bundle_id: int) -> list[int]:
        closed = update(_bundles).where(_bundles.c.id == bundle_id).values(at=EPOCH).returning(_bundles.c.pings)
        row = self._s.connection.execute(closed).one_or_none()
        return [] if row is None else list(row.pings)

    def bundled(self, bundle_id: int) -> tuple[str, str, int, list[int]]:
        return self._grown(bundle_id)

    def _grown(self, bundle_id: int, **changes: Any) -> tuple[str, str, int, list[int]]:
        grown = update(_bundles).where(_bundles.c.id == bundle_id)
        query = grown.values(version=_bundles.c.version + 1, **changes).returning(
            _bundles.c.target, _bundles.c.team, _bundles.c.version, _bundles.c.pings
        )
        row = self._s.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("bundle", str(bundle_id))
        return row.target, row.team, row.version, list(row.pings)

    def _alone(self, target: str) -> None:
        """Nobody else puts anything into this person's bundle until the transaction ends, even before there is one."""
        if not self._s.sqlite:
            self._s.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{BUNDLE}{target}"))))


def _of_team(team: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if team is None else (_pings.c.team == team,)


def _values(ping: Ping) -> dict[str, Any]:
    return values_of(ping) | {"outcome": ping.outcome.value if ping.outcome else ""}


def _call(row: Any) -> Notification:
    return Notification(**fields_of(Notification, row) | {"reason": RoundReason(row.reason)})


def _readable(row: Any) -> Ping | None:
    """None for a row that a newer version wrote with words of its own: it is that version's to move, and must not
    stop the others."""
    try:
        return _ping(row)
    except ValueError:
        return None


def _ping(row: Any) -> Ping:
    return Ping(
        **fields_of(Ping, row)
        | {
            "state": PingState(row.state), "severity": Severity(row.severity), "categories": tuple(row.categories),
            "dangers": tuple(row.dangers), "reason": RoundReason(row.reason),
            "outcome": Outcome(row.outcome) if row.outcome else None,
        }
    )  # fmt: skip
