"""Bolt as it has to be here: what comes again is done once, no body is logged, and what nobody can use is let go."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Final

from aiohttp import web
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.chat.quiet import quiet

LOG: Final = logging.getLogger("kasuhara.slack")
KEPT: Final = 900.0
"""Seconds for which a command, a click or a direct message is known again: Slack's last retry comes after about six
minutes, some events eight minutes late, and a signature is good for five (slack.md 2, 4, 5)."""


def quiet_logger() -> logging.Logger:
    """The logger to hand to Bolt and to every client of the SDK: warnings without a word of a body."""
    # While it is built Bolt warns of the token that `authorize` takes the place of, which is meant.
    return quiet("kasuhara.slack.sdk", "slack", without=("__init__",))


class Once(AsyncApp):
    """A Bolt app in which each command, click and direct message is done once, however often it is brought (slack.md 2,
    4, 5, 23). `dropped` is called when Slack says that it has kept events from us."""

    def __init__(self, *, dropped: Callable[[], None], **settings: Any) -> None:
        super().__init__(**settings)
        self._dropped = dropped
        self._done: dict[str, tuple[float, asyncio.Future[bool]]] = {}
        self.use(self._once)
        self.error(_told)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bolt's answer; what is done stays done, and what failed may come again."""
        response = BoltResponse(status=500)
        try:
            response = await super().async_dispatch(req)
        except Exception as error:
            await _told(error)
        finally:
            self._settle(req, done=response.status == 200)
        if response.status == 500 and not _has_shape(req.body):
            return BoltResponse(status=200)
        return self._let_go(req) if response.status == 404 else response

    async def _once(self, req: AsyncBoltRequest, next: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """After the signature was checked: what is under way or done already is only acknowledged."""
        key = _key(req.body)
        while key and key in self._done:
            if await asyncio.shield(self._done[key][1]):
                return BoltResponse(status=200)
        if key:
            now = monotonic()
            for old in [k for k, (at, _) in self._done.items() if now - at > KEPT]:
                del self._done[old]
            self._done[key] = (now, asyncio.get_running_loop().create_future())
            req.context["once"] = key
        await next()
        return None

    def _settle(self, req: AsyncBoltRequest, *, done: bool) -> None:
        key = req.context.get("once")
        if key and key in self._done:
            future = self._done[key][1]
            if not done:
                del self._done[key]
            if not future.done():
                future.set_result(done)

    def _let_go(self, req: AsyncBoltRequest) -> BoltResponse:
        """Nobody listens to this: nothing is lost by acknowledging it, but a person's click is not said to be done."""
        kind = req.body.get("type")
        if kind == "app_rate_limited":
            LOG.warning("slack.rate_limited")
            self._dropped()
        elif kind != "event_callback" and ("user" in req.body or "command" in req.body):
            return BoltResponse(status=404)
        return BoltResponse(status=200)


async def taken(app: AsyncApp, envelope: dict[str, Any]) -> dict[str, Any] | None:
    """The acknowledgement of an envelope of Socket Mode, or None if it must not be acknowledged."""
    acknowledgement = {"envelope_id": envelope["envelope_id"]}
    if not isinstance(envelope.get("payload"), dict) or not _has_shape(envelope["payload"]):
        LOG.warning("slack.strange")
        return acknowledgement
    headers = build_headers(SocketModeRequest.from_dict({"type": "", **envelope}))  # type: ignore[arg-type]
    request = AsyncBoltRequest(mode="socket_mode", body=envelope["payload"], headers=headers)
    response = await app.async_dispatch(request)
    if response.status != 200:
        LOG.info("slack.not_acknowledged status=%s", response.status)
        return None
    if not response.body:
        return acknowledgement
    is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
    return {**acknowledgement, "payload": json.loads(response.body) if is_json else {"text": response.body}}


def web_door(app: AsyncApp, path: str) -> web.Application:
    """The signed door; what cannot be read at all is refused without a trace of it in the log."""
    made = app.web_app(path)
    made.middlewares.append(_readable)
    return made


@web.middleware
async def _readable(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        LOG.warning("slack.unreadable error=%s", type(error).__name__)
        return web.Response(status=400)


async def _told(error: Exception) -> None:
    """No answer from here: the missing acknowledgement makes Slack send it again (joints.md 1)."""
    LOG.warning("slack.failed error=%s", type(error).__name__)


def _has_shape(body: dict[str, Any]) -> bool:
    """Whether it is anything that Slack could have meant; what is not cannot be lost, and must not come again."""
    event = body.get("event")
    return "event" not in body or (isinstance(event, dict) and isinstance(event.get("type"), str))


def _key(body: dict[str, Any]) -> str:
    """What is the same thing brought again; "" for messages in channels, whose rows know that themselves."""
    event = body.get("event")
    if isinstance(event, dict):
        typed = event.get("channel_type") == "im" and event.get("type") == "message" and event.get("user")
        edited = event.get("subtype") in ("message_changed", "message_deleted")
        return f"{event.get('channel')}:{event.get('ts')}" if typed and not edited else ""
    trigger = body.get("trigger_id")
    return f"trigger:{trigger}" if trigger and isinstance(trigger, str) else ""
