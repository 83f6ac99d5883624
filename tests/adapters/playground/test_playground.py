"""The playground is a chat: people write, cards come and change, forms and private answers reach whom they are for."""

import json

from visiting import Message, Page, visited

AGAIN = "返事しろ。いつまで待たせるんだ"
HOSTILE = "<img src=x onerror=alert(1)> </script><b>無能</b> &amp; ${1} \u202e '\"; DROP TABLE 🏯"


def words_of(card: Message) -> str:
    return json.dumps(card, ensure_ascii=False)


def texts(page: Page, channel: str) -> list[str]:
    return [one["text"] for one in page.shown.values() if one["channel"] == channel and one["text"]]


async def test_five_times_the_same_is_a_ping_that_is_taken_in_place() -> None:
    async with visited() as town, town.page("tanaka") as customer, town.page("suzuki") as boss:
        await customer.says("desk", AGAIN, times=5)
        ping = await boss.card("alert", "5回", "ack")
        assert ping["card"]["mention"] == "鈴木" and ping["by"]["kind"] == "bot" and not ping["private"]
        assert any("アラート" in text for text in texts(boss, "D-suzuki")), "told directly where to look"
        await boss.presses(ping, "why")
        why = await boss.card("alert", "10:00", private=True)
        assert AGAIN in words_of(why["card"]) or "10分間" in words_of(why["card"])
        await boss.presses(ping, "ack")
        taken = await boss.until(
            lambda: "対応中" in words_of(boss.shown[ping["id"]]["card"]) and boss.shown[ping["id"]]
        )
        assert taken["edited"] and len(boss.cards("alert", "対応中")) == 1
        await customer.sends("be", persona="tanaka")
        room = await customer.hears("room")
        assert {one["channel"] for one in room["messages"]} == {"desk"}, "the customer saw nothing of it"


async def test_now_calls_somebody_and_only_the_agent_is_answered() -> None:
    async with visited() as town, town.page("sato") as agent, town.page("suzuki") as boss:
        await agent.sends("line", channel="desk", text="/kasuhara いますぐ 無能と言われました")
        answer = await agent.card("desk", "鈴木さん")
        assert answer["private"]
        ping = await boss.card("alert", "ack", "無能と言われました")
        assert "佐藤" not in words_of(ping["card"]), "the reporter is not named in a channel"
        assert not boss.cards("desk"), "nobody else sees the agent's answer"
        await boss.presses(ping, "ack")
        assert "佐藤" in words_of((await boss.card("alert", "引き受けました"))["card"])
        assert not (await agent.card("D-sato", "鈴木"))["private"]


async def test_a_report_from_a_message_fills_its_form() -> None:
    async with visited() as town, town.page("tanaka") as customer, town.page("sato") as agent:
        await customer.says("desk", HOSTILE)
        said = await agent.until(lambda: next((m for m in agent.shown.values() if m["text"]), None))
        assert said["text"] == HOSTILE and said["can_report"] and said["by"]["kind"] == "customer"
        await agent.sends("report", message=said["id"])
        form = await agent.hears("form")
        fields = {one["key"]: one for one in form["fields"]}
        assert fields["quote"]["value"] == HOSTILE
        preset = {one["value"]: one["label"] for one in fields["customer"]["options"]}[fields["customer"]["value"]]
        assert preset.startswith("田中様"), "whose message it is"
        values = {key: one["value"] for key, one in fields.items()} | {"severity": "high", "burden": "4"}
        await agent.sends("submit", id=form["id"], values=values)
        done = await agent.hears("form_done")
        assert "受け取りました" in done["card"]["title"] and "鈴木" in words_of(done["card"])
        await agent.be("suzuki")
        quotes = [q["text"] for s in (await agent.card("alert", "ack"))["card"]["sections"] for q in s["quotes"]]
        assert any("<img src=x onerror=alert(1)>" in quote and "DROP TABLE 🏯" in quote for quote in quotes)


async def test_a_form_says_inside_itself_what_is_missing() -> None:
    async with visited() as town, town.page("sato") as agent:
        await agent.says("desk", "/kasuhara 電話")
        form = await agent.hears("form")
        keys = [one["key"] for one in form["fields"]]
        assert {"text", "customer", "call_from", "call_to", "burden"} <= set(keys) and "medium" not in keys
        await agent.sends("submit", id=form["id"], values={"text": "  "})
        assert set((await agent.hears("form_errors"))["errors"]) == {"text"}
        late = {"text": "怒鳴られた", "call_from": "2026-11-20T09:30", "call_to": "2026-11-20T09:10"}
        await agent.sends("submit", id=form["id"], values=late)
        assert set((await agent.hears("form_errors"))["errors"]) == {"call_to"}
        await agent.sends("submit", id=form["id"], values=late | {"call_to": "2026-11-20T09:50", "customer": "999"})
        assert set((await agent.hears("form_errors"))["errors"]) == {""}, "no answer that was not offered"
        await agent.sends("submit", id=form["id"], values=late | {"call_to": "2026-11-20T09:50"})
        done = await agent.hears("form_done")
        assert "09:30" in words_of(done["card"]) or "受け取りました" in done["card"]["title"]


