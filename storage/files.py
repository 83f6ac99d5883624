"""Files that came with messages: noted, fetched later, kept sealed, never listed with their bytes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.model import FileState, KeptFile, NewFile, WantedFile
from storage.session import Session
from storage.tables import FileRow, MessageRow, PlaceRow, table_of

CHUNK: Final = 500
"""Ids per IN list."""
_files: Final = table_of(FileRow)
_messages: Final = table_of(MessageRow)
_places: Final = table_of(PlaceRow)
_OPEN: Final = _files.c.state == literal(FileState.WANTED.value, literal_execute=True)
"""Written out, so that the partial index fits."""
_SIZE: Final = func.coalesce(func.sum(_files.c.size), 0)
_COUNTED: Final = _files.c.state.in_([FileState.WANTED.value, FileState.KEPT.value])


class Files:
    """ports.Files on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def note(self, files: Sequence[NewFile]) -> None:
        values = [
            {
                "message": new.message, "platform": new.platform, "sender": new.sender, "file": new.file.id,
                "name": new.file.name, "media": new.file.media, "size": new.file.size, "state": new.state.value,
                "sent_at": new.sent_at, "due_at": new.sent_at, "attempts": 0,
            }
            for new in files
        ]  # fmt: skip
        insert: Any = sqlite.insert(_files) if self._s.sqlite else postgresql.insert(_files)
        self._s.connection.execute(insert.on_conflict_do_nothing(index_elements=["message", "file"]), values)

    def taken(self, sender: str, since: datetime) -> int:
        sent = (_files.c.sender == sender, _files.c.sent_at >= since, _COUNTED)
        return int(self._s.connection.scalar(select(_SIZE).where(*sent)) or 0)

    def wanted(self, platform: str, limit: int) -> list[WantedFile]:
        """In two steps, so that no planner ever begins at the messages."""
        columns = (_files.c.id, _files.c.message, _files.c.file, _files.c.attempts, _files.c.due_at)
        query = select(*columns).where(_OPEN, _files.c.platform == platform)
        rows = self._s.connection.execute(query.order_by(_files.c.due_at, _files.c.id).limit(limit)).all()
        where = {r.id: r for r in self._s.connection.execute(_WHERE, {"ids": [row.message for row in rows]})}
        return [
            WantedFile(
                row.id, platform, at.workspace, at.channel, at.thread, at.message_id, row.file, row.attempts, row.due_at
            )
            for row in rows
            if (at := where.get(row.message))
        ]

    def again(self, id: int, at: datetime) -> bool:
        return self._change(id, {"due_at": at, "attempts": _files.c.attempts + 1})

    def beside(self, id: int) -> int:
        mine = select(_files.c.message).where(_files.c.id == id).scalar_subquery()
        kept = (_files.c.message == mine, _files.c.id != id, _files.c.state == FileState.KEPT.value)
        return int(self._s.connection.scalar(select(_SIZE).where(*kept)) or 0)

    def keep(self, id: int, data: bytes, sha256: bytes) -> bool:
        values = {"state": FileState.KEPT.value, "body": data, "sha256": sha256, "size": len(data)}
        return self._change(id, values)

    def settle(self, id: int, state: FileState, size: int | None = None) -> bool:
        return self._change(id, {"state": state.value} | ({} if size is None else {"size": size}))

    def _change(self, id: int, values: dict[str, Any]) -> bool:
        query = update(_files).where(_files.c.id == id, _OPEN).values(values)
        return bool(self._s.connection.execute(query).rowcount)

    def drop(self, messages: Iterable[int]) -> None:
        for part in _parts(messages):
            self._s.connection.execute(delete(_files).where(_files.c.message.in_(part)))

    def redact(self, platform: str, workspace: str, channel: str, message_id: str) -> int:
        place = select(_places.c.id).where(
            _places.c.platform == platform, _places.c.workspace == workspace, _places.c.channel == channel
        )
        whole = select(func.coalesce(_messages.c.root, _messages.c.id)).where(
            _messages.c.place_id.in_(place), _messages.c.message_id == message_id
        )
        emptied = {"state": FileState.REDACTED.value, "name": None, "body": None}
        query = update(_files).where(_files.c.message.in_(whole)).values(emptied)
        return self._s.connection.execute(query).rowcount

    def of(self, messages: Iterable[int]) -> list[KeptFile]:
        found: list[Any] = []
        for part in _parts(messages):
            found += self._s.connection.execute(_KNOWN.where(_files.c.message.in_(part))).all()
        return [
            KeptFile(r.id, r.message, r.name, r.media, r.size, FileState(r.state), (r.sha256 or b"").hex(), r.sent_at)
            for r in sorted(found, key=lambda row: (row.sent_at, row.id))
        ]

    def data(self, id: int) -> bytes | None:
        found: bytes | None = self._s.connection.scalar(select(_files.c.body).where(_files.c.id == id))
        return found


_WHERE: Final = (
    select(_messages.c.id, _places.c.workspace, _places.c.channel, _messages.c.thread, _messages.c.message_id)
    .join(_places, _places.c.id == _messages.c.place_id)
    .where(_messages.c.id.in_(bindparam("ids", expanding=True)))
)
_KNOWN: Final = select(
    _files.c.id, _files.c.message, _files.c.name, _files.c.media, _files.c.size, _files.c.state, _files.c.sha256,
    _files.c.sent_at,
)  # fmt: skip


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    todo = sorted(set(ids))
    return (todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK))
