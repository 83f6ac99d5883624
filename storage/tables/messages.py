"""Messages and the channels they stand in."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from storage.tables.base import big, id_column, moment, raw, sealed, words


class PlaceRow(SQLModel, table=True):
    """A channel: (platform, workspace, channel) under one small number; never changed once written."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("platform", "workspace", "channel"),)
    id: int | None = id_column()
    platform: str = words()
    workspace: str = words()
    channel: str = words()


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
        Index(
            "ix_messages_unattributed",
            "author",
            sqlite_where=text("speaker = 'unattributed'"),
            postgresql_where=text("speaker = 'unattributed'"),
        ),
        Index(
            "ix_messages_root",
            "root",
            sqlite_where=text("root IS NOT NULL"),
            postgresql_where=text("root IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int | None = id_column()
    root: int | None = big(null=True)
    """The first stored wording of this message; NULL on that wording itself."""
    place_id: int = big()
    message_id: str = words()
    edit: str = words()
    speaker: str = words()
    customer_id: int | None = big(null=True)
    attributed_id: int | None = big(null=True)
    """The customer as attributed; `customer_id` differs from it while that one is merged into another."""
    author: str = words()
    sent_at: datetime = moment()
    thread: str = words()
    reply_to: str = words()
    mentions: str = words()
    direct: bool = False
    body: str | None = sealed("messages.body")
    content_key: bytes | None = raw()
    raw_key: bytes | None = raw()
    numbers_key: bytes | None = raw()
    bitmap: bytes | None = raw()
    alike: bytes | None = raw()
    """Content keys in the window that were found near-same when this was stored, 16 bytes each."""
    deleted_at: datetime | None = moment(null=True)