async def test_a_verdict_asks_the_three_questions_and_a_grave_one_a_second_person() -> None:
    async with visited() as town, town.page("sato") as agent, town.page("suzuki") as boss, town.page("ito") as lead:
        await agent.says("acme", "/kasuhara 報告 土下座しろと言われました #暴言 !高")
        await agent.card("acme", "受け取りました")
        await boss.sends("line", channel="D-suzuki", text="判定 1")
        card = await boss.card("D-suzuki", "confirmed")
        await boss.presses(card, "confirmed")
        form = await boss.hears("form")
        fields = {one["key"]: one for one in form["fields"]}
        assert {"finding", "reason", "demand_valid", "means_acceptable", "environment_harmed", "severity"} == set(
            fields
        )
        await boss.sends("submit", id=form["id"], values={"finding": "confirmed"})
        assert set((await boss.hears("form_errors"))["errors"]) == {"reason"}
        await boss.sends("submit", id=form["id"], values={"finding": "confirmed", "reason": "録音で確認"})
        assert (await boss.hears("form_done"))["card"]["buttons"]
        wanted = await lead.until(
            lambda: [m for m in lead.shown.values() if m["card"] and "agree" in words_of(m["card"])]
        )
        await lead.presses(wanted[-1], "agree")
        second = await lead.hears("form")
        assert second["card"] and [one["key"] for one in second["fields"]] == ["reason"]
        await lead.sends("submit", id=second["id"], values={"reason": ""})
        assert "判定" in (await lead.hears("form_done"))["card"]["title"]


async def test_a_customer_sees_and_may_nothing_of_the_inside() -> None:
    async with visited() as town, town.page("guest") as guest, town.page("suzuki") as boss:
        room = await guest.be("guest")
        assert [one["id"] for one in room["channels"]] == ["acme"]
        await guest.says("acme", AGAIN, times=3)
        ping = await boss.card("alert", "ack")
        for channel in ("alert", "leads", "desk", "D-suzuki", "nowhere"):
            await guest.says(channel, "hello")
            assert (await guest.hears("trouble"))["text"]
        await guest.sends("press", message=ping["id"], action="ack", subject="ping:1")
        await guest.hears("trouble")
        await guest.sends("press", message=None, action="ack", subject="ping:1")
        assert "サポート担当" in (await guest.hears("answer"))["card"]["title"]
        await guest.says("acme", "/kasuhara 状況 北野商事")
        answer = await guest.card("acme", "サポート担当")
        assert answer["private"] and not answer["card"]["sections"]
        await guest.sends("report", message=answer["id"])
        await guest.sends("form", kind="report")
        assert "サポート担当" in (await guest.hears("answer"))["card"]["title"]
        await boss.be("suzuki")
        assert not boss.cards("acme"), "what the guest alone was told"
        assert boss.cards("alert", "ack"), "and nobody took the ping"
        told = {one["message"]["channel"] for one in guest.heard if one["t"] == "message"}
        assert told == {"acme"}


NONSENSE = (
    "", "[]", "{", '{"t":"press"}', '{"t":"say","channel":7,"text":"x"}', '{"t":"clock","to":"year"}', '{"t":"x"}',
    '{"t":"tour","scenario":"none"}', '{"t":"submit","id":"f1","values":{}}', '{"t":"report","message":"0-0"}',
    '{"t":"be","persona":"root","lang":"ja"}', '{"t":"be","persona":"ito","lang":"xx"}', "[" * 9_000,
)  # fmt: skip


async def test_nonsense_is_answered_and_the_line_stays_open() -> None:
    async with visited() as town, town.page("suzuki") as page:
        for said in NONSENSE:
            await page.socket.send_str(said)
            assert (await page.hears("trouble"))["text"], said
        await page.says("D-suzuki", "当番")
        assert "鈴木" in words_of((await page.card("D-suzuki"))["card"])


async def test_english_is_spoken_to_whoever_wants_it() -> None:
    async with visited(lang="en") as town, town.page("suzuki", "en") as page:
        await page.says("D-suzuki", "help")
        help = await page.card("D-suzuki", "/kasuhara report")
        assert not any("\u3040" <= letter <= "\u30ff" for letter in help["card"]["title"])
        await page.sends("be", persona="ito", lang="ja")
        hello = await page.hears("hello")
        assert hello["lang"] == "ja" and hello["words"]["messages"] == "会話" and hello["commands"][0]["word"] == "報告"
        assert [one["id"] for one in hello["personas"] if not one["inside"]] == ["tanaka", "guest"]


async def test_the_team_is_spoken_to_in_the_language_of_the_page() -> None:
    async with visited() as town, town.page("suzuki") as page, town.page("tanaka") as customer:
        await customer.says("desk", AGAIN, times=3)
        await page.card("alert", "対応します", "鈴木")
        await page.be("suzuki", "en")
        await customer.says("desk", "別の件です。今すぐ電話しろ", times=3)
        await page.until(lambda: page.cards("alert", "Suzuki"))
        await page.says("D-suzuki", "status")
        assert "live" in words_of((await page.card("D-suzuki"))["card"]).lower(), "the mode is as it was"


async def test_what_stands_there_already_is_read_in_the_language_of_each_page() -> None:
    """The cards of the team are drawn anew from their facts; two pages may read them in two languages."""
    async with visited() as town, town.page("suzuki") as page, town.page("tanaka") as customer:
        await customer.says("desk", AGAIN, times=3)
        before = await page.card("alert", "対応します")
        await page.be("suzuki", "en")
        after = page.shown[before["id"]]["card"]
        assert after["mention"] == "Suzuki" and "I'll take it" in words_of(after)
        assert "対応します" not in words_of(after)
        assert any("→ see #" in text for text in texts(page, "D-suzuki"))
        async with town.page("suzuki", "ja") as other:
            assert "対応します" in words_of(other.shown[before["id"]]["card"])
            await page.presses(page.shown[before["id"]], "ack")
            await page.until(lambda: "Taken" in words_of(page.shown[before["id"]]["card"]))
            await other.until(lambda: "対応中" in words_of(other.shown[before["id"]]["card"]))
