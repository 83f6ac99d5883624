"""A lease has one holder at any time, whoever asks at once; what a platform was told is told once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from harness import KEY

from bot.domain.errors import Stale
from storage.database import Database

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
NAME = "discord:gateway:1"


def take(database: Database, holder: str, now: datetime = NOW, seconds: float = 24.0) -> bool:
    for _ in range(20):
        try:
            with database.begin() as uow:
                return uow.presence.take(NAME, holder, now, now + timedelta(seconds=seconds))
        except Stale:
            continue
    raise AssertionError("never got through")


def test_a_lease_is_held_renewed_run_out_and_let_go(database_url: str) -> None:
    database = Database(database_url, KEY)
    assert take(database, "one") and take(database, "one")
    assert not take(database, "two", NOW + timedelta(seconds=23))
    assert take(database, "two", NOW + timedelta(seconds=24))
    assert not take(database, "one", NOW + timedelta(seconds=25))
    with database.begin() as uow:
        assert not uow.presence.let_go(NAME, "one")
        assert uow.presence.let_go(NAME, "two")
    assert take(database, "one")
    database.close()


def test_of_many_who_ask_at_once_one_has_it(database_url: str) -> None:
    databases = [Database(database_url, KEY) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: take(databases[n % 4], str(n)), range(16)))
    assert sum(taken) == 1
    for database in databases:
        database.close()


def test_what_was_told_is_kept(database_url: str) -> None:
    database = Database(database_url, KEY)
    with database.begin() as uow:
        assert uow.presence.told("discord:commands:1") == ""
        uow.presence.tell("discord:commands:1", "abc")
        uow.presence.tell("discord:commands:1", "def")
    with database.read() as uow:
        assert uow.presence.told("discord:commands:1") == "def"
    database.close()
