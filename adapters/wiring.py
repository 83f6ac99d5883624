"""The one place that builds the house from settings, and the throw-away house of replay and evaluate."""

import asyncio
import contextlib
import gc
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from adapters import pack
from adapters.chat import Door
from adapters.settings import Settings
from adapters.timer import Beat, Timer
from bot.app import Bot
from bot.delivery import Courier
from bot.domain.audit import first_break
from bot.domain.errors import BadInput, Fault, Refused
from bot.domain.policy import Policy
from bot.intake import Intake
from bot.ports import Chat, Clock
from storage.database import Database
from storage.keys import new_key
from storage.rotation import Resealed, Seals, reseal_all, seals_of

T = TypeVar("T")


def calm() -> None:
    """Let the collector of cycles run seldom: timelines are many small frozen values without cycles, and walking them
    again and again took a sixth of the time of every message (measured)."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def system_clock() -> datetime:
    """The clock of the machine, in UTC; the only place that reads it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """A built house: the door, the policy it works by, and where its rows are."""

    intake: Intake
    policy: Policy
    database: str
    made_key: Path | None
    """The key file, if this start made it: the user must be told to back it up."""


@contextlib.asynccontextmanager
async def house(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[House]:
    """The company's house, open while the block runs; what was submitted is finished before it closes."""
    policy = pack.load(settings.policy)
    database = Database(settings.database_url, settings.key)
    async with _open(database, policy, clock) as built:
        yield built


@contextlib.asynccontextmanager
async def alive(
    built: House, chats: Mapping[str, Chat], clock: Clock = system_clock, beat: Beat | None = None
) -> AsyncIterator[None]:
    """Time goes on in a house and its posts go out to these chats (by platform) while the block runs."""
    courier = Courier(built.intake.write, chats, clock, built.intake.submit)
    timer = Timer(built.intake.submit, beat)
    built.intake.on_commit = courier.wake
    courier.start()
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        await courier.stop()


@contextlib.asynccontextmanager
async def throw_away(policy: Policy, clock: Clock, file: Path | None = None, identity: int = 0) -> AsyncIterator[House]:
    """A house of its own in a SQLite file, kept when `file` is named, else gone with the block.

    `identity` says what the rows belong to; a kept file that belongs to something else is refused.
    """
    with tempfile.TemporaryDirectory(prefix="kasuhara-") as folder:
        path, key = (file, "") if file else (Path(folder) / "replay.db", new_key())
        database = Database(f"sqlite:///{path}", key, durable=False)
        if not database.belongs(identity):
            database.close()
            raise BadInput((Fault(str(path), 0, "replay_other"),))
        async with _open(database, policy, clock) as built:
            yield built


@contextlib.asynccontextmanager
async def _open(database: Database, policy: Policy, clock: Clock) -> AsyncIterator[House]:
    calm()
    intake = Intake(Bot(database, policy, clock, database.lookup.content_key))
    intake.start()
    try:
        yield House(intake, policy, database.url.render_as_string(hide_password=True), database.made_key)
    finally:
        await intake.stop()
        database.close()


@contextlib.asynccontextmanager
async def on_slack(settings: Settings, clock: Clock = system_clock, beat: Beat | None = None) -> AsyncIterator[int]:
    """The company's house with Slack at its door, alive while the block runs; the port in HTTP mode, else 0.

    Refused where a token is missing or not accepted.
    """
    from adapters.slack.connection import Slack, SlackSettings  # a start without Slack does not wait for its SDK

    for needed, missing in (("socket", not settings.slack_app_token), ("http", not settings.slack_signing_secret)):
        if settings.slack_mode == needed and missing:
            raise Refused(f"slack.{needed}")
    if settings.slack_mode not in ("socket", "http"):
        raise Refused("slack.mode")
    given = SlackSettings(
        bot_token=settings.slack_bot_token, app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret, api_url=settings.slack_api_url, mode=settings.slack_mode,
        host=settings.slack_http_host, port=settings.slack_http_port,
    )  # fmt: skip
    async with house(settings, clock) as built:
        slack = Slack(given, built.intake, Door(built.intake, built.policy), clock)
        chat = await slack.connect()
        async with alive(built, {"slack": chat}, clock, beat), slack.listening() as port:
            catching_up = asyncio.create_task(slack.caught_up())
            try:
                yield port
            finally:
                catching_up.cancel()
                await asyncio.gather(catching_up, return_exceptions=True)


def migrate(settings: Settings) -> tuple[str | None, str]:
    """Bring the database to this version; (revision before, revision now)."""
    return _with(settings, lambda database: database.migrated)


@dataclass(frozen=True, slots=True)
class AuditState:
    """How many entries the chain has, and the first that is broken, if any."""

    entries: int
    broken_at: int | None


def audit_state(settings: Settings) -> AuditState:
    """Read the whole chain and check every hash."""
    return _with(settings, _audit_state)


def _audit_state(database: Database) -> AuditState:
    with database.read() as uow:
        entries = uow.audit.entries()
        broken = first_break(database.lookup.derive(b"audit"), entries, uow.audit.head())
    return AuditState(len(entries), broken)


def fresh_key() -> str:
    """A new key as KASUHARA_KEY takes it."""
    return new_key()


def seals(settings: Settings) -> Seals:
    """Which keys the stored texts are sealed with."""
    return _with(settings, seals_of)


def reseal(settings: Settings, progress: Callable[[int], None]) -> Resealed:
    """Seal everything with the first key of the settings."""
    return _with(settings, lambda database: reseal_all(database, system_clock(), progress))


def _with(settings: Settings, use: Callable[[Database], T]) -> T:
    database = Database(settings.database_url, settings.key)
    try:
        return use(database)
    finally:
        database.close()
