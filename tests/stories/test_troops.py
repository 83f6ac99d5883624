"""Three processes on one PostgreSQL, one killed again and again, one asleep for longer than a lease (T7)."""

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

import kill_house
import pytest
from aftermath import Aftermath, start, told
from company import Company, team
from harness import POLICY, Harness, opened
from kill_house import AGAIN, LEASE, WAITS, FastClock, fast_policy, lines
from postgres import Server

from bot.domain.events import DigestDue
from bot.domain.model import Notification, RoundReason, Severity

ZONES = (
    "Pacific/Auckland", "Pacific/Noumea", "Australia/Brisbane", "Asia/Tokyo", "Asia/Manila", "Asia/Bangkok",
    "Asia/Dhaka", "Asia/Tashkent", "Asia/Dubai", "Europe/Istanbul", "Europe/Athens", "Europe/Berlin", "UTC",
    "Atlantic/Azores", "America/Noronha", "America/Sao_Paulo", "America/La_Paz", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip
"""Monday 09:00 comes to one after the other within a day."""


@pytest.fixture
async def shared(postgres: Server) -> AsyncIterator[Harness]:
    """A house on PostgreSQL beside which others stand."""
    async with opened(postgres.fresh()) as house:
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
    waits: list[float] = field(default_factory=list)
    """Seconds until a report was answered."""

    async def goes_by(self, seconds: float, a_second: float) -> None:
        company, open, until = Company(self.house), [], time.monotonic() + seconds
        while time.monotonic() < until:
            severity = self.random.choice((Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL))
            asked = time.monotonic()
            report = await company.reports(f"怒鳴られた {self.filed}", place="", severity=severity)
            self.waits.append(time.monotonic() - asked)
            kill_house.append(self.folder / "recorded", ping=report.ping_id)
            self.filed += 1
            open.append(report.ping_id or 0)
            if len(open) > 12 and (seen := sorted(self.seen().intersection(open))):
                open.remove(chosen := self.random.choice(seen))
                await self.settle(company, chosen)
            await asyncio.sleep(self.random.random() * 2 / a_second)
        for _ in range(200):
            if set(open) <= self.seen():
                break
            await asyncio.sleep(0.1)
        for ping in open:
            await self.settle(company, ping)

    async def settle(self, company: Company, ping: int) -> None:
        who = self.random.choice(("USUPER1", "USUPER2", "ULEAD"))
        await company.acknowledges(who, ping)
        await company.resolves(who, ping)
        self.settled += 1

    def seen(self) -> set[int]:
        """Pings of which somebody can see a call; nobody answers others."""
        rounds = (line.get("round", "") for line in lines(self.folder / "platform"))
        return {int(round.partition(":")[2]) for round in rounds if round}


async def three_replicas(house: Harness, folder: Path, seed: int, seconds: float, pause: float) -> None:
    """One is killed every `pause` seconds, one is stopped for longer than a lease, for a day of `seconds`."""
    random, url = Random(seed), house.database.url.render_as_string(hide_password=False)
    teams = [team(name=f"{n} 課", zone=zone, channels=()) for n, zone in enumerate(ZONES)]
    await Company(house).opens(teams[0], *(replace(one, staff=()) for one in teams[1:]), live=False)
    await house.submit(DigestDue())
    clock = FastClock(time.time() + 1.5, 24.5 * 3600 / seconds)
    house.bot.clock, house.bot.policy = clock, fast_policy(clock)
    troop, day = Troop(folder, url, clock, random), Day(house, folder, random)
    try:
        for _ in range(3):
            troop.begin()
        await asyncio.sleep(1.5)
        living = asyncio.create_task(day.goes_by(seconds, a_second=15))
        until = time.monotonic() + seconds - pause
        while time.monotonic() < until:
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
    assert set(ends) <= {0, -signal.SIGTERM}, (folder / "errors").read_text("utf-8")[-30000:]
    compare(house, folder, seed, troop, day)


def compare(house: Harness, folder: Path, seed: int, troop: Troop, day: Day) -> None:
    after = Aftermath(folder, house.database.url.render_as_string(hide_password=False))
    copies = after.copies()
    late = after.late_copies()
    digests = Counter(key for key in after.shown.elements() if key.startswith("digest:"))
    early = [
        (id, a.step, b.step, (b.at - a.at) / troop.clock.span(1.0))
        for id, calls in after.calls.items()
        for a, b in early_pairs(calls, troop.clock)
    ]
    told(
        "T7", seed=seed, kills=troop.kills, stopped=troop.stops, incidents=day.filed, answered=day.settled,
        calls=sum(map(len, after.calls.values())), messages=after.shown.total(), lost=len(after.lost()),
        steps_twice=len(after.steps_taken_twice()), early=len(early), digests=len(digests),
        digests_twice=sum(digests.values()) - len(digests), copies=len(copies), late_copies=len(late),
        labelled=sum(line["labelled"] for line in copies), stale=len(lines(folder / "stale")),
        left_waiting=len(after.waiting), given_up=len(after.given_up),
        report_answered=f"{median(day.waits):.3f}..{max(day.waits):.1f} s",
    )  # fmt: skip
    assert after.lost() == after.steps_taken_twice() == early == after.waiting == []
    of_the_day = {key for key in digests if key.endswith("W48")}
    assert of_the_day == {f"digest:{n} 課:2026-W48" for n in range(len(ZONES))}, "of this week"
    assert set(digests.values()) == {1}
    assert all(line["labelled"] for line in copies if line not in late)
    assert len(late) <= 1 + after.shown.total() / 1000


def early_pairs(calls: list[Notification], clock: FastClock) -> list[tuple[Notification, Notification]]:
    """Neighbouring calls that are nearer than the policy says; a critical one's steps are called at once, and whoever
    is told that nobody answers is told no earlier than the first step's wait after that. Asking the one who answered
    how it ended is no step; if that brings no word, the next call comes no earlier than the policy gives for it."""
    own = list({call.key: call for call in calls if not call.asked}.values())
    at_once = len(own) > 1 and own[0].at == own[1].at
    waits = (WAITS[0],) * len(WAITS) if at_once else WAITS
    pairs = [(a, b) for a, b in zip(own, own[1:], strict=False) if not (at_once and b.at == own[0].at)]

    def wait(a: Notification, b: Notification) -> timedelta:
        if b.round != a.round and b.reason is RoundReason.NO_OUTCOME:  # on a busy machine: the hours fly, people do not
            return POLICY.ping.outcome + POLICY.ping.outcome_grace
        return clock.span((*waits, AGAIN)[a.step])

    return [(a, b) for a, b in pairs if b.at - a.at < wait(a, b)]


async def test_three_replicas_one_dies_one_sleeps(shared: Harness, tmp_path: Path) -> None:
    await three_replicas(shared, tmp_path, seed=7, seconds=3.5, pause=1.2)


@pytest.mark.soak
async def test_three_replicas_for_two_minutes(shared: Harness, tmp_path: Path) -> None:
    """T7 of reliability.md in the short form of issue 3."""
    await three_replicas(shared, tmp_path, seed=77, seconds=110, pause=3.5)
