"""The page when things move on: stale buttons, the minute, toasts, a reload, another's tour, another language."""

import asyncio
from typing import Any

import pytest
from browsing import Pretend, button, card, message, visit
from visiting import visited

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="388"/>'


async def test_an_answer_that_lost_its_buttons_says_so(town: Pretend) -> None:
    await town.starts(message(1, "alert", card=card("引き受けました", moved=True), private=True))
    await town.page.get_by_text("使えなくなったボタンは外してあります").wait_for()


async def test_tab_skips_old_buttons_and_the_arrow_keys_reach_them(town: Pretend) -> None:
    waits = card("待つ", buttons=[button("ack", "対応します", "primary")])
    plain = [message(n, "alert", card=card(f"古い{n}", buttons=[button("why", f"なぜ{n}")])) for n in range(2, 7)]
    await town.starts(message(1, "alert", card=waits), *plain)
    tabbed = (
        "[...document.querySelectorAll('.presses button')].filter((one) => one.tabIndex === 0).map((b) => b.innerText)"
    )
    assert await town.page.evaluate(tabbed) == ["対応します", "なぜ5", "なぜ6"]
    await town.page.locator(".message").nth(2).focus()
    assert await town.page.evaluate(tabbed) == ["対応します", "なぜ3", "なぜ5", "なぜ6"]


async def test_the_clock_goes_on_at_its_own_second(town: Pretend) -> None:
    town.says("clock", iso="2026-11-23T01:03:59.500+00:00", shown="11/23(月) 10:03", moving=False)
    await town.page.locator("#hour").get_by_text("10:04").wait_for()
    town.says("clock", iso="", shown="11/23(月) 10:03", moving=False)


async def test_a_toast_is_only_for_the_one_whom_it_told(town: Pretend) -> None:
    town.says("trouble", text="鈴木に言うこと")
    await town.page.get_by_text("鈴木に言うこと").wait_for()
    await town.page.locator("input[value=tanaka]").check()
    await town.page.get_by_text("田中として見ています").wait_for()
    assert await town.page.locator(".toast").count() == 0
    await town.page.locator("[data-id=desk]").click()
    assert "コマンド" not in await town.page.locator("#write").get_attribute("placeholder")
    await town.page.locator("#write").fill("/")
    assert not await town.page.locator("#suggest").is_visible(), "commands are for our own people"
    await town.page.locator("input[value=suzuki]").check()
    await town.page.get_by_text("鈴木として見ています").wait_for()


async def test_a_chart_has_its_place_before_it_is_there(town: Pretend) -> None:
    drawn = asyncio.Event()

    async def later(route: Any) -> None:
        await drawn.wait()
        await route.fulfill(body=PICTURE, content_type="image/svg+xml")

    await town.page.route("**/chart/*", later)
    await town.starts(message(1, "alert", card=card(chart="/chart/x.ja.png", alt="図", size=[900, 388])))
    box = await town.page.locator(".chart img").bounding_box()
    assert box["height"] == pytest.approx(box["width"] * 388 / 900, abs=2)
    drawn.set()
    await town.page.wait_for_function("() => document.querySelector('.chart img').naturalWidth")
    assert await town.page.locator(".chart img").bounding_box() == box


async def test_whoever_drops_a_file_chooses_the_staff(town: Pretend) -> None:
    people = [{"id": f"slack:T:{n}", "name": f"人{n}", "count": 9 - n} for n in range(3)]
    for chosen, answer in (([1], ["slack:T:1"]), (None, None)):
        town.says("authors", people=people)
        await town.page.locator("dialog .many input").nth(2).wait_for()
        assert await town.page.locator(".many input:checked").count() == 0
        for number in chosen or ():
            await town.page.locator(".many input").nth(number).check()
        await town.page.locator("dialog footer button").nth(0 if chosen is None else 1).click()
        await town.page.wait_for_function("() => !document.querySelector('dialog')")
        assert town.sent("staff")[-1]["accounts"] == answer


async def test_a_reload_keeps_what_was_read_and_begun(browser: Any) -> None:
    async with visited() as town, visit(browser, f"{town.url}/") as found, town.page("tanaka") as other:
        page = found.page
        await page.locator("[data-id=desk]").click()
        await other.says("desk", "こんにちは")
        await page.get_by_text("こんにちは", exact=True).wait_for()
        await page.locator("#write").fill("書きかけ")
        await page.locator("[data-id=alert]").click()
        await page.reload()
        await page.locator("[data-id=alert][aria-current=page]").wait_for()
        assert await page.locator(".unread").count() == 0
        await page.locator("[data-id=desk]").click()
        assert await page.input_value("#write") == "書きかけ"


async def test_a_first_visit_is_in_the_browsers_language_and_outside_anothers_tour(browser: Any) -> None:
    async with visited() as town, town.page("suzuki") as guide:
        await guide.sends("tour", scenario="flood")
        await guide.hears("tour")
        async with visit(browser, f"{town.url}/", locale="en-US") as found:
            page = found.page
            await page.locator("#tour").get_by_text("On another page the scene").wait_for()
            await page.locator("#begun").get_by_text("begun in Japanese").wait_for()
            await page.get_by_role("button", name="Begin anew in English").click()
            await page.locator("#begun").wait_for(state="hidden")
            await page.locator("#tour [data-go=join]").click()
            await page.locator("#tour .step").wait_for()
            await page.locator("#begun").get_by_text("This scene was begun").wait_for()
            await page.reload()
            await page.locator("#tour .step").wait_for()
