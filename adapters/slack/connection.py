"""The connection to Slack: a real Bolt app whose listeners hand everything to the core and acknowledge after COMMIT.

Every listener runs before the acknowledgement is sent (`process_before_response`), authorisation asks nobody, and no
error handler answers: each of these would lose events silently (joints.md 1).
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.buttons import pressed
from adapters.chat.door import LIMIT, Door
from adapters.commands import Asker
from adapters.slack import forms
from adapters.slack.history import History
from adapters.slack.inbound import Inbound
from adapters.slack.layout import Message, messages_of
from adapters.slack.outbound import SlackChat
from adapters.slack.people import Me, People
from adapters.wording import Card, Tone, say
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.model import Finding
from bot.domain.questions import CustomersAsked, CustomersShown, Question, ReachAsked, ReachShown
from bot.intake import Intake
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.slack")
SOCKETS: Final = 2
"""Connections at once: one is always there while the other is refreshed (slack.md 8, 15)."""
PATH: Final = "/slack/events"
ANY: Final = re.compile(".*", re.DOTALL)
FINDINGS: Final = frozenset(finding.value for finding in Finding)


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


class Slack:
    """One workspace. `connect` first; `chat` then sends for the Courier, `listening` takes what comes."""

    def __init__(self, settings: SlackSettings, intake: Intake, door: Door, clock: Clock) -> None:
        self._settings = settings
        self._intake = intake
        self._door = door
        self._clock = clock
        self._client = AsyncWebClient(
            token=settings.bot_token, base_url=settings.api_url, timeout=10,
            retry_handlers=[AsyncConnectionErrorRetryHandler(max_retry_count=0)],
        )  # fmt: skip

    async def connect(self) -> SlackChat:
        """Ask once who we are; Refused where Slack cannot be reached or does not take the token."""
        try:
            answer = await self._client.auth_test()
        except SlackApiError as error:
            raise Refused("slack.token") from error
        except (OSError, TimeoutError) as error:
            raise Refused("slack.unreachable") from error
        self._me = Me(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""))
        self._people = People(self._client, self._me)
        self._inbound = Inbound(self._people)
        self._history = History(self._client, self._read)
        self._app = self._made()
        return SlackChat(self._client, self._people, self._door.policy)

    async def caught_up(self) -> int:
        """Read what was said while nobody listened; how many records were looked at."""
        shown = await self._intake.ask(ReachAsked("slack", self._me.team))
        channels = shown.channels if isinstance(shown, ReachShown) else ()
        return await self._history.catch_up(channels, self._clock())

    async def _read(self, record: dict[str, Any]) -> None:
        said = await self._inbound.of(record)
        if said is not None:
            await self._intake.submit(said)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Take events while the block runs; the port in HTTP mode, else 0."""
        if self._settings.mode == "http":
            runner = web.AppRunner(self._app.web_app(PATH))
            await runner.setup()
            site = web.TCPSite(runner, self._settings.host, self._settings.port)
            await site.start()
            try:
                yield runner.addresses[0][1]
            finally:
                await runner.cleanup()
            return
        sockets: list[Any] = [
            AsyncSocketModeHandler(self._app, self._settings.app_token, ping_interval=5) for _ in range(SOCKETS)
        ]
        try:
            for socket in sockets:
                await socket.connect_async()
            yield 0
        finally:
            for socket in sockets:
                await socket.close_async()

    def _made(self) -> AsyncApp:
        me, token = self._me, self._settings.bot_token

        async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=enterprise_id, team_id=me.team, bot_user_id=me.user, bot_id=me.bot, bot_token=token,
                user_id=user_id,
            )  # fmt: skip

        app = AsyncApp(
            client=self._client, signing_secret=self._settings.signing_secret or None, authorize=authorize,
            process_before_response=True, request_verification_enabled=self._settings.mode == "http",
            ignoring_self_events_enabled=False,
        )  # fmt: skip
        app.event("message")(self._message)
        app.event(ANY)(self._other)
        app.command(ANY)(self._command)
        app.action(ANY)(self._pressed)
        app.shortcut(ANY)(self._shortcut)
        app.view(forms.REPORT)(self._report)
        app.view(forms.REVIEW)(self._review)
        app.view_closed(ANY)(_nothing)
        return app

    async def _message(self, event: dict[str, Any]) -> None:
        """Raises, and is not acknowledged, unless it is committed in time: Slack sends it again."""
        if self._inbound.is_for_bot(event):
            await self._typed(event)
            return
        said = await self._inbound.of(event)
        if said is not None:
            await self._kept(said)

    async def _kept(self, event: Event) -> None:
        future = self._intake.submit(event)
        try:
            await asyncio.wait_for(asyncio.shield(future), LIMIT)
        except TimeoutError:
            self._intake.withdraw(future)
            raise

    async def _typed(self, event: Mapping[str, Any]) -> None:
        """A direct message to the bot is a command; the answer stands below it."""
        asker = await self._asker(str(event["user"]), "")
        channel = str(event["channel"])
        said = await self._door.line(str(event.get("text") or ""), asker)
        card = said.card or Card(say(asker.language, "commands.wrong.empty"), Tone.NOTICE)
        for page in messages_of(card):
            await self._client.chat_postMessage(channel=channel, **_body(page))

    async def _other(self, event: dict[str, Any]) -> None:
        """Everything else only tells that people or channels may have changed."""
        channel = event.get("channel")
        user = event.get("user")
        self._people.forget(
            str(channel.get("id") if isinstance(channel, dict) else channel or ""),
            str(user.get("id") if isinstance(user, dict) else user or ""),
        )

    async def _command(self, ack: Any, command: dict[str, Any]) -> None:
        asker = await self._asker(command["user_id"], command.get("channel_id", ""), command.get("user_name", ""))
        said = await self._door.line(str(command.get("text") or ""), asker)
        if said.form is not None:
            await ack()
            await self._open_report(command["trigger_id"], asker, said.form.filled)
            return
        await ack(response_type="ephemeral", **_body(messages_of(said.card or Card("", Tone.CALM))[0]))

    async def _pressed(self, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        """A button; the core decides by rows, not by what the button claims."""
        channel = str((body.get("channel") or {}).get("id") or "")
        asker = await self._asker(body["user"]["id"], channel)
        name, subject = str(action.get("action_id", "")), str(action.get("value") or "")
        if name in FINDINGS and subject.startswith("incident:"):
            view = forms.review_view(asker.language, int(subject.partition(":")[2]), Finding(name))
            await self._client.views_open(trigger_id=body["trigger_id"], view=view)
            await ack()
            return
        deed = pressed(name, subject, asker.account)
        if deed is None:
            card = Card(say(asker.language, "slack.unknown_button"), Tone.NOTICE)
        elif isinstance(deed, Question):
            card = await self._door.ask(deed, asker)
        else:
            card = await self._door.do(deed, asker)
        await ack()
        await self._whisper(channel, body["user"]["id"], card)

    async def _shortcut(self, ack: Any, body: dict[str, Any]) -> None:
        """Report a message, or report from anywhere."""
        asker = await self._asker(body["user"]["id"], str((body.get("channel") or {}).get("id") or ""))
        message = body.get("message") or {}
        await ack()
        await self._open_report(
            body["trigger_id"], asker, None, str(message.get("ts") or ""), str(message.get("text") or "")
        )

    async def _open_report(self, trigger: str, asker: Asker, filled: Any, message: str = "", quote: str = "") -> None:
        opened = await self._client.views_open(trigger_id=trigger, view=forms.loading_view(asker.language))
        shown = await self._intake.ask(CustomersAsked())
        customers = shown.customers if isinstance(shown, CustomersShown) else ()
        view = forms.report_view(asker.language, self._door.policy, customers, asker.place, message, quote,
                                 filled=filled)  # fmt: skip
        await self._client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=view)

    async def _report(self, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        asker = await self._asker(body["user"]["id"], "")
        await self._answered(ack, await self._door.do(forms.report_of(view, asker.account), asker))

    async def _review(self, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        asker = await self._asker(body["user"]["id"], "")
        await self._answered(ack, await self._door.do(forms.review_of(view, asker.account), asker))

    async def _answered(self, ack: Any, card: Card) -> None:
        """The form turns into what became of it."""
        page = messages_of(replace(card, buttons=()))[0]
        title = {"type": "plain_text", "text": say("ja", "slack.report")[: forms.TITLE], "emoji": False}
        await ack(response_action="update", view={"type": "modal", "title": title, "blocks": list(page.blocks)})

    async def _whisper(self, channel: str, user: str, card: Card) -> None:
        """Only that person sees it; what was done is done, so a failure here is only logged."""
        with contextlib.suppress(Exception):
            for page in messages_of(card):
                await self._client.chat_postEphemeral(channel=channel, user=user, **_body(page))

    async def _asker(self, user: str, channel: str, name: str = "") -> Asker:
        _, person = await self._people.membership(user)
        team = person.team if person else self._me.team
        place = f"slack:{self._me.team}:{channel}" if channel and not channel.startswith("D") else ""
        return Asker(
            account=f"slack:{team or self._me.team}:{user}", language=person.language if person else "ja",
            zone=(person.zone if person else "") or self._door.policy.calendar.zone, now=self._clock(),
            place=place,
        )  # fmt: skip


def _body(page: Message) -> dict[str, Any]:
    return {"text": page.text, "blocks": list(page.blocks), "attachments": list(page.attachments)}


async def _nothing(ack: Any) -> None:
    await ack()
