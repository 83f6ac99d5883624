"""The connection's own kind of discord.py client: few intents, no cache of messages, nobody mentioned by accident."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic
from typing import Any, Final

import discord
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route

from adapters.chat.quiet import quiet
from bot.domain.errors import Refused
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.discord")
API: Final = "https://discord.com/api/v10"
GATEWAY: Final = "wss://gateway.discord.gg/"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
HOUR: Final = 3600.0
IDENTIFIES: Final = 20
"""Sessions begun in an hour at most: half of what a day allows before Discord resets the token (discord.md 19)."""
LONGEST_WAIT: Final = 30.0
"""Seconds that discord.py may sleep in a limit, and no fewer are allowed; what takes longer is said, not slept."""
FINISHING: Final = 5.0
"""Seconds that listeners have to finish what they began."""
PATIENCE: Final = 1.0
"""Seconds for what precedes a listener."""
Listener = Callable[..., Awaitable[None]]


class Spent(Exception):
    """Too many sessions were begun lately; `again`: seconds until the next may be."""

    def __init__(self, again: float = HOUR / 4) -> None:
        super().__init__(again)
        self.again = again


def intents() -> discord.Intents:
    """What we ask to be told: messages with their words, servers with their channels and roles; no lists of members."""
    asked = discord.Intents.none()
    asked.guilds = asked.guild_messages = asked.dm_messages = asked.message_content = True
    return asked


def point(api: str, gateway: str, *, anywhere: bool) -> None:
    """Let discord.py speak to these addresses; Refused for one that is neither Discord nor this machine.

    The addresses are the library's own, one for the whole process (discord.md section 1).
    """
    for address, usual in ((api, API), (gateway, GATEWAY)):
        if address and address != usual and not anywhere and yarl.URL(address).host not in LOOPBACK:
            raise Refused("discord.elsewhere")
    Route.BASE = (api or API).rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway or GATEWAY)


class Client(discord.Client):
    """Several listeners may wait for one event; what they do is finished before the client is closed."""

    def __init__(self, clock: Clock, *, silence: float = 60.0, rest: float = 5.0, guilds: float = 1.0) -> None:
        """In seconds: `silence` until a connection is not believed any more, `rest` before a session is begun anew,
        `guilds` that the servers are waited for after one began."""
        super().__init__(
            intents=intents(), allowed_mentions=discord.AllowedMentions.none(), max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(), heartbeat_timeout=silence, guild_ready_timeout=guilds,
            max_ratelimit_timeout=LONGEST_WAIT,
        )  # fmt: skip
        no_bodies()
        self._clock = clock
        self._rest = rest
        self._heard = clock()
        self._begun: list[float] = []
        self._waiting: dict[str, list[Listener]] = {}
        self._before: dict[str, Listener] = {}
        self._running: set[asyncio.Task[None]] = set()
        self.begins: Callable[[], Awaitable[float]] | None = None
        """Asked before every session: the seconds until it may begin, 0 = now, which is noted."""
        self.silent_since: datetime | None = None
        """Since when events may have been lost; None while nothing can have been."""

    def listens(self, event: str, listener: Listener) -> None:
        """Call it for every such event, by discord.py's name without `on_`."""
        self._waiting.setdefault(event, []).append(listener)

    def precedes(self, event: str, step: Listener) -> None:
        """Done, for every such event, before its listeners; what goes wrong in it keeps nobody back."""
        self._before[event] = step

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if event == "socket_event_type":
            self._heard = self._clock()
        elif event == "disconnect":
            self.lost()
        super().dispatch(event, *args, **kwargs)
        for listener in self._waiting.get(event, ()):
            task = asyncio.get_running_loop().create_task(self._do(listener, event, args))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def sockets(self) -> list[DiscordWebSocket]:
        """Every connection that beats, also one that was given up before it stood: discord.py forgets those, and their
        threads go on."""
        beating = [thread.ws for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler)]
        found = [socket for socket in beating if getattr(socket, "_connection", None) is self._connection]
        return found if self.ws is None or self.ws in found else [self.ws, *found]

    def lost(self) -> None:
        """Nothing is heard any more: what comes from now on has to be read from history."""
        self.silent_since = self.silent_since or self._heard

    def heard_again(self) -> datetime:
        """The connection stands; since when to read."""
        since, self.silent_since = self.silent_since or self._heard, None
        return since

    async def login_again(self, token: str) -> None:
        """After discord.py closed everything; raises what logging in raises, and is closed then."""
        if not self.is_closed():
            return
        self.clear()
        self.http.connector = discord.utils.MISSING  # closed as well
        try:
            await self.login(token)
        except BaseException:
            await self.close()
            raise

    async def finished(self) -> None:
        """Everything that listeners have begun is done."""
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=FINISHING)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        now = monotonic()
        self._begun = [at for at in self._begun if now - at < HOUR]
        if len(self._begun) >= IDENTIFIES:
            raise Spent
        if not initial:
            await asyncio.sleep(self._rest)
        if self.begins is not None and (again := await self.begins()) > 0:
            raise Spent(again)
        self._begun.append(monotonic())

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        LOG.warning("discord.failed event=%s", event, exc_info=False)

    async def _do(self, listener: Listener, event: str, args: tuple[Any, ...]) -> None:
        try:
            if event in self._before:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(PATIENCE):
                        await self._before[event](*args)
            await listener(*args)
        except Exception as error:
            LOG.warning("discord.failed event=%s error=%s", event, type(error).__name__)


def no_bodies() -> None:
    """Let discord.py warn without a word of a body."""
    for name in ("client", "gateway", "http", "state", "webhook.async_", "app_commands.tree", "ui.view"):
        quiet(f"discord.{name}", "discord")
