"""Many customers write the same within minutes: it is us, and one notice stands for all."""

from datetime import timedelta

import pytest
from harness import Harness

from bot.domain.events import OutageEnded, RetentionDue
from bot.domain.model import Outage

STOCK, STOCK_SLIP, ADDRESS = "在庫の数がおかしいです", "在庫の数がおかしいしです", "住所を直してください"
MINUTE = timedelta(minutes=1)


async def complain(house: Harness, customers: int, every: float = 7, text: str = STOCK, start: float = 0) -> None:
    """Each customer reaches three in ten minutes, 2 minutes after it began; one begins every so many minutes."""
    for number in range(customers):
        begin = start + number * every
        await house.customer(f"U{number}").writes(text, begin, begin + 1, begin + 2, channel=f"c{number}")


async def outages(house: Harness) -> tuple[Outage, ...]:
    return (await house.shown()).outages


async def pointed(house: Harness) -> list[int | None]:
    return [s.detection.outage_id for s in await house.detections()]


@pytest.mark.req("S0-33")
async def test_five_customers_are_one_outage_and_earlier_detections_point_to_it(house: Harness) -> None:
    await complain(house, 5)
    (outage,) = await outages(house)
    assert (outage.customers, outage.ended_at, outage.at) == (5, None, house.clock.now + 2 * MINUTE)
    assert await pointed(house) == [outage.id] * 5
    assert (await house.audit()).count("outage.declared") == 1
    await house.customer("U9").writes(STOCK_SLIP, 31, 32, 33)
    (outage,) = await outages(house)
    assert (outage.customers, outage.last_at) == (6, house.clock.now + 33 * MINUTE)


async def test_four_customers_are_none(house: Harness) -> None:
    await complain(house, 4)
    assert (await outages(house), await pointed(house)) == ((), [None] * 4)


async def test_exactly_thirty_minutes_are_within_thirty(house: Harness) -> None:
    await complain(house, 5, every=7.5)
    assert len(await outages(house)) == 1


async def test_a_second_more_is_not(house: Harness) -> None:
    await complain(house, 5, every=7.5 + 1 / 240)
    assert not await outages(house)


async def test_one_customer_from_five_accounts_is_none(house: Harness) -> None:
    await house.known("架空商事", *(f"slack:TCUST:U{n}" for n in range(5)))
    await complain(house, 5)
    assert not await outages(house)


async def test_another_content_of_those_customers_still_counts(house: Harness) -> None:
    await complain(house, 5)
    await house.customer("U0").writes(ADDRESS, 40, 41, 42)
    assert (await house.detections())[-1].detection.outage_id is None


async def test_a_person_ends_it(house: Harness) -> None:
    await complain(house, 5)
    house.clock.advance(minutes=40)
    await house.submit(OutageEnded(actor="cli:test"))
    (outage,) = await outages(house)
    assert outage.ended_at == house.clock.now
    await house.customer("U9").writes(STOCK, 1, 2, 3)
    assert (await house.detections())[-1].detection.outage_id is None
    assert (await house.audit())[-3:] == ["customer.seen", "detection.opened", "incident.opened"]


async def test_it_ends_after_two_quiet_hours(house: Harness) -> None:
    await complain(house, 5)
    last = house.clock.now + 30 * MINUTE
    house.clock.advance(minutes=150)
    await house.submit(RetentionDue())
    assert (await outages(house))[0].ended_at is None
    house.clock.advance(seconds=1)
    await house.submit(RetentionDue())
    assert (await outages(house))[0].ended_at == last + timedelta(hours=2)


async def test_the_next_flood_after_two_quiet_hours_stands_alone(house: Harness) -> None:
    await complain(house, 5)
    await house.customer("U9").writes(STOCK, 151, 152, 153)
    assert (await house.detections())[-1].detection.outage_id is None
    assert (await outages(house))[0].ended_at == house.clock.now + 150 * MINUTE


async def test_what_was_said_days_before_is_no_part_of_it(house: Harness) -> None:
    await complain(house, 5)
    await house.customer("UOLD").writes(STOCK, -3000, -2999, -2998)
    assert (await house.detections())[0].detection.outage_id is None
    assert (await outages(house))[0].customers == 5


async def test_one_customers_two_bursts_are_one_customer_in_it(house: Harness) -> None:
    await house.known("架空商事", "slack:TCUST:U0", "slack:TCUST:U8")
    await complain(house, 5)
    await house.customer("U8").writes(STOCK, 35, 36, 37)
    assert (await outages(house))[0].customers == 5
