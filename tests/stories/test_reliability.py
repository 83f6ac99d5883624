"""Somebody always comes, once: restarts, answers in the same instant, and people who cannot be reached (rules.md 7)."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest
from company import ALERT, Company, account, team
from harness import POLICY, START, Harness, opened
from scripted_chat import How, ScriptedChat
from sqlalchemy import text

from bot.delivery import Courier, Courtesy
from bot.domain.errors import DeliveryFailed, Stale
from bot.domain.events import EscalationsDue, Event, PingAcknowledged, PostFailed, TeamsApplied
from bot.domain.model import MessageRef, Notification, PingState, Severity, Team
from bot.domain.notices import Letter, Notice, PingAnswered
from bot.domain.policy import EscalationStep, StepTarget
from bot.ports import UnitOfWork

MINUTE = timedelta(minutes=1)
LATE = timedelta(seconds=5)
"""After a start everything that was missed is taken within this (T5)."""
ROTA = ("USUPER1", "USUPER2")


def told(what: str, **numbers: object) -> None:
    sys.stdout.write(f"\n{what}: " + " ".join(f"{name}={value}" for name, value in numbers.items()) + "\n")


# T5: restarts


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
        return [
            (id, *step) for id, calls in self.calls().items() for step in {(c.round, c.step, c.key) for c in calls}
        ]


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


# T6: answers and steps in the same instant

LEDGER = "CREATE TABLE moves (seq INTEGER PRIMARY KEY, key TEXT, was TEXT, state TEXT, claimed INTEGER)"
ON_SQLITE = (
    LEDGER,
    """CREATE TRIGGER moved AFTER UPDATE ON outbox WHEN OLD.state <> NEW.state OR NEW.lease > OLD.lease BEGIN
    INSERT INTO moves (key, was, state, claimed) VALUES (NEW.key, OLD.state, NEW.state, NEW.lease > OLD.lease); END""",
)
ON_POSTGRESQL = (
    LEDGER.replace("seq INTEGER", "seq BIGSERIAL"),
    """CREATE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO moves (key, was, state, claimed)
    VALUES (NEW.key, OLD.state, NEW.state, (NEW.lease > OLD.lease)::integer); RETURN NEW; END $$""",
    """CREATE TRIGGER moved AFTER UPDATE ON outbox FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR NEW.lease > OLD.lease) EXECUTE FUNCTION moved()""",
)
"""Who changed a row of the outbox, in the order of the commits: whoever changes a row holds its lock from before the
number is drawn until its transaction ends, so for one row the numbers are the order of its transactions."""


@dataclass
class Instant:
    """Four processes' doors to one database: two people answer, the clock moves on, a Courier claims."""

    houses: list[Harness]
    random: Random
    late: list[str] = field(default_factory=list)
    winners: Counter[str] = field(default_factory=Counter)
    claimed: int = 0
    steps: int = 0

    def __post_init__(self) -> None:
        self.company = Company(self.houses[0])
        with self.houses[0].database.connect() as connection:
            for statement in ON_SQLITE if self.houses[0].database.sqlite else ON_POSTGRESQL:
                connection.execute(text(statement))

    async def submit(self, door: int, event: Event, within: float = 0.005) -> Notice:
        await asyncio.sleep(self.random.random() * within)
        return await self.houses[door].intake.submit(event)

    async def claims(self, answered: asyncio.Event) -> list[Letter]:
        """What a Courier claims until the answer was told to a person, and once more after that."""
        found: list[Letter] = []
        while True:
            after = answered.is_set()
            letters = await self.claim()
            self.late += [letter.post.key for letter in letters if after and letter.post.round]
            found += letters
            if after:
                return found
            await asyncio.sleep(0.001)

    async def claim(self) -> list[Letter]:
        now, lease = self.houses[3].clock.now, timedelta(seconds=30)
        return await self.houses[3].intake.write(lambda uow: uow.outbox.claim(now, lease, 4))

    async def round(self, number: int, lost: bool = False) -> None:
        """One ping whose next step is due at the very instant in which two people answer it."""
        report = await self.company.reports(f"怒鳴られた {number}", place="")
        ping = report.ping_id or 0
        self.houses[0].clock.advance(minutes=5)
        more = [PostFailed(key=f"ping:{ping}:0", reason="archived")] if lost else []
        if lost:
            await self.company.passes(minutes=1)
        early = await self.claim() if number % 3 == 0 else []
        answered = asyncio.Event()

        async def answers(door: int, who: str) -> PingAnswered:
            notice = await self.submit(door, PingAcknowledged(actor=account(who), ping_id=ping))
            answered.set()
            assert isinstance(notice, PingAnswered), notice
            return notice

        others = [self.submit(2, event, 0.01) for event in (EscalationsDue(), *more)]
        first, second, letters, *_ = await asyncio.gather(
            answers(0, "USUPER1"), answers(1, "USUPER2"), self.claims(answered), *others
        )
        await self.check(ping, first, second, [*early, *letters])

    async def check(self, ping: int, first: PingAnswered, second: PingAnswered, letters: list[Letter]) -> None:
        with self.houses[0].database.read() as uow:
            stored = uow.pings.get(ping)
        assert sorted((first.first, second.first)) == [False, True], "one has it"
        assert first.by == second.by
        winner = account("USUPER1" if first.first else "USUPER2")
        assert (stored.acked_by, stored.state, stored.round) == (winner, PingState.ACKNOWLEDGED, 1)
        self.winners[winner[-1]] += 1
        self.steps += stored.step == 2
        calls = [letter for letter in letters if letter.post.round == f"ping:{ping}"]
        self.claimed += len(calls)
        self.houses[0].clock.advance(seconds=31)
        held = await self.houses[3].intake.write(
            lambda uow: [letter.post.key for letter in calls if uow.outbox.holds(letter, START)]
        )
        assert held == [], "what was claimed before is stopped at the last look"
        self.late += [letter.post.key for letter in await self.claim() if letter.post.round]
        self.ordered(ping)
        await self.company.resolves(winner.rpartition(":")[2], ping)
        self.houses[0].one("UPDATE outbox SET state = 'sent', lease_until = NULL WHERE state <> 'sent'")

    def ordered(self, ping: int) -> None:
        """Every call of the round was claimed, if at all, before the answer took it back; and it took back all."""
        with self.houses[0].database.connect() as connection:
            moves = connection.execute(text("SELECT key, state, claimed FROM moves ORDER BY seq")).all()
            connection.execute(text("DELETE FROM moves"))
            query = text("SELECT key FROM outbox WHERE round = :round AND state <> 'cancelled'")
            left = connection.scalars(query, {"round": f"ping:{ping}"}).all()
        assert left == [], "a call that the answer did not take back"
        taken_back: set[str] = set()
        for move in moves:
            assert not (move.claimed and move.key in taken_back), f"{move.key} was claimed after the answer"
            taken_back |= {move.key} if move.state == "cancelled" else set()


