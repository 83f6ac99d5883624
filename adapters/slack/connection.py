"""The connection to Slack: a real Bolt app whose listeners hand everything to the core and acknowledge after COMMIT.

Every listener runs before the acknowledgement is sent (`process_before_response`), authorisation asks nobody, and no
error handler answers: each of these would lose events silently (joints.md 1).
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.door import LIMIT, Door
from adapters.chat.gaps import Gaps
from adapters.chat.pacing import Pace
from adapters.slack.bolt import Once, quiet_logger, taken, web_door
from adapters.slack.desk import Desk
from adapters.slack.founding import Examine, Founding
from adapters.slack.groups import BEAT, Groups
from adapters.slack.history import GAP, History, is_closed
from adapters.slack.inbound import Inbound
from adapters.slack.outbound import SlackChat
from adapters.slack.people import UNANSWERED, Me, People
from adapters.slack.sockets import NOT_TAKEN, Sockets
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.questions import Reach, ReachAsked, ReachShown
from bot.intake import Intake
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.slack")
PATH: Final = "/slack/events"
ANY: Final = re.compile(".*", re.DOTALL)
PEOPLE: Final = frozenset(
    {
        "user_change", "team_join", "user_profile_changed",
    }
)  # fmt: skip
CHANNELS: Final = frozenset(
    {
        "member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared",
        "channel_rename", "group_rename", "channel_archive", "group_archive",
        "channel_left", "group_left",
    }
)  # fmt: skip
GROUPS: Final = frozenset({"subteam_updated", "subteam_members_changed"})
REVOKED: Final = frozenset({"tokens_revoked", "app_uninstalled"})


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """What the environment says of Slack."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = "https://slack.com/api/"
    mode: str = "socket"
    host: str = "127.0.0.1"
    port: int = 3000
    silence: float = 60.0
    """Seconds without a sign of Slack's after which a connection is not believed any more."""
    history_gap: float = GAP
    """Seconds between two calls that read history."""
    again: float = 10.0
    """Seconds between two looks at what Slack did not say at first."""
    groups_beat: float = BEAT
    """Seconds between two looks at which user groups the teams list."""


