"""`kasuhara run` with a Discord token, as a process of its own: what an operator sees."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from discord_town import LocalDiscord, town

from adapters.wording import say


class Run:
    """One process of the bot and what it wrote."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ended(self) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        out, err = await self.process.communicate()
        return self.process.returncode or 0, out.decode(), err.decode()


async def started(discord: LocalDiscord, folder: Path, **more: str) -> Run:
    url = f"sqlite:///{folder / 'run.db'}"
    environment = discord.environment(KASUHARA_DATABASE_URL=url, KASUHARA_LANG="en", **more)
    return Run(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "adapters.cli", "run", env={**os.environ, "SLACK_BOT_TOKEN": "", **environment},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
    )  # fmt: skip


async def test_it_runs_until_it_is_stopped(tmp_path: Path) -> None:
    async with LocalDiscord(town()) as discord:
        run = await started(discord, tmp_path)
        await discord.until(lambda: discord.gateway.open)
        run.process.send_signal(signal.SIGTERM)
        status, out, err = await run.ended()
        assert (status, err) == (0, "")
        assert [say("en", f"run.{key}") for key in ("discord", "stop", "stopped")] == out.splitlines()
        assert not discord.gateway.open


@pytest.mark.rule("discord-17")
async def test_a_wrong_token_and_a_missing_intent_end_with_one_sentence(tmp_path: Path) -> None:
    async with LocalDiscord(town()) as discord:
        status, _, err = await (await started(discord, tmp_path, DISCORD_BOT_TOKEN="wrong")).ended()
        assert (status, err) == (1, say("en", "error.discord.token") + "\n")
        discord.app.privileged = 0
        status, out, err = await (await started(discord, tmp_path)).ended()
        assert (status, out, err) == (1, "", say("en", "error.discord.intent") + "\n")


@pytest.mark.soak
async def test_while_discord_cannot_be_reached_it_says_so_and_goes_on(tmp_path: Path) -> None:
    async with LocalDiscord(town()) as discord:
        discord.gateway.refusing = 1_000
        run = await started(discord, tmp_path)
        assert run.process.stdout is not None
        assert (await run.process.stdout.readline()).decode().strip() == say("en", "run.discord_waits")
        discord.gateway.refusing = 0
        await discord.until(lambda: discord.gateway.open, 30)
        run.process.send_signal(signal.SIGTERM)
        status, _, err = await run.ended()
        assert status == 0 and set(err.splitlines()) == {"gateway.lost error=refused"}
