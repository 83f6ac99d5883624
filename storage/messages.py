"""Messages: stored under their identity, read back as traces for the counter and as texts for people."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select, text, update

from bot.domain.model import Known, NewMessage, Spoken, Trace
from bot.domain.policy import Retention
from storage import retention
from storage.columns import instant, micros
from storage.retention import Forgotten
from storage.session import Session
from storage.tables import MessageRow, PlaceRow, table_of

BODY: Final = b"messages.body"
CHUNK: Final = 500
"""Ids per IN list: far below the parameter limits of both databases."""
_messages: Final = table_of(MessageRow)
_places: Final = table_of(PlaceRow)


class Messages:
    """ports.Messages on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def place(self, platform: str, workspace: str, channel: str) -> int:
        key = (platform, workspace, channel)
        found = self._s.places.get(key) or self._s.pending_places.get(key)
        if found is None:
            found = self._s.pending_places[key] = self._place(key)
        return found

    def _place(self, key: tuple[str, str, str]) -> int:
        columns = (_places.c.platform, _places.c.workspace, _places.c.channel)
        query = select(_places.c.id).where(*(c == v for c, v in zip(columns, key, strict=True)))
        found = self._s.connection.scalar(query)
        if found is None:
            values = dict(zip(("platform", "workspace", "channel"), key, strict=True))
            found = self._s.connection.scalar(_places.insert().values(values).returning(_places.c.id))
        return int(found or 0)

    def known(self, ids: Sequence[tuple[int, str]]) -> list[Known]:
        if self._s.sqlite:
            rows = self._s.rows(self._s.statements.known, json.dumps(ids))
        else:
            rows = self._s.rows(self._s.statements.known, [p for p, _ in ids], [m for _, m in ids])
        return [_known(*row) for row in rows]

    def add(self, rows: Sequence[NewMessage]) -> list[int | None]:
        values = [self._values(row) for row in rows]
        return self._add_sqlite(values) if self._s.sqlite else self._add_postgresql(values, rows)

    def _values(self, m: NewMessage) -> tuple[Any, ...]:
        body = None if m.text is None else self._s.keys.seal(m.text, BODY)
        head = (
            m.root, m.place_id, m.message_id, m.edit, m.speaker.value, m.customer_id, m.attributed_id, m.author,
            micros(m.sent_at), m.thread, m.reply_to, m.mentions, m.direct, body,
        )  # fmt: skip
        p = m.print
        if p is None:
            return (*head, None, m.raw_key, None, None, None)
        return (*head, p.key, m.raw_key, p.numbers_key, p.bitmap, m.alike)

    def _add_sqlite(self, values: list[tuple[Any, ...]]) -> list[int | None]:
        cursor = self._s.connection.connection.cursor()
        cursor.executemany(self._s.statements.insert, values)
        last = cursor.execute("SELECT last_insert_rowid()").fetchone()[0]
        cursor.close()
        return list(range(last - len(values) + 1, last + 1))

    def _add_postgresql(self, values: list[tuple[Any, ...]], rows: Sequence[NewMessage]) -> list[int | None]:
        columns = [list(column) for column in zip(*values, strict=True)]
        stored = {
            (place, message, edit): id for id, place, message, edit in self._s.rows(self._s.statements.insert, *columns)
        }
        return [stored.get((row.place_id, row.message_id, row.edit)) for row in rows]

    def recent(self, customer_id: int, start: datetime, end: datetime) -> list[Trace]:
        rows = self._s.rows(self._s.statements.recent, customer_id, micros(start), micros(end))
        return [Trace(r[0], r[1] or r[0], instant(r[2]), *r[3:9]) for r in rows]

    def text(self, id: int) -> str | None:
        rows = self._s.rows(self._s.statements.body, id)
        return self._s.keys.open(rows[0][0], BODY) if rows and rows[0][0] is not None else None

    def spoken(self, ids: Iterable[int]) -> list[Spoken]:
        newest: dict[int, Spoken] = {}
        todo = list(ids)
        for start in range(0, len(todo), CHUNK):
            part = todo[start : start + CHUNK]
            wanted = _messages.c.id.in_(part) | _messages.c.root.in_(part)
            for row in self._s.connection.execute(_SPOKEN.where(wanted).order_by(_messages.c.id)):
                newest[row.root or row.id] = _spoken(row, text=row.body)
        return sorted(newest.values(), key=lambda m: (m.sent_at, m.id))

    def staff_between(self, start: datetime, end: datetime) -> list[Spoken]:
        query = _SPOKEN.where(_messages.c.speaker == _STAFF, _messages.c.sent_at.between(start, end))
        rows = self._s.connection.execute(query.order_by(_messages.c.sent_at), {"staff": "staff"})
        return [_spoken(row, text=None) for row in rows]

    def customers_before(self, place: Spoken, at: datetime) -> int | None:
        query = (
            select(_messages.c.customer_id)
            .join(_places, _places.c.id == _messages.c.place_id)
            .where(*_in_place(place), _messages.c.customer_id.is_not(None), _messages.c.sent_at < at)
            .order_by(_messages.c.sent_at.desc())
            .limit(1)
        )
        found: int | None = self._s.connection.scalar(query)
        return found

    def last_customer(self, place: int, at: datetime) -> int | None:
        said = (_messages.c.place_id == place, _messages.c.customer_id.is_not(None), _messages.c.sent_at <= at)
        query = select(_messages.c.customer_id).where(*said).order_by(_messages.c.sent_at.desc()).limit(1)
        found: int | None = self._s.connection.scalar(query)
        return found

    def newest(self, platform: str, workspace: str, channels: Sequence[str]) -> dict[str, datetime]:
        query = (
            select(_places.c.channel, func.max(_messages.c.sent_at))
            .join(_messages, _messages.c.place_id == _places.c.id)
            .where(_places.c.platform == platform, _places.c.workspace == workspace, _places.c.channel.in_(channels))
            .group_by(_places.c.channel)
        )
        return {channel: at for channel, at in self._s.connection.execute(query)}

    def in_thread(self, place: Spoken, thread: str, customer_id: int) -> bool:
        query = (
            select(func.count())
            .select_from(_messages.join(_places, _places.c.id == _messages.c.place_id))
            .where(*_in_place(place), _messages.c.customer_id == customer_id)
            .where((_messages.c.thread == thread) | (_messages.c.message_id == thread))
        )
        return bool(self._s.connection.scalar(query))

    def alike(self, id: int, keys: bytes) -> None:
        self._s.connection.execute(update(_messages).where(_messages.c.id == id).values(alike=keys))

    def count(self, id: int, key: bytes, raw_key: bytes, numbers_key: bytes, bitmap: bytes) -> None:
        values = {"content_key": key, "raw_key": raw_key, "numbers_key": numbers_key, "bitmap": bitmap}
        self._s.connection.execute(update(_messages).where(_messages.c.id == id).values(values))

    def delete(self, platform: str, workspace: str, channel: str, message_id: str, at: datetime) -> int:
        place = self.place(platform, workspace, channel)
        query = update(_messages).where(_messages.c.place_id == place, _messages.c.message_id == message_id)
        return self._s.connection.execute(query.values(deleted_at=at)).rowcount

    def redact(self, platform: str, workspace: str, channel: str, message_id: str) -> set[int | None]:
        place = self.place(platform, workspace, channel)
        query = update(_messages).where(_messages.c.place_id == place, _messages.c.message_id == message_id)
        rows = self._s.connection.execute(query.values(body=None).returning(_messages.c.customer_id))
        return {row.customer_id for row in rows}

    def unattributed(self, platform: str) -> list[str]:
        mine = (_messages.c.speaker == text("'unattributed'"), _messages.c.author.startswith(f"{platform}:"))
        query = select(_messages.c.author).where(*mine).distinct().order_by(_messages.c.author)
        return list(self._s.connection.scalars(query))

    def waiting(self, author: str) -> list[Spoken]:
        mine = (_messages.c.author == author, _messages.c.speaker == "unattributed")
        rows = self._s.connection.execute(_SPOKEN.where(*mine).order_by(_messages.c.sent_at, _messages.c.id))
        return [replace(_spoken(row, text=row.body), id=row.id) for row in rows]

    def settle(self, id: int, author: str, speaker: str, attributed: int | None, customer: int | None) -> None:
        values = {"author": author, "speaker": speaker, "attributed_id": attributed, "customer_id": customer}
        self._s.connection.execute(update(_messages).where(_messages.c.id == id).values(values))

    def authors(self, customer_id: int) -> frozenset[str]:
        query = select(_messages.c.author).where(_messages.c.customer_id == customer_id).distinct()
        return frozenset(self._s.connection.scalars(query))

    def progress(self) -> tuple[datetime | None, int]:
        roots = select(func.max(_messages.c.sent_at), func.count()).where(_messages.c.root.is_(None))
        newest, count = self._s.connection.execute(roots).one()
        return newest, count

    def forget(self, now: datetime, rules: Retention) -> Forgotten:
        return retention.forget(self._s, now, rules)


