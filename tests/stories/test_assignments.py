"""Somebody says later whose account it is, or that two customers are one; what was said is counted again."""

from datetime import timedelta

from harness import Harness

from bot.domain.model import Customer

STOCK = "在庫の数がおかしいです"
MINUTE = timedelta(minutes=1)


async def named(house: Harness, label: str) -> Customer:
    return next(c for c in await house.customers() if c.label == label)


async def owners(house: Harness) -> list[tuple[str, int]]:
    """Open detections: whose, and how many messages."""
    return [(s.customer.label, len(s.messages)) for s in await house.detections()]


async def test_an_unknown_account_counts_with_the_customer_it_is_given_to(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    start = house.clock.now
    await house.customer("UB").writes(STOCK, 0, 3)
    await house.customer("UA").writes(STOCK, 5)
    unknown = await named(house, "slack:TCUST:UB")
    house.clock.advance(hours=3)
    await house.assign("slack:TCUST:UB", known)
    story = await house.only()
    assert (story.customer.name, story.detection.count, story.detection.window) == ("架空商事", 3, "10m")
    assert (story.detection.at, story.detection.found_at) == (start + 5 * MINUTE, house.clock.now)
    assert story.detection.found_later
    await house.assign("slack:TCUST:UB", unknown)
    assert not await house.detections()
    assert (await house.audit())[-4:] == ["incident.opened", "contact.assigned", "detection.lapsed", "incident.lapsed"]
    await house.assign("slack:TCUST:UB", known)
    assert await owners(house) == [("架空商事", 3)]


async def test_an_assigned_account_counts_on_with_its_customer(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    await house.customer("UB").writes(STOCK, 0, 3)
    await house.assign("slack:TCUST:UB", known)
    assert not await house.detections()
    await house.customer("UA").writes(STOCK, 5)
    assert await owners(house) == [("架空商事", 3)]


async def test_a_detection_moves_with_the_account(house: Harness) -> None:
    known = await house.known("架空商事")
    await house.customer("UB").writes(STOCK, 0, 3, 6)
    await house.assign("slack:TCUST:UB", known)
    assert await owners(house) == [("架空商事", 3)]


async def test_a_detection_moves_with_an_account_that_a_channel_stood_for(house: Harness) -> None:
    await house.known("取次店", channels=("slack:TOWN:shop",))
    known = await house.known("架空商事")
    await house.customer("UB").writes(STOCK, 0, 3, 6, channel="shop")
    await house.assign("slack:TCUST:UB", known)
    assert await owners(house) == [("架空商事", 3)]


async def test_a_detection_moves_with_a_contact_that_a_file_names(house: Harness) -> None:
    await house.known("取次店", channels=("slack:TOWN:shop",))
    await house.customer("UB").writes(STOCK, 0, 3, 6, channel="shop")
    await house.known("架空商事", "slack:TCUST:UB")
    assert await owners(house) == [("架空商事", 3)]


async def test_two_customers_that_are_one_count_together_until_they_are_parted(house: Harness) -> None:
    branch = await house.known("支店", "slack:TCUST:UA")
    head = await house.known("本店", "slack:TCUST:UB")
    start = house.clock.now
    await house.customer("UA").writes(STOCK, 0, 4)
    await house.customer("UB").writes(STOCK, 8)
    house.clock.advance(hours=3)
    await house.merge(branch, head)
    story = await house.only()
    assert (story.customer.name, story.detection.at) == ("本店", start + 8 * MINUTE)
    await house.customer("UA").says(STOCK, sent_at=start + 9 * MINUTE)
    assert (await house.only()).detection.count == 4
    await house.merge(branch, head, undo=True)
    assert await owners(house) == [("支店", 3)]
    assert await house.counts() == {"支店": 3, "本店": 1}


async def test_bursts_of_both_become_one_and_come_apart_again(house: Harness) -> None:
    branch = await house.known("支店", "slack:TCUST:UA")
    head = await house.known("本店", "slack:TCUST:UB")
    await house.customer("UA").writes(STOCK, 0, 2, 4)
    await house.customer("UB").writes(STOCK, 1, 3, 5)
    await house.merge(branch, head)
    story = await house.only()
    assert (story.customer.name, story.detection.count, len(story.messages)) == ("本店", 6, 6)
    await house.merge(branch, head, undo=True)
    assert sorted(await owners(house)) == [("支店", 3), ("本店", 3)]
    assert house.one("SELECT count(*) FROM detections WHERE state = 'lapsed'") >= 2


async def test_a_recount_leaves_what_still_holds_alone(house: Harness) -> None:
    known = await house.known("架空商事", "slack:TCUST:UA")
    await house.customer("UA").writes(STOCK, 0, 2, 4)
    before = (await house.only()).detection
    await house.assign("slack:TCUST:UX", known)
    assert (await house.only()).detection == before
