"""What was taken back, redacted or delivered again still counts, and counts once."""

import random
from datetime import timedelta

import pytest
from harness import Harness

from bot.domain.errors import NotFound
from bot.domain.events import RetentionDue

STOCK, STOCK_SLIP, ADDRESS = "在庫の数がおかしいです", "在庫の数がおかしいしです", "住所を直してください"
BODIES = "SELECT count(*) FROM messages WHERE body IS NOT NULL"


@pytest.mark.req("S0-16")
async def test_saying_taking_back_and_saying_again_is_saying_it_three_times(house: Harness) -> None:
    customer = house.customer()
    for minute in (0, 3, 6):
        event = await customer.writes(STOCK, minute)
        await customer.deletes(event)
    story = await house.only()
    assert (story.detection.count, len(story.messages)) == (3, 3)


async def test_deleting_or_redacting_what_nobody_knows(house: Harness) -> None:
    never = house.customer().message(STOCK)
    await house.customer().deletes(never)
    with pytest.raises(NotFound):
        await house.redact(never)


async def test_a_redacted_message_has_no_text_and_still_counts(house: Harness) -> None:
    customer = house.customer()
    first = await customer.writes(STOCK, 0)
    await house.redact(first)
    assert house.one(BODIES) == 0
    await customer.writes(STOCK, 1, 2)
    story = await house.only()
    assert story.detection.count == 3
    assert [m.text for m in story.messages] == [None, STOCK, STOCK]
    with house.database.read() as uow:
        entry = next(e for e in uow.audit.entries() if e.action == "message.redacted")
    assert (entry.actor, "本人の希望" in entry.detail) == ("cli:test", True)
    assert STOCK not in entry.detail


async def test_redacting_takes_every_wording(house: Harness) -> None:
    customer = house.customer()
    event = await customer.says(STOCK)
    await customer.edits(event, ADDRESS)
    await house.redact(event)
    assert house.one(BODIES) == 0


async def test_a_redacted_text_does_not_come_back_by_redelivery_or_preview(house: Harness) -> None:
    customer = house.customer()
    event = await customer.says(STOCK)
    await house.redact(event)
    await house.submit(event)
    await customer.edits(event, STOCK)
    assert house.one(BODIES) == 0


async def test_a_recount_after_a_redaction_still_knows_what_was_near(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    customer = house.customer("UA")
    await customer.writes(STOCK, 0, 1)
    slip = await customer.writes(STOCK_SLIP, 2)
    before = (await house.only()).detection
    await house.redact(slip)
    await house.assign("slack:TCUST:UX", known)
    assert (await house.only()).detection == before


async def test_counting_goes_on_with_what_was_near_before_a_redaction(house: Harness) -> None:
    customer = house.customer("UA")
    first = await customer.writes(STOCK, 0)
    await customer.writes(STOCK_SLIP, 1)
    await house.redact(first)
    await customer.writes(STOCK_SLIP, 2)
    assert (await house.only()).detection.count == 3


async def test_the_text_of_a_deleted_message_goes_with_an_edit_that_came_late(house: Harness) -> None:
    customer = house.customer()
    event = await customer.says(STOCK)
    await customer.deletes(event)
    await customer.edits(event, ADDRESS)
    house.clock.advance(hours=25)
    await house.submit(RetentionDue())
    assert house.one(BODIES) == 0


@pytest.mark.req("S0-16")
async def test_redelivery_in_any_order_counts_once(house: Harness) -> None:
    chance = random.Random(11)
    now = house.clock.now
    person, other = house.customer("UTHREE"), house.customer("UTWO")
    three = [person.message(STOCK, sent_at=now + timedelta(minutes=m)) for m in (0, 1, 2)]
    two = [other.message(STOCK, sent_at=now + timedelta(minutes=m)) for m in (0, 1)]
    events = [event for event in three + two for _ in range(chance.randint(1, 11))]
    chance.shuffle(events)
    await house.all_at_once(*events[: len(events) // 2])
    for event in events[len(events) // 2 :]:
        await house.submit(event)
    await house.reopened()
    await house.all_at_once(*three, *two, *reversed(three))
    story = await house.only()
    assert (story.customer.label, story.detection.count, len(story.messages)) == ("slack:TCUST:UTHREE", 3, 3)
    assert house.one("SELECT count(*) FROM messages") == 5
    assert (await house.audit()).count("detection.opened") == 1