_STAFF: Final[Any] = bindparam("staff", literal_execute=True)
_SPOKEN: Final = select(
    _messages.c.id, _messages.c.root, _places.c.platform, _places.c.workspace, _places.c.channel,
    _messages.c.message_id, _messages.c.author, _messages.c.sent_at, _messages.c.body, _messages.c.thread,
    _messages.c.reply_to, _messages.c.mentions, _messages.c.direct, _messages.c.customer_id,
).join(_places, _places.c.id == _messages.c.place_id)  # fmt: skip


def _known(*row: Any) -> Known:
    sent_at, deleted_at = instant(row[7]), None if row[9] is None else instant(row[9])
    return Known(row[0], row[1], row[2], row[3], row[4], row[5], row[6], sent_at, row[8], deleted_at)


def _in_place(place: Spoken) -> tuple[Any, ...]:
    return (
        _places.c.platform == place.platform,
        _places.c.workspace == place.workspace,
        _places.c.channel == place.channel,
    )


def _spoken(row: Any, text: str | None) -> Spoken:
    return Spoken(
        id=row.root or row.id, platform=row.platform, workspace=row.workspace, channel=row.channel,
        message_id=row.message_id, author=row.author, sent_at=row.sent_at, text=text, thread=row.thread,
        reply_to=row.reply_to, mentions=tuple(row.mentions.split()), direct=row.direct, customer_id=row.customer_id,
    )  # fmt: skip
