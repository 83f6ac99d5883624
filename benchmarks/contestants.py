"""Who runs: the raw anchor, the house without analysis, the whole path, and an async ORM session per message."""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import event as sa_event
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters import pack
from bot.app import Bot
from bot.domain.events import MessagePosted
from bot.domain.likeness import BITS, Fingerprint
from bot.intake import BATCH, Intake
from storage.columns import micros
from storage.database import Database
from storage.keys import Keys, new_key
from storage.statements import SQLITE
from storage.tables import ContactRow, MessageRow

POLICY = pack.load(None)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Plain(Keys):
    """Seals nothing."""

    def seal(self, text: str, place: bytes) -> bytes:
        return text.encode()


def prepared(path: Path, customers: int) -> Database:
    """A migrated database that knows all customers already."""
    database = Database(f"sqlite:///{path}", new_key())
    with database.begin() as uow:
        for customer in range(customers):
            uow.customers.unknown(f"slack:T2:U{customer}", "", NOW)
        for channel in range(40):
            uow.messages.place("slack", "T1", f"C{channel}")
    return database


def random_print() -> Fingerprint:
    """A fingerprint of the right size that was not computed from any text."""
    noise = os.urandom(32 + BITS // 8)
    return Fingerprint(noise[:16], noise[16:24], noise[24:32], noise[32:], None)


class RawSets:
    """sqlite3 alone, group commit of 64, our own set-based look-ups once a batch: the least that could be done."""

    def __init__(self, path: Path, customers: int) -> None:
        prepared(path, customers).close()
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.places = {row[0]: row[1] for row in self.db.execute("SELECT channel, id FROM places")}
        self.contacts = {row[0]: row[1] for row in self.db.execute("SELECT lookup, customer_id FROM contacts")}

    def run(self, events: Sequence[MessagePosted]) -> float:
        batches = [events[i : i + BATCH] for i in range(0, len(events), BATCH)]
        prints = iter([random_print() for _ in events])
        started = time.perf_counter()
        for batch in batches:
            self._batch(batch, prints)
        return time.perf_counter() - started

    def _batch(self, batch: Sequence[MessagePosted], prints: Iterator[Fingerprint]) -> None:
        run = self.db.execute
        run("BEGIN IMMEDIATE")
        run(SQLITE.epoch).fetchall()
        held = json.dumps(sorted({self.contacts[f"slack:T2:{e.author}"] for e in batch}))
        run(SQLITE.hold, (held,)).fetchall()
        run(SQLITE.epoch).fetchall()
        run(SQLITE.known, (json.dumps([(self.places[e.channel], e.message_id) for e in batch]),)).fetchall()
        self.db.executemany(SQLITE.insert, [self._row(e, p) for e, p in zip(batch, prints, strict=False)])
        run("SELECT last_insert_rowid()").fetchone()
        run(SQLITE.bump, (held,))
        run("COMMIT")

    def _row(self, e: MessagePosted, p: Fingerprint) -> tuple[Any, ...]:
        author = f"slack:T2:{e.author}"
        customer = self.contacts[author]
        return (
            None, self.places[e.channel], e.message_id, "", "customer", customer, customer, author, micros(e.sent_at),
            "", "", "", False, e.text.encode(), p.key, p.raw_key, p.numbers_key, p.bitmap, None,
        )  # fmt: skip

    def close(self) -> None:
        self.db.close()


class RawGroup(RawSets):
    """The anchor (performance.md A): sqlite3 alone, group commit of 64, unsealed, plain statements for each message.

    The same look-ups (whose contact, which version of the customer, is the message known), the same columns, tables and
    indexes; nothing is compared or counted.
    """

    def _batch(self, batch: Sequence[MessagePosted], prints: Iterator[Fingerprint]) -> None:
        run = self.db.execute
        run("BEGIN IMMEDIATE")
        run(SQLITE.epoch).fetchall()
        for event, print in zip(batch, prints, strict=False):
            customer = run(
                "SELECT customer_id FROM contacts WHERE lookup = ?", (f"slack:T2:{event.author}",)
            ).fetchone()
            run("SELECT version FROM customers WHERE id = ?", customer).fetchone()
            known = (self.places[event.channel], event.message_id)
            run("SELECT id FROM messages WHERE place_id = ? AND message_id = ?", known).fetchall()
            run(SQLITE.insert, self._row(event, print))
            run("UPDATE customers SET version = version + 1 WHERE id = ?", customer)
        run("COMMIT")


class Noise:
    """Stands where the fingerprinter stands and computes nothing."""

    def __init__(self) -> None:
        self.ready: list[Fingerprint] = []

    def of(self, raw: str, raw_key: bytes = b"") -> Fingerprint:
        return self.ready.pop()

    def raw_key(self, raw: str) -> bytes:
        return b"12345678"


class NoTimeline:
    """Compares and counts nothing."""

    keep = False

    left_out = 0

    def note(self, print: Fingerprint, recall: object) -> frozenset[bytes]:
        return frozenset()

    def add(self, id: int, at: datetime, print: Fingerprint) -> list[Any]:
        return []


class House:
    """The house through its async door, 64 in flight; `analysis` off leaves text, comparing and sealing out."""

    def __init__(self, path: Path, customers: int, *, analysis: bool) -> None:
        self.database = prepared(path, customers)
        self.noise = Noise()
        if not analysis:
            self.database.keys = Plain(new_key())
        self.bot = Bot(self.database, POLICY, lambda: NOW, self.database.lookup.content_key)
        if not analysis:
            self.bot._memory.fingerprinter = self.noise  # type: ignore[assignment]
            self.bot._memory.timeline = lambda *_: NoTimeline()  # type: ignore[assignment,method-assign,return-value]
        self.analysis = analysis

    def run(self, events: Sequence[MessagePosted]) -> float:
        if not self.analysis:
            self.noise.ready = [random_print() for _ in events]
        return asyncio.run(self._run(events))

    async def _run(self, events: Sequence[MessagePosted]) -> float:
        intake = Intake(self.bot)
        intake.start()
        waiting = iter(events)

        async def worker() -> None:
            for event in waiting:
                await intake.submit(event)

        started = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(BATCH)))
        seconds = time.perf_counter() - started
        await intake.stop()
        return seconds

    def close(self) -> None:
        self.database.close()


