"""Overrides of the rota, modes and digests on rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.model import Mode, Override
from storage.nouns import fields_of, values_of
from storage.session import Session
from storage.tables import DigestRow, IncidentRow, OverrideRow, PingRow, ReportRow, SignRow, SwitchRow, table_of

_overrides: Final = table_of(OverrideRow)
_switches: Final = table_of(SwitchRow)
_digests: Final = table_of(DigestRow)
_OVERRIDES: Final = (
    select(_overrides)
    .where(_overrides.c.team == bindparam("team"), _overrides.c.end > bindparam("since"))
    .order_by(_overrides.c.id)
)
_SWITCH: Final = select(_switches.c.value).where(_switches.c.name == bindparam("wanted"))


class Duty:
    """ports.Duty on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def overrides(self, team: str, since: datetime) -> list[Override]:
        rows = self._s.connection.execute(_OVERRIDES, {"team": team, "since": since})
        return [Override(**fields_of(Override, row)) for row in rows]

    def add_override(self, override: Override) -> Override:
        made = _overrides.insert().values(values_of(override)).returning(_overrides.c.id)
        return replace(override, id=int(self._s.connection.execute(made).scalar_one()))

    def hand_over(self, team: str, heir: str, *, renamed: bool) -> None:
        run = self._s.connection.execute
        for row in (IncidentRow, SignRow, ReportRow, PingRow, OverrideRow):
            table = table_of(row)
            version = {"version": table.c.version + 1} if row is PingRow else {}
            run(update(table).where(table.c.team == team).values(team=heir, **version))
        if renamed:
            run(update(_switches).where(_switches.c.name == _mode_of(team)).values(name=_mode_of(heir)))
            run(update(_digests).where(_digests.c.team == team).values(team=heir))

    def mode(self, team: str) -> Mode:
        value = self._s.connection.scalar(_SWITCH, {"wanted": _mode_of(team)})
        return Mode.MONITOR if value is None else Mode(value)

    def set_mode(self, team: str, mode: Mode, at: datetime, actor: str) -> None:
        values = {"value": mode.value, "at": at, "actor": actor}
        query = self._insert(_switches).values(name=_mode_of(team), **values)
        self._s.connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=values))

    def digests(self, team: str) -> Sequence[str]:
        query = select(_digests.c.week).where(_digests.c.team == team).order_by(_digests.c.week)
        return tuple(self._s.connection.scalars(query))

    def claim_digest(self, team: str, week: str, due_at: datetime, at: datetime, *, posted: bool) -> bool:
        values = {"team": team, "week": week, "due_at": due_at, "written_at": at, "posted": posted}
        claimed = self._insert(_digests).values(values).on_conflict_do_nothing().returning(_digests.c.week)
        return self._s.connection.scalar(claimed) is not None

    def _insert(self, table: Table) -> Any:
        """An insert that may name its conflict, in the words of this database."""
        return sqlite.insert(table) if self._s.sqlite else postgresql.insert(table)


def _mode_of(team: str) -> str:
    return f"mode:{team}"
