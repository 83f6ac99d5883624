"""A browser for the tests of the page: one per test process, and a reason where there is none."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from browsing import CHROMIUM, FLAGS, PHONE, Pretend, Stage, serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Any]:
    api = pytest.importorskip("playwright.async_api", reason="the page is not tested: no playwright (pip install it)")
    if not CHROMIUM.exists():
        pytest.skip("the page is not tested: no /usr/bin/chromium (apt-get install chromium fonts-noto-cjk)")
    async with api.async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, headless=True)
        yield found
        await found.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(browser: Any) -> AsyncIterator[Stage]:
    async with serving() as address:
        yield Stage(browser, address)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_page(stage: Stage) -> AsyncIterator[Pretend]:
    async with stage.pretended() as town:
        yield town


@pytest_asyncio.fixture(loop_scope="session")
async def town(open_page: Pretend) -> Pretend:
    """An open page whose server is the test, in an empty room: opening one costs more than most tests do."""
    await open_page.starts()
    return open_page


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def small(stage: Stage) -> AsyncIterator[Pretend]:
    """The same on a phone."""
    async with stage.pretended(viewport=PHONE) as town:
        yield town
