"""Stories in the customer's words: people speak, time passes, and what the bot noticed is read back from rows."""

import asyncio
import contextlib
import functools
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from adapters import pack
from bot.app import Bot
from bot.domain.audit import first_break
from bot.domain.events import (
    ContactAssigned,
    CustomersImported,
    CustomersMerged,
    Event,
    MessageDeleted,
    MessagePosted,
    MessageRedacted,
    TeamsApplied,
)
from bot.domain.model import Customer, CustomerRecord, Membership, Platform, Role, Staff, Team
from bot.domain.notices import Notice, Received
from bot.domain.policy import Policy
from bot.domain.questions import CustomersAsked, CustomersShown, DetectionsAsked, DetectionsShown, DetectionStory
from bot.intake import Intake
from storage.database import Database
from storage.keys import new_key

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday 10:00 in Tokyo."""
KEY = new_key()
POLICY = pack.load(None)


@dataclass
class Clock:
    """A clock that only stories move."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Person:
    """Somebody who writes; `home` is the workspace of their own account."""

    house: "Harness"
    author: str
    platform: Platform = Platform.SLACK
    workspace: str = "TOWN"
    home: str = "TCUST"
    membership: Membership = Membership.OUTSIDER
    mail: str = ""
    name: str = ""

    @property
    def account(self) -> str:
        return f"{self.platform}:{self.home}:{self.author}"

    def message(self, text: str, channel: str = "support", **changes: object) -> MessagePosted:
        """A message of this person now, not sent yet."""
        base = MessagePosted(
            platform=self.platform,
            workspace=self.workspace,
            channel=channel,
            message_id=f"{next(self.house.numbers):06}",
            author=self.author,
            home=self.home,
            author_name=self.name,
            membership=self.membership,
            mail=self.mail,
            text=text,
            sent_at=self.house.clock.now,
        )
        return replace(base, **changes)  # type: ignore[arg-type]

    async def says(self, text: str, channel: str = "support", **changes: object) -> MessagePosted:
        """Say it now; returns the event once it is committed."""
        event = self.message(text, channel, **changes)
        await self.house.submit(event)
        return event

    async def writes(self, text: str, *minutes: float, channel: str = "support", **changes: object) -> MessagePosted:
        """Say it at each of these minutes after now; the clock stays. Returns the last."""
        now = self.house.clock.now
        for minute in minutes:
            event = await self.says(text, channel, **{"sent_at": now + timedelta(minutes=minute), **changes})
        return event

    async def edits(self, event: MessagePosted, text: str, edit: str = "1") -> MessagePosted:
        """Change the wording of a message."""
        edited = replace(event, text=text, edit=edit)
        await self.house.submit(edited)
        return edited

    async def deletes(self, event: MessagePosted) -> None:
        """Take a message back, now."""
        gone = MessageDeleted(
            platform=event.platform, workspace=event.workspace, channel=event.channel,
            message_id=event.message_id, deleted_at=self.house.clock.now,
        )  # fmt: skip
        await self.house.submit(gone)

    async def repeats(self, text: str, times: int, every: timedelta, channel: str = "support") -> None:
        """Say the same `times` times, the first now; the clock stands at the last afterwards."""
        for number in range(times):
            if number:
                self.house.clock.now += every
            await self.says(text, channel)


