"""The page with the real server behind it: scenarios clicked to their end, and a ping answered by keys alone."""

from typing import Any

import pytest
from browsing import PHONE, visit
from visiting import visited

from adapters.playground.tour import Scenario, scenarios

pytestmark = pytest.mark.asyncio(loop_scope="session")

LANGUAGES = ["ja", "en"]
FIRST, *OTHERS = scenarios()


async def walked(page: Any, scenario: Scenario, language: str) -> None:
    """Every step of a scenario by its button; each says its sentence and shows where it happened."""
    await page.locator(f"#tour [data-go={scenario.id}]").click()
    for number, step in enumerate(scenario.steps, 1):
        await page.locator("#tour [data-go=next]:not([aria-disabled=true])").click()
        told = step.told.ja if language == "ja" else step.told.en
        await page.locator("#tour .step").get_by_text(told, exact=True).wait_for()
        await page.locator(f"[data-id='{step.channel}'][aria-current=page]").wait_for()
        assert await page.locator(f"input[value={step.persona}]").is_checked(), f"step {number}"
    assert await page.locator("#tour [data-go=next]").count() == 0
    await page.locator("#tour [data-go=end]").click()
    await page.locator(f"#tour .done[data-go={scenario.id}]").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_scenario_is_clicked_to_its_end(browser: Any, language: str) -> None:
    async with visited() as town, visit(browser, f"{town.url}/", locale=language) as found:
        await walked(found.page, FIRST, language)


@pytest.mark.soak
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_scenario_is_clicked_to_its_end(
    browser: Any, language: str, viewport: dict[str, int] | None
) -> None:
    async with visited() as town, visit(browser, f"{town.url}/", locale=language) as found:
        for scenario in OTHERS:
            await walked(found.page, scenario, language)
            if viewport:
                await found.page.set_viewport_size(viewport)
                assert await found.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
                await found.page.set_viewport_size({"width": 1200, "height": 800})


async def tabbed(page: Any, to: str) -> None:
    """Tab until the focus is on `to`."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate(f"document.activeElement.matches({to!r})"):
            return
    raise AssertionError(f"{to} is not reached by Tab")


async def test_a_ping_is_answered_by_keys_alone(browser: Any) -> None:
    async with visited() as town, visit(browser, f"{town.url}/") as found:
        page, keys = found.page, found.page.keyboard
        await tabbed(page, "input[name=persona]")
        for _ in range(3):
            await keys.press("ArrowUp")
        await page.wait_for_selector("input[value=tanaka]:checked:focus")
        await page.get_by_text("田中として見ています").wait_for()
        await tabbed(page, "#write")
        for _ in range(3):
            await keys.type("返金してください。今すぐ全額です。")
            await keys.press("Enter")
        await page.locator(".said").nth(2).wait_for()
        await tabbed(page, "input[name=persona]")
        for _ in range(3):
            await keys.press("ArrowDown")
        await page.wait_for_selector("input[value=suzuki]:checked:focus")
        await page.wait_for_selector("[data-id=alert]:is(.unread, [aria-current=page])")
        await tabbed(page, "[data-id=alert]")
        await keys.press("Enter")
        await page.wait_for_selector(".card .primary")
        await tabbed(page, ".card .primary")
        await keys.press("Enter")
        await page.get_by_text("【対応中】").first.wait_for()
        await page.locator(".private .card[data-tone=good]").wait_for()


async def test_two_people_see_each_other_at_once(browser: Any) -> None:
    async with visited() as town, visit(browser, f"{town.url}/") as one, visit(browser, f"{town.url}/") as other:
        await one.page.locator("input[value=tanaka]").check()
        await one.page.get_by_text("田中として見ています").wait_for()
        await one.page.locator("#write").fill("<b>こんにちは</b>")
        await one.page.keyboard.press("Enter")
        await other.page.locator("[data-id=desk].unread").click()
        await other.page.get_by_text("<b>こんにちは</b>", exact=True).wait_for()
