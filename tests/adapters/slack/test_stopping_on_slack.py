"""Whatever the network is doing at that moment, a stop ends, and no line stays open behind it."""

import asyncio
from datetime import UTC, datetime

import pytest
from slack import LocalSlack, town
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.sockets import Sockets

TURNS = 40
"""So many turns of the loop after the cut everything that it set off has long happened."""


async def nothing(_: dict[str, object]) -> None:
    return None


def sockets_of(slack: LocalSlack) -> Sockets:
    client = AsyncWebClient(base_url=slack.api_url)
    return Sockets(client, slack.app.app_token, nothing, lambda _: None, lambda: datetime.now(UTC))  # noqa: TID251


@pytest.mark.parametrize("trouble", ["cut", "refresh"])
@pytest.mark.rule("slack-8", "slack-15")
async def test_a_stop_ends_at_whatever_turn_of_the_loop_it_comes(trouble: str) -> None:
    """What is left open fails the run: warnings are errors."""
    async with LocalSlack(town(), "socket") as slack:
        for turns in range(TURNS):
            sockets = sockets_of(slack)
            await sockets.open()
            await slack.until(lambda: len(slack.sockets.open) == 2)
            if trouble == "cut":
                slack.sockets.cut()
            else:
                await slack.sockets.refresh(grace=0.0)
            for _ in range(turns):
                await asyncio.sleep(0)
            async with asyncio.timeout(5.0):
                await sockets.close()
            await slack.until(lambda: not slack.sockets.open)
