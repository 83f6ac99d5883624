"""Forgetting takes what is due and tied to nothing, to the microsecond, and nothing else (rules.md 4)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from harness import START, Harness
from sqlalchemy import select

from bot.domain.events import MessageDeleted, RetentionDue
from bot.domain.model import Platform
from bot.domain.notices import Forgot
from storage.tables import ContactRow, CustomerRow, MessageRow

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
NOW = START + 60 * DAY
TEXTS = (
    "在庫の数が合いません。直してください", "請求書の金額が間違っています", "ログインできません", "The printer burns.",
    "納期はいつになりますか", "住所を変更したいです", "Please send the contract again.", "画面が真っ白です",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What of a message is left."""

    text: bool
    row: bool


def left(house: Harness) -> dict[str, Kept]:
    table = MessageRow.__table__  # type: ignore[attr-defined]
    with house.database.connect() as connection:
        rows = connection.execute(select(table.c.message_id, table.c.edit, table.c.body)).all()
    return {f"{row.message_id}{row.edit}": Kept(row.body is not None, True) for row in rows}


async def forgets(house: Harness, at: datetime = NOW) -> Forgot:
    house.clock.now = at
    done = await house.submit(RetentionDue())
    assert isinstance(done, Forgot)
    return done


@pytest.mark.parametrize(
    ("age", "text", "row"),
    [
        (timedelta(0), True, True),
        (7 * DAY - TICK, True, True),
        (7 * DAY, True, True),
        (7 * DAY + TICK, False, True),
        (31 * DAY, False, True),
        (31 * DAY + TICK, False, False),
        (59 * DAY, False, False),
    ],
)
async def test_text_goes_after_seven_days_and_the_trace_after_thirty_one(
    house: Harness, age: timedelta, text: bool, row: bool
) -> None:
    await house.customer().says("一度だけの話です", message_id="m", sent_at=NOW - age)
    await forgets(house)
    assert left(house) == ({"m": Kept(text, row)} if row else {})


@pytest.mark.parametrize(("ago", "text"), [(DAY - TICK, True), (DAY, True), (DAY + TICK, False)])
async def test_a_text_that_its_author_deleted_goes_after_a_day(house: Harness, ago: timedelta, text: bool) -> None:
    who = house.customer()
    event = await who.says("一度だけの話です", message_id="m", sent_at=NOW - 2 * DAY)
    await house.submit(replace(event, edit="1", text="一度だけの話でした"))
    await house.submit(
        MessageDeleted(
            platform=Platform.SLACK, workspace="TOWN", channel="support", message_id="m", deleted_at=NOW - ago
        )
    )
    await forgets(house)
    assert left(house) == {"m": Kept(text, True), "m1": Kept(text, True)}


async def test_what_a_detection_holds_stays_with_every_wording(house: Harness) -> None:
    who = house.customer(name="ある人")
    for number in range(3):
        event = await who.says("在庫の数が合いません", message_id=f"d{number}", sent_at=START + number * MINUTE)
    await house.submit(replace(event, edit="1", text="在庫の数が合いません。至急"))
    await who.says("まったく別の話です", message_id="free", sent_at=START)
    done = await forgets(house)
    assert left(house) == {key: Kept(True, True) for key in ("d0", "d1", "d2", "d21")}
    assert (done.texts, done.rows, done.names) == (1, 1, 0)
    assert (await house.only()).customer.name == "ある人"


async def test_what_only_a_lapsed_detection_held_goes(house: Harness) -> None:
    await house.customer().repeats("在庫の数が合いません", 3, MINUTE)
    with house.database.begin() as uow:
        uow.detections.end(1, "lapsed")
    await forgets(house)
    assert left(house) == {}


async def test_names_of_the_unknown_go_with_their_last_text_and_entered_names_stay(house: Harness) -> None:
    await house.known("架空商事", "slack:TCUST:UKNOWN")
    await house.customer("UKNOWN", name="担当").says("一度だけの話です", sent_at=START)
    await house.customer("UOLD", name="昔の人").says("一度だけの話です", sent_at=START)
    house.clock.now = NOW - DAY
    await house.customer("UNEW", name="今の人").says("一度だけの話です")
    done = await forgets(house)
    assert done.names == 1
    assert {c.name for c in await house.customers()} == {"架空商事", "", "今の人"}
    contacts: Any = ContactRow.__table__  # type: ignore[attr-defined]
    customers: Any = CustomerRow.__table__  # type: ignore[attr-defined]
    with house.database.connect() as connection:
        query = select(contacts.c.lookup, contacts.c.name, customers.c.name).where(
            customers.c.id == contacts.c.customer_id
        )
        names = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    assert names["slack:TCUST:UOLD"] == (None, None)
    assert names["slack:TCUST:UNEW"] == ("今の人", "今の人")


async def test_who_comes_back_after_their_name_was_forgotten_has_a_name_again(house: Harness) -> None:
    who = house.customer("UBACK", name="戻った人")
    await who.says("一度だけの話です")
    await forgets(house)
    await who.says("また来ました、別の話です")
    assert [c.name for c in await house.customers()] == ["戻った人"]


async def test_a_run_that_takes_nothing_leaves_no_entry(house: Harness) -> None:
    await house.customer().says("一度だけの話です", sent_at=NOW)
    before = await house.audit()
    assert await forgets(house) == Forgot(0, 0, 0)
    assert await house.audit() == before


async def test_of_many_messages_exactly_the_due_ones_go(house: Harness) -> None:
    """Ages on a grid of eight hours over forty days, those that repeat themselves tied to detections (T26)."""
    due_text, due_row, tied = set(), set(), set()
    events = []
    for number in range(960):
        age = (number % 120) * timedelta(hours=8)
        repeats = number % 10 < 3
        text = TEXTS[0] if repeats else TEXTS[number % 7 + 1]
        who = house.customer(f"U{number % 40}")
        events.append(who.message(text, message_id=f"m{number}", sent_at=NOW - age))
        if age > 31 * DAY:
            due_row.add(f"m{number}")
        if age > 7 * DAY:
            due_text.add(f"m{number}")
    house.clock.now = NOW
    await house.all_at_once(*events)
    for story in await house.detections():
        tied |= {m.message_id for m in story.messages}
    done = await forgets(house)
    kept = left(house)
    assert set(kept) == {f"m{n}" for n in range(960)} - (due_row - tied)
    assert {m for m, k in kept.items() if not k.text} == (due_text - tied) - (due_row - tied)
    assert done.texts == len(due_text - tied)
    assert done.rows == len(due_row - tied)
