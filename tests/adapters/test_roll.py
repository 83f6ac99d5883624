"""What is known of people and teams while whoever could say it takes too long: nothing untrue is made of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from company import Company, account, team
from harness import Harness, opened, sqlite_url
from slow_rows import Rows

from adapters.chat import Door, asking
from adapters.chat.asking import Asking
from adapters.chat.roll import OLD, Roll, language_of
from bot.domain.roster import Roster


class Watch:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Harness]:
    async with opened(sqlite_url(tmp_path)) as made:
        await Company(made).opens()
        yield made


def in_a_moment() -> float:
    return asyncio.get_running_loop().time() + 0.1


async def test_the_teams_of_before_are_believed_for_a_while(house: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, watch = Rows(house, monkeypatch), Watch()
    roll, agent = Roll(house.intake, watch), account("UAGENT")
    with rows.hang():
        assert await roll.soon(in_a_moment()) is None, "nobody is called a stranger before it is known"
    first = await roll.now()
    watch.at = OLD - 1
    with rows.hang():
        assert await roll.soon(in_a_moment()) is first
        watch.at = OLD + 1
        assert await roll.soon(in_a_moment()) is None
    now = await roll.soon(in_a_moment())
    assert now is not None and now.actor(agent).inside


async def test_what_was_read_before_a_change_is_not_the_teams_of_now(
    house: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, watch = Rows(house, monkeypatch), Watch()
    roll = Roll(house.intake, watch)
    with rows.hang():
        before = asyncio.create_task(roll.now())
        await asyncio.sleep(0.02)
        watch.at = 1.0
        await Company(house).opens(team("USUPER1"))
        roll.forget()
        after = asyncio.create_task(roll.now())
        await asyncio.sleep(0.02)
    assert (await after) is not (await before) and await roll.now() is await after
    assert not (await roll.now()).actor(account("UAGENT")).inside


async def test_one_reading_answers_all_who_wait_and_late_ones_find_it(
    house: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, roll = Rows(house, monkeypatch), Roll(house.intake)
    with rows.slow(0.2):
        found = await asyncio.gather(*(roll.now() for _ in range(20)))
    assert len({id(one) for one in found}) == 1


async def test_the_door_does_not_say_who_is_listed_while_the_rows_do_not(
    house: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, door = Rows(house, monkeypatch), Door(house.intake, house.policy)
    with rows.hang(), pytest.raises(TimeoutError):
        await door.knows(account("UAGENT"), asyncio.get_running_loop().time() + 0.1)
    assert await door.knows(account("UAGENT")) and not await door.knows("slack:TOWN:UNEW")
    with rows.hang():
        assert await door.knows(account("UAGENT"))


def test_the_language_is_the_teams_where_nobody_tells_the_persons() -> None:
    one, two = (
        team("UAGENT", name="a", channels=("x:y:1",)),
        team("ULEAD", name="b", channels=("x:y:2",), language="en"),
    )
    roster = Roster((one, two))
    assert language_of(roster, account("ULEAD")) == "en" == language_of(roster, "slack:T:UNEW", "x:y:2")
    assert (
        language_of(roster, "slack:T:UNEW")
        == "ja"
        == language_of(None, account("ULEAD"))
        == language_of(Roster(()), "")
    )


async def test_what_came_late_is_known_at_once() -> None:
    """Whoever could not wait for it rests for a few seconds only where it never came."""
    answers = asyncio.Event()

    async def ask(_: str) -> int:
        await answers.wait()
        return 7

    asked: Asking[int] = Asking(ask, ())
    asked._resting["key"] = float("inf")
    waiting = asyncio.create_task(asked.get("key"))
    assert await asked.soon("key") is None
    answers.set()
    assert await waiting == 7 and await asked.soon("key") == 7


async def test_however_many_are_met_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MANY", 3)

    async def ask(key: str) -> str:
        if key.endswith("9"):
            raise ValueError(key)
        return key

    asked = Asking(ask, (ValueError,))
    for number in range(100):
        await asked.soon(str(number))
        asked.forget(f"x{number}")
    assert asked.known("98") == "98" and asked.known("1") is None
    assert len(asked._known) == 3 >= len(asked._resting) and len(asked._changed) <= 3
