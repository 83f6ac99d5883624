"""A Bolt app, unchanged, in front of the local Slack: by socket and by HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from . import LocalSlack, Mode
from .sdk import CARD, MODAL


def bolt(slack: LocalSlack, client: AsyncWebClient, heard: list[str]) -> AsyncApp:
    app = AsyncApp(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event.get("text") or event["subtype"])

    @app.command("/kasuhara")
    async def command(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await ack("opened")

    @app.view("report")
    async def view(ack: Any, view: dict[str, Any], client: AsyncWebClient) -> None:
        words = view["state"]["values"]["words"]["text"]["value"]
        if words == "?":
            await ack(response_action="errors", errors={"words": "Say more"})
            return
        await client.chat_postMessage(channel="GALERT", text=words, blocks=CARD, unfurl_links=False, unfurl_media=False)
        await ack()

    @app.action("ack")
    async def acknowledged(ack: Any, respond: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(channel="GALERT", ts=body["message"]["ts"], text="seen", blocks=CARD[:1])
        await respond("thank you", unfurl_links=False, unfurl_media=False)

    return app


@asynccontextmanager
async def connected(slack: LocalSlack, app: AsyncApp, mode: Mode) -> AsyncIterator[None]:
    if mode is Mode.SOCKET:
        handler = AsyncSocketModeHandler(app, slack.app.app_token, ping_interval=1)
        await handler.connect_async()
        slack.courier.mode = mode
        await slack.until(lambda: slack.sockets.open)
        yield
        await handler.close_async()
        return
    runner = web.AppRunner(app.web_app("/slack/events"), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.delivers_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    assert await slack.http.verify()
    yield
    await runner.cleanup()


@pytest.mark.parametrize("mode", [Mode.SOCKET, Mode.HTTP])
async def test_a_story_by_command_form_and_button(slack: LocalSlack, client: AsyncWebClient, mode: Mode) -> None:
    heard: list[str] = []
    agent, supervisor = slack.user("UAGENT"), slack.user("USUPER1")
    async with connected(slack, bolt(slack, client, heard), mode):
        assert (await slack.user("UCUST").says("バカ", "support")).acked
        assert (await agent.types("/kasuhara", "report", "random")).answer in ({"text": "opened"}, "opened")
        await agent.submits({"text": "?"})
        assert agent.modal.errors == {"words": "Say more"}
        await agent.submits({"text": "shouted, see https://example.com/"})
        (card,) = slack.cards("alert")
        await supervisor.presses("ack", card)
        await slack.settled()
    assert heard == ["バカ"], "Bolt leaves out what its own bot wrote and changed"
    assert [m.text for m in slack.posts("alert")] == ["seen"] and not slack.crawled and not slack.troubles
    assert [m.text for m in supervisor.private("alert")] == ["thank you"]
    assert [m.text for m in agent.private("random")] == ["opened"]
    assert not slack.record.refusals and not slack.courier.unacknowledged


async def test_a_process_of_its_own_finds_everything_in_its_environment(slack: LocalSlack) -> None:
    slack.courier.mode = Mode.SOCKET
    told = slack.environment(KASUHARA_DATABASE_URL="sqlite://")
    assert told["SLACK_API_URL"] == slack.api_url and told["SLACK_MODE"] == "socket" and told["HTTPS_PROXY"] == ""
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "KASUHARA_DATABASE_URL"} <= told.keys()
