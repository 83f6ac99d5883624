"""The bot outside of the test: a process of its own on the same rows, reached through the local Slack alone."""

import asyncio
import contextlib
import mmap
import os
import re
import signal
import struct
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from company import Company, team
from conftest import ALERT, LEADS, MONDAY, SUPPORT, Now
from harness import KEY, opened, sqlite_url
from slack import LocalSlack, Message, Workspace, town

ROOT = Path(__file__).parent.parent.parent.parent
SCRIPT = Path(__file__).with_name("bot_process.py")
RANDOM = "slack:TOWN:CRANDOM"
DOOR = re.compile(r"http 127\.0\.0\.1:(\d+)")
LEASE = 31.0
"""Seconds after which what a dead process held is free again."""


@dataclass
class Outside:
    """The local Slack, the folder of the rows, and the processes that live on them, one after the other."""

    slack: LocalSlack
    folder: Path
    clock: mmap.mmap
    said: list[str] = field(default_factory=list)
    """What the processes printed, line by line."""
    lives: int = 0
    _process: Process | None = None
    _reading: "asyncio.Task[None] | None" = None

    @property
    def url(self) -> str:
        return sqlite_url(self.folder)

    def passes(self, seconds: float) -> None:
        """Time goes by for Slack and for the bot."""
        self.slack.clock.passes(seconds)
        self.clock[:8] = struct.pack("d", self.slack.clock.ahead)

    async def begins(self, *words: str) -> None:
        """Start the interpreter; with "nursery" it waits until somebody is to be born."""
        environment = os.environ | self.slack.environment(
            KASUHARA_DATABASE_URL=self.url, KASUHARA_KEY=KEY, KASUHARA_LANG="en", KASUHARA_POLICY=str(self._policy()),
            SLACK_HTTP_PORT="0", COLUMNS="200", PYTHONPATH=str(ROOT),
        )  # fmt: skip
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", str(SCRIPT), str(self.folder / "clock"), *words,
            cwd=self.folder, env=environment, stdin=PIPE if words else DEVNULL, stdout=PIPE,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read(self._process))

    def _policy(self) -> Path:
        """The standard pack, but nobody's calls are bundled: each of them is to be seen."""
        told = (ROOT / "adapters" / "packs" / "standard" / "pings.toml").read_text("utf-8")
        pack = self.folder / "policy"
        pack.mkdir()
        (pack / "pings.toml").write_text(told.replace("per_hour = 6", "per_hour = 1000 # Reason: a test."), "utf-8")
        return pack

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode().strip())

    async def is_there(self) -> None:
        """Wait until the bot takes what comes."""
        if self.slack.courier.mode == "socket":
            await self.slack.until(lambda: self.slack.sockets.open, 30)
            return
        await self.slack.until(lambda: self._doors(), 30)
        self.slack.delivers_to(f"http://127.0.0.1:{self._doors()[-1]}/slack/events")

    def _doors(self) -> list[str]:
        return [found[1] for line in self.said if (found := DOOR.search(line))]

    async def born(self) -> int:
        """Another life from the nursery; its process."""
        assert self._process is not None and self._process.stdin is not None
        before, self.lives = self.lives, self.lives + 1
        self._process.stdin.write(b"\n")
        await self.slack.until(lambda: len(self.told("born")) > before)
        await self.is_there()
        return int(self.told("born")[-1][0])

    def told(self, word: str) -> list[list[str]]:
        """What the nursery said of those born and dead."""
        return [line.split()[1:] for line in self.said if line.startswith(f"{word} ")]

    async def dead(self, pid: int) -> int:
        """Wait for the end of a life; how it ended."""
        await self.slack.until(lambda: [one for one in self.told("dead") if one[0] == str(pid)])
        return next(int(status) for one, status in self.told("dead") if one == str(pid))

    async def ends(self) -> int:
        """Ask the process to stop, as a service manager does; its exit status."""
        assert self._process is not None and self._reading is not None
        if self._process.stdin is not None:
            self._process.stdin.close()
        elif self._process.returncode is None:
            self._process.terminate()
        status = await asyncio.wait_for(self._process.wait(), 20)
        await self._reading
        return status

    def kills(self, pid: int, how: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)


def key_of(message: Message) -> str:
    """Of which post of the outbox it is, by the mark that the bot leaves."""
    return str((message.metadata or {}).get("event_payload", {}).get("key", ""))


@contextlib.asynccontextmanager
async def outside(mode: str, folder: Path, *words: str, space: Workspace | None = None) -> AsyncIterator[Outside]:
    """A town, its team's rows, and the interpreter started; whatever is left in the end is killed."""
    file = folder / "clock"
    file.write_bytes(bytes(8))
    with file.open("r+b") as known:
        clock = mmap.mmap(known.fileno(), 8)
    async with LocalSlack(space or town(), mode) as slack:
        slack.clock.ahead = MONDAY.timestamp() - time.time()
        here = Outside(slack, folder, clock)
        here.passes(0)
        async with opened(here.url) as house:
            house.clock = house.bot.clock = Now(slack)  # type: ignore[assignment]
            await Company(house).opens(team(channels=(SUPPORT, RANDOM), alert=ALERT, leads=LEADS))
        await here.begins(*words)
        try:
            yield here
        finally:
            dead = {pid for pid, _ in here.told("dead")}
            for pid in {pid for (pid,) in here.told("born")} - dead:
                here.kills(int(pid))
            if here._process is not None and here._process.returncode is None:
                here._process.kill()
                await here._process.wait()
