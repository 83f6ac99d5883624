"""The bot as a process of its own against the local Slack of the tests: acknowledgements, pings, start-up, memory."""

import asyncio
import math
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.traffic import texts

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from company import Company, team  # noqa: E402  (the tests' own company and Slack)
from harness import KEY, opened  # noqa: E402
from slack import Delivery, LocalSlack, User, town  # noqa: E402
from slack.user import Kind  # noqa: E402

RATE = 100
"""Messages a second."""
CUSTOMERS = 500
ANGRY = 2.0
"""Seconds between two people who say the same three times, and so call somebody."""
STARTS = 3
SUPPORT, ALERT, LEADS = "slack:TOWN:CSUPPORT", "slack:TOWN:GALERT", "slack:TOWN:GLEADS"
MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
"""10:00 in Tokyo: the desk is open, for at night nobody is called for a repetition."""
PRODUCT = (
    "import datetime, functools\n"
    "from adapters import wiring\n"
    "from adapters.cli import main\n"
    "ahead = datetime.timedelta(seconds={ahead})\n"
    "wiring.on_chats = functools.partial(wiring.on_chats, clock=lambda: wiring.system_clock() + ahead)\n"
    "raise SystemExit(main(['run']))\n"
)
"""`kasuhara run`, its clock moved to a working hour."""
EVERYTHING = (
    "import importlib, pkgutil, adapters, bot, storage\n"
    "import discord, discord.ext.commands, matplotlib.pyplot, slack_bolt.async_app, alembic.command\n"
    "for root in (bot, storage, adapters):\n"
    "    for module in pkgutil.walk_packages(root.__path__, root.__name__ + '.'):\n"
    "        if 'migrations' not in module.name and not module.name.endswith('__main__'):\n"
    "            importlib.import_module(module.name)\n"
)


@dataclass
class Load:
    """What was sent, and when."""

    sent: list[Delivery] = field(default_factory=list)
    angry: dict[str, float] = field(default_factory=dict)
    """When an angry customer said these words for the third time, on Slack's clock."""


async def _rows(url: str) -> None:
    """A team on duty, live; the product finds it when it starts."""
    async with opened(url) as house:
        house.clock.now = MONDAY
        await Company(house).opens(team(channels=(SUPPORT,), alert=ALERT, leads=LEADS))


def _policy(folder: Path) -> Path:
    """The standard pack, but nobody's calls are bundled: every one of them is to be timed."""
    pack = ROOT / "adapters" / "packs" / "standard" / "pings.toml"
    (folder / "policy").mkdir(exist_ok=True)
    told = pack.read_text("utf-8").replace("per_hour = 6", "per_hour = 1000 # Reason: a benchmark.")
    (folder / "policy" / "pings.toml").write_text(told, "utf-8")
    return folder / "policy"


@asynccontextmanager
async def _bot(slack: LocalSlack, folder: Path, before: str = "") -> AsyncIterator[tuple[Process, float]]:
    """The product, and how many seconds it took until both connections stood."""
    rows = f"sqlite:///{folder / 'bench.db'}"
    environment = os.environ | slack.environment(
        KASUHARA_DATABASE_URL=rows, KASUHARA_KEY=KEY, KASUHARA_POLICY=str(_policy(folder)), PYTHONPATH=str(ROOT)
    )
    slack.clock.ahead = MONDAY.timestamp() - time.time()
    started = time.perf_counter()
    code = before + PRODUCT.format(ahead=slack.clock.ahead)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=environment, cwd=folder, stdin=DEVNULL, stdout=DEVNULL
    )
    try:
        await slack.until(lambda: len(slack.sockets.open) == 2, 60)
        yield process, time.perf_counter() - started
    finally:
        process.terminate()
        await process.wait()


def _mib(pid: int, name: str = "VmRSS") -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:")) / 1024


