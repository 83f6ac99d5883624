"""The local Discord: one object a test starts, speaks through, breaks, and asks what it saw."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from aiohttp import web

from .api import BASE, RestApi
from .changing import Changes
from .channel import Channel
from .clicking import Person
from .events import News
from .faults import Faults
from .gateway import Gateway
from .guild import Json, User
from .handshake import Handshake
from .interactions import FIRST_ANSWER, Form, Interaction
from .limits import Limits
from .mentions import ANSWERS
from .message import Kind, Message
from .posting import Draft, post
from .record import Record
from .world import App, World


class LocalDiscord(Changes):
    """A Discord on 127.0.0.1 with one app; `async with` starts and stops it.

    `gateway` brings what happens to the app, `faults` and `limits` spoil its calls, `clock` moves time, `record`
    remembers its calls.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = world.clock
        self.files = world.files
        self.record = Record()
        self.faults = Faults()
        self.limits = Limits()
        self.gateway = Gateway(world)
        self.news = News(world, self.gateway)
        self.interactions: dict[int, Interaction] = {}
        self.forms: dict[int, Form] = {}
        """The modal that stands open, by user."""
        self.everywhere: list[Json] = []
        """Global commands; nobody here uses them."""
        self.troubles: list[tuple[str, str]] = []
        """What people saw as Discord's own error: user name and text."""
        self.written: list[Message] = []
        """Every message ever posted, in order, those that are gone too."""
        self.opened_commands = False
        """True: the server's administrators opened every command to everybody (rule discord-9)."""
        self.patience = FIRST_ANSWER
        """How long an awaited click waits for its first answer."""
        self.base = ""
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite

    async def __aenter__(self) -> "LocalDiscord":
        door = web.Application(client_max_size=0)
        handshake = Handshake(self)
        door.router.add_get("/gw", handshake.serve)
        door.router.add_get("/gw/", handshake.serve)
        door.router.add_get("/gw/resume", handshake.serve)
        door.router.add_get("/cdn/attachments/{channel}/{id}/{name}", self.files.serve)
        RestApi(self).mount(door)
        self._runner = web.AppRunner(door, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await self.comes_back()
        return self

    async def comes_back(self) -> None:
        """Listen (again), on the same port as before."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port if self.base else 0)
        await self._site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = self.files.base = f"http://{host}:{port}"
        self.gateway.base = f"ws://{host}:{port}/gw"

    async def goes_down(self) -> None:
        """An outage: every connection of the gateway breaks, new ones of any kind are refused."""
        await self._site.stop()
        for connection in list(self.gateway.connections):
            connection.cut()

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def app(self) -> App:
        return self.world.app

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def port(self) -> int:
        return int(self.base.rsplit(":", 1)[1])

    @property
    def api_url(self) -> str:
        """DISCORD_API_URL, the Route.BASE of discord.py."""
        return f"{self.base}{BASE}"

    @property
    def gateway_url(self) -> str:
        """DISCORD_GATEWAY_URL, the DEFAULT_GATEWAY of discord.py."""
        return self.gateway.base

    def environment(self, **more: str) -> dict[str, str]:
        """What a bot in a process of its own needs; no proxy."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), "")
        urls = {"DISCORD_API_URL": self.api_url, "DISCORD_GATEWAY_URL": self.gateway_url}
        return {**proxies, **urls, "DISCORD_BOT_TOKEN": self.app.token, **more}

    def user(self, key: int | str) -> Person:
        """Somebody by id, user name or shown name."""
        return Person(self, self.world.user(key))

    def direct(self, user: int | str) -> Channel:
        """The direct conversation of the bot with this person."""
        return self.world.direct(self.world.user(user))

    def posts(self, channel: int | str | Channel = "") -> list[Message]:
        """What the bot has posted for everybody and still stands, oldest first: in one channel or anywhere."""
        places = [self.channel(channel)] if channel else list(self.world.channels.values())
        mine = [
            m for place in places for m in place.messages.values() if m.author is self.bot and m.kind is not Kind.PIN
        ]
        return sorted(mine, key=lambda message: message.id)

    def cards(self, channel: int | str | Channel = "") -> list[Message]:
        """Those of them that have an embed."""
        return [message for message in self.posts(channel) if message.embeds]

    def mentions(self, message: Message) -> set[str]:
        """Who was really mentioned by any version of it: "@id", "@&role", "@everyone", "@here"."""
        return set(message.pings)

    def pinged(self) -> set[str]:
        """Everybody whom any message of the bot ever mentioned, deleted ones too."""
        return {name for message in self.written if message.author is self.bot for name in message.pings}

    def hooks(self, text: str, webhook: int | str = "", username: str = "") -> Message:
        """A webhook posts in its channel."""
        found = next(hook for hook in self.world.webhooks.values() if not webhook or webhook in {hook.id, hook.name})
        author = User(found.id, username or found.name, bot=True, webhook=True)
        place = self.world.channels[found.channel]
        return post(self, Draft(place, author, {"content": text}, default=ANSWERS, webhook=found.id))

    def history(self, channel: int | str, *said: tuple[str, str], ago: float = 0.0) -> list[Message]:
        """What was said (user, text) before the bot came: it stands there, no event tells of it."""
        place = self.channel(channel)
        drafts = [Draft(place, self.world.user(who), {"content": text}, ago=ago) for who, text in said]
        return [post(self, draft, tell=False) for draft in drafts]

    async def until(self, happened: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until it is true; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not happened():  # noqa: ASYNC110  (a condition of the test: nothing signals it)
                await asyncio.sleep(0.005)
