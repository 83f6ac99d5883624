"""Somebody at the playground's page: a real browser's line to the real server, and what it was sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from adapters import wiring
from adapters.settings import Settings

BASE = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
"""The machine's clock, which stands still: a Friday in Tokyo; the town begins it at 10:00."""
SOON = 10.0
GIVEN = Settings(playground_port=0)

Message = dict[str, Any]


@dataclass
class Page:
    """One open page; `shown` is every message that it was sent and that it may see now, by id."""

    socket: ClientWebSocketResponse
    shown: dict[str, Message] = field(default_factory=dict)
    heard: list[Message] = field(default_factory=list)

    async def sends(self, t: str, **fields: object) -> None:
        await self.socket.send_json({"t": t, **fields})

    async def hears(self, kind: str) -> Message:
        """The next message of this kind."""
        async with asyncio.timeout(SOON):
            while True:
                if (message := await self._next())["t"] == kind:
                    return message

    async def until(self, fits: Callable[[], Any]) -> Any:
        """Read on until this is so; what it found."""
        async with asyncio.timeout(SOON):
            while not (found := fits()):
                await self._next()
        return found

    async def _next(self) -> Message:
        message: Message = await self.socket.receive_json()
        self.heard.append(message)
        if message["t"] == "room":
            self.shown = {one["id"]: one for one in message["messages"]}
        if message["t"] == "message":
            self.shown[message["message"]["id"]] = message["message"]
        return message

    async def be(self, persona: str, lang: str = "ja") -> Message:
        await self.sends("be", persona=persona, lang=lang)
        room = await self.hears("room")
        await self.hears("clock")
        return room

    async def says(self, channel: str, text: str, times: int = 1) -> None:
        for _ in range(times):
            await self.sends("say", channel=channel, text=text)

    def cards(self, channel: str, *parts: str, private: bool = False) -> list[Message]:
        """The messages of a channel whose card has all of these words, oldest first."""
        found = [
            one
            for one in self.shown.values()
            if one["channel"] == channel and one["card"] and one["private"] >= private
        ]
        return [one for one in found if all(part in str(one["card"]) for part in parts)]

    async def card(self, channel: str, *parts: str, private: bool = False) -> Message:
        """The newest such card, once it is there."""
        found: list[Message] = await self.until(lambda: self.cards(channel, *parts, private=private))
        return found[-1]

    async def presses(self, message: Message | None, action: str, card: Message | None = None) -> None:
        """The first button of this action on a message, or on a card in a dialog."""
        buttons = (card or message["card"])["buttons"]
        button = next(one for one in buttons if one["action"] == action)
        id = message["id"] if message else None
        await self.sends("press", message=id, action=action, subject=button["subject"])


@dataclass
class Town:
    """The open playground."""

    url: str
    http: ClientSession

    @contextlib.asynccontextmanager
    async def page(self, persona: str = "", lang: str = "ja") -> AsyncIterator[Page]:
        address = f"{self.url}/live?lang={lang}"
        async with self.http.ws_connect(address, headers={"Origin": self.url}) as socket:
            page = Page(socket)
            await page.hears("clock")
            if persona:
                await page.be(persona, lang)
            yield page


@contextlib.asynccontextmanager
async def visited(
    file: Path | None = None, lang: str = "ja", base: datetime = BASE, **given: Any
) -> AsyncIterator[Town]:
    settings = replace(GIVEN, language=lang, **given)
    async with wiring.playground(settings, file, clock=lambda: base) as url, ClientSession() as http:
        yield Town(url.partition("/?")[0].rstrip("/"), http)
