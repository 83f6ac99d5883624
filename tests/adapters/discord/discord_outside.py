"""The bot outside of the test: processes of their own on the same rows, reached through the local Discord alone."""

import asyncio
import contextlib
import mmap
import os
import signal
import struct
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from company import Company
from discord_town import LocalDiscord, town
from discord_wire import MONDAY, Now, discord_team
from harness import KEY, opened, sqlite_url

ROOT = Path(__file__).parent.parent.parent.parent
SCRIPT = ROOT / "tests" / "adapters" / "slack" / "bot_process.py"
"""`kasuhara run` on a clock that a test moves, whatever the platform."""
LEASE = 31.0
"""Seconds after which what a dead process held is free again."""


@dataclass
class Outside:
    """The local Discord, the folder of the rows, and the lives that come and go on them."""

    discord: LocalDiscord
    folder: Path
    clock: mmap.mmap
    process: Process
    said: list[list[str]] = field(default_factory=list)
    """What the nursery printed."""

    def passes(self, seconds: float) -> None:
        """Time goes by for Discord and for the bot."""
        self.discord.clock.passes(seconds)
        self.clock[:8] = struct.pack("d", self.discord.clock.ahead)

    async def born(self) -> int:
        """Another life, once it holds the gateway; its process."""
        before, ever = len(self.told("born")), self.discord.gateway.ever
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        await self.discord.until(lambda: len(self.told("born")) > before)
        await self.discord.until(lambda: self.discord.gateway.ever > ever and self.discord.gateway.open, 30)
        return int(self.told("born")[-1][0])

    def told(self, word: str) -> list[list[str]]:
        return [line[1:] for line in self.said if line[:1] == [word]]

    async def dead(self, pid: int) -> int:
        """Wait for the end of a life; how it ended."""
        await self.discord.until(lambda: [one for one in self.told("dead") if one[0] == str(pid)])
        return next(int(status) for one, status in self.told("dead") if one == str(pid))

    def kills(self, pid: int, how: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)

    async def reads(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode().split())


def unbundled(pack: Path) -> Path:
    """The standard pack, but nobody's calls are bundled: each of them is to be seen."""
    told = (ROOT / "adapters" / "packs" / "standard" / "pings.toml").read_text("utf-8")
    pack.mkdir()
    (pack / "pings.toml").write_text(told.replace("per_hour = 6", "per_hour = 1000 # Reason: a test."), "utf-8")
    return pack


@contextlib.asynccontextmanager
async def outside(folder: Path) -> AsyncIterator[Outside]:
    """A town, its team's rows, and a nursery of processes; whatever is left in the end is killed."""
    file = folder / "clock"
    file.write_bytes(bytes(8))
    with file.open("r+b") as known:
        clock = mmap.mmap(known.fileno(), 8)
    url = sqlite_url(folder)
    async with LocalDiscord(town()) as discord:
        discord.clock.ahead = MONDAY.timestamp() - time.time()
        async with opened(url) as house:
            house.clock = house.bot.clock = Now(discord)  # type: ignore[assignment]
            await Company(house).opens(discord_team())
        more = {"KASUHARA_DATABASE_URL": url, "KASUHARA_KEY": KEY, "PYTHONPATH": str(ROOT), "SLACK_BOT_TOKEN": ""}
        more["KASUHARA_POLICY"] = str(unbundled(folder / "policy"))
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(SCRIPT), str(file), "nursery", cwd=folder,
            env=os.environ | discord.environment(**more), stdin=PIPE, stdout=PIPE,
        )  # fmt: skip
        here = Outside(discord, folder, clock, process)
        here.passes(0)
        reading = asyncio.create_task(here.reads())
        try:
            yield here
        finally:
            for pid in {pid for (pid,) in here.told("born")} - {pid for pid, _ in here.told("dead")}:
                here.kills(int(pid))
            if process.stdin is not None:
                process.stdin.close()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            await reading
