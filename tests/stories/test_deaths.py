"""Killed, stopped and started again, alone or as one of three: somebody is called, once, and one digest a team comes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import kill_house
import psycopg
import pytest
from company import Company, account, team
from conftest import NUMBERS
from harness import KEY, Harness, opened
from kill_house import AGAIN, LEASE, WAITS, FastClock, fast_policy, lines
from postgres import Server
from scripted_chat import Look

from bot.domain.audit import first_break
from bot.domain.events import DigestDue
from bot.domain.model import Notification, Severity
from storage.database import Database

TESTS = Path(__file__).parent


def told(what: str, **numbers: object) -> None:
    sys.stdout.write(f"\n{what}: " + " ".join(f"{name}={value}" for name, value in numbers.items()) + "\n")


def start(*words: object, **how: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", str(Path(kill_house.__file__)), *map(str, words)]
    path = os.pathsep.join(map(str, (TESTS, TESTS.parent, TESTS.parent.parent)))
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(command, env={**kept, "PYTHONPATH": path, "STORY_KEY": KEY}, text=True, **how)


@dataclass
class Aftermath:
    """What a folder and a database say when everything is over."""

    folder: Path
    url: str
    calls: dict[int, list[Notification]] = field(default_factory=dict)
    reports: Counter[str] = field(default_factory=Counter)
    given_up: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        database = Database(self.url, KEY)
        with database.read() as uow:
            self.calls = {ping.id: uow.pings.calls(ping.id) for ping in uow.pings.all()}
            for incident in uow.incidents.all():
                self.reports.update(report.text or "" for report in uow.incidents.reports(incident.id))
            entries = uow.audit.entries()
            self.given_up = {entry.subject for entry in entries if entry.action == "post.lost"}
            assert first_break(database.lookup.derive(b"audit"), entries, uow.audit.head()) is None
            self.waiting = [post.key for post in uow.outbox.waiting()]
        database.close()
        self.platform = lines(self.folder / "platform")
        self.shown = Counter(line["key"] for line in self.platform if "key" in line)

    def lost(self) -> list[int]:
        """Pings of reports that were answered and whose first call nobody ever saw; given up, whoever came instead."""
        gone = []
        for line in lines(self.folder / "recorded"):
            first = f"ping:{line['ping']}:0"
            instead = [key for key in self.shown if key.startswith(f"ping:{line['ping']}:") and key != first]
            if not self.shown[first] and not (first in self.given_up and instead):
                gone.append(line["ping"])
        return gone

    def steps_taken_twice(self) -> list[tuple[int, int, int]]:
        """Of the policy's steps; being told that nobody answers is repeated on purpose."""
        keys = {(id, c.round, c.step, c.key) for id, calls in self.calls.items() for c in calls}
        times = Counter((id, round, step) for id, round, step, _ in keys if 0 <= step < len(WAITS))
        return [step for step, count in times.items() if count > 1]

    def copies(self) -> list[dict[str, Any]]:
        """Messages whose key the platform had already."""
        posts = [line for line in self.platform if "key" in line]
        return [line for n, line in enumerate(posts) if any(one["key"] == line["key"] for one in posts[:n])]

    def called_after_the_end(self) -> list[str]:
        """Calls that appeared after somebody was answered that the ping is dealt with."""
        over: set[str] = set()
        late = []
        for line in self.platform:
            over |= {f"ping:{line['settled']}"} if "settled" in line else set()
            late += [line["key"]] if line.get("round") in over else []
        return late


