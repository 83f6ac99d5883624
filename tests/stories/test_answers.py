"""What is our answer to a customer, and what is an answer to somebody else."""

from datetime import timedelta

import pytest
from harness import Harness, Person

STOCK, OTHER = "在庫の数がおかしいです", "住所を直してください"
MINUTE = timedelta(minutes=1)
ANSWER = "確認いたします"


async def asks(person: Person, channel: str, **changes: object) -> str:
    """Twice before our answer at 20 minutes; the id of the first message."""
    first = await person.writes(STOCK, 0, channel=channel, **changes)
    await person.writes(STOCK, 15, channel=channel, **changes)
    return first.message_id


async def asks_on(person: Person, channel: str, **changes: object) -> None:
    await person.writes(STOCK, 30, 45, channel=channel, **changes)


async def answers(house: Harness, channel: str, minute: float = 20, **changes: object) -> str:
    event = await house.agent().writes(ANSWER, minute, channel=channel, **changes)
    return event.message_id


async def waited(house: Harness) -> bool | None:
    return (await house.only()).detection.waiting


async def test_in_their_thread(house: Harness) -> None:
    await house.staffed()
    customer = house.customer()
    thread = await asks(customer, "support")
    await house.customer("UOTHER").writes(OTHER, 16)
    await answers(house, "support", thread=thread)
    await asks_on(customer, "support")
    assert await waited(house) is False


async def test_in_their_thread_as_a_reply_to_a_colleague(house: Harness) -> None:
    await house.staffed("UAGENT", "UNEW")
    customer = house.customer()
    thread = await asks(customer, "support")
    await house.customer("UOTHER").writes(OTHER, 16)
    asked = await house.agent("UNEW").writes("どなたか?", 0, thread="elsewhere")
    await answers(house, "support", thread=thread, reply_to=asked.message_id)
    await asks_on(customer, "support")
    assert await waited(house) is False


async def test_in_their_own_channel(house: Harness) -> None:
    await house.staffed()
    await house.known("架空商事", channels=("slack:TOWN:kaku",))
    customer = house.customer()
    await asks(customer, "kaku")
    await answers(house, "kaku", thread="a thread of our own")
    await asks_on(customer, "kaku")
    assert await waited(house) is False


@pytest.mark.parametrize("how", ["contact", "workspace", "merged"])
async def test_by_a_mention_wherever_it_is(house: Harness, how: str) -> None:
    await house.staffed()
    if how == "contact":
        await house.known("架空商事", "slack:TCUST:UKYAKU")
    elif how == "workspace":
        await house.known("架空商事", workspaces=("slack:TCUST",))
    else:
        branch, head = await house.known("支店", "slack:TCUST:UKYAKU"), await house.known("本店")
        await house.merge(branch, head)
    customer = house.customer()
    await asks(customer, "support")
    await house.customer("UOTHER", home="TOTHER").writes(OTHER, 16)
    await answers(house, "support", mentions=("UKYAKU",))
    await asks_on(customer, "support")
    assert await waited(house) is False


async def test_by_a_reply(house: Harness) -> None:
    await house.staffed()
    customer = house.customer()
    first = await asks(customer, "support")
    await house.customer("UOTHER").writes(OTHER, 16)
    await answers(house, "support", reply_to=first)
    await asks_on(customer, "support")
    assert await waited(house) is False


async def test_unthreaded_right_after_them_in_a_shared_channel(house: Harness) -> None:
    await house.staffed()
    customer = house.customer()
    await house.customer("UOTHER").writes(OTHER, 14)
    await asks(customer, "support")
    await answers(house, "support")
    await asks_on(customer, "support")
    assert await waited(house) is False


async def test_in_a_direct_message(house: Harness) -> None:
    await house.staffed()
    customer = house.customer()
    await asks(customer, "D1", direct=True)
    await answers(house, "D1", direct=True, thread="one of Slack's threads")
    await asks_on(customer, "D1", direct=True)
    assert await waited(house) is False


async def test_an_answer_to_another_customer_is_none(house: Harness) -> None:
    await house.staffed()
    customer, other = house.customer(), house.customer("UOTHER")
    await asks(customer, "support")
    theirs = await other.writes(OTHER, 16)
    await answers(house, "support")
    await answers(house, "support", 21, thread=theirs.message_id)
    await answers(house, "support", 22, reply_to=theirs.message_id)
    await answers(house, "support", 23, mentions=("UOTHER",))
    await answers(house, "elsewhere", 24)
    await asks_on(customer, "support")
    assert await waited(house) is True


async def test_a_bot_and_a_colleague_do_not_answer(house: Harness) -> None:
    from bot.domain.model import Membership

    await house.staffed()
    customer = house.customer()
    await asks(customer, "support")
    robot = house.customer("UBOT", home="TOWN", membership=Membership.BOT)
    colleague = house.customer("UNEIGHBOUR", home="TOWN", membership=Membership.MEMBER)
    await robot.writes("受付しました", 18)
    await colleague.writes("こちらは担当外です", 19)
    await asks_on(customer, "support")
    assert await waited(house) is True


async def test_an_answer_before_they_asked_is_none(house: Harness) -> None:
    await house.staffed()
    customer = house.customer()
    await customer.writes(OTHER, -10)
    await answers(house, "support", -5)
    await asks(customer, "support")
    await asks_on(customer, "support")
    assert await waited(house) is True
