"""Whoever asks again because we did not answer was waiting; support hours 9 to 18 on weekdays, target 30 minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from harness import Harness, Person

STOCK, OTHER = "在庫の数がおかしいです", "住所を直してください"
MINUTE = timedelta(minutes=1)


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026; the 20th is a Friday, the 23rd a holiday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


async def asks_until_it_shows(
    person: Person, channel: str = "support", minutes: tuple[float, ...] = (0, 15, 30, 45), **changes: object
) -> None:
    await person.writes(STOCK, *minutes, channel=channel, **changes)


async def waited(house: Harness) -> Mapping[str, bool | None]:
    """By author: whether the detection says that the customer waited."""
    return {story.messages[0].author.rpartition(":")[2]: story.detection.waiting for story in await house.detections()}


@pytest.mark.req("S1-1")
async def test_nobody_answered(house: Harness) -> None:
    await house.staffed()
    await asks_until_it_shows(house.customer())
    detection = (await house.only()).detection
    assert (detection.window, detection.waiting, detection.zone) == ("60m", True, "Asia/Tokyo")


async def test_where_nobody_is_staff_it_is_not_judged(house: Harness) -> None:
    await asks_until_it_shows(house.customer())
    assert (await house.only()).detection.waiting is None


async def test_more_than_thirty_support_minutes(house: Harness) -> None:
    await house.staffed()
    await asks_until_it_shows(house.customer("UEXACT"), minutes=(0, 11, 22, 30))
    await asks_until_it_shows(house.customer("UMORE"), minutes=(0, 11, 22, 31))
    assert await waited(house) == {"UEXACT": False, "UMORE": True}


@pytest.mark.req("S0-8")
async def test_outside_support_hours_the_clock_stands_still(house: Harness) -> None:
    await house.staffed()
    hours = {
        "UEVENING": [tokyo(20, 17, 50), tokyo(20, 18, 5), tokyo(20, 18, 30), tokyo(20, 18, 49)],
        "UHOLIDAY": [tokyo(23, 10, m) for m in (0, 15, 30, 45)],
        "UWEEKEND": [tokyo(20, 17, 50), *(tokyo(20, h) for h in (20, 23)), *(tokyo(21, h) for h in (8, 12, 17))],
        "UOVERNIGHT": [tokyo(19, 17, 50), *(tokyo(19, h) for h in (20, 23)), *(tokyo(20, 9, m) for m in (0, 10, 25))],
    }
    for author, times in hours.items():
        for at in times:
            house.clock.now = at
            await house.customer(author).says(STOCK, author)
    assert await waited(house) == {"UEVENING": False, "UHOLIDAY": False, "UWEEKEND": False, "UOVERNIGHT": True}


async def test_hours_are_those_of_the_customer_else_of_the_team(house: Harness) -> None:
    await house.staffed(zone="America/New_York", channels=("slack:TOWN:ny",))
    await house.known("Pier Five", "slack:TCUST:ULA", zone="America/Los_Angeles")
    house.clock.now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # 10:00 in New York, 7:00 in Los Angeles
    await asks_until_it_shows(house.customer("UNY"), "ny")
    await asks_until_it_shows(house.customer("ULA"), "ny")
    await asks_until_it_shows(house.customer("UTOKYO"), "support")
    assert await waited(house) == {"UNY": True, "ULA": False, "UTOKYO": False}
    assert [s.detection.zone for s in await house.detections()] == [
        "America/New_York", "America/Los_Angeles", "Asia/Tokyo"
    ]  # fmt: skip


@pytest.mark.req("S1-1")
async def test_it_stays_so_as_the_burst_grows_until_a_shorter_window_fills(house: Harness) -> None:
    await house.staffed()
    customer = house.customer()
    await asks_until_it_shows(customer)
    await customer.writes(STOCK, 60, 75)
    assert (await house.only()).detection.waiting is True
    await house.agent().says("お待たせしました", sent_at=house.clock.now + 76 * MINUTE)
    await customer.writes(STOCK, 77)
    assert (await house.only()).detection.waiting is True
    await customer.writes(STOCK, 78)
    detection = (await house.only()).detection
    assert (detection.window, detection.waiting) == ("10m", False)


async def test_a_flood_within_minutes_is_no_waiting(house: Harness) -> None:
    await house.staffed()
    await house.customer().writes(STOCK, 0, 5, 10)
    assert (await house.only()).detection.waiting is False
