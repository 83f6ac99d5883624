"""The rows of the house as SQLModel tables."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Date, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from storage.columns import Instant, Sealed

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def table_of(row: type[SQLModel]) -> Table:
    """The table of a row class, for statements without the ORM."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def _id() -> Any:
    return Field(default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))


def _big(*, null: bool = False, index: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=null, index=index))


def _at(*, null: bool = False) -> Any:
    return Field(sa_column=Column(Instant, nullable=null))


def _text(default: str | None = "") -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=default is None))


def _bytes() -> Any:
    return Field(default=None, sa_column=Column(LargeBinary, nullable=True))


def _sealed(place: str) -> Any:
    return Field(default=None, sa_column=Column(Sealed(place), nullable=True))


def _json() -> Any:
    return Field(sa_column=Column(JSON().with_variant(JSONB, "postgresql"), nullable=False))


class PlaceRow(SQLModel, table=True):
    """A channel: (platform, workspace, channel) under one small number; never changed once written."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("platform", "workspace", "channel"),)
    id: int | None = _id()
    platform: str = _text()
    workspace: str = _text()
    channel: str = _text()


class MessageRow(SQLModel, table=True):
    """One wording of one message; the counting columns are empty unless a customer said something that counts."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("place_id", "message_id", "edit"),
        Index("ix_messages_customer_sent", "customer_id", "sent_at"),
        Index(
            "ix_messages_staff_sent",
            "sent_at",
            sqlite_where=text("speaker = 'staff'"),
            postgresql_where=text("speaker = 'staff'"),
        ),
        Index("ix_messages_sent", "sent_at"),
        Index(
            "ix_messages_deleted",
            "deleted_at",
            sqlite_where=text("deleted_at IS NOT NULL"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        Index("ix_messages_author", "author"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = _id()
    root: int | None = _big(null=True)
    """The first stored wording of this message; NULL on that wording itself."""
    place_id: int = _big()
    message_id: str = _text()
    edit: str = _text()
    speaker: str = _text()
    customer_id: int | None = _big(null=True)
    attributed_id: int | None = _big(null=True)
    """The customer as attributed; `customer_id` differs from it while that one is merged into another."""
    author: str = _text()
    sent_at: datetime = _at()
    thread: str = _text()
    reply_to: str = _text()
    mentions: str = _text()
    direct: bool = False
    body: str | None = _sealed("messages.body")
    content_key: bytes | None = _bytes()
    raw_key: bytes | None = _bytes()
    numbers_key: bytes | None = _bytes()
    bitmap: bytes | None = _bytes()
    alike: bytes | None = _bytes()
    """Content keys in the window that were found near-same when this was stored, 16 bytes each."""
    deleted_at: datetime | None = _at(null=True)


class CustomerRow(SQLModel, table=True):
    __tablename__ = "customers"
    id: int | None = _id()
    name: str | None = _sealed("customers.name")
    name_key: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True, index=True))
    kind: str = _text()
    zone: str = _text()
    source: str = _text()
    version: int = _big()
    """Grows with every change of what is counted for this customer; a cache is fresh only at this version."""
    merged_into: int | None = _big(null=True, index=True)
    terms_version: str = _text()
    clause: str = _text()
    paid_through: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    paid_as_of: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    anchor_day: int = Field(default=1, sa_column=Column(Integer, nullable=False))
    renewal_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    created_at: datetime = _at()


class ContactRow(SQLModel, table=True):
    """An account or mail address; a mail address is looked up by keyed hash and kept sealed in `label`."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("lookup"),)
    id: int | None = _id()
    lookup: str = _text()
    label: str | None = _sealed("contacts.label")
    name: str | None = _sealed("contacts.name")
    customer_id: int = _big(index=True)
    source: str = _text()
    seen_at: datetime = _at()


class CustomerRuleRow(SQLModel, table=True):
    """A channel, workspace or mail domain that belongs to a customer (rules.md 1)."""

    __tablename__ = "customer_rules"
    __table_args__ = (UniqueConstraint("kind", "value"),)
    id: int | None = _id()
    kind: str = _text()
    value: str = _text()
    customer_id: int = _big(index=True)


class DetectionRow(SQLModel, table=True):
    __tablename__ = "detections"
    __table_args__ = (
        Index("ix_detections_customer_at", "customer_id", "last_at"),
        Index("ix_detections_at", "at"),
    )
    id: int | None = _id()
    customer_id: int = _big()
    at: datetime = _at()
    last_at: datetime = _at()
    window: str = _text()
    count: int = Field(sa_column=Column(Integer, nullable=False))
    kind: str = _text()
    waiting: bool | None = None
    center: int = _big()
    """The message with which the others have the same content."""
    raw_key: bytes | None = _bytes()
    found_at: datetime = _at()
    found_later: bool = False
    left_out: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    outage_id: int | None = _big(null=True, index=True)
    state: str = _text()
    merged_into: int | None = _big(null=True)
    edition: str = _text()
    pack_hash: str = _text()
    zone: str = _text()
    """The zone whose support hours were used."""


class DetectionMessageRow(SQLModel, table=True):
    __tablename__ = "detection_messages"
    detection_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    message_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False, index=True))
    live: bool = True
    """False once the detection lapsed or went on in another one."""


class OutageRow(SQLModel, table=True):
    __tablename__ = "outages"
    id: int | None = _id()
    at: datetime = _at()
    last_at: datetime = _at()
    ended_at: datetime | None = _at(null=True)
    center: int = _big()
    customers: int = Field(sa_column=Column(Integer, nullable=False))


class TeamRow(SQLModel, table=True):
    """A team with its channels and people as one document; read whole, rarely written."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("name"),)
    id: int | None = _id()
    name: str = _text()
    zone: str = _text()
    channels: list[str] = _json()
    workspaces: list[str] = _json()
    source: str = _text()


class StaffRow(SQLModel, table=True):
    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("team_id", "account"),)
    id: int | None = _id()
    team_id: int = _big(index=True)
    account: str = _text()
    name: str | None = _sealed("staff.name")
    roles: list[str] = _json()


class EpochRow(SQLModel, table=True):
    """A number that grows with every change of what it is named after; read in the transaction that uses a cache."""

    __tablename__ = "epochs"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: int = _big()


class KeyRow(SQLModel, table=True):
    """A key sealed by the company's key; `purpose` lookup is the one that hashes are made with."""

    __tablename__ = "keyring"
    purpose: str = Field(sa_column=Column(Text, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditRow(SQLModel, table=True):
    """One entry of the chain; `hash` covers everything here and the hash before it (S2-16)."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("previous"),)
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = _at()
    actor: str = _text()
    action: str = _text()
    subject: str = _text()
    detail: str = _text()
    previous: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditHeadRow(SQLModel, table=True):
    """The last entry of the chain under its own keyed hash, so that a tail cut off is found; one row."""

    __tablename__ = "audit_head"
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    seq: int = _big()
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
