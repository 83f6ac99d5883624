"""The three windows are exact to the second, at every hour, month, year and clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from harness import Harness

STOCK = "在庫の数がおかしいです"
NEW_YORK = ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)
WINDOWS = (("10m", timedelta(minutes=10), 3), ("60m", timedelta(minutes=60), 4), ("24h", timedelta(hours=24), 6))
MOMENTS = {
    "a quiet hour": datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
    "midnight and month end in Tokyo": datetime(2026, 11, 30, 15, 0, tzinfo=UTC),
    "year end in Tokyo": datetime(2026, 12, 31, 15, 0, tzinfo=UTC),
    "29 February": datetime(2028, 2, 28, 15, 0, tzinfo=UTC),
    "clocks go forward in New York": datetime(2027, 3, 14, 7, 0, tzinfo=UTC),
    "clocks go back in New York": datetime(2027, 11, 7, 6, 0, tzinfo=UTC),
}


async def spread(house: Harness, author: str, middle: datetime, length: timedelta, count: int, zone: ZoneInfo) -> None:
    """`count` messages at even distances over `length`, half before and half after `middle`."""
    customer = house.customer(author)
    for number in range(count):
        at = middle - length / 2 + length * number / (count - 1)
        await customer.says(STOCK, author, sent_at=at.astimezone(zone))


@pytest.mark.req("S0-16")
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
async def test_the_end_of_a_window_counts_and_one_second_later_does_not(house: Harness, zone: str) -> None:
    expected: dict[str, tuple[object, ...]] = {}
    for moment, (where, middle) in enumerate(MOMENTS.items()):
        for name, length, count in WINDOWS:
            house.clock.now = middle + length
            within, beyond = f"IN{moment}{name}", f"OUT{moment}{name}"
            await spread(house, within, middle, length, count, ZoneInfo(zone))
            await spread(house, beyond, middle, length + SECOND, count, ZoneInfo(zone))
            expected[within] = (where, name, count, middle + length / 2)
            expected[beyond] = (where, "none")
    found = {s.messages[0].channel: s.detection for s in await house.detections()}
    for author, facts in expected.items():
        d = found.get(author)
        assert facts[1:] == ((d.window, d.count, d.at) if d else ("none",)), (author, facts, d)


async def test_one_message_fewer_fills_no_window(house: Harness) -> None:
    for name, length, count in WINDOWS:
        await spread(house, name, house.clock.now, length, count - 1, NEW_YORK)
    assert not await house.detections()


@pytest.mark.req("S0-11")
async def test_days_of_habit_are_the_customers_own_days(house: Harness) -> None:
    await house.known("Pier Five", "slack:TCUST:UNY", zone="America/New_York")
    customer = house.customer("UNY")
    for evening in (datetime(2027, 3, 12, 23, 55), datetime(2027, 3, 14, 1, 55), datetime(2027, 3, 14, 23, 55)):  # noqa: DTZ001
        house.clock.now = evening.replace(tzinfo=NEW_YORK).astimezone(UTC)
        await customer.writes(f"{STOCK}", 0, 5, 10)
    stories = await house.detections()
    # 14 March has 23 hours: by instants the second and the third burst share no window of 24 hours with six.
    assert [(h.days, h.distinct_days) for h in stories[-1].habits] == [(7, 4), (30, 4)]
    assert stories[0].detection.zone == "America/New_York"