class Slack:
    """One workspace. `connect` first; `chat` then sends for the Courier, `listening` takes what comes."""

    def __init__(
        self, settings: SlackSettings, intake: Intake, door: Door, clock: Clock, examine: Examine | None = None
    ) -> None:
        self._settings = settings
        self._examine = examine
        self._intake = intake
        self._door = door
        self._clock = clock
        self._client = AsyncWebClient(
            token=settings.bot_token, base_url=settings.api_url, timeout=10,
            retry_handlers=[AsyncConnectionErrorRetryHandler(max_retry_count=0)], logger=quiet_logger(),
        )  # fmt: skip

    async def connect(self) -> SlackChat:
        """Ask once who we are; Refused where Slack cannot be reached or does not take the token."""
        try:
            answer = await self._client.auth_test()
            if not (answer.get("team_id") and answer.get("user_id")):
                raise ValueError("auth.test")
        except SlackApiError as error:
            taken_not = error.response.get("error") in NOT_TAKEN
            raise Refused("slack.token" if taken_not else "slack.unreachable") from error
        except UNANSWERED as error:
            raise Refused("slack.unreachable") from error
        known = (str(answer.get(name) or "") for name in ("team_id", "user_id", "bot_id", "url"))
        self._me = Me(*known)
        self._people = People(self._client, self._me)
        self._inbound = Inbound(self._client, self._people)
        history = History(self._client, self._read, Pace(self._settings.history_gap))
        self._gaps = Gaps(history.read, is_closed)
        self._reaches: tuple[Reach, ...] | None = None
        self._groups = Groups(self._client, self._people, self._intake, self._settings.groups_beat)
        founding = Founding(self._client, self._people, self._door, self._examine)
        self._desk = Desk(self._client, self._people, self._door, self._clock, founding, self._groups.changed)
        self._app = self._made()
        return SlackChat(self._client, self._people, self._door.policy)

    async def close(self) -> None:
        """Nothing stays open between two calls of the web client."""

    async def caught_up(self) -> int:
        """Read what was said while nobody listened; how many records were looked at."""
        reaches = await self._reached() if self._reaches is None else self._reaches
        return await self._gaps.catch_up(reaches, self._clock())

    async def _reached(self) -> tuple[Reach, ...]:
        shown = await self._intake.ask(ReachAsked("slack", self._me.team))
        return shown.channels if isinstance(shown, ReachShown) else ()

    async def _read(self, record: dict[str, Any], channel: str) -> None:
        said = await self._inbound.recovered(record, channel, self._clock())
        if said is not None:
            await self._intake.submit(said)

    async def _learn(self) -> None:
        """What Slack did not say at first comes in later: who an author is, what stood in a mail."""
        while True:
            await asyncio.sleep(self._settings.again)
            try:
                async for found in self._inbound.learned():
                    await self._intake.submit(found)
            except Exception as error:  # it is looked at again at the next beat
                LOG.warning("slack.not_learned error=%s", type(error).__name__)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Take events while the block runs; the port in HTTP mode, else 0. What was taken is finished before."""
        # New messages would make the gap look smaller than it is.
        self._reaches = await self._reached()
        minding = [
            asyncio.create_task(self._gaps.mind(self._reached, self._clock)), asyncio.create_task(self._learn()),
            asyncio.create_task(self._groups.mind()),
        ]  # fmt: skip
        try:
            async with self._requests() if self._settings.mode == "http" else self._sockets() as port:
                yield port
        finally:
            for task in minding:
                task.cancel()
            await asyncio.gather(*minding, return_exceptions=True)
            await self._desk.finished()
            await self._people.close()

    @contextlib.asynccontextmanager
    async def _requests(self) -> AsyncIterator[int]:
        runner = web.AppRunner(web_door(self._app, PATH), access_log=None, shutdown_timeout=LIMIT)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.host, self._settings.port).start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    @contextlib.asynccontextmanager
    async def _sockets(self) -> AsyncIterator[int]:
        sockets = Sockets(
            self._client, self._settings.app_token, lambda envelope: taken(self._app, envelope), self._gaps.missed,
            self._clock, self._settings.silence,
        )  # fmt: skip
        await sockets.open()
        try:
            yield 0
        finally:
            await sockets.close()

    def _made(self) -> Once:
        me, token = self._me, self._settings.bot_token

        async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=enterprise_id, team_id=me.team, bot_user_id=me.user, bot_id=me.bot, bot_token=token,
                user_id=user_id,
            )  # fmt: skip

        app = Once(
            dropped=self._dropped, client=self._client, logger=quiet_logger(),
            signing_secret=self._settings.signing_secret or None, authorize=authorize,
            process_before_response=True, request_verification_enabled=self._settings.mode == "http",
            ignoring_self_events_enabled=False,
        )  # fmt: skip
        app.event("message")(self._message)
        self._desk.listens(app)
        app.event(ANY)(self._other)
        return app

    def _dropped(self) -> None:
        self._gaps.missed(self._clock())

    async def _message(self, event: dict[str, Any]) -> None:
        """Raises, and is not acknowledged, unless it is committed in time: Slack sends it again."""
        until = asyncio.get_running_loop().time() + LIMIT
        if self._inbound.is_for_bot(event):
            await self._desk.typed(event)
            return
        said = await self._inbound.of(event)
        if said is not None:
            await self._kept(said, until)

    async def _kept(self, event: Event, until: float) -> None:
        future = self._intake.submit(event)
        try:
            async with asyncio.timeout_at(until):
                await asyncio.shield(future)
        except TimeoutError:
            self._intake.withdraw(future)
            raise

    async def _other(self, event: dict[str, Any]) -> None:
        """Everything else only tells that people or channels may have changed."""
        kind = event.get("type")
        if kind in REVOKED:
            LOG.error("slack.revoked")
        elif kind in PEOPLE:
            self._people.forget(person=_id(event.get("user")))
        elif kind in GROUPS:
            self._groups.changed(_id(event.get("subteam")) or _id(event.get("subteam_id")))
        elif kind in CHANNELS:
            self._people.forget(_id(event.get("channel")), _id(event.get("user")))


def _id(told: object) -> str:
    """Slack names people and channels by their id, or shows them whole."""
    return str(told.get("id") or "") if isinstance(told, dict) else str(told or "")
