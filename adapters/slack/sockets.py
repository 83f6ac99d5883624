"""Socket Mode: several connections at once, refreshed one at a time, and none believed that has gone silent."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.minding import lasting
from adapters.slack.calls import seconds_of, word_of
from bot.domain.errors import Refused
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.slack")
SOCKETS: Final = 2
"""Connections at once: one is always there while the other is refreshed (slack.md 8, 15)."""
BEAT: Final = 5.0
"""Seconds between our own pings; one that is not answered ends the connection."""
AGAIN: Final = (0.2, 60.0)
"""Seconds before the next attempt to connect, at first and at most."""
LONGEST: Final = 600.0
"""Seconds that Slack may ask us to wait before we connect."""
FINISHING: Final = 3.0
"""Seconds that what was taken has to be finished in when a connection is given up (slack.md 1)."""
NOT_TAKEN: Final = frozenset(
    {
        "invalid_auth", "not_authed", "account_inactive", "token_revoked",
        "token_expired", "not_allowed_token_type", "missing_scope",
    }
)  # fmt: skip
"""Slack's words for a token that waiting does not mend."""

BROKEN: Final = (SlackClientError, ClientError, OSError, ValueError, AttributeError)
"""A line that broke, or an answer that is none, such as the page of a proxy: tried again, for ever."""

Take = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
"""Takes an envelope; the acknowledgement to send, or None for none."""


