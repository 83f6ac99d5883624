"""Teams and staff."""

from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from storage.tables.base import big, document, id_column, sealed, words


def optional() -> Any:
    """A document that may be missing."""
    kind = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return Field(default=None, sa_column=Column(kind))


class TeamRow(SQLModel, table=True):
    """A team with its channels and people as one document; read whole, rarely written."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("name"),)
    id: int | None = id_column()
    name: str = words()
    zone: str = words()
    channels: list[str] = document()
    workspaces: list[str] = document()
    source: str = words()
    alert_channel: str = words()
    leads_channel: str = words()
    language: str = words("ja")
    rota: dict[str, object] | None = optional()
    hours: list[list[list[str]]] | None = optional()
    """Monday to Sunday, spans as ["09:00", "18:00"]; none = the pack's."""


class StaffRow(SQLModel, table=True):
    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("team_id", "account"),)
    id: int | None = id_column()
    team_id: int = big(index=True)
    account: str = words()
    name: str | None = sealed("staff.name")
    roles: list[str] = document()
    """Given by name, or to the user group that this row lists."""
    via: list[str] | None = optional()
    """User groups of the team whose member this person is; their rows have the roles."""
