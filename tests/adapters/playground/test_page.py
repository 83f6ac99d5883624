"""The page by itself, with a test as its server: messages, cards, forms, keys, a lost line, thousands of messages."""

import json
from typing import Any

import pytest
from browsing import PHONE, Pretend, Stage, button, card, message, quote, section

pytestmark = pytest.mark.asyncio(loop_scope="session")

PING = card(
    "【高】青葉クリニック: くり返しの疑い", "danger", footer="事案 #9", mention="鈴木",
    sections=[
        section(lines=["「対応します」を押してください。"], fields=[("いつから", "02:51")]),
        section("何があったか", quotes=[quote("返事まだ?\nいつまで待たせるの", [(0, 5)]), quote("", gone=True)]),
    ],
    buttons=[button("ack", "対応します", "primary"), button("why", "なぜ?")],
)  # fmt: skip
FORM: dict[str, Any] = {
    "id": "f1", "title": "カスハラとして報告", "intro": ["お客様には見えません。"], "card": None, "submit": "送信",
    "fields": [
        {"key": "text", "label": "何があったか", "kind": "long", "options": [], "value": "", "hint": "そのままの言葉で",
         "required": True, "max": 3000},
        {"key": "customer", "label": "お客様", "kind": "search", "value": "", "hint": "", "required": False, "max": 0,
         "options": [{"value": str(n), "label": f"青葉クリニック {n}号店"} for n in range(1, 30)]},
        {"key": "burden", "label": "負担", "kind": "choice", "value": "", "hint": "", "required": False, "max": 0,
         "options": [{"value": str(n), "label": str(n)} for n in range(1, 6)]},
        {"key": "occurred", "label": "いつ", "kind": "time", "options": [], "value": "2026-11-23T10:03", "hint": "",
         "required": False, "max": 0},
    ],
}  # fmt: skip


async def test_a_card_shows_its_tone_in_words_and_marks_what_matters(town: Pretend) -> None:
    await town.starts(message(1, card=PING))
    shown = town.page.locator(".card")
    assert await shown.locator(".tone").inner_text() == "緊急"
    assert await shown.locator("mark").all_inner_texts() == ["返事まだ?"]
    assert await shown.locator("blockquote").first.inner_text() == "返事まだ?\nいつまで待たせるの"
    assert "残っていません" in await shown.locator(".quote").last.inner_text()
    boxes = [await part.bounding_box() for part in (shown.locator(".primary"), shown.locator("h4"))]
    assert boxes[0]["y"] < boxes[1]["y"], "what to press stands above the details"


async def test_a_card_changes_in_its_place_and_keeps_the_focus(town: Pretend) -> None:
    await town.starts(message(1, card=PING), message(2, by="suzuki", text="見ています"))
    await town.page.get_by_role("button", name="なぜ?").focus()
    after = card("鈴木さんが対応中", "good", buttons=[button("why", "なぜ?")])
    town.says("message", message=message(1, card=after, edited=True))
    await town.page.wait_for_selector(".card[data-tone=good].changed")
    assert await town.page.locator("#messages > li").count() == 2
    assert await town.page.evaluate("document.activeElement.textContent") == "なぜ?"
    assert "鈴木さんが対応中" in await heard(town)


async def heard(town: Any) -> str:
    """What is read to those who hear the page."""
    await town.page.wait_for_function("() => document.getElementById('said').textContent !== ''")
    return str(await town.page.inner_text("#said"))


async def test_private_answers_say_so_and_new_messages_are_read_out(town: Pretend) -> None:
    assert await town.page.is_visible("#empty")
    town.says("message", message=message(3, private=True, card=card("引き受けました", "good")))
    await town.page.wait_for_selector(".private .only-you")
    assert "あなただけに表示" in await heard(town)
    assert not await town.page.is_visible("#empty")