class Sockets:
    """Keeps SOCKETS connections. `take` is called for every envelope; `missed` with a time since which events may have
    been lost. `silence`: after so many seconds without an envelope or a ping of Slack's a connection is made anew."""

    def __init__(
        self, client: AsyncWebClient, token: str, take: Take, missed: Callable[[datetime], None], clock: Clock,
        silence: float = 60.0,
    ) -> None:  # fmt: skip
        self._client = client
        self._token = token
        self._take = take
        self._missed = missed
        self._clock = clock
        self._silence = silence
        self._links: set[_Link] = set()
        self._spare: list[_Link] = []
        """What stands already and nobody keeps yet."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._refreshing = asyncio.Lock()
        self._stopping = False

    async def open(self) -> None:
        """Connect; Refused where Slack does not take the token. Where it cannot be reached, we go on trying."""
        self._session = ClientSession()
        try:
            self._spare.append(await self._connect())
        except SlackApiError as error:
            if word_of(error) in NOT_TAKEN:
                await self._session.close()
                raise Refused("slack.app_token") from error
        except BROKEN:
            pass
        self._keepers = [asyncio.create_task(lasting("socket", self._keep)) for _ in range(SOCKETS)]

    async def close(self) -> None:
        """Take nothing more, finish and acknowledge what was taken, then hang up."""
        self._stopping = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISHING)
        for link in list(self._links):
            await self._drop(link)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def _keep(self) -> None:
        """One place among the connections, filled again whenever it falls empty."""
        silence, (pause, most) = self._silence, AGAIN
        link = self._spare.pop() if self._spare else await self._connected()
        while True:
            try:
                ending = await link.over(silence)
                if ending == "refresh":
                    link = await self._refreshed(link)
                    continue
                LOG.warning("socket.lost why=%s", ending)
                await self._drop(link)
            except Exception:
                self._missed(link.heard_at)
                await self._drop(link)
                raise
            since, spoke = link.heard_at, link.spoke
            if ending == "refused":
                await asyncio.sleep(pause)
            pause = min(pause * 2, most) if ending == "refused" else AGAIN[0]
            link = await self._connected()
            # One that stays silent again and again is made anew ever more seldom: Slack counts connections.
            silence = min(silence * 2, self._silence * 10) if ending == "silent" and not spoke else self._silence
            self._missed(since)

    async def _refreshed(self, link: "_Link") -> "_Link":
        """A new connection in the place of this one, which may be hung up before: then nothing came meanwhile."""
        async with self._refreshing:
            new = await self._connected()
        if link.ended:
            self._missed(link.heard_at)
        self._start(self._retire(link))
        return new

    async def _connected(self) -> "_Link":
        wait, most = AGAIN
        while True:
            try:
                return await self._connect()
            except BROKEN as error:
                LOG.warning("socket.unreachable error=%s", type(error).__name__)
                asked = seconds_of(error, 0.0) if isinstance(error, SlackApiError) else 0.0
            await asyncio.sleep(max(wait, min(asked, LONGEST)))
            wait = min(wait * 2, most)

    async def _connect(self) -> "_Link":
        opened = await self._client.apps_connections_open(app_token=self._token)
        socket = await self._session.ws_connect(
            str(opened["url"]), autoping=False, heartbeat=BEAT, proxy=self._client.proxy, ssl=self._client.ssl or True,
            max_msg_size=0,
        )  # fmt: skip
        link = _Link(socket, self._brought, self._clock)
        self._links.add(link)
        return link

    def _brought(self, link: "_Link", envelope: dict[str, Any]) -> None:
        if not self._stopping:
            link.running.add(task := self._start(self._answer(link, envelope)))
            task.add_done_callback(link.running.discard)

    async def _answer(self, link: "_Link", envelope: dict[str, Any]) -> None:
        try:
            answer = await self._take(envelope)
        except Exception as error:
            LOG.warning("socket.not_taken error=%s", type(error).__name__)
            return
        if answer is None:
            return
        # An acknowledgement counts on whichever connection it goes out.
        for one in (link, *(self._links - {link})):
            with contextlib.suppress(ClientError, OSError):
                await one.socket.send_str(json.dumps(answer))
                return
        LOG.warning("socket.not_acknowledged")

    async def _retire(self, link: "_Link") -> None:
        """The new connection stands already; what came on the old one is finished first."""
        if link.running:
            await asyncio.wait(set(link.running), timeout=FINISHING)
        await self._drop(link)

    async def _drop(self, link: "_Link") -> None:
        await link.close()  # cancelled here, it is still ours to hang up
        self._links.discard(link)

    def _start(self, work: Any) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class _Link:
    """One connection, read from the moment it stands."""

    def __init__(
        self, socket: ClientWebSocketResponse, brought: "Callable[[_Link, dict[str, Any]], None]", clock: Clock
    ) -> None:
        self.socket = socket
        self.running: set[asyncio.Task[None]] = set()
        self.spoke = False
        """Whether anything came after the greeting."""
        self._brought = brought
        self._clock = clock
        self._hear()
        self._leaving = asyncio.Event()
        self._reason = ""
        self._reading = asyncio.create_task(self._read())

    @property
    def ended(self) -> bool:
        """Nothing comes any more."""
        return self._reading.done()

    async def over(self, silence: float) -> str:
        """Waits until this connection has to be replaced: "refresh", "refused", "silent" or "broken"."""
        while True:
            left = self._heard + silence - monotonic()
            if left <= 0:
                return "silent"
            leaving = asyncio.create_task(self._leaving.wait())
            try:
                await asyncio.wait({leaving, self._reading}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                leaving.cancel()
            if self._leaving.is_set():
                return "refresh" if self._reason in ("warning", "refresh_requested") else "refused"
            if self._reading.done():
                return "broken"

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        with contextlib.suppress(ClientError, OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self.socket.close()

    def _hear(self) -> None:
        self._heard, self.heard_at = monotonic(), self._clock()

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.PING:
                self._hear()
                self.spoke = True
                with contextlib.suppress(ClientError, OSError):
                    await self.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._hear()
                self._read_text(message.data)
            elif message.type is WSMsgType.ERROR:
                return

    def _read_text(self, text: str) -> None:
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        match told:
            case {"type": "hello"}:
                pass
            case {"type": "disconnect"}:
                self._reason = _word(told.get("reason"))
                LOG.info("socket.leaving reason=%s", self._reason)
                self._leaving.set()
            case {"envelope_id": str()}:
                self.spoke = True
                self._brought(self, told)
            case _:
                LOG.warning("socket.strange")


def _word(reason: object) -> str:
    known = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")
    return str(reason) if reason in known else "other"
