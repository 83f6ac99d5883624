"""What goes wrong stays where it went wrong, and counting goes on."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from harness import Harness

from bot.app import TRIES
from bot.domain.errors import Stale, StorageGone
from bot.domain.notices import Received
from storage.messages import Messages

STOCK, STOCK_SLIP = "在庫の数がおかしいです", "在庫の数がおかしいしです"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "poison", ["number for a text", "naive time", "nothing for a channel", "the beginning of time"]
)
async def test_a_poisoned_event_does_not_touch_its_neighbours(house: Harness, poison: str) -> None:
    customer = house.customer()
    changes = {
        "number for a text": {"text": 7},
        "naive time": {"sent_at": house.clock.now.replace(tzinfo=None)},
        "nothing for a channel": {"channel": None},
        "the beginning of time": {"sent_at": datetime.min.replace(tzinfo=UTC)},
    }[poison]
    good = [customer.message(STOCK, f"c{n % 3}") for n in range(63)]
    bad = replace(customer.message(STOCK, "c1"), **changes)  # type: ignore[arg-type]
    results = await house.tried(*good[:20], bad, *good[20:])
    assert isinstance(results.pop(20), Exception)
    assert all(isinstance(result, Received) and result.stored for result in results)
    story = await house.only()
    assert (story.detection.count, len(story.messages)) == (63, 63)


async def test_strange_characters_are_no_poison(house: Harness) -> None:
    customer = house.customer(name="\ud800 \x00")
    for number, text in enumerate((f"{STOCK}\x00", f"{STOCK}\ud800", f"\u202e{STOCK}\u202c", "\x00", "")):
        await customer.writes(text, number)
    assert list((await house.counts()).values()) == [5]


@pytest.mark.parametrize("batch", [1, 10])
async def test_counting_is_right_after_a_failed_batch(
    house: Harness, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    customer = house.customer()
    await customer.says(STOCK)
    events = [customer.message(text) for text in (STOCK_SLIP, STOCK, *([STOCK] * 8))][:batch]
    add = Messages.add

    def gone(self: Messages, rows: object) -> list[int | None]:
        add(self, rows)  # type: ignore[arg-type]
        raise StorageGone("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Messages, "add", gone)
        assert all(isinstance(result, StorageGone) for result in await house.tried(*events))
    assert house.one("SELECT count(*) FROM messages") == 1
    await house.all_at_once(*events)
    assert len(await house.detections()) == (batch > 1)
    if batch > 1:
        assert (await house.only()).detection.count == 11


async def test_a_restart_in_the_middle_of_a_burst_changes_nothing(house: Harness) -> None:
    customer = house.customer()
    for minute, text in enumerate((STOCK, STOCK_SLIP, STOCK, STOCK, STOCK_SLIP, STOCK)):
        await customer.writes(text, minute)
        await house.reopened()
    story = await house.only()
    assert (story.detection.count, len(story.messages), story.detection.kind.value) == (6, 6, "near")
    assert story.detection.at == house.clock.now + 2 * MINUTE


async def test_after_a_restart_other_spellings_are_still_compared(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0)
    await house.reopened()
    await customer.writes("領収書を再発行してください", 1)
    await customer.writes(STOCK_SLIP, 2, 3)
    assert (await house.only()).detection.count == 3


def comparisons(house: Harness) -> int:
    """What the one customer's timeline has compared so far."""
    ((_, timeline),) = house.bot._memory._timelines.values()
    return timeline.comparisons


async def test_too_many_contents_of_one_customer_are_bounded_and_it_is_said(house: Harness) -> None:
    await house.reopened(max_contents=50)
    customer = house.customer()
    await customer.writes("注文 99 を取り消して", -1)
    worst, before = 0, comparisons(house)
    for number in range(100, 180):
        await customer.writes(f"注文 {number} を取り消して", number / 10)
        worst, before = max(worst, comparisons(house) - before), comparisons(house)
    assert worst == 50
    await customer.writes(STOCK, 18, 19, 20)
    detection = (await house.only()).detection
    assert detection.count == 3
    assert detection.left_out >= 31


async def test_equal_contents_are_compared_once(house: Harness) -> None:
    customer = house.customer()
    await customer.writes("注文 99 を取り消して", 0)
    await customer.writes(STOCK, *range(1, 30))
    assert comparisons(house) == 1


async def test_what_was_left_out_days_ago_is_not_said_of_today(house: Harness) -> None:
    await house.reopened(max_contents=20)
    customer = house.customer()
    for number in range(100, 130):
        await customer.writes(f"注文 {number} を取り消して", 0)
    house.clock.advance(days=3)
    await customer.writes(STOCK, 0, 1, 2)
    assert (await house.only()).detection.left_out == 0


async def test_the_door_stays_open_when_the_last_try_fails_otherwise(
    house: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = iter([Stale("row")] * TRIES)

    def failing(self: Messages, rows: object) -> list[int | None]:
        raise next(tries, ValueError("never seen before"))

    with monkeypatch.context() as patch:
        patch.setattr(Messages, "add", failing)
        (result,) = await asyncio.wait_for(house.tried(house.customer().message(STOCK)), 5)
    assert isinstance(result, Exception)
    await asyncio.wait_for(house.customer().says(STOCK), 5)