async def test_another_place_gets_a_dot_until_it_is_opened(town: Pretend) -> None:
    town.says("message", message=message(1, "desk", "tanaka", text="こんにちは"))
    await town.page.wait_for_selector(".channel.unread .dot")
    assert await town.page.title() == "(1) kasuhara"
    await town.page.get_by_role("button", name="お客様窓口").click()
    assert await town.page.locator(".channel.unread").count() == 0
    await town.page.locator("input[value=tanaka]").check()
    await town.page.locator("input[value=suzuki]").check()
    await town.page.wait_for_function("() => document.getElementById('as').textContent.includes('鈴木')")
    assert await town.page.locator(".channel.unread").count() == 0


async def test_commands_are_completed_by_keys(town: Pretend) -> None:
    box = town.page.locator("#write")
    await box.press_sequentially("/")
    assert await town.page.locator("[role=option]").count() == 2
    await town.page.keyboard.press("ArrowDown")
    assert await town.page.locator("[aria-selected=true]").inner_text() == "ヘルプ\n使い方を見ます"
    await town.page.keyboard.press("Escape")
    assert not await town.page.is_visible("#suggest")
    await box.fill("/kasuhara rep")
    await town.page.keyboard.press("Enter")
    assert await box.input_value() == "/kasuhara 報告 "
    await box.press_sequentially("ひどい")
    await town.page.keyboard.press("Enter")
    assert town.sent("say") == [{"t": "say", "channel": "alert", "text": "/kasuhara 報告 ひどい"}]
    assert await box.input_value() == ""


async def test_a_form_keeps_what_was_typed_until_it_is_taken(town: Pretend) -> None:
    await town.starts(message(1, "desk", "tanaka", text="無能"))
    await town.page.get_by_role("button", name="お客様窓口").click()
    await town.page.locator(".message").hover()
    await town.page.get_by_role("button", name="tanakaさんの 10:00 のメッセージをカスハラとして報告").click()
    assert town.sent("report") == [{"t": "report", "message": "m1"}]
    town.says("form", **FORM)
    await town.page.wait_for_selector("dialog[open]")
    send = town.page.get_by_role("button", name="送信").last
    await send.click()
    assert await town.page.inner_text("#fault-text") == "ここは必ず入力してください"
    await town.page.locator("#field-text").fill("「無能」と言われました")
    await town.page.keyboard.press("Escape")
    assert "もう一度 Esc" in await town.page.inner_text("dialog")
    await town.page.locator("dialog input[type=search]").fill("17号")
    await town.page.get_by_role("radio", name="4", exact=True).check()
    await send.click()
    values = {"text": "「無能」と言われました", "customer": "17", "burden": "4", "occurred": "2026-11-23T10:03"}
    assert town.sent("submit") == [{"t": "submit", "id": "f1", "values": values}]
    town.says("form_errors", id="f1", errors={"customer": "その方は見つかりません"})
    await town.page.wait_for_selector("#field-customer[aria-invalid]:focus")
    assert await town.page.locator("#field-text").input_value() == values["text"]
    town.says("form_done", id="f1", card=card("受け取りました", "good", buttons=[button("detail", "詳しく書く")]))
    await town.page.get_by_role("button", name="詳しく書く").click()
    assert town.sent("press") == [{"t": "press", "message": None, "action": "detail", "subject": "ping:1"}]
    await town.page.locator("dialog").wait_for(state="detached")


async def test_a_lost_line_is_told_and_comes_back(stage: Stage) -> None:
    async with stage.pretended() as town:
        await town.page.locator("#write").fill("まだ送っていない")
        await town.line.close()
        await town.page.wait_for_selector("#lost:not([hidden])")
        assert "自動でつなぎ直しています" in await town.page.inner_text("#lost")
        await town.page.locator("#lost").wait_for(state="hidden")
        assert await town.page.locator("#write").input_value() == "まだ送っていない"