def lived(folder: Path, url: str, seed: int, runs: int, look: Look) -> None:
    """kill -9 around commit and send, as often as `runs` says."""
    folder.mkdir()
    began = time.monotonic()
    with start("deaths", folder, url, seed, runs, look, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said, errors = process.communicate()
    ends = said.split()
    assert process.returncode == 0, errors
    assert set(ends) <= {"killed", "ended", "0"}, said + errors[-3000:]
    after = Aftermath(folder, url)
    copies, asked = after.copies(), {line["text"] for line in lines(folder / "asked")}
    told(
        "kill -9", seed=seed, database=url.partition(":")[0], chat=look.value, killed=ends.count("killed"),
        reports=len(asked), recorded=len(lines(folder / "recorded")), messages=after.shown.total(),
        lost=len(after.lost()), steps_twice=len(after.steps_taken_twice()), copies=len(copies),
        copies_labelled=sum(line["labelled"] for line in copies), given_up=len(after.given_up),
        seconds=f"{time.monotonic() - began:.0f}",
    )  # fmt: skip
    assert ends.count("killed") >= (runs - 2) * 0.8
    assert ends[-2:] == ["ended", "0"], said + errors[-3000:]
    assert after.lost() == []
    assert after.steps_taken_twice() == []
    assert after.called_after_the_end() == []
    assert after.reports == Counter(asked), "whoever says it again, unanswered, has still filed once"
    assert [key for key in after.waiting if key.startswith("ping:") and "@" not in key] == []
    assert all(line["labelled"] for line in copies)
    assert look is Look.CANNOT or copies == []


@pytest.mark.parametrize("look", [Look.TELLS, Look.CANNOT])
def test_killed_around_commit_and_send_nobody_is_forgotten(tmp_path: Path, database_url: str, look: Look) -> None:
    if database_url.startswith("sqlite") is (look is Look.TELLS):
        lived(tmp_path / "lives", database_url, 4, 7, look)


@pytest.mark.soak
@pytest.mark.parametrize("look", [Look.TELLS, Look.CANNOT])
def test_killed_a_hundred_times_around_commit_and_send(tmp_path: Path, database_url: str, look: Look) -> None:
    lived(tmp_path / "lives", database_url, 104, 110, look)


# T7: three replicas

ZONES = (
    "Pacific/Auckland", "Pacific/Noumea", "Australia/Brisbane", "Asia/Tokyo", "Asia/Manila", "Asia/Bangkok",
    "Asia/Dhaka", "Asia/Tashkent", "Asia/Dubai", "Europe/Istanbul", "Europe/Athens", "Europe/Berlin", "UTC",
    "Atlantic/Azores", "America/Noronha", "America/Sao_Paulo", "America/La_Paz", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip
"""Monday 09:00 comes to one after the other within a day."""


@pytest.fixture
async def shared(template: str, postgres: Server) -> AsyncIterator[Harness]:
    """A house on PostgreSQL beside which others stand."""
    name, model = f"replicas_{next(NUMBERS)}", template.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgres.uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
    async with opened(template.replace(f"/{model}", f"/{name}")) as house:
        yield house


@dataclass
class Troop:
    """Three processes, of which one is always about to die."""

    folder: Path
    url: str
    clock: FastClock
    random: Random
    running: list["subprocess.Popen[str]"] = field(default_factory=list)
    kills: int = 0
    stops: int = 0

    def begin(self, place: int | None = None) -> None:
        seed = self.random.randrange(10**6)
        words = ("replica", self.folder, self.url, seed, self.clock.epoch, self.clock.speed)
        errors = (self.folder / "errors").open("a")
        process = start(*words, stdout=errors, stderr=errors)
        errors.close()
        if place is None:
            self.running.append(process)
        else:
            self.running[place] = process

    def kill(self) -> None:
        place = self.random.randrange(1, len(self.running))
        self.running[place].kill()
        self.running[place].wait()
        self.kills += 1
        self.begin(place)

    async def stop_for_longer_than_a_lease(self) -> None:
        os.kill(self.running[0].pid, signal.SIGSTOP)
        await asyncio.sleep(LEASE * 1.5)
        os.kill(self.running[0].pid, signal.SIGCONT)
        self.stops += 1

    def end(self) -> list[int]:
        """Ask all to stop; how they ended. Whoever does not is killed: no process outlives the test."""
        for process in self.running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        ends = []
        for process in self.running:
            try:
                ends.append(process.wait(20))
            except subprocess.TimeoutExpired:
                process.kill()
                ends.append(process.wait())
        return ends


@dataclass
class Day:
    """People file and answer while a day goes by."""

    house: Harness
    folder: Path
    random: Random
    filed: int = 0
    settled: int = 0

    async def goes_by(self, seconds: float, a_second: float) -> None:
        company, open, until = Company(self.house), [], time.monotonic() + seconds
        while time.monotonic() < until:
            severity = self.random.choice((Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL))
            report = await company.reports(f"怒鳴られた {self.filed}", place="", severity=severity)
            kill_house.append(self.folder / "recorded", ping=report.ping_id)
            self.filed += 1
            open.append(report.ping_id or 0)
            if len(open) > 12:
                await self.settle(company, open.pop(self.random.randrange(8)))
            await asyncio.sleep(self.random.random() * 2 / a_second)
        while self.unseen():
            await asyncio.sleep(0.1)
        for ping in open:
            await self.settle(company, ping)

    async def settle(self, company: Company, ping: int) -> None:
        who = self.random.choice(("USUPER1", "USUPER2", "ULEAD"))
        await company.acknowledges(who, ping)
        await company.resolves(who, ping)
        self.settled += 1

    def unseen(self) -> int:
        return self.house.one("SELECT count(*) FROM outbox WHERE state = 'waiting' AND attempts = 0")


async def three_replicas(house: Harness, folder: Path, seed: int, seconds: float, pause: float) -> None:
    """One is killed every `pause` seconds, one is stopped for longer than a lease, for a day of `seconds`."""
    random, url = Random(seed), house.database.url.render_as_string(hide_password=False)
    people = tuple(
        replace(team(name=f"{n} 課", zone=zone, channels=()), staff=team().staff if not n else ()) for n, zone in enumerate(ZONES)
    )
    await Company(house).opens(*people, live=False)
    await house.submit(DigestDue())
    clock = FastClock(time.time() + 1.5, 24.5 * 3600 / seconds)
    house.bot.clock, house.bot.policy = clock, fast_policy(clock)
    troop, day = Troop(folder, url, clock, random), Day(house, folder, random)
    try:
        for _ in range(3):
            troop.begin()
        await asyncio.sleep(1.5)
        living = asyncio.create_task(day.goes_by(seconds, a_second=15))
        while not living.done():
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))
            troop.kill()
            if troop.kills % 3 == 1:
                await troop.stop_for_longer_than_a_lease()
        await living
        for _ in range(300):
            if not house.one("SELECT count(*) FROM outbox WHERE state = 'waiting'"):
                break
            await asyncio.sleep(0.05)
    finally:
        ends = troop.end()
    assert ends == [0, 0, 0], (folder / "errors").read_text("utf-8")[-3000:]
    compare(house, folder, seed, troop, day)