@pytest.fixture
async def instant(house: Harness, database_url: str) -> AsyncIterator[Instant]:
    async with opened(database_url) as second, opened(database_url) as third, opened(database_url) as fourth:
        for other in (second, third, fourth):
            other.beside(house)
        await Company(house).opens()
        yield Instant([house, second, third, fourth], Random(6))


async def in_the_same_instant(instant: Instant, rounds: int) -> None:
    for number in range(rounds):
        await instant.round(number)
    house = instant.houses[0]
    locks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    told(
        "T6", database=house.database.url.get_backend_name(), rounds=rounds, answered_by=dict(instant.winners),
        step_came_first=instant.steps, claimed_before=instant.claimed, claimed_after=len(instant.late),
        deadlocks=0 if house.database.sqlite else house.one(locks),
    )  # fmt: skip
    assert instant.late == []
    assert instant.winners.total() == rounds
    assert 0 < instant.steps < rounds, "the step or the answer always came first: this test has seen no race"
    assert instant.claimed


async def test_answers_steps_and_claims_in_the_same_instant(instant: Instant) -> None:
    await in_the_same_instant(instant, 20 if instant.houses[0].database.sqlite else 60)


@pytest.mark.soak
async def test_a_thousand_answers_steps_and_claims_in_the_same_instant(instant: Instant) -> None:
    """T6 of reliability.md, as issue 3 has it."""
    await in_the_same_instant(instant, 250 if instant.houses[0].database.sqlite else 1000)


# T12: people who cannot be reached

LOOK = 30.0
"""Seconds until somebody else has to be called."""


