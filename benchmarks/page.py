"""The playground's page with 10,000 messages in a headless Chromium: how long clicks take; python -m benchmarks.page.

The real server and engine are behind it, in the same process; without Chromium or playwright it says why it measures
nothing.
"""

import asyncio
import math
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from adapters.wiring import calm
from benchmarks.traffic import texts

TESTS = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "adapters" / "playground")]
from browsing import CHROMIUM, DESKTOP, FLAGS  # noqa: E402  (the tests' own visitor and browser)
from visiting import Town, visited  # noqa: E402

SMALL, LARGE = 200, 10_000
CLICKS = 60
TARGET = 0.5
"""Seconds: p95 of a click with 10,000 messages, from the press of the button until the page shows what it leads to."""
NODES = 450
"""Messages that may stand on the page at once."""


async def page() -> bool:
    """Seconds of clicks with few and with many messages; whether the targets are met."""
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        print("the page is not measured: no playwright")
        return True
    if not CHROMIUM.exists():
        print("the page is not measured: no /usr/bin/chromium")
        return True
    async with async_playwright() as playwright, visited() as town:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, headless=True)
        shown = await browser.new_page(viewport=DESKTOP)
        await shown.goto(f"{town.url}/")
        await shown.locator("[data-id=desk]").click()
        met = True
        for before, now in ((0, SMALL), (SMALL, LARGE)):
            await _writes(town, shown, now - before)
            met = await _clicks(shown, now)
        await browser.close()
    return met


async def _writes(town: Town, shown: Any, number: int) -> None:
    """A customer writes; done when the page has the last one."""
    source, started = texts(random.Random(number)), time.perf_counter()  # noqa: S311
    async with town.page("tanaka") as customer:
        for _ in range(number - 1):
            await customer.sends("say", channel="desk", text=next(source))
        await customer.sends("say", channel="desk", text=f"最後 {number}")
        await shown.get_by_text(f"最後 {number}", exact=True).wait_for(timeout=300_000)
    print(f"  {number:>6,} messages written, judged and shown in {time.perf_counter() - started:.1f} s")


async def _clicks(shown: Any, number: int) -> bool:
    places = [shown.locator("[data-id=alert]"), shown.locator("[data-id=desk]")]
    told = {
        "open a place": await _timed(lambda n: _opens(shown, places[n % 2])),
        "write, until it is shown": await _timed(lambda n: _says(shown, f"返事 {number} {n}")),
    }
    nodes = await shown.evaluate("document.querySelectorAll('#messages > li').length")
    for what, (middle, most) in told.items():
        print(f"  {number:>6,} messages: {what:26} p50 {middle * 1000:.0f} ms, p95 {most * 1000:.0f} ms")
    print(f"  {number:>6,} messages: {nodes} of them on the page")
    return nodes <= NODES and all(most <= TARGET for _, most in told.values())


async def _opens(shown: Any, place: Any) -> None:
    await place.click()
    await shown.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")


async def _says(shown: Any, text: str) -> None:
    await shown.locator("#write").fill(text)
    await shown.locator("#send").click()
    await shown.get_by_text(text, exact=True).wait_for()


async def _timed(act: Callable[[int], Awaitable[None]]) -> tuple[float, float]:
    """Median and p95 in seconds."""
    seconds = []
    for number in range(CLICKS):
        started = time.perf_counter()
        await act(number)
        seconds.append(time.perf_counter() - started)
    seconds.sort()
    return seconds[len(seconds) // 2], seconds[math.ceil(len(seconds) * 0.95) - 1]


def run() -> bool:
    print("\nthe playground's page in a browser:")
    return asyncio.run(page())


def main() -> int:
    calm()
    met = run()
    print("all targets met" if met else "TARGETS MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
