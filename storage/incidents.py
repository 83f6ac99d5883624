"""Incidents with their signs and reports on rows; marked, never deleted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from bot.domain.errors import NotFound
from bot.domain.model import Incident, IncidentState, Medium, Reach, Report, ReportKind, Severity, Sign, SignKind
from storage.nouns import fields_of, values_of
from storage.session import Session
from storage.tables import DetectionMessageRow, IncidentRow, MessageRow, ReportRow, SignRow, table_of

_incidents: Final = table_of(IncidentRow)
_signs: Final = table_of(SignRow)
_reports: Final = table_of(ReportRow)
_members: Final = table_of(DetectionMessageRow)
_messages: Final = table_of(MessageRow)
CHUNK: Final = 500
"""Ids per IN list: far below the parameter limits of both databases."""


class Incidents:
    """ports.Incidents on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def get(self, id: int) -> Incident:
        row = self._s.connection.execute(_ONE, {"wanted": id}).one_or_none()
        if row is None:
            raise NotFound("incident", str(id))
        return _incident(row)

    def open_of(self, customer_id: int) -> Incident | None:
        row = self._s.connection.execute(_OPEN_OF, {"customer": customer_id}).one_or_none()
        return None if row is None else _incident(row)

    def of(self, customer_id: int) -> list[Incident]:
        return [_incident(row) for row in self._s.connection.execute(_OF_CUSTOMER, {"customer": customer_id})]

    def undecided(self, team: str | None = None) -> list[Incident]:
        return self._read(_SUSPECTED, *_of_team(team))

    def since(self, at: datetime, team: str | None = None) -> list[Incident]:
        return self._read(_incidents.c.opened_at >= at, *_of_team(team))

    def all(self) -> list[Incident]:
        return self._read()

    def held_back(self, team: str) -> list[Incident]:
        waiting = (_incidents.c.reach == Reach.MORNING.value, _incidents.c.shown_at.is_(None))
        return self._read(_SUSPECTED, *waiting, *_of_team(team))

    def _read(self, *which: ColumnElement[bool]) -> list[Incident]:
        return [_incident(row) for row in self._s.connection.execute(_ALL.where(*which))]

    def shown(self, ids: Iterable[int], at: datetime) -> None:
        wanted = (_incidents.c.id.in_(list(ids)), _incidents.c.shown_at.is_(None))
        self._s.connection.execute(update(_incidents).where(*wanted).values(shown_at=at))

    def save(self, incident: Incident) -> Incident:
        values = values_of(incident)
        if incident.id:
            self._s.connection.execute(_CHANGED, {"wanted": incident.id, **values})
            return incident
        values["attributed_id"] = incident.customer_id
        return replace(incident, id=int(self._s.connection.execute(_MADE, values).scalar_one()))

    def end(self, id: int, state: IncidentState) -> None:
        self._s.connection.execute(update(_incidents).where(_incidents.c.id == id).values(state=state.value))

    def signs(self, id: int) -> list[Sign]:
        return [_sign(row) for row in self._s.connection.execute(_SIGNS_OF, {"wanted": id})]

    def add_sign(self, id: int, sign: Sign) -> None:
        values = values_of(sign, "customer_id", "recovered")
        self._s.connection.execute(_signs.insert(), {"incident_id": id, **values})

    def change_sign(self, id: int, sign: Sign) -> None:
        mine = (_signs.c.incident_id == id, *_named(sign.kind, sign.ref))
        values = values_of(sign, "customer_id", "team", "kind", "ref", "live", "recovered")
        self._s.connection.execute(update(_signs).where(*mine).values(values))

    def void(self, kind: SignKind, ref: int) -> list[int]:
        living = (*_named(kind, ref), _signs.c.live.is_(True))
        gone = update(_signs).where(*living).values(live=False).returning(_signs.c.incident_id)
        return sorted(set(self._s.connection.scalars(gone)))

    def with_sign(self, kind: SignKind, ref: int) -> list[Incident]:
        return self._read(_incidents.c.id.in_(select(_signs.c.incident_id).where(*_named(kind, ref))))

    def report(self, id: int) -> Report:
        row = self._s.connection.execute(select(_reports).where(_reports.c.id == id)).one_or_none()
        if row is None:
            raise NotFound("report", str(id))
        return _report(row)

    def reports(self, incident_id: int) -> list[Report]:
        return [_report(row) for row in self._s.connection.execute(_REPORTS_OF, {"wanted": incident_id})]

    def last_report(self, reporter: str, since: datetime) -> Report | None:
        row = self._s.connection.execute(_filed(reporter, since).limit(1)).one_or_none()
        return None if row is None else _report(row)

    def recent_reports(self, reporter: str, since: datetime) -> list[Report]:
        return [_report(row) for row in self._s.connection.execute(_filed(reporter, since))]

    def file(self, report: Report) -> Report:
        made = _reports.insert().returning(_reports.c.id)
        return replace(report, id=int(self._s.connection.execute(made, _report_values(report)).scalar_one()))

    def change_report(self, report: Report) -> None:
        changed = update(_reports).where(_reports.c.id == report.id).values(_report_values(report))
        if self._s.connection.execute(changed).rowcount == 0:
            raise NotFound("report", str(report.id))

    def sign_times(self, incident_ids: Iterable[int]) -> dict[int, list[datetime]]:
        ids = list(incident_ids)
        times: dict[int, list[datetime]] = {id: [] for id in ids}
        for start in range(0, len(ids), CHUNK):
            wanted = _signs.c.incident_id.in_(ids[start : start + CHUNK])
            for query in (_REPORT_TIMES, _DETECTION_TIMES):
                for incident_id, at in self._s.connection.execute(query.where(wanted)):
                    times[incident_id].append(at)
        return {id: sorted(found) for id, found in times.items()}


