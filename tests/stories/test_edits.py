"""An edit is no new message; a message counts once, whichever of its wordings matches."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from harness import Harness, Person

STOCK, ADDRESS = "在庫の数がおかしいです", "住所を直してください"
MINUTE = timedelta(minutes=1)


async def edited(person: Person, first: str, second: str, minute: float = 0) -> None:
    event = await person.writes(first, minute)
    await person.edits(event, second)


async def test_editing_again_and_again_is_one_message(house: Harness) -> None:
    customer = house.customer()
    event = await customer.says(STOCK)
    for number in range(5):
        await customer.edits(event, f"{STOCK}{'!' * number}", str(number))
    await customer.writes(STOCK, 1)
    assert not await house.detections()
    await customer.writes(STOCK, 2)
    story = await house.only()
    assert (story.detection.count, len(story.messages)) == (3, 3)


async def test_either_wording_counts(house: Harness) -> None:
    first, second = house.customer("UFIRST"), house.customer("USECOND")
    for person, text in ((first, STOCK), (second, ADDRESS)):
        await edited(person, STOCK, ADDRESS, 1)
        await person.writes(text, 0, 2)
    found = {s.messages[0].author: (s.detection.count, len(s.messages)) for s in await house.detections()}
    assert found == {"slack:TCUST:UFIRST": (3, 3), "slack:TCUST:USECOND": (3, 3)}


@pytest.mark.parametrize("order", list(permutations("ESA")), ids="".join)
async def test_one_message_is_like_both_of_its_neighbours(house: Harness, order: tuple[str, ...]) -> None:
    customer = house.customer()
    for step in order:
        if step == "E":
            await edited(customer, STOCK, ADDRESS, 1)
        else:
            await customer.writes({"S": STOCK, "A": ADDRESS}[step], {"S": 0, "A": 2}[step])
    story = await house.only()
    assert (story.detection.count, story.detection.window) == (3, "10m")
    assert story.detection.at == house.clock.now + 2 * MINUTE


async def test_the_time_of_an_edited_message_is_that_of_its_first_wording(house: Harness) -> None:
    customer = house.customer()
    event = await customer.writes(ADDRESS, 0)
    await customer.writes(STOCK, 6, 12)
    await customer.edits(replace(event, sent_at=house.clock.now + 11 * MINUTE), STOCK)
    assert not await house.detections()


async def test_a_preview_added_by_the_platform_changes_nothing(house: Harness) -> None:
    customer = house.customer()
    for minute in (0, 1):
        event = await customer.writes(STOCK, minute)
        await customer.edits(event, STOCK)
    assert not await house.detections()
    event = await customer.writes(STOCK, 2)
    await customer.edits(event, STOCK)
    story = await house.only()
    assert (story.detection.count, story.detection.kind.value, len(story.messages)) == (3, "exact", 3)


async def test_an_edit_delivered_twice_is_one(house: Harness) -> None:
    customer = house.customer()
    event = await customer.writes(ADDRESS, 0)
    await house.all_at_once(*[replace(event, text=STOCK, edit="1")] * 3)
    await customer.edits(event, STOCK)
    await customer.writes(STOCK, 1)
    assert not await house.detections()
    assert house.one("SELECT count(*) FROM messages") == 3


@pytest.mark.parametrize("together", [False, True])
async def test_an_edit_may_come_before_its_original(house: Harness, together: bool) -> None:
    customer = house.customer()
    original = customer.message(ADDRESS)
    events = (replace(original, text=STOCK, edit="1"), original)
    if together:
        await house.all_at_once(*events)
    else:
        for event in events:
            await house.submit(event)
    await customer.writes(STOCK, 1)
    assert not await house.detections()
    await customer.writes(ADDRESS, 2)
    assert (await house.only()).detection.count == 3
    assert list((await house.counts()).values()) == [3]


async def test_a_courtesy_edited_into_a_demand_counts_at_its_own_time(house: Harness) -> None:
    customer = house.customer()
    event = await customer.writes("ありがとうございます", 0)
    await customer.writes(STOCK, 5, 10)
    await customer.edits(event, STOCK)
    assert (await house.only()).detection.at == house.clock.now + 10 * MINUTE


async def test_wordings_survive_a_restart(house: Harness) -> None:
    customer = house.customer()
    await edited(customer, STOCK, ADDRESS, 0)
    event = await customer.writes(STOCK, 1)
    await customer.edits(event, STOCK)
    await house.reopened()
    await customer.writes(ADDRESS, 2)
    assert (await house.only()).detection.count == 3
