"""Detections and outages on rows; marked, never deleted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, literal, select, true, update

from bot.domain.errors import NotFound
from bot.domain.model import Detection, DetectionState, Kind, Outage
from storage.session import Session
from storage.tables import DetectionMessageRow, DetectionRow, MessageRow, OutageRow, table_of

_detections: Final = table_of(DetectionRow)
_members: Final = table_of(DetectionMessageRow)
_messages: Final = table_of(MessageRow)
_outages: Final = table_of(OutageRow)
_ONE: Final = select(_detections).where(_detections.c.id == bindparam("wanted"))
_OPEN_OF: Final = (
    select(_detections)
    .where(
        _detections.c.customer_id == bindparam("customer"),
        _detections.c.last_at >= bindparam("since"),
        _detections.c.state == "open",
    )
    .order_by(_detections.c.at)
)
_MESSAGES_OF: Final = (
    select(_members.c.message_id)
    .join(_messages, _messages.c.id == _members.c.message_id)
    .where(_members.c.detection_id == bindparam("wanted"))
    .order_by(_messages.c.sent_at, _messages.c.id)
)
_MADE: Final = _detections.insert().returning(_detections.c.id)
_CHANGED: Final = update(_detections).where(_detections.c.id == bindparam("wanted"))
_OUTAGES: Final = select(_outages).order_by(_outages.c.at)
_ACTIVE_OUTAGES: Final = _OUTAGES.where(_outages.c.ended_at.is_(None))
_COLUMNS: Final = (
    "customer_id", "at", "last_at", "window", "count", "kind", "waiting", "center", "raw_key", "found_at",
    "found_later", "left_out", "outage_id", "state", "edition", "pack_hash", "zone",
)  # fmt: skip


class Detections:
    """ports.Detections on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def get(self, id: int) -> Detection:
        row = self._s.connection.execute(_ONE, {"wanted": id}).one_or_none()
        if row is None:
            raise NotFound("detection", str(id))
        return _detection(row)

    def of(self, customer_id: int, since: datetime) -> list[Detection]:
        rows = self._s.connection.execute(_OPEN_OF, {"customer": customer_id, "since": since})
        return [_detection(row) for row in rows]

    def all(self) -> list[Detection]:
        rows = self._s.connection.execute(select(_detections).order_by(_detections.c.at, _detections.c.id))
        return [_detection(row) for row in rows]

    def messages(self, id: int, limit: int | None = None) -> tuple[int, ...]:
        query = _MESSAGES_OF if limit is None else _MESSAGES_OF.limit(limit)
        return tuple(self._s.connection.scalars(query, {"wanted": id}))

    def save(self, detection: Detection, messages: Iterable[int]) -> Detection:
        values = {name: getattr(detection, name) for name in _COLUMNS}
        values["kind"], values["state"] = detection.kind.value, detection.state.value
        id: Any = detection.id
        if not id:
            id = self._s.connection.scalar(_MADE, values)
        else:
            self._s.connection.execute(_CHANGED, {"wanted": id, **values})
        rows = [{"detection_id": id, "message_id": message, "live": True} for message in messages]
        if rows:
            self._s.connection.execute(_members.insert(), rows)
        return replace(detection, id=int(id))

    def end(self, id: int, state: str, into: int | None = None) -> None:
        mine = _detections.c.id == id
        self._s.connection.execute(update(_detections).where(mine).values(state=state, merged_into=into))
        live = _members.c.detection_id == id
        self._s.connection.execute(update(_members).where(live).values(live=False))
        if into is not None:
            taken = select(_members.c.message_id).where(_members.c.detection_id == into)
            moved = select(literal(into, BigInteger), _members.c.message_id, true()).where(
                live, _members.c.message_id.not_in(taken)
            )
            self._s.connection.execute(_members.insert().from_select(["detection_id", "message_id", "live"], moved))

    def near(self, at: datetime, since: datetime) -> list[Detection]:
        query = select(_detections).where(_detections.c.at.between(since, at), _detections.c.state == "open")
        return [_detection(row) for row in self._s.connection.execute(query.order_by(_detections.c.at))]

    def outages(self, *, active: bool = False) -> list[Outage]:
        rows = self._s.connection.execute(_ACTIVE_OUTAGES if active else _OUTAGES)
        return [Outage(r.id, r.at, r.last_at, r.ended_at, r.customers) for r in rows]

    def save_outage(self, outage: Outage, center: int, members: Iterable[int]) -> int:
        values = {
            "at": outage.at, "last_at": outage.last_at, "ended_at": outage.ended_at, "customers": outage.customers,
        }  # fmt: skip
        if outage.id:
            self._s.connection.execute(update(_outages).where(_outages.c.id == outage.id).values(values))
        id = outage.id or self._new_outage(center, values)
        self._s.connection.execute(update(_detections).where(_detections.c.id.in_(list(members))).values(outage_id=id))
        return id

    def _new_outage(self, center: int, values: dict[str, Any]) -> int:
        made = _outages.insert().values(center=center, **values).returning(_outages.c.id)
        return int(self._s.connection.execute(made).scalar_one())

    def outage_center(self, id: int) -> int:
        return int(self._s.connection.execute(select(_outages.c.center).where(_outages.c.id == id)).scalar_one())


def _detection(row: Any) -> Detection:
    values = {name: row._mapping[name] for name in _COLUMNS}
    values["kind"], values["state"] = Kind(row.kind), DetectionState(row.state)
    values["raw_key"] = None if row.raw_key is None else bytes(row.raw_key)
    return Detection(id=row.id, **values)
