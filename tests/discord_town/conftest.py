"""A running local Discord, and a client of it that is ready."""

from collections.abc import AsyncIterator

import pytest

from .sdk import Listener, connected
from .server import LocalDiscord
from .town import town


@pytest.fixture
async def discord_town() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord(town()) as running:
        yield running


@pytest.fixture
async def client(discord_town: LocalDiscord) -> AsyncIterator[Listener]:
    async with connected(discord_town) as ready:
        yield ready
