"""A house with the real discord.py client at its door, connected to the local Discord."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_chatting import Chatting, chatting
from discord_town import LocalDiscord, town
from discord_wire import Wire, wired
from harness import START


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    """Nobody is connected yet: `async with wire.up()`."""
    async with wired(tmp_path) as made:
        yield made


@pytest.fixture
async def talk() -> AsyncIterator[Chatting]:
    """Our chat at a local Discord, without a house."""
    async with LocalDiscord(town()) as discord:
        discord.clock.ahead = START.timestamp() - time.time()
        async with chatting(discord) as made:
            yield made
