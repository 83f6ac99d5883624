"""Pings, the calls they made, bundles, rota overrides, digests and switches."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

from storage.tables.base import big, document, id_column, moment, sealed, words

OPEN = "state <> 'resolved'"


class PingRow(SQLModel, table=True):
    """The unique index is the rule: one open ping a customer (rules.md 7)."""

    __tablename__ = "pings"
    __table_args__ = (
        Index("uq_pings_open", "customer_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_pings_due", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )
    id: int | None = id_column()
    customer_id: int = big(index=True)
    attributed_id: int = big()
    team: str = words()
    incident_id: int = big(index=True)
    state: str = words()
    severity: int = Field(sa_column=Column(Integer, nullable=False))
    categories: list[str] = document()
    dangers: list[str] = document()
    automatic: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))
    opened_at: datetime = moment()
    last_sign_at: datetime = moment()
    waiting_since: datetime | None = moment(null=True)
    recovered: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    round: int = Field(sa_column=Column(Integer, nullable=False))
    reason: str = words()
    step: int = Field(sa_column=Column(Integer, nullable=False))
    due_at: datetime | None = moment(null=True)
    acked_by: str = words()
    acked_at: datetime | None = moment(null=True)
    asked_at: datetime | None = moment(null=True)
    resolved_at: datetime | None = moment(null=True)
    outcome: str = words()
    note: str | None = sealed("pings.note")
    sent: int = Field(sa_column=Column(Integer, nullable=False))
    version: int = big()


class NotificationRow(SQLModel, table=True):
    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_target_at", "target", "at"),)
    ping_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    n: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    round: int = Field(sa_column=Column(Integer, nullable=False))
    step: int = Field(sa_column=Column(Integer, nullable=False))
    target: str = words()
    at: datetime = moment()
    automatic: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))
    key: str = words()
    reason: str = words()
    unheard: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))


class BundleRow(SQLModel, table=True):
    """Automatic pings beyond what one person takes in an hour, in one card."""

    __tablename__ = "bundles"
    __table_args__ = (Index("ix_bundles_target_at", "target", "at"),)
    id: int | None = id_column()
    target: str = words()
    team: str = words()
    at: datetime = moment()
    pings: list[int] = document()
    version: int = big()


class OverrideRow(SQLModel, table=True):
    __tablename__ = "overrides"
    __table_args__ = (Index("ix_overrides_team_end", "team", "end"),)
    id: int | None = id_column()
    team: str = words()
    account: str = words()
    start: datetime = moment()
    end: datetime = moment()
    made_by: str = words()
    made_at: datetime = moment()


class DigestRow(SQLModel, table=True):
    """One row a team and week: whoever writes it writes the digest, all others are too late."""

    __tablename__ = "digests"
    team: str = Field(sa_column=Column(Text, primary_key=True))
    week: str = Field(sa_column=Column(Text, primary_key=True))
    due_at: datetime = moment()
    written_at: datetime = moment()
    posted: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))
    """False for the week in which a team was first seen: there was nothing to tell."""


class SwitchRow(SQLModel, table=True):
    """A setting that people change in chat, such as a team's mode."""

    __tablename__ = "switches"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = words()
    at: datetime = moment()
    actor: str = words()
