"""Files that came with messages."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import SealedBytes
from storage.tables.base import big, id_column, moment, raw, sealed, words

WANTED = "state = 'wanted'"


class FileRow(SQLModel, table=True):
    """One attachment of one message; gone with its message's text, never later than it."""

    __tablename__ = "files"
    __table_args__ = (
        UniqueConstraint("message", "file"),
        Index("ix_files_wanted", "due_at", sqlite_where=text(WANTED), postgresql_where=text(WANTED)),
        Index("ix_files_sent", "sent_at"),
        Index("ix_files_sender", "sender", "sent_at"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = id_column()
    message: int = big()
    """The first stored wording of the message."""
    platform: str = words()
    sender: str = words()
    """The account that it came from, as stored with the message."""
    file: str = words()
    """The platform's number of it; addresses expire and are not kept (discord.md 13)."""
    name: str | None = sealed("files.name")
    media: str = words()
    size: int = big()
    state: str = words()
    sha256: bytes | None = raw()
    sent_at: datetime = moment()
    due_at: datetime = moment()
    """Of the next try to fetch it."""
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    body: bytes | None = Field(default=None, sa_column=Column(SealedBytes("files.body"), nullable=True))
