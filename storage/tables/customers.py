"""Customers, their accounts and rules."""

from datetime import date, datetime

from sqlalchemy import Column, Date, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import big, id_column, moment, sealed, words


class CustomerRow(SQLModel, table=True):
    __tablename__ = "customers"
    id: int | None = id_column()
    name: str | None = sealed("customers.name")
    name_key: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True, index=True))
    kind: str = words()
    zone: str = words()
    source: str = words()
    version: int = big()
    """Grows with every change of what is counted for this customer; a cache is fresh only at this version."""
    merged_into: int | None = big(null=True, index=True)
    terms_version: str = words()
    clause: str = words()
    paid_through: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    paid_as_of: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    anchor_day: int = Field(default=1, sa_column=Column(Integer, nullable=False))
    renewal_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    created_at: datetime = moment()


class ContactRow(SQLModel, table=True):
    """An account or mail address; a mail address is looked up by keyed hash and kept sealed in `label`."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("lookup"),)
    id: int | None = id_column()
    lookup: str = words()
    label: str | None = sealed("contacts.label")
    name: str | None = sealed("contacts.name")
    customer_id: int = big(index=True)
    source: str = words()
    seen_at: datetime = moment()


class CustomerRuleRow(SQLModel, table=True):
    """A channel, workspace or mail domain that belongs to a customer (rules.md 1)."""

    __tablename__ = "customer_rules"
    __table_args__ = (UniqueConstraint("kind", "value"),)
    id: int | None = id_column()
    kind: str = words()
    value: str = words()
    customer_id: int = big(index=True)
