"""Which process listens to a platform, and what platforms were told."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from storage.tables.base import moment, words


class LeaseRow(SQLModel, table=True):
    """Who holds what only one process may do; `until` is over when it may be taken by another."""

    __tablename__ = "leases"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    holder: str = words()
    until: datetime = moment()


class ToldRow(SQLModel, table=True):
    """What a platform was last told, such as the hash of its commands, so that it is not told again."""

    __tablename__ = "told"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = words()
