"""One burst is one detection: it grows, it ends after a day, it meets another and they are one."""

from datetime import timedelta

import pytest
from harness import Harness

from bot.domain.model import Kind

STOCK, STOCK_SLIP = "在庫の数がおかしいです", "在庫の数がおかしいしです"
ADDRESS = "住所を直してください"
DAY = 24 * 60


@pytest.mark.req("S0-16")
async def test_two_topics_at_once_are_two_detections(house: Harness) -> None:
    customer = house.customer()
    for minute in range(3):
        await customer.writes(STOCK, minute)
        await customer.writes(ADDRESS, minute + 0.5)
    found = [(s.detection.window, s.detection.count, {m.text for m in s.messages}) for s in await house.detections()]
    assert found == [("10m", 3, {STOCK}), ("10m", 3, {ADDRESS})]


async def test_courtesy_is_never_counted(house: Harness) -> None:
    customer = house.customer()
    for text in ("ありがとうございます", "OK", "了解です", "Thank you so much!!", "👍", "はい"):
        await customer.repeats(text, 12, timedelta(seconds=20))
    assert not await house.detections()
    assert list((await house.counts()).values()) == [72]


@pytest.mark.req("S0-16")
async def test_a_growing_burst_is_one_detection(house: Harness) -> None:
    customer = house.customer()
    await customer.repeats(STOCK, 3, timedelta(minutes=1))
    first = (await house.only()).detection
    house.clock.advance(minutes=1)
    await customer.repeats(STOCK, 9, timedelta(minutes=1))
    grown = await house.only()
    assert (grown.detection.id, grown.detection.at) == (first.id, first.at)
    assert (grown.detection.count, len(grown.messages)) == (11, 12)
    assert grown.detection.last_at == house.clock.now


async def test_a_burst_a_day_later_is_a_second_one(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0, 1, 2)
    await customer.writes(STOCK, 2 + DAY + 1, 2 + DAY + 2, 2 + DAY + 3)
    stories = await house.detections()
    assert [len(s.messages) for s in stories] == [3, 3]
    assert [[h.bursts for h in s.habits] for s in stories] == [[1, 1], [2, 2]]


async def test_a_burst_within_the_day_goes_on(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0, 1, 2)
    await customer.writes(STOCK, DAY - 2, DAY - 1)
    assert len((await house.only()).messages) == 3
    await customer.writes(STOCK, DAY)
    story = await house.only()
    assert (story.detection.window, story.detection.count, len(story.messages)) == ("10m", 3, 6)


async def test_exact_turns_near_with_the_first_other_wording(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0, 1, 2)
    assert (await house.only()).detection.kind is Kind.EXACT
    await customer.writes(STOCK_SLIP, 3)
    story = await house.only()
    assert (story.detection.kind, story.detection.count) == (Kind.NEAR, 4)


async def test_the_window_becomes_the_shortest_that_fired(house: Harness) -> None:
    customer = house.customer()
    seen = []
    for minutes in ((0, 150, 300, 450, 600, 750), (770, 790, 805), (806, 807)):
        await customer.writes(STOCK, *minutes)
        detection = (await house.only()).detection
        seen.append((detection.window, detection.count, detection.at))
    started = house.clock.now + timedelta(minutes=750)
    assert seen == [("24h", 6, started), ("60m", 4, started), ("10m", 3, started)]
    assert len((await house.only()).messages) == 11
    assert (await house.audit()).count("detection.changed") == 2


async def test_two_bursts_that_meet_are_one(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0, 4, 8)
    await customer.writes(STOCK, 1808, 1812, 1816)
    await customer.writes(STOCK, 600, 1200)
    before = await house.detections()
    assert [len(s.messages) for s in before] == [3, 3]
    # With one more between them, six lie within a day on both sides.
    await customer.writes(STOCK, 900)
    story = await house.only()
    assert story.detection.id == before[0].detection.id
    assert (story.detection.at, story.detection.last_at) == (before[0].detection.at, before[1].detection.last_at)
    assert (story.detection.window, story.detection.count, len(story.messages)) == ("10m", 3, 9)
    assert (await house.audit()).count("detection.merged") == 1