@dataclass
class Harness:
    """A house on a real database, its frozen clock, and the people around it."""

    database: Database
    clock: Clock
    policy: Policy
    bot: Bot
    intake: Intake
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def submit(self, event: Event) -> Notice:
        return await self.intake.submit(event)

    async def all_at_once(self, *events: Event) -> list[Notice]:
        """Submit without waiting in between, so that they share batches."""
        return list(await asyncio.gather(*(self.intake.submit(event) for event in events)))

    async def tried(self, *events: Event) -> list[Notice | BaseException]:
        """Like `all_at_once`, with errors as results."""
        futures = [self.intake.submit(event) for event in events]
        return list(await asyncio.gather(*futures, return_exceptions=True))

    async def redact(self, event: MessagePosted, reason: str = "本人の希望") -> None:
        redacted = MessageRedacted(
            platform=event.platform, workspace=event.workspace, channel=event.channel,
            message_id=event.message_id, actor="cli:test", reason=reason,
        )  # fmt: skip
        await self.submit(redacted)

    async def assign(self, account: str, customer: Customer) -> None:
        await self.submit(ContactAssigned(account=account, customer_id=customer.id, actor="cli:test"))

    async def merge(self, customer: Customer, into: Customer, *, undo: bool = False) -> None:
        await self.submit(CustomersMerged(customer_id=customer.id, into=into.id, actor="cli:test", undo=undo))

    def beside(self, other: "Harness") -> None:
        """Stand beside another house as its replica: one clock, one row of message numbers."""
        self.clock = self.bot.clock = other.clock
        self.numbers = other.numbers

    def one(self, statement: str, **values: object) -> int:
        """One number out of the rows, asked in plain SQL; a change is committed and gives its row count."""
        with self.database.connect() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar_one() if result.returns_rows else result.rowcount

    def chain_break(self) -> int | None:
        """The first broken entry of the audit chain."""
        with self.database.read() as uow:
            return first_break(self.database.lookup.derive(b"audit"), uow.audit.entries(), uow.audit.head())

    def customer(self, author: str = "UKYAKU", **changes: object) -> Person:
        return replace(Person(self, author), **changes)  # type: ignore[arg-type]

    def agent(self, author: str = "UAGENT") -> Person:
        """One of our people; `staffed` must have listed them."""
        return Person(self, author, home="TOWN", membership=Membership.MEMBER)

    async def staffed(self, *authors: str, zone: str = "Asia/Tokyo", channels: tuple[str, ...] = ()) -> None:
        """Our team: these authors are staff, TOWN is our own workspace."""
        people = tuple(Staff(f"slack:TOWN:{author}", author, (Role.AGENT,)) for author in authors or ("UAGENT",))
        team = Team("サポート1課", zone, channels, people, ("slack:TOWN",))
        await self.submit(TeamsApplied(teams=(team,), source="story", actor="cli:test"))

    async def known(self, name: str, *contacts: str, **changes: object) -> Customer:
        """A customer that the company entered."""
        record = replace(CustomerRecord(name=name, contacts=contacts, source="story"), **changes)  # type: ignore[arg-type]
        await self.submit(CustomersImported(records=(record,), actor="cli:test"))
        return next(c for c in await self.customers() if c.name == name)

    async def customers(self) -> tuple[Customer, ...]:
        shown = await self.intake.ask(CustomersAsked())
        assert isinstance(shown, CustomersShown)
        return shown.customers

    async def counts(self) -> dict[str, int]:
        """How many messages are stored of each customer that has any, in the order of customers."""
        shown = await self.intake.ask(CustomersAsked(counted=True))
        assert isinstance(shown, CustomersShown)
        return {c.label: shown.messages[c.id] for c in shown.customers if c.id in shown.messages}

    async def shown(self) -> DetectionsShown:
        shown = await self.intake.ask(DetectionsAsked())
        assert isinstance(shown, DetectionsShown)
        return shown

    async def detections(self) -> tuple[DetectionStory, ...]:
        """Open detections by time."""
        return (await self.shown()).stories

    async def only(self) -> DetectionStory:
        """The one detection there is."""
        stories = await self.detections()
        assert len(stories) == 1, stories
        return stories[0]

    async def audit(self) -> list[str]:
        """The actions of the audit chain, in order."""
        with self.database.read() as uow:
            return [entry.action for entry in uow.audit.entries()]

    async def reopened(self, **changes: object) -> None:
        """Stop and start again: every cache is gone, the rows are there."""
        await self.intake.stop()
        self.policy = replace(self.policy, **changes)  # type: ignore[arg-type]
        self.bot = Bot(self.database, self.policy, self.clock, self.database.lookup.content_key)
        self.intake = Intake(self.bot)
        self.intake.start()


def stored(notice: Notice) -> bool:
    return isinstance(notice, Received) and notice.stored


@contextlib.asynccontextmanager
async def opened(url: str, policy: Policy = POLICY, key: str = KEY) -> AsyncIterator[Harness]:
    """A house on the database at `url`; a second one on the same `url` is a replica. Nobody pulls a plug here."""
    database = _database(url, key)
    clock = Clock()
    bot = Bot(database, policy, clock, database.lookup.content_key)
    harness = Harness(database, clock, policy, bot, Intake(bot))
    harness.intake.start()
    try:
        yield harness
    finally:
        await harness.intake.stop()
        database.close()


def _database(url: str, key: str) -> Database:
    file = Path(url.removeprefix("sqlite:///"))
    if key == KEY and url.startswith("sqlite:///") and not file.exists():
        blank(file)
    database = Database(url, key, durable=False)
    return _with_statements_of_before(database) if key == KEY else database


def _with_statements_of_before(database: Database) -> Database:
    """Let it use the statements that houses before it compiled, as a house in service does from its first hour on:
    compiling them anew is a third of what a story costs. Only under one key, which SQLAlchemy keeps in the dialect."""
    for engine in (database._engine, database._reader):
        engine.dialect, engine._compiled_cache = _compiled.setdefault(
            engine.dialect.name, (engine.dialect, engine._compiled_cache)
        )
    return database


_compiled: dict[str, tuple[Any, Any]] = {}
"""Kind of database → dialect and statements of the first house of this process."""


def blank(file: Path) -> None:
    """Make this a SQLite file of this version under KEY with nothing in it."""
    file.write_bytes(_blank())


@functools.cache
def _blank() -> bytes:
    """A SQLite file of this version under KEY with nothing in it: made once in a process, copied for every house."""
    with tempfile.TemporaryDirectory() as folder:
        Database(sqlite_url(Path(folder)), KEY).close()
        return Path(folder, "kasuhara.db").read_bytes()


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'kasuhara.db'}"
