"""Practice calls on rows; whoever ends one first has ended it."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, text, update

from bot.domain.errors import NotFound
from bot.domain.model import Drill
from storage.nouns import fields_of, values_of
from storage.session import Session
from storage.tables import DrillRow, table_of
from storage.tables.drills import RUNNING

_drills: Final = table_of(DrillRow)
_RUNNING: Final[Any] = text(RUNNING)
"""Word for word as the partial index has it."""
_DUE: Final = (
    select(_drills)
    .where(_RUNNING, _drills.c.until <= bindparam("now"))
    .order_by(_drills.c.until, _drills.c.id)
    .with_for_update(skip_locked=True)
)


class Drills:
    """ports.Drills on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def get(self, id: int) -> Drill:
        row = self._s.connection.execute(select(_drills).where(_drills.c.id == id)).one_or_none()
        if row is None:
            raise NotFound("drill", str(id))
        return _drill(row)

    def add(self, drill: Drill) -> Drill:
        made = _drills.insert().values(values_of(drill)).returning(_drills.c.id)
        return replace(drill, id=int(self._s.connection.execute(made).scalar_one()))

    def due(self, now: datetime) -> list[Drill]:
        return [_drill(row) for row in self._s.connection.execute(_DUE, {"now": now})]

    def end(self, drill: Drill) -> bool:
        ended = update(_drills).where(_drills.c.id == drill.id, _RUNNING)
        values = {"seen_by": drill.seen_by, "ended_at": drill.ended_at}
        return self._s.connection.execute(ended.values(values)).rowcount == 1

    def forget(self, before: datetime) -> int:
        return self._s.connection.execute(delete(_drills).where(_drills.c.until < before)).rowcount


def _drill(row: Any) -> Drill:
    return Drill(**fields_of(Drill, row) | {"people": tuple(row.people)})
