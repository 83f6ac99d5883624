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
from functools import partial
from typing import Any, Final

from aiohttp import web
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.door import LIMIT, Door
from adapters.chat.gaps import Gaps
from adapters.chat.learning import Learning
from adapters.chat.minding import minding
from adapters.chat.owing import Owing
from adapters.chat.pacing import Pace
from adapters.chat.posting import Posting
from adapters.commands import COMMAND
from adapters.slack.bolt import Once, quiet_logger, taken, web_door
from adapters.slack.callers import Callers
from adapters.slack.calls import seconds_of, word_of
from adapters.slack.desk import Desk
from adapters.slack.founding import Examine, Founding
from adapters.slack.groups import BEAT, Groups
from adapters.slack.history import BACK, GAP, History, is_closed
from adapters.slack.inbound import Bodiless, Inbound, written
from adapters.slack.layout import Message
from adapters.slack.outbound import SlackVoice, posting
from adapters.slack.people import UNANSWERED, Me, People
from adapters.slack.shares import Shares
from adapters.slack.sockets import NOT_TAKEN, Sockets
from bot.domain.errors import Refused
from bot.domain.events import Event, MessageDeleted
from bot.domain.model import Platform
from bot.domain.questions import AuthorsAsked, AuthorsShown, Reach, ReachAsked, ReachShown
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
LEFT: Final = frozenset({"channel_left", "group_left"})
"""What tells that we ourselves are out."""
GROUPS: Final = frozenset({"subteam_updated", "subteam_members_changed"})
REVOKED: Final = frozenset({"tokens_revoked", "app_uninstalled"})
HELD_BACK: Final = 90.0
"""Seconds after which what Slack may have held back since it said so is read, too: it says so once in each minute."""


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
    command: str = ""
    """What the company calls it; "" is our own name."""
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

    async def connect(self) -> Posting[Message]:
        """Ask once who we are; Refused where Slack cannot be reached or does not take the token."""
        try:
            answer = await self._client.auth_test()
            if not (answer.get("team_id") and answer.get("user_id")):
                raise ValueError("auth.test")
        except SlackApiError as error:
            raise Refused("slack.token" if word_of(error) in NOT_TAKEN else "slack.unreachable") from error
        except UNANSWERED as error:
            raise Refused("slack.unreachable") from error
        known = (str(answer.get(name) or "") for name in ("team_id", "user_id", "bot_id", "url"))
        self._me = Me(*known)
        self._people = People(self._client, self._me)
        submit, beat = self._intake.submit, self._settings.again
        self._authors = Learning(
            "author", lambda one: self._inbound.looked_up(one), submit, beat, _rests, rows=self._unattributed
        )
        self._mails: Learning[Bodiless] = Learning(
            "mail", lambda one: self._inbound.completed(one), submit, beat, _rests
        )
        self._inbound = Inbound(
            self._client, self._people, unknown=self._authors.wanted, known=self._authors.known,
            bodiless=self._mails.wanted,
        )  # fmt: skip
        self._owing = Owing()
        history = History(self._client, self._read, Pace(self._settings.history_gap))
        self._gaps = Gaps(history.read, is_closed)
        self._reaches: tuple[Reach, ...] | None = None
        self._groups = Groups(self._client, self._people, self._door.roll, self._intake, self._settings.groups_beat)
        founding = Founding(self._client, self._people, self._door, self._examine)
        callers = Callers(self._people, self._door.roll, self._clock, self._settings.command or COMMAND)
        self._desk = Desk(self._client, callers, self._door, founding, self._groups.changed)
        self._shares = Shares(
            self._client, self._settings.bot_token, self._settings.api_url, self._intake, self._door.policy, self._clock
        )
        self._app = self._made()
        return posting(
            SlackVoice(self._client, self._people, self._door.policy, self._door.roll.listed), self._door.policy
        )

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
            self._shares.stored(said)

    async def _unattributed(self) -> list[str]:
        """Authors whose messages an earlier process left waiting."""
        shown = await self._intake.ask(AuthorsAsked(Platform.SLACK))
        here = f"slack:{self._me.team}:"
        found = shown.accounts if isinstance(shown, AuthorsShown) else ()
        return [account.removeprefix(here) for account in found if account.startswith(here)]

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Take events while the block runs; the port in HTTP mode, else 0. What was taken is finished before."""
        # New messages would make the gap look smaller than it is.
        self._reaches = await self._reached()
        works = minding(
            gaps=partial(self._gaps.mind, self._reached, self._clock), authors=self._authors.mind,
            mails=self._mails.mind, groups=self._groups.mind, shares=self._shares.mind, owing=self._owing.mind,
        )  # fmt: skip
        try:
            async with works, self._requests() if self._settings.mode == "http" else self._sockets() as port:
                yield port
        finally:
            await self._desk.finished()
            await self._people.close()
            await self._owing.again()

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
        since = self._clock()
        self._gaps.missed(since)
        asyncio.get_running_loop().call_later(HELD_BACK, self._gaps.missed, since)

    async def _message(self, event: dict[str, Any]) -> None:
        """Raises, and is not acknowledged, unless it is committed in time: Slack sends it again."""
        until = asyncio.get_running_loop().time() + LIMIT
        if self._inbound.is_for_bot(event):
            await self._desk.typed(event)
            return
        now = self._clock()
        with self._gaps.owed(max(written(event, now), now - BACK), self._clock, _id(event.get("channel"))):
            said = await self._inbound.of(event)
            if said is not None:
                await self._kept(said, until)
                self._shares.stored(said)

    async def _kept(self, event: Event, until: float) -> None:
        future = self._intake.submit(event)
        try:
            async with asyncio.timeout_at(until):
                await asyncio.shield(future)
        except TimeoutError:
            self._intake.withdraw(future)
            self._owes(event)
            raise
        except Exception:
            self._owes(event)
            raise

    def _owes(self, event: Event) -> None:
        """History does not show what is no more: it is kept until it is committed."""
        if isinstance(event, MessageDeleted):
            self._owing.owes(partial(self._committed, event))

    async def _committed(self, event: Event) -> None:
        await self._intake.submit(event)

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
            channel, user = _id(event.get("channel")), _id(event.get("user"))
            self._people.forget(channel, user)
            if kind == "member_joined_channel" and user == self._me.user:
                self._gaps.opened(channel, self._clock())
            elif kind in LEFT or (kind == "member_left_channel" and user == self._me.user):
                self._gaps.shut(channel, self._clock())


def _rests(error: Exception) -> float:
    return seconds_of(error, 0.0) if isinstance(error, SlackApiError) else 0.0


def _id(told: object) -> str:
    """Slack names people and channels by their id, or shows them whole."""
    return str(told.get("id") or "") if isinstance(told, dict) else str(told or "")
