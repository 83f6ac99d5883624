"""The door for people's words: answers in time whatever the house is busy with, and buttons that mean one thing."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from company import PEOPLE, Company, account
from harness import Harness, opened, sqlite_url
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat import Door
from adapters.chat.buttons import number_of, pressed
from adapters.commands import Asker
from adapters.wording.plain import text_of
from bot.domain.access import RIGHTS
from bot.domain.events import PingAcknowledged, ReportFiled
from bot.domain.questions import OnCallAsked, WhomAsked, WhomShown

REPORTS = "SELECT count(*) FROM reports"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Harness]:
    async with opened(sqlite_url(tmp_path)) as made:
        await Company(made).opens()
        yield made


def asker(house: Harness, who: str = "UAGENT", **changes: str) -> Asker:
    facts = {"language": "ja", "zone": "Asia/Tokyo", "place": "slack:TOWN:support", **changes}
    return Asker(account=account(who), now=house.clock.now, **facts)


async def took(act: "asyncio.Future[object]") -> tuple[object, float]:
    began = asyncio.get_running_loop().time()
    return await act, asyncio.get_running_loop().time() - began


async def test_what_has_not_begun_is_withdrawn(house: Harness) -> None:
    door, go, held = Door(house.intake, house.policy, 0.3), threading.Event(), threading.Event()
    house.intake.write(lambda _: (held.set(), go.wait(5)))
    assert held.wait(2)
    said = await door.line("報告 怒鳴られた", asker(house))
    told = await door.do(ReportFiled(actor=account("UAGENT"), text="怒鳴られた"), asker(house))
    go.set()
    assert said.card is not None and said.card == told.card and "もう一度" in text_of(told.card) and not told.done
    await door.ask(OnCallAsked(account("UAGENT")), asker(house))
    assert house.one(REPORTS) == 0


async def test_what_has_begun_is_not_confirmed_and_the_same_words_join(house: Harness) -> None:
    door = Door(house.intake, house.policy, 0.3)
    lock = sqlite3.connect(str(house.database.url.database), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    loop = asyncio.get_running_loop()
    began = loop.time()
    said = await door.line("報告 殴ると言われた", asker(house))
    spent = loop.time() - began
    lock.execute("ROLLBACK")
    lock.close()
    assert said.card is not None and "確認がまだ取れていません" in text_of(said.card) and spent < 0.6
    again = await Door(house.intake, house.policy).line("報告 殴ると言われた", asker(house))
    assert again.card is not None and house.one(REPORTS) == 1, "joined, not filed twice"


async def test_a_fault_of_the_house_is_told_and_logged_without_words(
    house: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    house.one("ALTER TABLE reports RENAME TO gone")
    told = await Door(house.intake, house.policy).do(
        ReportFiled(actor=account("UAGENT"), text="秘密の話"), asker(house)
    )
    house.one("ALTER TABLE gone RENAME TO reports")
    assert not told.done and "もう一度" in text_of(told.card)
    assert "秘密の話" not in caplog.text


async def test_refusals_name_their_key(house: Harness) -> None:
    door = Door(house.intake, house.policy)
    empty = await door.do(ReportFiled(actor=account("UAGENT")), asker(house))
    assert (empty.done, empty.key) == (False, "report.empty")
    denied = await door.do(ReportFiled(actor="slack:TOWN:USTRANGER", text="x"), asker(house, "USTRANGER"))
    assert (denied.done, denied.key) == (False, "denied")
    missing = await door.do(
        PingAcknowledged(actor=account("USUPER1"), ping_id=9), asker(house, "USUPER1", language="en")
    )
    assert "was not found" in text_of(missing.card)


async def test_who_is_known(house: Harness) -> None:
    door = Door(house.intake, house.policy)
    assert all([await door.knows(account(who)) for who in PEOPLE])
    assert not any([await door.knows(one) for one in ("slack:TOWN:UGUEST", "", "slack:TCUST:UAGENT")])


async def test_times_are_read_on_the_askers_clock_else_the_teams(house: Harness) -> None:
    door = Door(house.intake, house.policy)
    await door.line("report x when:00:30", asker(house, language="en", zone="Europe/London"))
    await door.line("報告 y いつ:09:30", asker(house, zone=""))
    found = [Company(house).report(n).occurred_at for n in (1, 2)]
    assert [at.isoformat() for at in found if at] == ["2026-11-20T00:30:00+00:00", "2026-11-20T00:30:00+00:00"]


async def test_whom_a_report_would_be_about(house: Harness) -> None:
    door = Door(house.intake, house.policy)
    unknown = await door.look(WhomAsked("slack:TOWN:elsewhere", "1.1"))
    assert unknown == WhomShown(None) == await door.look(WhomAsked("", "")) == await door.look(WhomAsked("x", "y"))
    first, second = house.customer("UONE"), house.customer("UTWO")
    said = await first.says("無能")
    house.clock.advance(seconds=1)
    await second.says("遅い")
    one, two = [c for c in await house.customers() if c.contacts]
    assert await door.look(WhomAsked("slack:TOWN:support")) == WhomShown(two.id)
    assert await door.look(WhomAsked("slack:TOWN:support", said.message_id)) == WhomShown(one.id)
    report = await Company(house).reports("x", message_id=said.message_id)
    assert report.customer_id == one.id, "and so it is filed"
    owner = await house.known("北田商店", channels=("slack:TOWN:support",))
    assert await door.look(WhomAsked("slack:TOWN:support")) == WhomShown(owner.id)
    assert (await Company(house).reports("y")).customer_id == owner.id


@given(st.text(max_size=12), st.text(max_size=30))
def test_no_button_raises(action: str, subject: str) -> None:
    deed = pressed(action, subject, "slack:T:U")
    assert deed is None or type(deed) in RIGHTS


@given(st.sampled_from(("ack", "resolve", "verify", "why", "agree", "withdraw")), st.text(max_size=25))
def test_only_a_bare_number_is_a_number(action: str, number: str) -> None:
    for kind in ("ping", "incident", "report"):
        id = number_of(f"{kind}:{number}", kind)
        assert id is None or (id > 0 and number.isascii() and number.isdigit() and len(number) <= 18)
        if id is None:
            assert pressed(action, f"{kind}:{number}", "x") is None