_SUSPECTED: Final = _incidents.c.state == IncidentState.SUSPECTED.value
_ALL: Final = select(_incidents).order_by(_incidents.c.opened_at, _incidents.c.id)
_ONE: Final = select(_incidents).where(_incidents.c.id == bindparam("wanted"))
_OF_CUSTOMER: Final = _ALL.where(_incidents.c.customer_id == bindparam("customer"))
_OPEN_OF: Final = (
    select(_incidents)
    .where(_incidents.c.customer_id == bindparam("customer"), _SUSPECTED)
    .order_by(_incidents.c.last_sign_at.desc(), _incidents.c.id.desc())
    .limit(1)
)
_MADE: Final = _incidents.insert().returning(_incidents.c.id)
_CHANGED: Final = update(_incidents).where(_incidents.c.id == bindparam("wanted"))
_SIGNS_OF: Final = (
    select(_signs, _incidents.c.customer_id)
    .join(_incidents, _incidents.c.id == _signs.c.incident_id)
    .where(_signs.c.incident_id == bindparam("wanted"))
    .order_by(_signs.c.at, _signs.c.id)
)
_REPORTS_OF: Final = (
    select(_reports).where(_reports.c.incident_id == bindparam("wanted")).order_by(_reports.c.filed_at, _reports.c.id)
)
_REPORT_TIMES: Final = (
    select(_signs.c.incident_id, func.coalesce(_reports.c.occurred_at, _reports.c.filed_at, type_=_signs.c.at.type))
    .join(_reports, _reports.c.id == _signs.c.ref)
    .where(_signs.c.kind == SignKind.REPORT.value, _signs.c.live.is_(True))
)
_DETECTION_TIMES: Final = (
    select(_signs.c.incident_id, func.coalesce(_messages.c.sent_at, _signs.c.at, type_=_signs.c.at.type))
    .outerjoin(
        _members.join(_messages, _messages.c.id == _members.c.message_id), _members.c.detection_id == _signs.c.ref
    )
    .where(_signs.c.kind == SignKind.DETECTION.value, _signs.c.live.is_(True))
)
"""The outer join leaves the sign's own time only where no message of its detection is stored any more."""


def _of_team(team: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if team is None else (_incidents.c.team == team,)


def _named(kind: SignKind, ref: int) -> tuple[ColumnElement[bool], ...]:
    return (_signs.c.kind == kind.value, _signs.c.ref == ref)


def _incident(row: Any) -> Incident:
    return Incident(
        **fields_of(Incident, row)
        | {
            "severity": Severity(row.severity), "categories": tuple(row.categories), "dangers": tuple(row.dangers),
            "state": IncidentState(row.state), "reach": Reach(row.reach),
        }
    )  # fmt: skip


def _sign(row: Any) -> Sign:
    return Sign(**fields_of(Sign, row) | {"kind": SignKind(row.kind), "severity": Severity(row.severity)})


def _report_values(report: Report) -> dict[str, Any]:
    return values_of(report) | {"medium": report.medium.value if report.medium else ""}


def _report(row: Any) -> Report:
    return Report(
        **fields_of(Report, row)
        | {
            "kind": ReportKind(row.kind), "severity": Severity(row.severity), "named": tuple(row.named),
            "medium": Medium(row.medium) if row.medium else None,
        }
    )  # fmt: skip


def _filed(reporter: str, since: datetime) -> Select[Any]:
    mine = (_reports.c.reporter == reporter, _reports.c.filed_at > since, _reports.c.withdrawn_at.is_(None))
    return select(_reports).where(*mine).order_by(_reports.c.filed_at.desc(), _reports.c.id.desc())
