"""What every table is made of: column makers and the naming convention."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Integer, LargeBinary, Table, Text
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


def id_column() -> Any:
    return Field(default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))


def big(*, null: bool = False, index: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=null, index=index))


def moment(*, null: bool = False) -> Any:
    return Field(sa_column=Column(Instant, nullable=null))


def words(default: str | None = "") -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=default is None))


def raw() -> Any:
    return Field(default=None, sa_column=Column(LargeBinary, nullable=True))


def sealed(place: str) -> Any:
    return Field(default=None, sa_column=Column(Sealed(place), nullable=True))


def document() -> Any:
    return Field(sa_column=Column(JSON().with_variant(JSONB, "postgresql"), nullable=False))
