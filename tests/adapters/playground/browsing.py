"""A real browser on the playground's page: with the real server behind it, or with a line that a test speaks itself."""

import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

import adapters.playground.server as server
from adapters.playground.live import UPLOAD
from adapters.wording.say import all_of

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP = {"width": 1200, "height": 800}
PHONE = {"width": 390, "height": 800}
SOON = 10_000
"""Milliseconds that a test waits at most for what comes at once."""
AXE = Path(__file__).parents[2] / "data" / "axe" / "axe.min.js"
AT = "2026-11-23T01:{:02d}:{:02d}+00:00"
PERSONAS = [
    {"id": "tanaka", "name": "田中", "said": "お客様", "role": "customer", "inside": False},
    {"id": "suzuki", "name": "鈴木", "said": "上長", "role": "supervisor", "inside": True},
]
CHANNELS = [
    {"id": "alert", "kind": "alert", "name": "アラート"},
    {"id": "desk", "kind": "customer", "name": "お客様窓口"},
]
SCENARIOS = [{"id": "a", "title": "同じメール", "about": "何が起きるか", "steps": 2}]
COMMANDS = [
    {"word": "報告", "names": ["報告", "report"], "about": "起きたことを報告します", "example": ""},
    {"word": "ヘルプ", "names": ["ヘルプ", "help"], "about": "使い方を見ます", "example": ""},
]

Json = dict[str, Any]


def card(title: str = "くり返しの疑い", tone: str = "warning", **given: Any) -> Json:
    """A card as the server sends it."""
    empty = {"sections": [], "buttons": [], "footer": "", "chart": None, "alt": "", "mention": None}
    return {"title": title, "tone": tone, **empty, **given}


def section(heading: str = "", lines: Iterable[str] = (), fields: Iterable[tuple[str, str]] = (), **given: Any) -> Json:
    made = [{"label": label, "value": value} for label, value in fields]
    return {"heading": heading, "lines": list(lines), "fields": made, "quotes": [], **given}


def quote(text: str, marks: Iterable[tuple[int, int]] = (), source: str = "11-23 10:03", gone: bool = False) -> Json:
    return {"text": text, "source": source, "gone": gone, "marks": [list(one) for one in marks]}


def button(action: str, label: str, style: str = "plain") -> Json:
    return {"action": action, "subject": "ping:1", "label": label, "style": style}


def message(number: int, channel: str = "alert", by: str = "bot", **given: Any) -> Json:
    """The `number`-th message of a town: later ones have higher numbers."""
    kind = {"bot": "bot", "tanaka": "customer"}.get(by, "staff")
    minute, second = divmod(number % 3600, 60)
    plain = {"text": None, "card": None, "private": False, "edited": False, "gone": False, "again": False}
    return {
        "id": f"m{number}", "channel": channel, "at": AT.format(minute, second), "shown": f"10:{minute:02d}",
        "day": "11/23(月)", "by": {"id": by, "name": given.pop("name", by), "kind": kind}, **plain,
        "can_report": by == "tanaka", **given,
    }  # fmt: skip


