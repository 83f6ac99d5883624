"""A house in processes of their own that die around commit and send, and a platform that outlives them as a file.

`python kill_house.py deaths FOLDER URL SEED RUNS LOOK` lives RUNS lives one after the other, all but the first and the
last of which are killed with -9 at a moment that the seed chooses. In FOLDER, `asked` and `recorded` get what a person
filed and was answered, `platform` every message that the chat accepted and every answer that ended a ping, in order.

`python kill_house.py replica FOLDER URL SEED EPOCH SPEED` is one of several houses on one database until SIGTERM; its
clock stood at SUNDAY at EPOCH (seconds since 1970) and has gone SPEED times as fast as the world's since then.
STORY_KEY in the environment is the key of the database.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from company import account, team
from harness import POLICY, START
from scripted_chat import How, Look, ScriptedChat, Shown, rolled

from bot.app import Bot
from bot.delivery import Courier, Courtesy
from bot.domain.errors import DeliveryFailed, Stale, StorageGone
from bot.domain.events import DigestDue, EscalationsDue, PingAcknowledged, PingResolved, ReportFiled, TeamsApplied
from bot.domain.model import MessageRef, Severity
from bot.domain.notices import Letter, ReportRecorded
from bot.domain.policy import Policy
from bot.intake import Intake
from storage.database import Database

KEY = os.environ.get("STORY_KEY", "")
REPORTS = 2
"""Filed in one life."""
LOOKS = 6
MOMENTS = (20, 90, 150)
"""Before which of its moments a life may end; not every life has so many."""


@dataclass
class Death:
    """Counts moments and kills this process at one of them; never if `at` is 0."""

    at: int = 0
    seen: int = 0

    def __call__(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal(Database):
    """A database whose process may die just before and just after every commit."""

    death = Death()

    @contextlib.contextmanager
    def begin(self) -> Iterator[Any]:
        with super().begin() as uow:
            yield uow
            self.death()
        self.death()


class Town(ScriptedChat):
    """A platform that several processes see as one: a file to which each of them appends whole lines."""

    def __init__(self, file: Path, *rest: Any, **more: Any) -> None:
        super().__init__(*rest, **more)
        self.file = file

    async def find(self, letter: Letter) -> MessageRef | None:
        await super().find(letter)
        known = any(line.get("key") == letter.post.key for line in lines(self.file))
        return self.ref(letter) if known else None

    async def edit(self, letter: Letter) -> MessageRef:
        def accept() -> MessageRef:
            if letter.ref is None or letter.ref.id != letter.post.edits:
                raise DeliveryFailed("no_such_message", permanent=True)
            append(self.file, edit=letter.post.key)
            return letter.ref

        return await self._answer(letter, accept)

    def ref(self, letter: Letter) -> MessageRef:
        return MessageRef(letter.post.to.channel or "slack:TOWN:direct", letter.post.key)

    def _take(self, key: str, *, labelled: bool, letter: Letter | None = None) -> Shown:
        assert letter is not None
        shown = Shown(key, labelled, self.ref(letter), letter)
        self.shown.append(shown)
        append(self.file, key=key, labelled=labelled, round=letter.post.round, pid=os.getpid(), lease=letter.lease)
        return shown


def append(file: Path, **facts: object) -> None:
    """One line in one write, so that lines of several processes never mix."""
    where = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(where, (json.dumps(facts) + "\n").encode())
    finally:
        os.close(where)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


@dataclass
class Life:
    """One process: who comes files, somebody answers, time passes, the Courier brings."""

    folder: Path
    house: Database
    number: int
    look: Look
    now: datetime
    looks: int = LOOKS

    async def live(self, death: Death) -> None:
        intake = Intake(Bot(self.house, POLICY, lambda: self.now, self.house.lookup.content_key))
        intake.start()
        ways = (How.LOST, How.CRASHED, How.DOWN, How.BUSY, How.CLOSED)
        script = rolled(self.number, *ways, worse=0.12) if self.looks == LOOKS else ()
        chat = Town(self.folder / "platform", script, self.look, moment=death)
        courier = Courier(intake.write, {"slack": chat}, lambda: self.now, intake.submit, Courtesy())
        if not self.number:
            await intake.submit(TeamsApplied(teams=(team(),), source="story", actor="cli:test"))
        await self.people_file(intake)
        for look in range(self.looks):
            await intake.submit(EscalationsDue())
            while await courier.run_once():
                pass
            if look == LOOKS // 2:
                await self.somebody_answers(intake)
            self.now += timedelta(seconds=31)
            append(self.folder / "clock", now=self.now.isoformat())
        await intake.stop()
        self.house.close()

    async def people_file(self, intake: Intake) -> None:
        """Whoever got no answer in the life before says it again; then others come."""
        recorded = {line["text"] for line in lines(self.folder / "recorded")}
        again = [line["text"] for line in lines(self.folder / "asked") if line["text"] not in recorded]
        for words in [*again, *(f"{self.number}-{n} で怒鳴られた" for n in range(REPORTS))]:
            if words not in again:
                append(self.folder / "asked", text=words)
            severity = Severity.CRITICAL if words.startswith("7") else Severity.HIGH
            filed = ReportFiled(actor=account("UAGENT"), text=words, severity=severity)
            notice = await intake.submit(filed)
            assert isinstance(notice, ReportRecorded), notice
            append(self.folder / "recorded", text=words, report=notice.report_id, ping=notice.ping_id)

    async def somebody_answers(self, intake: Intake) -> None:
        """The oldest ping whose call somebody saw is taken and dealt with: nobody is called for it after that."""
        platform = lines(self.folder / "platform")
        seen = dict.fromkeys(int(line["round"].partition(":")[2]) for line in platform if line.get("round"))
        over = {line["settled"] for line in platform if "settled" in line}
        for ping in [ping for ping in seen if ping not in over][:2]:
            await intake.submit(PingAcknowledged(actor=account("USUPER1"), ping_id=ping))
            await intake.submit(PingResolved(actor=account("USUPER1"), ping_id=ping))
            append(self.folder / "platform", settled=ping)


def deaths(folder: Path, url: str, seed: int, runs: int, look: Look) -> None:
    random, now = Random(seed), START
    for number in range(runs):
        at = 0 if number in (0, runs - 1) else random.randrange(1, random.choice(MOMENTS))
        child = os.fork()
        if not child:
            mortal = Mortal(url, KEY)
            mortal.death = Death(at)
            looks = LOOKS if number < runs - 1 else 10 * LOOKS
            asyncio.run(Life(folder, mortal, number, look, now, looks).live(mortal.death))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        known = lines(folder / "clock")
        now = max(now, datetime.fromisoformat(known[-1]["now"]) if known else now) + timedelta(seconds=31)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


# Several houses on one database

SUNDAY = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
"""Half an hour before Monday 09:00 in Auckland."""
LEASE = 1.5
"""Seconds of the world; waits of steps and of tries are seconds of the world, too."""
WAITS = (0.5, 0.9, 0.7)
AGAIN = 1.1


@dataclass(frozen=True)
class FastClock:
    """The same in every process."""

    epoch: float
    speed: float

    def __call__(self) -> datetime:
        return SUNDAY + timedelta(seconds=(time.time() - self.epoch) * self.speed)

    def span(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self.speed)


def fast_policy(clock: FastClock) -> Policy:
    steps = (replace(step, wait=clock.span(wait)) for step, wait in zip(POLICY.ping.steps, WAITS, strict=True))
    return replace(POLICY, ping=replace(POLICY.ping, steps=tuple(steps), again=clock.span(AGAIN)))


async def replica(folder: Path, url: str, seed: int, clock: FastClock) -> None:
    """Look at what is due and bring what waits, as one of several."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = Database(url, KEY)
    intake = Intake(Bot(database, fast_policy(clock), clock, database.lookup.content_key))
    intake.start()
    chat = Town(folder / "platform", rolled(seed, How.LOST, How.CRASHED, How.DOWN, How.SLOW, worse=0.08))
    courtesy = Courtesy(
        lease=clock.span(LEASE), timeout=0.5, first_wait=clock.span(0.1), longest_wait=clock.span(0.5), poll=0.1
    )
    courier = Courier(intake.write, {"slack": chat}, clock, intake.submit, courtesy)
    courier.start()
    while not stop.is_set():
        for event in (EscalationsDue(), DigestDue()):
            try:
                await intake.submit(event)
            except (Stale, StorageGone):
                append(folder / "stale", event=type(event).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.1)
    await courier.stop()
    await intake.stop()
    database.close()


def main(mode: str, folder: Path, url: str, seed: int, *rest: str) -> None:
    if mode == "deaths":
        deaths(folder, url, seed, int(rest[0]), Look(rest[1]))
    else:
        asyncio.run(replica(folder, url, seed, FastClock(float(rest[0]), float(rest[1]))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), *sys.argv[5:])
