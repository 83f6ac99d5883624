"""What is tied to nothing is forgotten when due; what was counted is still known by its hash."""

from datetime import timedelta

import pytest
from harness import Harness

from bot.domain.events import RetentionDue
from bot.domain.notices import Forgot

STOCK, STOCK_SLIP, ADDRESS = "在庫の数がおかしいです", "在庫の数がおかしいしです", "住所を直してください"
BODIES = "SELECT count(*) FROM messages WHERE body IS NOT NULL"
ROWS = "SELECT count(*) FROM messages"


async def forgets(house: Harness) -> Forgot:
    notice = await house.submit(RetentionDue())
    assert isinstance(notice, Forgot)
    return notice


async def test_texts_go_after_seven_days_and_rows_after_thirty_one(house: Harness) -> None:
    await house.staffed()
    event = await house.customer().says(STOCK)
    await house.customer().edits(event, ADDRESS)
    await house.agent().says("確認します")
    house.clock.advance(days=7)
    assert await forgets(house) == Forgot(0, 0, 0)
    house.clock.advance(seconds=1)
    assert (await forgets(house)).texts == 3
    assert (house.one(BODIES), house.one(ROWS)) == (0, 3)
    house.clock.advance(days=24)
    assert (await forgets(house)).rows == 3
    assert await forgets(house) == Forgot(0, 0, 0)
    assert (await house.audit()).count("retention.run") == 2


async def test_a_deleted_text_goes_after_a_day(house: Harness) -> None:
    customer = house.customer()
    event = await customer.says(STOCK)
    await customer.says(ADDRESS)
    house.clock.advance(hours=1)
    await customer.deletes(event)
    house.clock.advance(hours=24)
    assert (await forgets(house)).texts == 0
    house.clock.advance(seconds=1)
    assert (await forgets(house)).texts == 1
    assert house.one(BODIES) == 1


@pytest.mark.req("S0-16")
async def test_what_a_detection_holds_stays(house: Harness) -> None:
    customer = house.customer(name="架空太郎")
    event = await customer.writes(STOCK, 0)
    await customer.edits(event, f"{STOCK}!!")
    await customer.writes(STOCK, 1, 2)
    await customer.deletes(event)
    await customer.says(ADDRESS)
    house.clock.advance(days=40)
    assert await forgets(house) == Forgot(1, 1, 0)
    story = await house.only()
    assert [m.text for m in story.messages] == [f"{STOCK}!!", STOCK, STOCK]
    assert story.customer.name == "架空太郎"


async def test_the_name_of_an_unknown_customer_goes_and_that_of_an_entered_one_stays(house: Harness) -> None:
    await house.known("架空商事", "slack:TCUST:UKNOWN")
    for author in ("UKNOWN", "USEEN"):
        await house.customer(author, name="架空太郎").says(STOCK)
    house.clock.advance(days=6)
    await house.customer("UACTIVE", name="架空花子").says(STOCK)
    house.clock.advance(days=1, seconds=1)
    assert (await forgets(house)).names == 1
    assert sorted(c.label for c in await house.customers()) == ["slack:TCUST:USEEN", "架空商事", "架空花子"]
    seen = "SELECT count(*) FROM contacts WHERE name IS NOT NULL AND lookup = 'slack:TCUST:USEEN'"
    assert house.one(seen) == 0


async def test_forgotten_texts_are_still_counted_by_their_hash(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    start = house.clock.now
    await house.customer("UB").writes(STOCK, 0, 2)
    await house.customer("UA").writes(STOCK, 4)
    house.clock.advance(days=8)
    assert (await forgets(house)).texts == 3
    await house.assign("slack:TCUST:UB", known)
    story = await house.only()
    assert (story.detection.count, story.detection.at) == (3, start + timedelta(minutes=4))
    assert [m.text for m in story.messages] == [None, None, None]


async def test_what_was_near_is_known_after_its_text_is_gone(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    await house.customer("UB").writes(STOCK, 0)
    await house.customer("UB").writes(STOCK_SLIP, 2)
    await house.customer("UA").writes(STOCK, 4)
    house.clock.advance(days=8)
    await forgets(house)
    await house.assign("slack:TCUST:UB", known)
    assert (await house.only()).detection.count == 3


async def test_a_week_later_the_same_is_habit(house: Harness) -> None:
    customer = house.customer()
    for day in range(3):
        await customer.writes(STOCK, 0, 1, 2)
        house.clock.advance(days=9 if day < 2 else 0)
        await forgets(house)
    habits = (await house.detections())[-1].habits
    assert [(h.days, h.bursts, h.distinct_days) for h in habits] == [(7, 1, 1), (30, 3, 3)]


async def test_a_lapsed_detection_ties_nothing(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    await house.customer("UB").writes(STOCK, 0, 1)
    await house.customer("UA").writes(STOCK, 2)
    unknown = next(c for c in await house.customers() if c.label == "slack:TCUST:UB")
    await house.assign("slack:TCUST:UB", known)
    await house.assign("slack:TCUST:UB", unknown)
    house.clock.advance(days=8)
    assert (await forgets(house)).texts == 3