def _cpu(pid: int) -> float:
    """Seconds of processor that this process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _starts(folder: Path) -> None:
    """Seconds until it takes what comes, of the clock and of a processor, and memory two seconds later, in turn."""
    found: dict[str, list[tuple[float, float, float]]] = {"Slack only": [], "everything imported": []}
    for _ in range(STARTS):
        for name, before in (("Slack only", ""), ("everything imported", EVERYTHING)):
            async with LocalSlack(town(), "socket") as slack, _bot(slack, folder, before) as (process, seconds):
                used = _cpu(process.pid)
                await asyncio.sleep(2)
                found[name].append((seconds, used, _mib(process.pid)))
    for name, runs in found.items():
        seconds, used, mib = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"  {name:20} ready after {seconds:4.1f} s ({used:.1f} s of a core), {mib:3.0f} MiB (median of {STARTS})")


def _crowd(slack: LocalSlack, seconds: int) -> None:
    people = [f"UK{n}" for n in range(CUSTOMERS)] + [f"UANGRY{n:03}" for n in range(math.ceil(seconds / ANGRY))]
    for id in people:
        slack.workspace.add(User(id, id.lower(), Kind.STRANGER, "TCUST"))
    slack.channel("support").members += people


async def _at(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


async def _crowd_speaks(slack: LocalSlack, load: Load, began: float, seconds: int) -> None:
    chance, fresh = random.Random(1), texts(random.Random(2))
    for number in range(seconds * RATE):
        await _at(began + number / RATE)
        load.sent.append(slack.user(f"UK{chance.randrange(CUSTOMERS)}").says(next(fresh), "support"))


async def _angry_speak(slack: LocalSlack, load: Load, began: float, seconds: int) -> None:
    fresh = texts(random.Random(3))  # each their own matter: the same from many would be an outage of ours
    for number in range(math.floor(seconds / ANGRY)):
        await _at(began + (number + 0.5) * ANGRY)
        who, said = f"UANGRY{number:03}", next(fresh)
        for ago in (200.0, 100.0):
            await slack.user(who).says(said, "support", ago=ago)
        load.angry[said] = slack.clock.now()
        load.sent.append(slack.user(who).says(said, "support"))


def _spread(what: str, seconds: list[float]) -> float:
    """p50, p99 and the worst, printed; the p99."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.99) - 1)]
    told = (
        f"p50 {statistics.median(ordered) * 1000:5.0f} ms, p99 {p99 * 1000:5.0f} ms, worst {ordered[-1] * 1000:5.0f} ms"
    )
    print(f"  {what:24} {told}  ({len(ordered)})")
    return p99


def _pings(slack: LocalSlack, load: Load) -> list[float]:
    """From the third message of each angry customer to Slack's taking the call, which quotes it."""
    taken: dict[str, float] = {}
    for call in slack.record.of("chat.postMessage"):
        if call.arguments.get("channel") == "GALERT" and call.ok:
            card = str(call.arguments["blocks"])
            for said in load.angry:
                if said in card:
                    taken.setdefault(said, call.at)
    return [taken[said] - at for said, at in load.angry.items() if said in taken]


async def _load(folder: Path, seconds: int) -> bool:
    load = Load()
    async with LocalSlack(town(), "socket") as slack:
        _crowd(slack, seconds)
        async with _bot(slack, folder) as (process, _):
            await asyncio.sleep(2)
            before, began = _cpu(process.pid), time.perf_counter()
            await asyncio.gather(_crowd_speaks(slack, load, began, seconds), _angry_speak(slack, load, began, seconds))
            await slack.settled()
            took, used = time.perf_counter() - began, _cpu(process.pid) - before
            await asyncio.sleep(3)
            peak = _mib(process.pid, "VmHWM")
    first = [one.attempts[0].took for one in load.sent if one.attempts and one.attempts[0].outcome == "acked"]
    pings = _pings(slack, load)
    print(f"  {len(load.sent)} events in {took:.1f} s, {len(load.sent) - len(first)} not acknowledged at the first try")
    met = _spread("event to acknowledgement", first) <= 3.0
    if pings:
        _spread("event to ping", pings)
    print(f"  {len(pings)} of {len(load.angry)} calls; the bot used {used / took:.0%} of a core, peak {peak:.0f} MiB")
    return met and len(first) == len(load.sent) and len(pings) == len(load.angry)


def slack(seconds: int) -> bool:
    """RATE messages a second for so long; True if every one was acknowledged at once and every call went out."""
    folder = Path(tempfile.mkdtemp(prefix="kasuhara-bench-"))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\nSlack, Socket Mode, the bot as its own process ({os.cpu_count()} cores, load before: {load}):")
    try:
        asyncio.run(_rows(f"sqlite:///{folder / 'bench.db'}"))
        asyncio.run(_starts(folder))
        return asyncio.run(_load(folder, seconds))
    finally:
        shutil.rmtree(folder)
