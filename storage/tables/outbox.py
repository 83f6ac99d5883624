"""The outbox: what has to be said in chats, written in the transaction that decided it."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import big, document, id_column, moment, sealed, words

WAITING = "state = 'waiting'"


class OutboxRow(SQLModel, table=True):
    """State: waiting, sent, dead (told to people), cancelled (answered or overtaken before it went out)."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_waiting", "priority", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ix_outbox_line", "lane", "place", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ix_outbox_round", "round", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ix_outbox_base", "base"),
    )
    id: int | None = id_column()
    key: str = words()
    base: str = words()
    """The key of the post whose message an edit changes; its own key otherwise."""
    lane: str = words()
    place: str = words()
    """Where it goes, channel or people: one lane and one place is one line, kept in order."""
    round: str = words()
    priority: int = Field(sa_column=Column(Integer, nullable=False))
    channel: str = words()
    people: list[str] = document()
    language: str = words()
    kind: str = words()
    """Name of the notice's class."""
    facts: str | None = sealed("outbox.facts")
    quotes: list[str] = document()
    state: str = words()
    put_at: datetime = moment()
    due_at: datetime = moment()
    """Not before this instant: the post's own time, or the next try."""
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    doubtful: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    """A try may have got through without our knowing."""
    lease: int = big()
    """Grows with every claim: only the holder of this number may mark the row (fencing)."""
    lease_until: datetime | None = moment(null=True)
    ref_channel: str = words()
    ref_id: str = words()
    sent_at: datetime | None = moment(null=True)
    error: str = words()