class OrmSession:
    """What tutorials show: a SQLModel AsyncSession, a look-up, an insert and a commit for every message."""

    def __init__(self, path: Path, customers: int) -> None:
        self.sealer = prepared(path, customers)
        self.path = path

    def run(self, events: Sequence[MessagePosted]) -> float:
        return asyncio.run(self._run(events))

    async def _run(self, events: Sequence[MessagePosted]) -> float:
        engine = create_async_engine(f"sqlite+aiosqlite:///{self.path}")
        sa_event.listen(engine.sync_engine, "connect", _async_pragmas)
        engine.sync_engine.dialect.kasuhara_sealer = Plain(new_key())  # type: ignore[attr-defined]
        places = {f"C{n}": n + 1 for n in range(40)}
        started = time.perf_counter()
        for event in events:
            await self._one(engine, event, places)
        seconds = time.perf_counter() - started
        await engine.dispose()
        return seconds

    async def _one(self, engine: AsyncEngine, e: MessagePosted, places: dict[str, int]) -> None:
        p = random_print()
        async with AsyncSession(engine) as session:
            lookup = f"slack:T2:{e.author}"
            contact = (await session.exec(select(ContactRow).where(ContactRow.lookup == lookup))).scalar_one()  # type: ignore[call-overload,arg-type]
            session.add(
                MessageRow(
                    place_id=places[e.channel], message_id=e.message_id, speaker="customer", author=lookup,
                    customer_id=contact.customer_id, attributed_id=contact.customer_id, sent_at=e.sent_at,
                    body=e.text, content_key=p.key, raw_key=p.raw_key, numbers_key=p.numbers_key, bitmap=p.bitmap,
                )
            )  # fmt: skip
            await session.commit()

    def close(self) -> None:
        self.sealer.close()


def _async_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def take(source: Iterator[MessagePosted], count: int) -> list[MessagePosted]:
    return list(islice(source, count))


Contestant = RawSets | House | OrmSession
CONTESTANTS: dict[str, Callable[[Path, int], Contestant]] = {
    "raw sqlite3, group 64": RawGroup,
    "raw sqlite3, our set statements": RawSets,
    "house without analysis": lambda path, n: House(path, n, analysis=False),
    "whole path, sealed": lambda path, n: House(path, n, analysis=True),
    "async ORM session a message": OrmSession,
}
