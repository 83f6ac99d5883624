"""Whatever people write: nothing runs, nothing leaves its place, the page stays a page. Axe finds no serious fault."""

from typing import Any

import pytest
from browsing import AXE, PHONE, Pretend, Stage, button, card, message, quote, section

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = {
    "script": "<script>document.title='hit'</script>",
    "image": "<img src=x onerror=\"document.title='hit'\">",
    "frame": "<iframe srcdoc=\"<script>parent.document.title='hit'</script>\"></iframe><svg/onload=alert(1)>",
    "template": "${document.title='hit'} {{7*7}} {name} %s `</code><b>x</b>`",
    "turned": "\u202eنحن هنا‮ \u2066⁧gnirts‏",
    "zero": "a\u200b" * 300 + "\u0000\u0007\ufeff",
    "endless": "W" * 4000,
    "tower": "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 60,
    "emoji": "👨‍👩‍👧‍👦🏴‍☠️🇯🇵" * 50,
    "lines": "\n" * 400 + "end",
    "long": "返事をください。" * 2500,
}
WIDE = """[...document.querySelectorAll('main *, dialog *')].filter((one) => one.checkVisibility()
    && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.unseen, .day')).length"""
WILD = [(0, 3), (2, 9), (5, 10**9), (-4, 1)]
"""Marks that fit no text."""
SERIOUS = ("serious", "critical")
SCHEMES = ["light", "dark"]


def everywhere(text: str) -> list[dict[str, Any]]:
    """The text in every place that people's words can reach."""
    hostile = card(
        text, "danger", footer=text, mention=text, chart="javascript:document.title='hit'", alt=text,
        sections=[section(text, [text], [(text, text)], quotes=[quote(text, WILD, source=text)])],
        buttons=[button(text, text, "primary"), button("why", text)],
    )  # fmt: skip
    return [
        message(1, by="tanaka", name=text, text=text),
        message(2, card=hostile),
        message(3, text=text, private=True),
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_are_only_words(small: Pretend, text: str) -> None:
    town = small
    await town.starts(*everywhere(text))
    assert await town.page.locator("#messages > li").count() == 3
    assert await town.page.locator("#messages :is(script, iframe, img, b b, object, embed, link, style)").count() == 0
    assert await town.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert await town.page.evaluate(WIDE) == 0
    kept = await town.page.evaluate("document.querySelector('#messages .said').textContent")
    assert kept == text
    assert await town.page.title() in ("kasuhara", "(1) kasuhara")


async def test_long_words_fold_and_open(town: Pretend) -> None:
    await town.starts(message(1, by="tanaka", text=HOSTILE["long"]))
    box = town.page.locator(".said")
    low = (await box.bounding_box())["height"]
    await town.page.get_by_role("button", name="全文を表示(20000文字)").click()
    assert low < 300 < (await box.bounding_box())["height"]


async def test_only_pictures_of_this_server_are_shown(town: Pretend) -> None:
    bad = ["https://example.com/x.png", "//example.com/x.png", "javascript:alert(1)", "data:image/png;base64,AA=="]
    await town.starts(*(message(n, card=card(chart=url, alt="図")) for n, url in enumerate(bad, 1)))
    assert await town.page.locator(".card").count() == 4
    assert await town.page.locator(".chart").count() == 0


async def faults(town: Pretend) -> list[str]:
    """What axe-core finds: serious and critical faults, with where."""
    found = await town.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']][:3]} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing_serious(stage: Stage, scheme: str) -> None:
    from test_page import FORM, PING

    tones = ["calm", "notice", "warning", "good"]
    shown = [
        message(1, by="tanaka", text="返事まだ?"),
        message(2, by="suzuki", text="見ています"),
        message(3, card=PING),
    ]
    shown += [
        message(
            4 + n,
            private=n == 1,
            card=card(f"{tone}のカード", tone, footer="事案 #1", buttons=[button("why", "なぜ?")]),
        )
        for n, tone in enumerate(tones)
    ]
    async with stage.pretended(shown, scheme=scheme, bypass_csp=True) as town:
        town.says("message", message=message(9, "desk", "tanaka", text="新しい"))
        await town.page.add_script_tag(path=AXE)
        assert await faults(town) == []
        town.says(
            "tour", scenario="a", step=1, of=2, said="三通目で気づきました。", title="同じメール", done=False, look=None
        )
        await town.page.locator("#write").fill("/")
        await town.page.wait_for_selector("#tour .step")
        assert await faults(town) == [], "with the tour and the commands"
        town.says("form", **FORM)
        await town.page.wait_for_selector("dialog[open]")
        await town.page.get_by_role("button", name="送信").last.click()
        assert await faults(town) == [], "with a form and a mistake in it"
        await town.page.keyboard.press("Escape")
        await town.page.set_viewport_size(PHONE)
        await town.page.locator("#open-left").click()
        assert await faults(town) == [], "on a phone, with the people"