@dataclass
class Pretend:
    """A page whose server is the test: `heard` is what the page sent."""

    page: Any
    line: Any = None
    heard: list[Json] = field(default_factory=list)
    rooms: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    lang: str = "ja"
    number: int = 0
    slow: bool = False
    """Whether a persona is asked for and the room is not there yet: the test sends it."""

    async def starts(self, *messages: Json) -> None:
        """A new room of these messages; nothing of the one before is left but the open page."""
        self.number += 1
        self.messages = list(messages)
        await self.page.evaluate("document.querySelector('dialog')?.close()")
        await self.page.locator("#write").fill("")
        self.enters()
        await self.page.wait_for_function("() => document.querySelector('[data-id=alert]')")
        await self.page.evaluate("document.querySelector('[data-id=alert]').click()")
        await self.page.get_by_text(f"部屋 {self.number}", exact=True).wait_for()
        await self.page.evaluate("document.getElementById('said').replaceChildren()")
        self.heard.clear()

    def opens(self, line: Any) -> None:
        """The page connects: hello and the room."""
        self.line = line
        line.on_message(self._hears)
        self.says("hello", **self.greeting())
        self.enters()
        self.says("clock", iso="", shown="11/23(月) 10:03", moving=False)

    def greeting(self) -> Json:
        words = all_of(self.lang, "playground.page.")
        return {"lang": self.lang, "words": words, "personas": PERSONAS, "languages": ["ja", "en"], "limit": UPLOAD,
                "scenarios": SCENARIOS, "commands": COMMANDS}  # fmt: skip

    def enters(self, persona: str = "suzuki") -> None:
        channels = [{**one, "about": f"部屋 {self.number}"} for one in CHANNELS]
        shown = {"channels": channels, "messages": self.messages[-200:]}
        self.says("room", persona=persona, lang=self.lang, tour=f"room-{self.number}", **shown)

    def says(self, t: str, **fields: Any) -> None:
        self.line.send(json.dumps({"t": t, **fields}))

    def _hears(self, data: str) -> None:
        said = json.loads(data)
        self.heard.append(said)
        if said["t"] == "be":
            self.lang = said["lang"]
            if not self.slow:
                self.enters(said["persona"])

    def sent(self, kind: str) -> list[Json]:
        return [one for one in self.heard if one["t"] == kind]


@dataclass
class Visit:
    """An open page, and everything that went wrong on it."""

    page: Any
    wrong: list[str]


@contextlib.asynccontextmanager
async def visit(browser: Any, address: str, **given: Any) -> AsyncIterator[Visit]:
    """The page at `address`; nothing may be loaded from anywhere else, and nothing may go wrong while it is open."""
    async with _opened(browser, address, **given) as found:
        await found.page.goto(address)
        await found.page.wait_for_selector("body[data-state=there]")
        yield found
    assert not found.wrong, found.wrong


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """The page's own files as the real server sends them, and nothing else; the address."""

    async def file(request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        return web.FileResponse(server.PAGE / name, headers=server.HEADERS)

    app = web.Application()
    app.router.add_get("/", file)
    app.router.add_get("/page/{name}", file)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@dataclass
class Stage:
    """A browser, and where the page's files are."""

    browser: Any
    address: str

    @contextlib.asynccontextmanager
    async def pretended(self, messages: Iterable[Json] = (), **given: Any) -> AsyncIterator[Pretend]:
        """The page with a test as its server."""
        async with _opened(self.browser, self.address, **given) as found:
            pretend = Pretend(found.page, messages=list(messages))
            await found.page.route_web_socket("**/live*", pretend.opens)
            await found.page.goto(self.address)
            await found.page.wait_for_selector("body[data-state=there]")
            yield pretend
        assert not found.wrong, found.wrong


@contextlib.asynccontextmanager
async def _opened(
    browser: Any,
    address: str,
    viewport: dict[str, int] | None = None,
    scheme: str = "light",
    locale: str = "ja-JP",
    **given: Any,
) -> AsyncIterator[Visit]:
    context = await browser.new_context(
        viewport=viewport or DESKTOP, color_scheme=scheme, reduced_motion="reduce", locale=locale, **given
    )
    try:
        page = await context.new_page()
        page.set_default_timeout(SOON)
        found = Visit(page, [])
        page.on("pageerror", lambda error: found.wrong.append(str(error)))
        page.on("console", lambda said: found.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("dialog", lambda asked: found.wrong.append(f"dialog: {asked.message}"))
        page.on("request", lambda asked: None if _own(asked.url, address) else found.wrong.append(asked.url))
        yield found
    finally:
        await context.close()


def _own(url: str, address: str) -> bool:
    return url.startswith((address.partition("?")[0], "data:", "blob:"))
