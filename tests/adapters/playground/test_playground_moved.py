"""What has moved on says so: old buttons, another's tour, the language of a town, a misspelt command."""

from pathlib import Path

import pytest
from test_playground_door import dropped, packed
from visiting import Message, Page, visited

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGAIN = "返金してください。今すぐ全額です。"
DATA = Path(__file__).parents[2] / "data" / "slack-export-from-asdc" / "export"


def actions(message: Message) -> list[str]:
    return [one["action"] for one in message["card"]["buttons"]]


async def test_an_answer_loses_its_button_when_the_call_is_over() -> None:
    async with visited() as town, town.page("suzuki") as page, town.page("tanaka") as customer:
        await customer.says("desk", AGAIN, times=3)
        ping = await page.card("alert", "対応します")
        await page.presses(ping, "ack")
        mine = await page.card("alert", private=True)
        assert "resolve" in actions(mine) and not mine["card"]["moved"]
        await page.presses(mine, "resolve")
        await page.until(lambda: page.shown[mine["id"]]["card"]["moved"])
        assert "resolve" not in actions(page.shown[mine["id"]])
        assert "why" in actions(page.shown[ping["id"]]), "what can always be asked stays"


async def test_the_form_of_a_verdict_is_offered_until_there_is_one() -> None:
    async with visited() as town, town.page("sato") as agent, town.page("suzuki") as boss:
        await agent.says("acme", "/kasuhara 報告 ばかと言われました #暴言 !中")
        await boss.presses(await boss.card("alert", "対応します"), "ack")
        await boss.card("alert", private=True)
        await boss.presses((await boss.until(lambda: boss.cards("alert", "verify")))[0], "verify")
        asked = await boss.card("alert", "confirmed", private=True)
        await boss.presses(asked, "dismissed")
        form = await boss.hears("form")
        values = {one["key"]: one["value"] for one in form["fields"]} | {"reason": "確認しました"}
        values |= {key: "unclear" for key in ("demand_valid", "means_acceptable", "environment_harmed")}
        await boss.sends("submit", id=form["id"], values=values)
        await boss.hears("form_done")
        await boss.until(lambda: boss.shown[asked["id"]]["card"]["moved"])
        assert "confirmed" not in actions(boss.shown[asked["id"]])


async def test_nobody_is_thrown_into_anothers_tour() -> None:
    async with visited() as town, town.page("suzuki") as guide, town.page("tanaka") as before:
        await guide.sends("tour", scenario="flood")
        assert (await guide.hears("room"))["tour"] == "flood"
        told = await before.hears("tour")
        assert told["scenario"] is None and told["elsewhere"]["title"] == "同じメールが何通も届く"
        async with town.page() as fresh:
            assert [one["tour"] for one in fresh.heard if one["t"] == "room"] == [None]
            assert (await fresh.hears("tour"))["elsewhere"]["scenario"] == "flood"
            await fresh.says("desk", "見学の外")
            await fresh.sends("join")
            assert (await fresh.hears("room"))["messages"] == []
            await guide.sends("next")
            await guide.hears("tour")
            assert (await guide.hears("tour"))["step"] == 1
            await fresh.until(lambda: any(one["t"] == "tour" and one.get("step") == 1 for one in fresh.heard))
        await guide.sends("tour", scenario=None)
        await before.until(lambda: before.heard[-1] == {"t": "tour", "scenario": None, "elsewhere": None})
        assert [one["text"] for one in (await guide.be("suzuki"))["messages"]] == ["見学の外"]


async def test_a_reload_stays_on_the_tour() -> None:
    async with visited() as town, town.page("suzuki") as guide:
        await guide.sends("tour", scenario="flood")
        await guide.hears("tour")
        address = f"{town.url}/live?lang=ja&tour=flood"
        async with town.http.ws_connect(address, headers={"Origin": town.url}) as socket:
            again = Page(socket)
            assert (await again.hears("room"))["tour"] == "flood"


async def test_a_town_begins_in_the_language_of_its_first_page() -> None:
    async with visited() as town, town.page("ito", "en") as page:
        assert [one for one in page.heard if one["t"] == "room"][-1]["begun"] == "en"
        await page.says("D-ito", "digest")
        assert "Support 1" in str((await page.card("D-ito"))["card"])
        await page.says("D-ito", "status Kitano")
        await page.card("D-ito", "Kitano Trading")
        room = await page.be("ito", "ja")
        assert room["begun"] == "en" and room["renewable"] and room["messages"]
        await page.sends("anew")
        room = await page.hears("room")
        assert room["begun"] == "ja" and room["messages"] == []
        await page.says("D-ito", "状況 北野商事")
        await page.card("D-ito", "北野商事")


async def test_a_town_that_is_kept_is_not_begun_anew(tmp_path: Path) -> None:
    async with visited(tmp_path / "town.db") as town, town.page("ito", "en") as page:
        room = [one for one in page.heard if one["t"] == "room"][-1]
        assert room["begun"] == "ja" and not room["renewable"]
        await page.sends("anew")
        await page.hears("trouble")
    async with visited(tmp_path / "town.db", lang="en") as town, town.page("ito", "en") as page:
        assert [one for one in page.heard if one["t"] == "room"][-1]["begun"] == "ja"


@pytest.mark.parametrize(("typed", "meant"), [("/kashara 状況", "/kasuhara 状況"), ("/kasuhra", "/kasuhara")])
async def test_a_misspelt_command_is_told_with_the_one_that_was_meant(typed: str, meant: str) -> None:
    async with visited() as town, town.page("sato") as agent:
        await agent.says("desk", typed)
        assert f"`{meant}`" in str((await agent.card("desk", private=True))["card"])


async def test_a_digest_by_command_has_its_chart() -> None:
    async with visited() as town, town.page("ito") as lead, town.page("sato") as agent:
        await agent.says("acme", "/kasuhara 報告 ばかと言われました #暴言 !中")
        await lead.presses(await lead.card("alert", "対応します"), "ack")
        await lead.presses((await lead.until(lambda: lead.cards("alert", "verify")))[0], "verify")
        await lead.presses(await lead.card("alert", "confirmed", private=True), "confirmed")
        form = await lead.hears("form")
        values = {one["key"]: one["value"] for one in form["fields"]} | {"reason": "本文で確認しました"}
        values |= {"demand_valid": "unclear", "means_acceptable": "no", "environment_harmed": "yes"}
        await lead.sends("submit", id=form["id"], values=values)
        await lead.hears("form_done")
        await lead.says("D-ito", "まとめ")
        card = (await lead.card("D-ito", "サポート1課"))["card"]
        assert card["chart"].endswith(".ja.png") and card["size"][0] == 900
        async with town.http.get(town.url + card["chart"].replace(".ja.", ".en.")) as answer:
            assert (await answer.read()).startswith(b"\x89PNG"), "in another language, too"


async def test_whoever_drops_an_export_says_who_is_staff(tmp_path: Path) -> None:
    content = packed(tmp_path).read_bytes()
    async with visited() as town, town.page("suzuki") as boss:
        assert (await dropped(town, content, "slack.zip"))[0] == 202
        first = (await boss.hears("authors"))["people"]
        assert (await dropped(town, content, "slack.zip"))[0] == 202, "a file that was left lying gives way"
        assert (await boss.hears("authors"))["people"] == first
        await boss.sends("staff", accounts=[first[0]["id"], "slack:no:body"])
        summary = (await boss.hears("replayed"))["cards"][0]
        assert "担当者が選ばれていない" not in str(summary) and "--staff" not in str(summary)
        await boss.sends("sample")
        assert len((await boss.hears("replayed"))["cards"]) > 3
