"""Both ends of the wire for tests of the local Slack: a bot and a request URL made of the real slack_sdk."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from .courier import Mode
from .server import LocalSlack

Answer = Callable[[SocketModeRequest], Awaitable[dict[str, Any] | None]]
CARD = [
    SectionBlock(text="*Aoki* &lt;three&gt; times").to_dict(),
    ActionsBlock(elements=[ButtonElement(text="Acknowledge", action_id="ack", value="7")]).to_dict(),
]
MODAL = {
    "type": "modal",
    "callback_id": "report",
    "title": {"type": "plain_text", "text": "Report"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "What happened"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 100},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": {"type": "plain_text", "text": "Who"},
            "element": {"type": "external_select", "action_id": "customer", "min_query_length": 1},
        },
    ],
}


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    error: str = caught.value.response["error"]
    return error


@dataclass
class Bot:
    """A socket client that answers what it is told to, and remembers."""

    answers: Answer | None = None
    deaf: bool = False
    heard: list[SocketModeRequest] = field(default_factory=list)

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if self.deaf:
            return
        body = await self.answers(request) if self.answers else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, body))

    @property
    def texts(self) -> list[str]:
        return [request.payload["event"].get("text", "") for request in self.heard]


@asynccontextmanager
async def listening(slack: LocalSlack, bot: Bot, sockets: int = 1) -> AsyncIterator[list[SocketModeClient]]:
    slack.courier.mode = Mode.SOCKET
    web_client = AsyncWebClient(token=slack.app.app_token, base_url=slack.api_url)
    clients = [SocketModeClient(slack.app.app_token, web_client=web_client, ping_interval=0.3) for _ in range(sockets)]
    try:
        for client in clients:
            client.socket_mode_request_listeners.append(bot)
            await client.connect()
        await slack.until(lambda: len(slack.sockets.open) == sockets)
        yield clients
    finally:
        for client in clients:
            await client.close()


@dataclass
class Door:
    """An app's request URL: verifies the signature as slack_sdk does and answers by script."""

    verifier: SignatureVerifier
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    delay: float = 0.0
    no_retry: bool = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not self.verifier.is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        form = await request.post() if "form" in request.content_type else None
        found = (
            json.loads(body) if form is None else json.loads(str(form["payload"])) if "payload" in form else {**form}
        )
        if found.get("type") == "url_verification":
            return web.json_response({"challenge": found["challenge"]})
        self.heard.append((dict(request.headers), found))
        await asyncio.sleep(self.delay)
        headers = {"X-Slack-No-Retry": "1"} if self.no_retry else {}
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=headers, text="ok" if "command" in found else "")
