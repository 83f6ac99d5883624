"""The local Slack: one object a test starts, speaks through, breaks, and asks what it saw."""

import asyncio
import random
from collections.abc import Callable
from functools import partial
from types import TracebackType

from aiohttp import web

from .api import WebApi
from .channel import Channel
from .clicking import Person
from .courier import Courier, Mode
from .delivery import Delivery
from .events import News
from .faults import Faults
from .files import Files, without_body
from .http_events import HttpEvents
from .limits import Limits
from .message import Json, Message, typed
from .record import Record
from .replies import serve_response_url
from .socket_mode import SocketMode
from .speaking import Said, the_message
from .triggers import ResponseUrls, Triggers
from .views import Views
from .workspace import App, Workspace


class LocalSlack:
    """A Slack on 127.0.0.1 with one workspace; `async with` starts and stops it.

    `sockets`, `http` and `courier` bring what happens to the app, `faults` and `limits` spoil its calls, `clock` moves
    time, `record` remembers. `pages_forward`: history with `oldest` alone pages from the oldest (unverified: try both).
    """

    def __init__(self, workspace: Workspace, mode: Mode | str = Mode.NOWHERE) -> None:
        self.workspace = workspace
        self.clock = workspace.clock
        self.record = Record()
        self.faults = Faults()
        self.limits = Limits()
        self.triggers = Triggers(self.clock)
        self.urls = ResponseUrls(self.clock)
        self.views = Views(workspace)
        self.files = Files(workspace)
        self.news = News(self)
        self.sockets = SocketMode(workspace.app)
        self.http = HttpEvents(workspace.app)
        self.courier = Courier(self.clock, lambda: workspace.new_id("Ev"))
        self.courier.carriers = {Mode.SOCKET: self.sockets, Mode.HTTP: self.http}
        self.courier.mode = Mode(mode)
        self.troubles: list[tuple[str, str]] = []
        """What people saw as Slack's own error: user and error (operation_timeout, dispatch_failed …)."""
        self.offered: dict[tuple[str, str], list[Json]] = {}
        self.crawled: list[str] = []
        """Addresses that Slack fetched because a post of the bot did not forbid unfurling (rule slack-17)."""
        self.pages_forward = False
        self.base = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "LocalSlack":
        door = web.Application(client_max_size=0)
        door.router.add_route("*", "/api/{method}", WebApi(self).serve)
        door.router.add_get("/link/", self.sockets.serve)
        door.router.add_post("/actions/{id}", partial(serve_response_url, self))
        door.router.add_post("/upload/v1/{id}", self._take_upload)
        door.router.add_get("/files-pri/{id}/{name:.*}", self._give_file)
        self._runner = web.AppRunner(door, handler_cancellation=True, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = self.urls.base = self.files.base = self.sockets.base = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.courier.stop()
        await self.sockets.stop()
        await self.http.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def app(self) -> App:
        return self.workspace.app

    @property
    def api_url(self) -> str:
        """SLACK_API_URL, the base_url of a client."""
        return f"{self.base}/api/"

    def environment(self, **more: str) -> dict[str, str]:
        """What a bot in a process of its own needs; no proxy, which slack_sdk would use even for 127.0.0.1."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), "")
        tokens = {"SLACK_BOT_TOKEN": self.app.bot_token, "SLACK_APP_TOKEN": self.app.app_token}
        secret = {"SLACK_SIGNING_SECRET": self.app.signing_secret, "SLACK_API_URL": self.api_url}
        return {**proxies, **tokens, **secret, "SLACK_MODE": self.courier.mode.value, **more}

    def delivers_to(self, url: str) -> None:
        """The app's request URL: from now on events, commands and interactions go there, signed."""
        self.http.url = url
        self.courier.mode = Mode.HTTP

    def user(self, id: str) -> Person:
        return Person(self, self.workspace.users[id])

    def channel(self, id_or_name: str) -> Channel:
        found = self.workspace.channel(id_or_name)
        assert found is not None, f"no channel {id_or_name}"
        return found

    def direct(self, user: str) -> Channel:
        """The direct conversation of the bot with this person."""
        return self.workspace.direct(user)

    def posts(self, channel: str = "") -> list[Message]:
        """What the bot has posted and still stands, oldest first: in one channel or anywhere."""
        places = [self.channel(channel)] if channel else list(self.workspace.channels.values())
        mine = [m for place in places for m in place.messages.values() if m.bot_id == self.app.bot_id]
        return sorted(mine, key=lambda message: message.ts)

    def cards(self, channel: str = "") -> list[Message]:
        """Those of them that are made of blocks."""
        return [message for message in self.posts(channel) if message.blocks]

    def unfurls(self, said: Said) -> Delivery:
        """Slack crawls a link of the message: message_changed with the same text and an attachment."""
        message = the_message(said)
        before = self.channel(message.channel).shown_message(message)
        message.attachments = [{"id": 1, "title": "A page", "from_url": "https://example.com/", "fallback": "A page"}]
        return self.news.changed(message, before)

    def mails(
        self, channel: str, sender: str, body: str, subject: str = "", name: str = "", *, partial: bool = False
    ) -> Delivery:
        """An e-mail to the channel's address; `partial`: the event lacks the body, files.info has it."""
        place = self.channel(channel)
        file = self.files.mail(sender, name, f"{place.name}@{self.workspace.domain}.slack.test", subject, body)
        self.workspace.files[file["id"]] = file
        message = Message(place.id, self.clock.stamp(), "USLACKBOT", "", "file_share", self.workspace.id, files=[file])
        self.workspace.post(message)
        return self.news.posted(message, thin=[without_body(file)] if partial else None)

    def history(self, channel: str, *said: tuple[str, str], ago: float = 0.0) -> list[Message]:
        """What was said (user, text) before the bot came: it stands there, no event tells of it."""
        found = []
        for user, text in said:
            team = self.workspace.users[user].team_id
            place = self.channel(channel)
            message = Message(place.id, self.clock.stamp(ago), user, typed(text), team=team)
            found.append(self.workspace.post(message))
        return found

    async def until(self, happened: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until it is true; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not happened():  # noqa: ASYNC110  (a condition of the test: nothing signals it)
                await asyncio.sleep(0.005)

    async def settled(self, seconds: float = 30.0) -> None:
        """Wait until every delivery is acknowledged or given up."""
        await self.courier.settled(seconds)

    async def _take_upload(self, request: web.Request) -> web.StreamResponse:
        if request.content_type.startswith("multipart/"):
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            body = parts[0].file.read() if parts else b""
        else:
            body = await request.read()
        error = self.files.receive(request.match_info["id"], body)
        if error:
            return web.Response(status=400, text=error)
        return web.Response(text=f"OK - {len(body)}", content_type="text/plain")

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        body = self.files.bodies.get(request.match_info["id"])
        if request.headers.get("Authorization") != f"Bearer {self.app.bot_token}" or body is None:
            return web.Response(status=302, headers={"Location": f"https://{self.workspace.domain}.slack.com/"})
        return web.Response(body=body)


def shuffled(seed: int) -> Callable[[list[Delivery]], list[Delivery]]:
    """An order for `courier.holding`."""
    return lambda held: random.Random(seed).sample(held, len(held))
