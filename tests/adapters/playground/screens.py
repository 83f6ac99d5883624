"""Pictures of the playground for docs/screens: python tests/adapters/playground/screens.py [FOLDER]

Every card of docs/cards.ja.md in both themes, and the page of the real server on a desktop and on a phone.
"""

import asyncio
import io
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browsing import CHROMIUM, FLAGS, PHONE, SOON, Stage, serving  # noqa: E402  (after the path is set)
from documents import CARDS, shown  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.async_api import async_playwright  # noqa: E402
from visiting import visited  # noqa: E402

from adapters.playground.drawn import card_json  # noqa: E402

DESKTOP = {"width": 1200, "height": 800}
THEMES = ("light", "dark")
COLOURS = 128
SHEET = """async ([title, cards]) => {
  const { card } = await import("/page/card.js");
  const { make } = await import("/page/dom.js");
  const sheet = make("div", { id: "sheet" }, make("h2", {}, title), ...cards.map(([caption, shown]) =>
    make("section", {}, make("h3", {}, caption), card(shown, () => {}))));
  const put = (one, style) => Object.assign(one.style, style);
  put(sheet, { columns: 2, columnGap: "24px", width: "1200px", padding: "24px", background: "var(--ground)" });
  put(sheet.querySelector("h2"), { columnSpan: "all", marginBottom: "12px" });
  for (const one of sheet.querySelectorAll(":scope > section")) put(one, { breakInside: "avoid", margin: "0 0 20px" });
  for (const one of sheet.querySelectorAll("section > h3")) put(one, { fontSize: "13px", color: "var(--soft)" });
  for (const one of document.body.children) one.hidden = true;
  document.body.append(sheet);
  put(document.body, { height: "auto", overflow: "visible" });
}"""


def keep(picture: bytes, path: Path) -> None:
    """Pages as PNG with few colours, the long sheets of cards as lossless WebP: all of it stays under 3 MB."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = Image.open(io.BytesIO(picture)).convert("RGB")
    if path.suffix == ".webp":
        found.save(path, lossless=True, method=6)
    else:
        few = found.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    sys.stdout.write(f"{path.name} {path.stat().st_size / 1000:.0f} kB\n")


async def cards(browser: Any, folder: Path, language: str) -> None:
    """Every card, a sheet for each group and theme."""
    async with serving() as address:
        for theme in THEMES:
            for number, ((ja, en), variants) in enumerate(CARDS.items(), 1):
                both = [(names[language == "en"], card_json(shown(key, language))) for key, names in variants.items()]
                async with Stage(browser, address).pretended(scheme=theme) as town:
                    town.lang = language
                    town.says("hello", **town.greeting())
                    await town.page.evaluate(SHEET, [en if language == "en" else ja, both])
                    picture = await town.page.locator("#sheet").screenshot()
                keep(picture, folder / f"cards-{number}.{theme}.{language}.webp")


async def pages(browser: Any, folder: Path, language: str, themes: tuple[str, ...]) -> None:
    """The page itself, in scenes of the tour."""
    for theme in themes:
        for device, size in (("desktop", DESKTOP), ("phone", PHONE)):
            context = await browser.new_context(
                viewport=size,
                color_scheme=theme,
                reduced_motion="reduce",
                locale=f"{language}-JP",
                has_touch=device == "phone",
                is_mobile=device == "phone",
            )
            page = await context.new_page()
            page.set_default_timeout(SOON)
            async with visited(lang=language) as town:
                await page.goto(f"{town.url}/")
                await page.wait_for_selector("body[data-state=there]")
                for scene, show in SCENES.items():
                    if (theme == "dark" and scene not in FEW) or (language == "en" and scene not in FEW[:2]):
                        continue
                    await show(page, device)
                    await page.wait_for_timeout(500)
                    keep(await page.screenshot(), folder / f"{scene}.{device}.{theme}.{language}.png")
            await context.close()


async def start(page: Any, device: str) -> None:
    if device == "phone":
        await page.locator("#open-left").click()


async def ping(page: Any, device: str) -> None:
    if device == "phone":
        await page.keyboard.press("Escape")
    await toured(page, device, "flood", 2)


async def form(page: Any, device: str) -> None:
    await left(page, device)
    await page.locator("[data-id=desk]").click()
    await page.locator(".message").first.hover()
    await page.locator(".deeds button").first.click()
    await page.wait_for_selector("dialog[open]")


async def digest(page: Any, device: str) -> None:
    if await page.locator("dialog").count():
        await page.keyboard.press("Escape")
    side = "#bar" if device == "phone" else "#tour"
    await page.locator(f"{side} [data-go=end]").click()
    await page.wait_for_selector(f"{side} [data-go=end]", state="detached")
    await toured(page, device, "threshold", 5)
    await page.wait_for_function("() => document.querySelector('#messages > li:last-child .chart img')?.complete")


async def why(page: Any, device: str) -> None:
    """One press on the ping, and the explanation down to the words that match."""
    await page.locator(".card [data-action=why]").last.click()
    await page.locator(".private mark").first.wait_for()
    await page.evaluate("[...document.querySelectorAll('.private .quote')].at(-1).scrollIntoView({ block: 'end' })")
    await page.locator("#write").blur()


async def command(page: Any, device: str) -> None:
    await page.locator("#write").fill("/")
    await page.wait_for_selector("[role=option]")


async def left(page: Any, device: str) -> None:
    if device == "phone":
        await page.locator("#open-left").click()


async def toured(page: Any, device: str, scenario: str, steps: int) -> None:
    if device == "phone":
        await page.locator("#open-right").click()
    await page.locator(f"#tour [data-go={scenario}]").click()
    side = "#bar" if device == "phone" else "#tour"
    for _ in range(steps):
        told = await page.locator(f"{side} .step").inner_text()
        await page.locator(f"{side} [data-go=next]").click()
        await page.wait_for_function(
            "([side, told]) => document.querySelector(`${side} .step`)?.textContent !== told", arg=[side, told]
        )
        await page.wait_for_timeout(300)


SCENES = {"start": start, "ping": ping, "why": why, "report": form, "digest": digest, "commands": command}
FEW = ("start", "ping", "digest")


async def main(folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, headless=True)
        await cards(browser, folder, "ja")
        await pages(browser, folder, "ja", THEMES)
        await pages(browser, folder, "en", ("light",))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "screens"))