async def test_the_page_speaks_the_language_that_is_chosen(town: Pretend) -> None:
    await town.page.get_by_role("button", name="EN").click()
    assert town.sent("be") == [{"t": "be", "persona": "suzuki", "lang": "en"}]
    await town.page.get_by_role("button", name="日本語").click()
    assert town.lang == "ja"


async def test_thousands_of_messages_stay_few_on_the_page(town: Pretend) -> None:
    await town.starts(*[message(n, by="tanaka", text=f"{n}") for n in range(1, 301)])
    count = "document.querySelectorAll('#messages > li').length"
    assert await town.page.evaluate(count) == 200
    for n in range(301, 801):
        town.says("message", message=message(n, by="tanaka", text=f"{n}"))
    await town.page.wait_for_selector("[data-id=m800]")
    assert await town.page.evaluate(count) <= 250
    await town.page.evaluate("document.getElementById('scroll').scrollTop = 0")
    await town.page.wait_for_selector("[data-id=m501]")
    assert await town.page.evaluate(count) <= 400
    await town.page.get_by_role("button", name="アラート").click()
    for _ in range(60):
        await town.page.evaluate("document.getElementById('scroll').scrollTop = 0")
        await town.page.wait_for_timeout(10)
        if town.sent("older"):
            break
    assert town.sent("older") == [{"t": "older", "channel": "alert", "before": "m101"}]
    older = [message(n, by="tanaka", text=f"{n}") for n in range(1, 101)]
    town.says("older", channel="alert", messages=older, more=False)
    await town.page.wait_for_function("() => document.querySelector('[data-id=m100]')")
    assert await town.page.evaluate(count) <= 500


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}], ids=["390", "320"])
async def test_a_phone_needs_no_scrolling_sideways(stage: Stage, viewport: dict[str, int]) -> None:
    shown = [message(1, card=PING), message(2, card=PING, private=True)]
    async with stage.pretended(shown, viewport=viewport, has_touch=True, is_mobile=True) as town:
        assert await town.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        for opener, side in (("#open-left", "#left"), ("#open-right", "#right")):
            await town.page.locator(opener).click()
            await town.page.wait_for_selector(f"{side}.open")
            assert await town.page.evaluate(f"document.querySelector('{side}').contains(document.activeElement)")
            await town.page.keyboard.press("Escape")
            assert await town.page.evaluate("document.activeElement.id") == opener[1:]
        town.says(
            "tour", scenario="a", step=1, of=2, said="三通目で気づきました。", title="同じメール", done=False, look=None
        )
        await town.page.locator("#bar [data-go=next]").click()
        assert town.sent("next") == [{"t": "next"}]
        town.says("tour", scenario=None)
        await town.page.wait_for_selector("#open-right:focus")
        assert await town.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        wide = await town.page.evaluate(
            """[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility()
               && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.unseen, .day')).length"""
        )
        assert wide == 0


async def test_a_dropped_export_shows_how_far_it_is(town: Pretend) -> None:
    await town.page.route("**/replay", lambda route: route.fulfill(status=202, body=json.dumps({"ok": True})))
    await town.page.set_input_files(
        "#drop-file", {"name": "export.zip", "mimeType": "application/zip", "buffer": b"PK"}
    )
    town.says("progress", done=30, total=120)
    await town.page.wait_for_function("() => document.getElementById('drop-said').textContent.includes('25%')")
    assert await town.page.evaluate("document.getElementById('drop-bar').position") == 0.25
    town.says(
        "replayed",
        cards=[card(f"{n}番目", sections=[section(lines=["検知"] * 9)]) for n in range(9)],
        skipped=2,
        more=3,
    )
    await town.page.locator("dialog .card").first.wait_for()
    assert "読めなかった行が2件" in await town.page.inner_text("dialog")
    cut = "[...document.querySelectorAll('dialog .card')].filter((one) => one.scrollHeight > one.clientHeight).length"
    assert await town.page.evaluate(cut) == 0, "nothing of a card is cut off"
