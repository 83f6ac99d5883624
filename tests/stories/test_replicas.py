"""Two processes on one database count as one."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from harness import Harness, opened, stored

from bot.domain.events import MessagePosted
from bot.domain.notices import Notice, Received

STOCK, ADDRESS = "在庫の数がおかしいです", "住所を直してください"


@pytest.fixture
async def twin(house: Harness, database_url: str) -> AsyncIterator[Harness]:
    """A second house on the same database."""
    async with opened(database_url) as other:
        other.beside(house)
        yield other


async def split(house: Harness, twin: Harness, events: list[MessagePosted]) -> list[Notice]:
    """Every other message to the other house, all at the same time."""
    waiting = [(house, twin)[n % 2].intake.submit(event) for n, event in enumerate(events)]
    return list(await asyncio.gather(*waiting))


@pytest.mark.req("S0-16")
async def test_alternately(house: Harness, twin: Harness) -> None:
    customer, same = house.customer(), twin.customer()
    for minute in range(0, 12, 2):
        await customer.writes(STOCK, minute)
        await same.writes(STOCK, minute + 1)
    story = await twin.only()
    assert (story.detection.window, story.detection.count, len(story.messages)) == ("10m", 11, 12)
    assert (await house.only()).detection == story.detection


@pytest.mark.req("S0-16")
async def test_at_the_same_time(house: Harness, twin: Harness) -> None:
    people = [house.customer(f"U{n}") for n in range(4)]
    events = [person.message(text) for _ in range(6) for person in people for text in (STOCK, ADDRESS)]
    await split(house, twin, events)
    found = sorted((s.customer.label, s.detection.count, len(s.messages)) for s in await house.detections())
    assert found == sorted((f"slack:TCUST:U{n}", 6, 6) for n in range(4) for _ in range(2))
    assert len(await house.customers()) == 4
    assert house.chain_break() is None


async def test_the_same_message_to_both_at_once(house: Harness, twin: Harness) -> None:
    customer = house.customer()
    for _ in range(10):
        event = customer.message(STOCK)
        notices = await split(house, twin, [event, event, event])
        assert sum(map(stored, notices)) == 1
        assert all(isinstance(notice, Received) for notice in notices)
    story = await house.only()
    assert (story.detection.count, len(story.messages)) == (10, 10)


async def test_a_new_face_seen_by_both_at_once_is_one_customer(house: Harness, twin: Harness) -> None:
    for number in range(8):
        newcomer = house.customer(f"U{number}")
        await split(house, twin, [newcomer.message(STOCK, f"c{number}"), newcomer.message(ADDRESS, f"c{number}")])
    assert sorted((await house.counts()).items()) == [
        (f"slack:TCUST:U{n}", 2) for n in range(8)
    ]  # fmt: skip


async def test_a_team_told_to_one_is_known_to_the_other(house: Harness, twin: Harness) -> None:
    await twin.agent("UNEW").says("よろしくお願いします")
    await house.staffed("UAGENT")
    await twin.agent().writes(STOCK, 0, 1, 2)
    await twin.customer(home="TOWN", author="UAGENT").writes(STOCK, 0, 1, 2)
    assert not await twin.detections()


async def test_an_assignment_made_by_one_is_seen_by_the_other(house: Harness, twin: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    await twin.customer("UB").writes(STOCK, 0, 1)
    await house.assign("slack:TCUST:UB", known)
    await twin.customer("UB").writes(STOCK, 2)
    story = await twin.only()
    assert (story.customer.name, story.detection.count) == ("架空商事", 3)


@pytest.mark.parametrize("first", [False, True], ids=["known face", "first word, in a shop's channel"])
async def test_a_message_that_comes_during_an_assignment_is_not_left_behind(
    house: Harness, twin: Harness, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    from bot.handlers import customers

    known = await house.known("架空商事", "slack:TCUST:UA")
    await house.known("取次店", channels=("slack:TOWN:shop",))
    await twin.customer("UA").writes(STOCK, 0, 1)
    if not first:
        await twin.customer("UB").writes(ADDRESS, 1)
    loop, recount = asyncio.get_running_loop(), customers.recount
    late: list[asyncio.Future[Notice]] = []

    def while_counting(*args: object) -> int:
        third = twin.customer("UB").message(STOCK, "shop")
        loop.call_soon_threadsafe(lambda: late.append(twin.intake.submit(third)))
        time.sleep(0.3)  # on the writer thread of `house`, inside its transaction
        return recount(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(customers, "recount", while_counting)
    await house.assign("slack:TCUST:UB", known)
    await asyncio.gather(*late)
    story = await twin.only()
    assert (story.customer.name, story.detection.count) == ("架空商事", 3)


async def test_a_redaction_made_by_one_leaves_the_other_counting(house: Harness, twin: Harness) -> None:
    event = await twin.customer().writes(STOCK, 0)
    await house.redact(event)
    await twin.customer().writes(STOCK, 1)
    await house.customer().writes(STOCK, 2)
    assert (await twin.only()).detection.count == 3
