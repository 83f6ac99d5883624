"""Practice calls."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from storage.tables.base import document, id_column, moment, words

RUNNING = "ended_at IS NULL"


class DrillRow(SQLModel, table=True):
    """Kept as long as a trace of a message; no statistic reads it."""

    __tablename__ = "drills"
    __table_args__ = (
        Index("ix_drills_until", "until", sqlite_where=text(RUNNING), postgresql_where=text(RUNNING)),
        {"sqlite_autoincrement": True},
    )  # the number of a forgotten one is never given again, for its cards in the chat still name it
    id: int | None = id_column()
    team: str = words()
    asked_by: str = words()
    people: list[str] = document()
    at: datetime = moment()
    until: datetime = moment()
    seen_by: str = words()
    ended_at: datetime | None = moment(null=True)
