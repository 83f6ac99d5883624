"""A running local Slack, a client of it, and a request URL that it delivers to."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from .sdk import Door
from .server import LocalSlack
from .town import town


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack(town()) as running:
        yield running


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])


@pytest.fixture
async def door(slack: LocalSlack) -> AsyncIterator[Door]:
    door = Door(SignatureVerifier(slack.app.signing_secret))
    app = web.Application()
    app.router.add_post("/slack/events", door.serve)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.delivers_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield door
    await runner.cleanup()
