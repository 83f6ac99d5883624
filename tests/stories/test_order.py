"""Messages come as they come: late, early, reversed, at once; what is found is the same."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from harness import Harness, Person

from bot.domain.events import MessagePosted

STOCK, STOCK_SLIP, ADDRESS, REFUND = (
    "在庫の数がおかしいです",
    "在庫の数がおかしいしです",
    "住所を直してください",
    "返金して",
)
FREEZE, FREEZE_SLIP = "ログイン画面が真っ白になります", "ログイン画面が真っ白になりまs"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SAID = [
    *((STOCK, m) for m in (0, 3, 3, 9)),
    *((STOCK_SLIP, m) for m in (40, 70, 71)),
    *((ADDRESS, m) for m in (5, 15, 25, 64)),
    *((FREEZE, m) for m in (100, 300, 500, 1000)),
    *((FREEZE_SLIP, m) for m in (200, 1500, 1540)),
    *((STOCK, m) for m in (3000, 3001, 3900)),
    *((ADDRESS, m) for m in (3000, 3300)),
    ("ありがとうございます", 3001),
]
"""(text, minutes after the start): bursts of every window, over two days and a half; one more is edited into STOCK."""

Found = list[tuple[str, int, str, datetime, datetime, tuple[datetime, ...]]]


def spoken(person: Person, start: datetime) -> list[MessagePosted]:
    said = [person.message(text, person.author, sent_at=start + m * MINUTE) for text, m in SAID]
    edited = person.message(REFUND, person.author, sent_at=start + 3002 * MINUTE)
    return [*said, edited, replace(edited, text=STOCK, edit="1")]


async def found_by_channel(house: Harness) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for story in await house.detections():
        d, times = story.detection, tuple(m.sent_at for m in story.messages)
        facts = (d.window, d.count, d.kind.value, d.at, d.last_at, times)
        found.setdefault(story.messages[0].channel, []).append(facts)
    return {channel: sorted(facts) for channel, facts in found.items()}


@pytest.mark.req("S0-16")
async def test_twenty_shuffles_find_the_same(house: Harness) -> None:
    start = house.clock.now
    house.clock.advance(days=3)
    people = [house.customer(f"U{n:02}") for n in range(23)]
    said = [spoken(person, start) for person in people]
    for event in sorted(said[0], key=lambda e: e.sent_at):
        await house.submit(event)
    said[1].sort(key=lambda e: e.sent_at, reverse=True)
    said[2].sort(key=lambda e: e.sent_at, reverse=True)
    for seed, events in enumerate(said[3:]):
        random.Random(seed).shuffle(events)
    for number, events in enumerate(said[1:]):
        if number % 2:
            await house.all_at_once(*events)
        else:
            for event in events:
                await house.submit(event)
    found = await found_by_channel(house)
    shapes = [(window, count, kind, len(times)) for window, count, kind, _, _, times in found["U00"]]
    assert shapes == [("10m", 3, "near", 3), ("10m", 4, "near", 7), ("24h", 7, "near", 7), ("60m", 4, "exact", 4)]
    different = {channel for channel, facts in found.items() if facts != found["U00"]}
    assert not different
    assert len(found) == len(people)


async def test_a_late_message_completes_a_window_of_the_past(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0, 8)
    await customer.writes(ADDRESS, 9)
    await customer.writes(STOCK, 30 * 60)
    await customer.writes(STOCK, 4)
    story = await house.only()
    assert story.detection.at == house.clock.now + 8 * MINUTE
    assert [m.sent_at - house.clock.now for m in story.messages] == [0 * MINUTE, 4 * MINUTE, 8 * MINUTE]


async def test_a_late_other_spelling_is_remembered_as_the_same(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK_SLIP, 5)
    await customer.writes(STOCK, 0)
    await house.reopened()
    await customer.writes(STOCK, 6)
    story = await house.only()
    assert (story.detection.window, story.detection.count) == ("10m", 3)


async def test_what_waited_for_days_counts_once_when_it_comes_in_one_batch(house: Harness) -> None:
    newcomer, late = house.customer(), -26 * 60
    now = house.clock.now
    events = [newcomer.message(STOCK, sent_at=now + m * MINUTE) for m in (0, late, late + 1)]
    await house.all_at_once(house.customer("UOTHER").message(ADDRESS), *events)
    assert not await house.detections()
    await newcomer.writes(STOCK, late + 2)
    story = await house.only()
    assert (story.detection.count, len(story.messages)) == (3, 3)


async def test_three_at_the_same_instant_are_three(house: Harness) -> None:
    customer = house.customer()
    await customer.writes(STOCK, 0, 0, 0)
    story = await house.only()
    assert (story.detection.count, story.detection.at) == (3, house.clock.now)


async def test_a_message_from_a_clock_that_runs_ahead_disturbs_nothing(house: Harness) -> None:
    customer = house.customer()
    await customer.says(STOCK, sent_at=house.clock.now + 400 * 24 * HOUR)
    await customer.writes(STOCK, 0, 4)
    assert not await house.detections()
    await customer.writes(STOCK, 8)
    assert (await house.only()).detection.count == 3


async def test_a_detection_found_from_late_messages_is_listed_as_found_later(house: Harness) -> None:
    customer = house.customer()
    start = house.clock.now
    house.clock.advance(hours=2)
    for minute in (0, 1, 2):
        await customer.says(STOCK, sent_at=start + minute * MINUTE)
    detection = (await house.only()).detection
    assert (detection.at, detection.found_later) == (start + 2 * MINUTE, True)
