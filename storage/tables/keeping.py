"""What keeps the house: epochs, keys, the audit chain."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import big, moment, words


class EpochRow(SQLModel, table=True):
    """A number that grows with every change of what it is named after; read in the transaction that uses a cache."""

    __tablename__ = "epochs"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: int = big()


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
    at: datetime = moment()
    actor: str = words()
    action: str = words()
    subject: str = words()
    detail: str = words()
    previous: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditHeadRow(SQLModel, table=True):
    """The last entry of the chain under its own keyed hash, so that a tail cut off is found; one row."""

    __tablename__ = "audit_head"
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    seq: int = big()
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
