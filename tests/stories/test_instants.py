"""Two people answer and a step is due in the same instant: one has it, and no call of the round goes out later (T6)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest
from aftermath import told
from company import Company, account
from harness import START, Harness, opened
from sqlalchemy import text

from bot.domain.events import EscalationsDue, Event, PingAcknowledged, PostFailed
from bot.domain.model import PingState
from bot.domain.notices import Letter, Notice, PingAnswered

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
    if rounds >= 50:
        assert 0 < instant.steps < rounds, "the step or the answer always came first: this test has seen no race"
    assert instant.claimed


async def test_answers_steps_and_claims_in_the_same_instant(instant: Instant) -> None:
    await in_the_same_instant(instant, 10 if instant.houses[0].database.sqlite else 20)


@pytest.mark.soak
async def test_a_thousand_answers_steps_and_claims_in_the_same_instant(instant: Instant) -> None:
    """T6 of reliability.md, as issue 3 has it."""
    await in_the_same_instant(instant, 250 if instant.houses[0].database.sqlite else 1000)