class Deaf(ScriptedChat):
    """A chat in which some places and people can never be reached."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, str] = {}

    async def post(self, letter: Letter) -> MessageRef:
        to = letter.post.to
        reason = self.gone.get(to.channel or to.people[0])
        if reason:
            self.calls.append((letter.post.key, How.CLOSED))
            raise DeliveryFailed(reason, permanent=True)
        return await super().post(letter)

    def reached(self, ping: int) -> list[str]:
        """Whom the calls of a ping reached, in order: people directly, or in a channel."""
        calls = [shown.letter.post for shown in self.shown if shown.letter and shown.letter.post.round == f"ping:{ping}"]
        return [person.rpartition(":")[2] for call in calls for person in call.to.people or (call.to.channel,)]


@dataclass
class Case:
    """Why nobody can be reached at first; `after` minutes of steps that all went well, who is to come next."""

    name: str
    team: Team
    gone: dict[str, str]
    comes: tuple[str, ...]
    after: int = 0
    severity: Severity = Severity.MEDIUM


def cases() -> list[Case]:
    direct, alert = team(name="直接", alert="", leads=""), team(name="警報")
    one, two, lead = account("USUPER1"), account("USUPER2"), account("ULEAD")
    people = ("UAGENT", "USUPER1", "USUPER2", "ULEAD", "UADMIN")
    bare = team(*people, name="当番なし", rota=None, alert="")
    alone = team("UAGENT", "USUPER1", "ULEAD", name="一人", rota=("USUPER1",), alert="")
    led = team("UAGENT", "ULEAD", "UADMIN", name="責任者だけ", rota=None, alert="")
    grave = Severity.CRITICAL
    return [
        Case("deactivated", direct, {one: "user_deactivated"}, ("USUPER2",)),
        Case("direct messages closed", direct, {one: "dm_closed"}, ("USUPER2",), severity=Severity.HIGH),
        Case("the second too", direct, {one: "dm_closed", two: "user_deactivated"}, ("ULEAD",)),
        Case("the second alone", direct, {two: "dm_closed"}, ("ULEAD",), after=5),
        Case("only a decision maker is left", direct, {one: "x", two: "x", lead: "x"}, ("UBOSS",)),
        Case("critical", direct, {one: "dm_closed", two: "dm_closed"}, ("ULEAD",), severity=grave),
        Case("critical, and all are gone", direct, {one: "x", two: "x", lead: "x"}, ("UBOSS",), severity=grave),
        Case("channel archived", alert, {ALERT: "is_archived"}, ("USUPER1",)),
        Case("channel and person", alert, {ALERT: "is_archived", one: "dm_closed"}, ("USUPER2",)),
        Case("nobody on shift", bare, {}, ("USUPER1", "USUPER2")),
        Case("nobody on shift, one is gone", bare, {one: "dm_closed"}, ("USUPER2",)),
        Case("nobody on shift, both are gone", bare, {one: "dm_closed", two: "dm_closed"}, ("ULEAD",)),
        Case("nobody on shift but a lead", led, {}, ("ULEAD",)),
        Case("no second", alone, {}, ("ULEAD",), after=5),
        Case("no second, the first is gone", alone, {one: "dm_closed"}, ("ULEAD",)),
    ]


@dataclass
class Unreached:
    """A house whose Courier meets closed doors."""

    house: Harness
    chat: Deaf = field(default_factory=Deaf)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        intake = self.house.intake
        self.courier = Courier(intake.write, {"slack": self.chat}, self.house.clock, intake.submit, Courtesy())

    async def look(self) -> None:
        await self.house.submit(EscalationsDue())
        while await self.courier.run_once():
            pass

    async def meets(self, case: Case, number: int, random: Random) -> None:
        """File, let the steps before go well, close the doors; whoever is next is called within one look each."""
        company = await Company(self.house).opens(case.team)
        self.chat.gone = {} if case.after else case.gone
        report = await company.reports(f"怒鳴られた {number}", severity=case.severity)
        ping = report.ping_id or 0
        await self.look()
        for _ in range(case.after):
            self.house.clock.advance(minutes=1)
            self.chat.gone = case.gone if _ == case.after - 1 else {}
            await self.look()
        began, looks = self.house.clock.now, 0
        while not set(case.comes) <= set(self.chat.reached(ping)) and looks < 60:
            self.house.clock.advance(seconds=random.uniform(1, LOOK))
            looks += 1
            await self.look()
        reached = self.chat.reached(ping)
        assert set(case.comes) <= set(reached), f"{case.name}: {case.comes} never came, only {reached}"
        missing = len(case.gone) if case.severity is not Severity.CRITICAL else 1
        self.waits.append((self.house.clock.now - began).total_seconds() / max(1, missing))
        assert looks <= missing, f"{case.name}: {looks} looks"
        assert len(reached) == len(set(reached)), f"{case.name}: somebody was called twice in one round: {reached}"
        await company.resolves("ULEAD", ping)
        await self.look()
        self.house.clock.advance(minutes=3)


async def unreached(house: Harness, seed: int, many: int) -> None:
    random, story = Random(seed), Unreached(house)
    every = cases()
    for number in range(many):
        await story.meets(every[number % len(every)], number, random)
    told("T12", seed=seed, cases=many, next_target_called=len(story.waits), longest_wait=f"{max(story.waits):.1f} s")
    assert max(story.waits) <= LOOK


async def test_whoever_cannot_be_reached_the_next_one_is_called(house: Harness) -> None:
    await unreached(house, seed=12, many=len(cases()))


@pytest.mark.soak
async def test_two_hundred_times_somebody_cannot_be_reached(house: Harness) -> None:
    """T12 of reliability.md, as issue 3 has it."""
    await unreached(house, seed=120, many=200)
