"""Detections, their messages, outages."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel

from storage.tables.base import big, id_column, moment, raw, words


class DetectionRow(SQLModel, table=True):
    __tablename__ = "detections"
    __table_args__ = (
        Index("ix_detections_customer_at", "customer_id", "last_at"),
        Index("ix_detections_at", "at"),
    )
    id: int | None = id_column()
    customer_id: int = big()
    at: datetime = moment()
    last_at: datetime = moment()
    window: str = words()
    count: int = Field(sa_column=Column(Integer, nullable=False))
    kind: str = words()
    waiting: bool | None = None
    center: int = big()
    """The message with which the others have the same content."""
    raw_key: bytes | None = raw()
    found_at: datetime = moment()
    found_later: bool = False
    left_out: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    outage_id: int | None = big(null=True, index=True)
    state: str = words()
    merged_into: int | None = big(null=True)
    edition: str = words()
    pack_hash: str = words()
    zone: str = words()
    """The zone whose support hours were used."""


class DetectionMessageRow(SQLModel, table=True):
    __tablename__ = "detection_messages"
    detection_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    message_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False, index=True))
    live: bool = True
    """False once the detection lapsed or went on in another one."""


class OutageRow(SQLModel, table=True):
    __tablename__ = "outages"
    id: int | None = id_column()
    at: datetime = moment()
    last_at: datetime = moment()
    ended_at: datetime | None = moment(null=True)
    center: int = big()
    customers: int = Field(sa_column=Column(Integer, nullable=False))
