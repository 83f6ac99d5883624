"""Time on the page: pings escalate, digests come, a kept town goes on, and every guided scenario runs to its end."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from visiting import BASE, Message, Page, Town, visited

from adapters.playground.clock import target
from adapters.playground.tour import scenarios

AGAIN = "返事しろ。いつまで待たせるんだ"
STARTED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


async def moved(page: Page, to: str) -> Message:
    """The clock once it stands still again."""
    await page.sends("clock", to=to)
    while (clock := await page.hears("clock"))["moving"]:
        pass
    return clock


async def test_an_unanswered_ping_goes_up_the_line_before_the_eyes() -> None:
    async with visited() as town, town.page("tanaka") as customer, town.page("ito") as lead:
        await customer.says("desk", AGAIN, times=3)
        first = await lead.card("alert", "ack")
        assert first["card"]["mention"] == "鈴木" and first["shown"] == "10:00"
        await moved(lead, "ten")
        called = [(one["shown"], one["card"]["mention"]) for one in lead.cards("alert")]
        assert called == [("10:00", "鈴木"), ("10:05", "高橋")]
        clock = await moved(lead, "ten")
        assert clock["iso"] == (STARTED + timedelta(minutes=20)).isoformat() and clock["shown"].endswith("10:20")
        assert [(one["shown"], one["card"]["mention"]) for one in lead.cards("alert")][2:] == [("10:15", "伊藤")]
        await moved(lead, "minute")
        await lead.presses(lead.cards("alert")[-1], "ack")
        await lead.until(lambda: len(lead.cards("alert", "対応中")) == 3)


async def test_the_digest_comes_on_monday_to_those_who_lead() -> None:
    async with visited() as town, town.page("ito") as lead, town.page("sato") as agent:
        clock = await moved(lead, "monday")
        assert clock["iso"] == "2026-11-23T00:00:00+00:00" and clock["shown"] == "11/23(月) 09:00"
        assert [one["shown"] for one in lead.cards("leads", "週のまとめ")] == ["09:00"]
        assert "leads" not in [one["id"] for one in (await agent.be("sato"))["channels"]]
        assert not agent.cards("leads")
        clock = await moved(lead, "monday")
        assert clock["iso"] == "2026-11-30T00:00:00+00:00"
        assert len(lead.cards("leads", "週のまとめ")) == 2


async def test_a_clock_that_rings_without_end_stops_on_the_way() -> None:
    async with visited() as town, town.page("sato") as agent:
        await agent.sends("line", channel="desk", text="いますぐ")
        await agent.card("desk", "鈴木")
        from adapters.playground import room

        asked, room.STEPS = room.STEPS, 6  # type: ignore[misc]
        try:
            clock = await moved(agent, "day")
        finally:
            room.STEPS = asked  # type: ignore[misc]
        assert clock["iso"] < (STARTED + timedelta(days=1)).isoformat()
        assert "対応します" in (await agent.hears("trouble"))["text"]
        assert len(agent.cards("alert", "ack")) == 6 + 1, "each call in its order, none left out"


@pytest.mark.parametrize("now", ["2026-11-20T01:00", "2026-11-22T23:59", "2026-11-23T00:00", "2026-12-31T15:00"])
def test_the_next_monday_is_never_now(now: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monday = target("monday", at, "Asia/Tokyo")
    assert monday is not None and at < monday <= at + timedelta(days=7)
    assert (monday.weekday(), monday.hour) == (0, 0), "09:00 in Tokyo"
    assert target("year", at, "Asia/Tokyo") is None


async def test_a_kept_town_goes_on_where_it_stood(tmp_path: Path) -> None:
    file = tmp_path / "town.db"
    async with visited(file) as town, town.page("tanaka") as customer, town.page("suzuki") as boss:
        await customer.says("desk", AGAIN, times=3)
        ping = await boss.card("alert", "ack")
        await boss.says("D-suzuki", "当番")
        await boss.card("D-suzuki", "鈴木")
        await moved(boss, "minute")
    kept = file.with_name("town.db.chat.jsonl")
    assert kept.stat().st_mode & 0o077 == 0
    with kept.open("a", encoding="utf-8") as cut:
        cut.write('{"id": "half a li')
    async with visited(file, base=BASE + timedelta(minutes=1)) as town, town.page("suzuki") as boss:
        clock = (await moved(boss, "minute"))["iso"]
        assert clock == (STARTED + timedelta(minutes=3)).isoformat()
        assert "half a li" not in kept.read_text("utf-8")
        await boss.be("suzuki")
        assert boss.cards("alert", "ack")[0]["id"] == ping["id"], "the card is there"
        await boss.presses(ping, "ack")
        await boss.until(lambda: "対応中" in str(boss.shown[ping["id"]]["card"]))


def test_every_scenario_says_everything_in_both_languages() -> None:
    found = scenarios()
    assert [one.id for one in found] == ["flood", "waiting", "complaint", "now", "night", "threshold"]
    for one in found:
        texts = [one.title, one.about, *(step.told for step in one.steps)]
        assert all(text.ja and text.en and text.ja != text.en for text in texts)
        assert all(step.acts for step in one.steps)


async def stepped(page: Page, id: str, lang: str) -> list[str]:
    """Go through a scenario; what was said."""
    await page.sends("tour", scenario=id)
    said = await page.hears("tour")
    told = [said["said"]]
    while not said["done"]:
        await page.sends("next")
        async with asyncio.timeout(30):
            said = await page.hears("tour")
        told.append(said["said"])
        channels = (await page.be(said["look"]["persona"], lang))["channels"]
        assert said["look"]["channel"] in [one["id"] for one in channels], "what it shows can be seen"
    return told


EXPECTED = {
    "flood": ("alert", ["対応中", "5回"], ["[Taken]", "5 in 10 minutes"]),
    "waiting": ("leads", ["待っていた"], ["waited"]),
    "complaint": ("D-suzuki", ["待っている呼び出しも"], ["Status"]),
    "now": ("alert", ["対応済み"], ["[Done]"]),
    "night": ("alert", ["対応中"], ["[Taken]"]),
    "threshold": ("leads", ["最短の契約終了", "24:00"], ["24:00"]),
}


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_every_guided_scenario_runs_to_its_end(lang: str) -> None:
    async with visited(lang=lang) as town, town.page("suzuki", lang) as page:
        await page.says("desk", "before")
        for id in EXPECTED:
            told = await stepped(page, id, lang)
            assert len(told) == len(set(told))
            channel, *words = EXPECTED[id]
            titles = [one["card"]["title"] for one in page.cards(channel)]
            assert all(page.cards(channel, part) for part in words[lang == "en"]), titles
            for lead in ("ito", "watanabe") if id == "night" else ():
                await page.be(lead, lang)
                assert any(one["channel"] == f"D-{lead}" and one["text"] for one in page.shown.values()), "called"
            if id == "complaint":
                await page.be("ito", lang)
                assert not page.cards("alert") and not page.cards("leads")
        if lang == "ja":
            await drawn(town, page)
        await page.sends("next")  # after the end nothing more happens
        await page.sends("tour", scenario=None)
        await page.hears("room")
        room = await page.be("suzuki", lang)
        assert room["tour"] is None, "back in one's own room"
        assert [one["text"] for one in room["messages"]] == ["before"]


async def drawn(town: Town, page: Page) -> None:
    """The digest's chart hangs on its card from the first moment on, with a place of its size."""
    *_, digest = (card["card"] for card in page.cards("leads") if card["card"]["chart"])
    assert "北野商事" in digest["alt"] and digest["size"][0] == 900
    async with town.http.get(town.url + digest["chart"]) as answer:
        assert answer.content_type == "image/png" and (await answer.read()).startswith(b"\x89PNG")
