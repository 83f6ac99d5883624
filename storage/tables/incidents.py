"""Incidents with their signs, reports, verdicts and points."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer
from sqlmodel import Field, SQLModel

from storage.tables.base import big, document, id_column, moment, sealed, words


class IncidentRow(SQLModel, table=True):
    """One event with one customer; `attributed_id` differs from `customer_id` while that one is merged."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_customer_last", "customer_id", "last_sign_at"),
        Index("ix_incidents_team_opened", "team", "opened_at"),
        Index("ix_incidents_state", "state"),
    )
    id: int | None = id_column()
    customer_id: int = big()
    attributed_id: int = big()
    team: str = words()
    opened_at: datetime = moment()
    last_sign_at: datetime = moment()
    severity: int = Field(sa_column=Column(Integer, nullable=False))
    categories: list[str] = document()
    dangers: list[str] = document()
    state: str = words()
    reach: str = words()
    outage_id: int | None = big(null=True, index=True)
    shown_at: datetime | None = moment(null=True)
    """When a held-back incident came onto the morning's card."""
    edition: str = words()
    pack_hash: str = words()
    zone: str = words()


class SignRow(SQLModel, table=True):
    __tablename__ = "signs"
    __table_args__ = (Index("ix_signs_ref", "kind", "ref"),)
    id: int | None = id_column()
    incident_id: int = big(index=True)
    kind: str = words()
    ref: int = big()
    team: str = words()
    """The team in whose channel it happened; the incident may be another team's."""
    at: datetime = moment()
    severity: int = Field(sa_column=Column(Integer, nullable=False))
    category: str = words()
    danger: str = words()
    live: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))


class ReportRow(SQLModel, table=True):
    """What a person filed; text and quote are sealed, the reporter's account is read only to protect them."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_reporter_filed", "reporter", "filed_at"),)
    id: int | None = id_column()
    incident_id: int = big(index=True)
    customer_id: int = big()
    team: str = words()
    reporter: str = words()
    kind: str = words()
    filed_at: datetime = moment()
    occurred_at: datetime | None = moment(null=True)
    text: str | None = sealed("reports.text")
    quote: str | None = sealed("reports.quote")
    group: str = words()
    category: str = words()
    severity: int = Field(sa_column=Column(Integer, nullable=False))
    burden: int = Field(sa_column=Column(Integer, nullable=False))
    medium: str = words()
    call_from: datetime | None = moment(null=True)
    call_to: datetime | None = moment(null=True)
    place: str = words()
    message_id: int | None = big(null=True, index=True)
    named: list[str] = document()
    withdrawn_at: datetime | None = moment(null=True)


class ReviewRow(SQLModel, table=True):
    """A verdict; the latest of an incident stands, the earlier ones are its history."""

    __tablename__ = "reviews"
    id: int | None = id_column()
    incident_id: int = big(index=True)
    at: datetime = moment()
    reviewer: str = words()
    finding: str = words()
    reason: str | None = sealed("reviews.reason")
    demand_valid: str = words()
    means_acceptable: str = words()
    environment_harmed: str = words()
    severity: int = Field(sa_column=Column(Integer, nullable=False))
    categories: list[str] = document()
    state: str = words()
    second: str = words()
    second_at: datetime | None = moment(null=True)
    second_reason: str | None = sealed("reviews.second_reason")
    edition: str = words()
    pack_hash: str = words()


class PointsRow(SQLModel, table=True):
    """The ledger: what a confirmed incident gave; taken back, never deleted."""

    __tablename__ = "points"
    id: int | None = id_column()
    customer_id: int = big(index=True)
    attributed_id: int = big()
    incident_id: int = big(index=True)
    review_id: int = big()
    at: datetime = moment()
    confirmed_at: datetime = moment()
    points: float = Field(sa_column=Column(Float(53), nullable=False))
    category: str = words()
    weight: float = Field(sa_column=Column(Float(53), nullable=False))
    severity: int = Field(sa_column=Column(Integer, nullable=False))
    factor: float = Field(sa_column=Column(Float(53), nullable=False))
    edition: str = words()
    pack_hash: str = words()
    taken_back_at: datetime | None = moment(null=True)
    taken_back_by: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
