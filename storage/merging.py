"""What belongs to a customer changes hands: all of it into another customer, back again, or what some accounts said."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Table, exists, select, update

from bot.domain.model import SignKind
from storage.session import Session
from storage.tables import (
    DetectionMessageRow,
    IncidentRow,
    MessageRow,
    PingRow,
    PointsRow,
    ReportRow,
    SignRow,
    table_of,
)

_messages: Final = table_of(MessageRow)
_incidents: Final = table_of(IncidentRow)
_members: Final = table_of(DetectionMessageRow)
_signs: Final = table_of(SignRow)
_reports: Final = table_of(ReportRow)
_points: Final = table_of(PointsRow)
_pings: Final = table_of(PingRow)


def move_all(session: Session, customer_id: int, into: int) -> None:
    """Give everything of a customer to another; whose it was stays noted, so that `move_back` finds it."""
    for table in (_messages, _incidents, _reports, _points, _pings):
        _give(session, table, table.c.customer_id == customer_id, into)


def move_back(session: Session, customer_id: int, into: int) -> None:
    """Undo `move_all`: what was attributed to `customer_id` goes back to it, reports with their incident."""
    for table in (_messages, _incidents, _points, _pings):
        mine = (table.c.customer_id == into) & (table.c.attributed_id == customer_id)
        _give(session, table, mine, customer_id)
    theirs = select(_incidents.c.id).where(_incidents.c.customer_id == customer_id)
    _give(session, _reports, (_reports.c.customer_id == into) & _reports.c.incident_id.in_(theirs), customer_id)


def move_said(session: Session, lookups: Sequence[str], customer_id: int, to: int) -> None:
    """Give what these accounts said to another customer for good, and of the incidents those that nothing but these
    messages hold (reports about them, detections of them), with their reports, points and pings."""
    said = _messages.c.author.in_(lookups) & (_messages.c.speaker == "customer")
    session.connection.execute(update(_messages).where(said).values(customer_id=to, attributed_id=to))
    living = (_signs.c.incident_id == _incidents.c.id, _signs.c.live.is_(True))
    about = select(_reports.c.id).join(_messages, _messages.c.id == _reports.c.message_id).where(said)
    others = select(_members.c.detection_id).join(_messages, _messages.c.id == _members.c.message_id).where(~said)
    told = ((_signs.c.kind == SignKind.REPORT.value) & _signs.c.ref.in_(about)) | (
        (_signs.c.kind == SignKind.DETECTION.value) & _signs.c.ref.not_in(others)
    )
    wanted = select(_incidents.c.id).where(
        _incidents.c.customer_id == customer_id, exists().where(*living), ~exists().where(*living, ~told)
    )
    moved = list(session.connection.scalars(wanted))
    for table, incident_id in ((_incidents, _incidents.c.id), *((t, t.c.incident_id) for t in (_points, _pings))):
        _give(session, table, incident_id.in_(moved), to, attributed_id=to)
    _give(session, _reports, _reports.c.incident_id.in_(moved), to)


def _give(session: Session, table: Table, which: ColumnElement[bool], to: int, **also: int) -> None:
    """Write the new owner; a ping's version moves on, for who holds it still knows the old one."""
    version = {"version": table.c.version + 1} if table is _pings else {}
    session.connection.execute(update(table).where(which).values(customer_id=to, **also, **version))