def compare(house: Harness, folder: Path, seed: int, troop: Troop, day: Day) -> None:
    after = Aftermath(folder, house.database.url.render_as_string(hide_password=False))
    copies = after.copies()
    late = [line for line in copies if any(one.get("key") == line["key"] and one["lease"] > line["lease"] for one in after.platform)]
    digests = Counter(key for key in after.shown.elements() if key.startswith("digest:"))
    early = [(id, b.step) for id, calls in after.calls.items() for a, b in early_pairs(calls, troop.clock)]
    told(
        "T7", seed=seed, kills=troop.kills, stopped=troop.stops, incidents=day.filed, answered=day.settled,
        calls=sum(map(len, after.calls.values())), messages=after.shown.total(), lost=len(after.lost()),
        steps_twice=len(after.steps_taken_twice()), early=len(early), digests=len(digests),
        digests_twice=sum(digests.values()) - len(digests), copies=len(copies), late_copies=len(late),
        labelled=sum(line["labelled"] for line in copies), stale=len(lines(folder / "stale")),
        left_waiting=len(after.waiting), given_up=len(after.given_up),
    )  # fmt: skip
    assert after.lost() == after.steps_taken_twice() == early == after.waiting == []
    assert set(digests) == {f"digest:{n} 課:2026-W48" for n in range(len(ZONES))}
    assert set(digests.values()) == {1}
    assert all(line["labelled"] for line in copies if line not in late)
    assert len(late) <= 1 + after.shown.total() / 1000


def early_pairs(calls: list[Notification], clock: FastClock) -> list[tuple[Notification, Notification]]:
    """Neighbouring calls of one round that are nearer than the policy says; critical ones call all steps at once."""
    own = list({call.key: call for call in calls}.values())
    pairs = [(a, b) for a, b in zip(own, own[1:], strict=False) if a.round == b.round and a.at != b.at]
    return [(a, b) for a, b in pairs if b.at - a.at < clock.span((*WAITS, AGAIN)[a.step] if own[0].at != own[1].at else 0)]


async def test_three_replicas_one_dies_one_sleeps(shared: Harness, tmp_path: Path) -> None:
    await three_replicas(shared, tmp_path, seed=7, seconds=4, pause=1.5)


@pytest.mark.soak
async def test_three_replicas_for_two_minutes(shared: Harness, tmp_path: Path) -> None:
    """T7 of reliability.md in the short form of issue 3."""
    await three_replicas(shared, tmp_path, seed=77, seconds=110, pause=3.5)
