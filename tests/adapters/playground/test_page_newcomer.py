"""What newcomers stumbled over on the page: slashes, a reload, a text that is too long, a file that is no export."""

from typing import Any

import pytest
from browsing import Pretend, visit
from visiting import visited

from adapters.cli import main

pytestmark = pytest.mark.asyncio(loop_scope="session")

MEANT = ("/kasuhara 状況", "\uff0fkasuhara 状況", "/KASUHARA 状況", "/状況", "\uff0f状況", "/kasuhar 状況")


async def test_what_staff_begin_with_a_slash_never_reaches_the_customer() -> None:
    async with visited() as town, town.page("tanaka") as customer, town.page("sato") as agent:
        for line in MEANT:
            await agent.says("desk", line)
        await agent.until(lambda: len(agent.cards("desk", private=True)) == len(MEANT))
        assert len(agent.cards("desk", "今の状況", private=True)) == len(MEANT) - 1, "the misspelt one is asked back"
        await agent.says("desk", "3/4 は在庫があります")
        await customer.until(lambda: customer.shown)
        assert [one["text"] for one in customer.shown.values()] == ["3/4 は在庫があります"]


async def test_a_customer_may_begin_with_a_slash() -> None:
    async with visited() as town, town.page("tanaka") as customer, town.page("sato") as agent:
        await customer.says("desk", "/etc/hosts が読めません")
        await agent.until(lambda: [one for one in agent.shown.values() if one["text"] == "/etc/hosts が読めません"])


async def test_a_text_that_is_too_long_stays_and_is_told(town: Pretend) -> None:
    await town.page.fill("#write", "あ" * 4001)
    await town.page.press("#write", "Enter")
    await town.page.get_by_text("4001文字").wait_for()
    assert town.sent("say") == [] and len(await town.page.input_value("#write")) == 4001
    await town.page.fill("#write", "一行目\n" + "あ" * 3996)
    await town.page.press("#write", "Enter")
    await town.page.wait_for_function("() => document.getElementById('write').value === ''")
    assert len(town.sent("say")[0]["text"]) == 4000


async def test_a_file_that_is_no_export_leaves_nothing_running(town: Pretend) -> None:
    town.says("progress", done=0, total=0)
    await town.page.locator("#drop-said").wait_for()
    town.says("trouble", text="開けません。", replay=True)
    await town.page.get_by_text("開けません。").wait_for()
    assert not await town.page.locator("#drop-bar").is_visible()


async def test_a_reload_keeps_who_and_where_and_another_tab_is_free(browser: Any) -> None:
    async with visited() as town, visit(browser, f"{town.url}/") as found:
        await found.page.locator("input[value=ito]").check(force=True)
        await found.page.locator("[data-id=leads]").click()
        await found.page.reload()
        await found.page.locator("[data-id=leads][aria-current=page]").wait_for()
        assert await found.page.locator("input[value=ito]").is_checked()
        other = await found.page.context.new_page()
        await other.goto(f"{town.url}/")
        await other.locator("input[value=suzuki]:checked").wait_for()


@pytest.mark.parametrize("word", ["99999", "abc", "-1"])
async def test_a_port_that_is_none_is_told_in_a_sentence(
    word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["playground", f"--port={word}"])
    assert "65535" in capsys.readouterr().err
    monkeypatch.setenv("KASUHARA_PLAYGROUND_PORT", word)
    assert main(["playground", "--lang", "en"]) == 1
    assert "KASUHARA_PLAYGROUND_PORT" in capsys.readouterr().err
