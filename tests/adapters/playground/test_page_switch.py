"""Changing persona on the page: nothing typed is lost or misdirected meanwhile, and no ping stays unseen."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from browsing import Pretend, card, message, visit
from visiting import visited

pytestmark = pytest.mark.asyncio(loop_scope="session")

PING = card("【高】田中さん: くり返しの疑い", "danger", mention="鈴木")
OPEN = "[data-id={}][aria-current=page]"


@pytest_asyncio.fixture(loop_scope="session")
async def slow(town: Pretend) -> AsyncIterator[Pretend]:
    """A customer in their channel whose server is slow to change the persona: the test sends the room."""
    await town.starts(message(1, "desk", "suzuki", text="承ります"))
    await town.page.locator("[data-id=desk]").click()
    await town.page.locator("input[value=tanaka]").check()
    await town.page.get_by_text("田中として見ています").wait_for()
    town.slow = True
    yield town
    town.slow = False
    await town.page.locator("input[value=suzuki]").check()
    await town.page.get_by_text("鈴木として見ています").wait_for()


async def test_words_typed_during_the_change_are_the_new_personas(slow: Pretend) -> None:
    page, box = slow.page, slow.page.locator("#write")
    await box.fill("田中の下書き")
    await page.locator("input[value=suzuki]").check()
    assert await box.input_value() == ""
    await box.press_sequentially("確認しま")
    await page.keyboard.press("Enter")
    await page.locator(".toast").last.get_by_text("切り替えています").wait_for()
    slow.enters("suzuki")
    await page.get_by_text("鈴木として見ています").wait_for()
    await page.keyboard.type("した")
    await page.keyboard.press("Enter")
    await page.wait_for_function("() => document.getElementById('write').value === ''")
    assert slow.sent("say") == [{"t": "say", "channel": "desk", "text": "確認しました"}]


@pytest.mark.parametrize("when", ["before", "while", "after"])
async def test_a_ping_is_not_missed_around_the_change(slow: Pretend, when: str) -> None:
    """It stood before the room came, or it comes when the room is there: it is opened, or its place is marked."""
    ping = message(2, "alert", card=PING)
    await slow.page.locator("input[value=suzuki]").check()
    if when == "while":
        slow.says("message", message=ping)
    slow.messages += [ping] if when != "after" else []
    slow.enters("suzuki")
    if when == "after":
        slow.says("message", message=ping)
        await slow.page.locator("[data-id=alert].unread").click()
    await slow.page.wait_for_selector(OPEN.format("alert"))
    await slow.page.get_by_text(PING["title"]).wait_for()


async def test_a_late_older_message_and_one_of_the_same_moment_are_unread(town: Pretend) -> None:
    read = message(5, "alert", text="見た")
    await town.starts(read)
    await town.page.locator("[data-id=desk]").click()
    town.says("message", message=message(3, "alert", text="遅れて届いた"))
    await town.page.wait_for_selector("[data-id=alert].unread")
    await town.page.locator("[data-id=alert]").click()
    await town.page.locator("[data-id=desk]").click()
    await town.page.locator("input[value=tanaka]").check()
    await town.page.get_by_text("田中として見ています").wait_for()
    town.messages.append(message(6, "alert", text="同じ時刻", at=read["at"]))
    await town.page.locator("input[value=suzuki]").check()
    await town.page.get_by_text("鈴木として見ています").wait_for()
    await town.page.get_by_text("同じ時刻").wait_for()


async def test_what_a_passed_persona_is_told_is_not_shown(slow: Pretend) -> None:
    """The server takes us for somebody else for a moment: their private answers are not for this page."""
    await slow.page.locator("input[value=suzuki]").check()
    await slow.page.locator("input[value=tanaka]").check()
    slow.enters("suzuki")
    slow.says("message", message=message(2, "desk", text="鈴木だけに", private=True))
    slow.enters("tanaka")
    slow.says("message", message=message(3, "desk", "suzuki", text="お客様へ"))
    await slow.page.get_by_text("お客様へ").wait_for()
    assert await slow.page.get_by_text("鈴木だけに").count() == 0


async def test_the_page_follows_to_what_the_new_persona_has_not_read(browser: Any) -> None:
    async with visited() as town, visit(browser, f"{town.url}/") as found, town.page("tanaka") as other:
        page = found.page
        await page.locator("[data-id=desk]").click()
        await page.locator("input[value=guest]").check()
        await page.wait_for_selector(OPEN.format("acme"))
        await other.says("desk", "返金してください。今すぐ全額です。", times=3)
        async with town.page("suzuki") as there:
            await there.card("alert", "くり返し")
        await page.locator("input[value=suzuki]").check()
        await page.wait_for_selector(OPEN.format("alert"))
        await page.locator("[data-id=desk].unread").click()
        await page.locator("input[value=watanabe]").check()
        await page.locator("input[value=suzuki]").check()
        await page.get_by_text("鈴木として見ています").wait_for()
        assert await page.locator("[data-id=alert].unread").count() == 0
        await page.locator("[data-id=desk]").click()
        await page.reload()
        await page.wait_for_selector(OPEN.format("desk"))
