"""Whatever restarts, every step of every ping comes once, never early, and what was missed comes at once (T5)."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest
from aftermath import told
from company import Company
from harness import POLICY, Harness

from bot.domain.model import Notification, Severity
from bot.domain.policy import EscalationStep, StepTarget

MINUTE = timedelta(minutes=1)
LATE = timedelta(seconds=5)
"""After a start everything that was missed is taken within this (T5)."""


@dataclass
class Line:
    """What the policy says of one ping, said naively: each step its wait after the step before."""

    opened_at: datetime
    waits: tuple[timedelta, ...]
    again: timedelta | None
    took: list[datetime] = field(default_factory=list)
    settled: bool = False

    def due(self) -> datetime | None:
        if self.settled:
            return None
        if not self.took:
            return self.opened_at
        taken = len(self.took)
        if taken <= len(self.waits):
            return self.took[-1] + self.waits[taken - 1]
        return None if self.again is None else self.took[-1] + self.again


@dataclass
class Restarts:
    """Open pings, a process that is not always there, and what the policy says of each ping."""

    house: Harness
    random: Random
    company: Company
    lines: dict[int, Line] = field(default_factory=dict)
    longest: timedelta = timedelta(0)
    missed: int = 0

    @property
    def waits(self) -> tuple[timedelta, ...]:
        return tuple(step.wait for step in self.house.policy.ping.steps)

    async def opens(self, many: int) -> None:
        """Pings of as many customers, some seconds apart."""
        for number in range(many):
            self.house.clock.advance(seconds=self.random.choice((0, 0, 1, 7.5, 61)) * 30 / many)
            severity = self.random.choice((Severity.MEDIUM, Severity.HIGH))
            report = await self.company.reports(f"怒鳴られた {number}", place="", severity=severity)
            assert report.ping_id is not None
            again = self.house.policy.ping.again if severity is Severity.HIGH else None
            now = self.house.clock.now
            self.lines[report.ping_id] = Line(now, self.waits, again, [now])

    async def looks(self, times: int = 1) -> None:
        """One look a second, as a running process has them; the ledger is compared after the last."""
        for number in range(times):
            if number:
                self.house.clock.advance(seconds=1)
            await self.company.passes(seconds=0.001)

    async def is_off(self, span: timedelta) -> None:
        """Stopped, and started again after this long; all that was missed comes at once, and only once."""
        before = self.house.clock.now
        await self.house.reopened()
        self.house.clock.now += span
        back = self.house.clock.now
        self.missed += sum(1 for line in self.lines.values() if (due := line.due()) and before < due <= back)
        await self.looks(6)
        self.compare(back)

    async def settles(self) -> None:
        """Somebody answers one of them: nobody is called for it any more."""
        id = self.random.choice([id for id, line in self.lines.items() if not line.settled])
        await self.company.acknowledges("USUPER2", id)
        await self.company.resolves("USUPER2", id)
        self.lines[id].settled = True

    def compare(self, since: datetime) -> None:
        """Every call that the rows have, against what the policy says; nothing is due and not taken."""
        for id, calls in self.calls().items():
            line = self.lines[id]
            posts = list({call.key: call for call in calls}.values())
            steps = [(call.round, call.step) for call in posts]
            assert steps[: len(line.waits) + 1] == [(1, n) for n in range(len(steps))][: len(line.waits) + 1]
            assert {step for _, step in steps[len(line.waits) + 1 :]} <= {len(line.waits)}
            for call in posts[len(line.took) :]:
                due = line.due()
                assert due is not None, f"ping {id}: step {call.step} of an answered ping"
                assert call.at >= due, f"ping {id}: step {call.step} {due - call.at} early"
                late = call.at - max(due, since)
                assert late <= LATE, f"ping {id}: step {call.step} {late} late"
                self.longest = max(self.longest, late)
                line.took.append(call.at)
            due = line.due()
            assert due is None or due > self.house.clock.now, f"ping {id}: due at {due}, not taken"

    def calls(self) -> dict[int, list[Notification]]:
        found: dict[int, list[Notification]] = {id: [] for id in self.lines}
        with self.house.database.read() as uow:
            for id in self.lines:
                found[id] = uow.pings.calls(id)
        return found

    def steps(self) -> list[tuple[int, int, int, str]]:
        return [(id, *step) for id, calls in self.calls().items() for step in {(c.round, c.step, c.key) for c in calls}]


async def restarted(house: Harness, seed: int, pings: int, restarts: int) -> None:
    """Steps with waits of 1 to 60 minutes, looks at random moments, outages of seconds to hours."""
    random = Random(seed)
    targets = (StepTarget.ON_CALL, StepTarget.SECOND, StepTarget.SUPERVISORS, StepTarget.LEADS)
    waits = [1, 60, *(random.randint(1, 60) for _ in range(2))]
    random.shuffle(waits)
    steps = tuple(EscalationStep(to, wait * MINUTE) for to, wait in zip(targets, waits, strict=True))
    await house.reopened(ping=replace(POLICY.ping, steps=steps, again=random.randint(1, 30) * MINUTE))
    story = Restarts(house, random, await Company(house).opens())
    await story.opens(pings)
    await story.looks(6)
    story.compare(house.clock.now - LATE)
    for number in range(restarts):
        for _ in range(5):
            quiet = house.clock.now
            house.clock.advance(seconds=random.choice((0.5, 1, 3, 20, 59.999, 60, 200)))
            await story.looks(4)
            story.compare(house.clock.now - timedelta(seconds=3, microseconds=4000))
            assert house.clock.now > quiet
        await story.settles()
        await story.is_off((65, 0.1, 180, 1, 30)[number % 5] * MINUTE)
    taken = story.steps()
    once = Counter((id, round, step) for id, round, step, _ in taken if step < len(steps))
    assert set(once.values()) == {1}
    told(
        "T5", seed=seed, pings=pings, restarts=restarts, waits=waits, steps=len(once), exhausted=len(taken) - len(once),
        due_during_outages=story.missed, double=0, early=0, latest=story.longest,
    )  # fmt: skip
    assert story.missed > pings / 2


async def test_every_step_comes_once_and_never_early_whatever_restarts(house: Harness) -> None:
    await restarted(house, seed=5, pings=25, restarts=4)


@pytest.mark.soak
async def test_five_hundred_pings_and_twenty_restarts(house: Harness) -> None:
    """T5 of reliability.md, as issue 3 has it."""
    await restarted(house, seed=55, pings=500, restarts=20)
