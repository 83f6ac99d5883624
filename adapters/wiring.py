"""The one place that builds the house from settings, and the throw-away house of replay and evaluate."""

import asyncio
import contextlib
import gc
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

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
PLAYGROUND = 0x706C6179
"""What marks a file as the playground's, so that no other one is ever taken for it."""


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


Examine = Callable[[House, str], Awaitable[Sequence[str]]]
"""What is missing in a house before it can be trusted, in a language."""


@contextlib.asynccontextmanager
async def house(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[House]:
    """The company's house, open while the block runs; what was submitted is finished before it closes."""
    policy = pack.load(settings.policy)
    policy = replace(policy, ping=replace(policy.ping, hooked=bool(settings.hook_url)))
    database = Database(settings.database_url, settings.key)
    async with _open(database, policy, clock) as built:
        yield built


def phone(settings: Settings, clock: Clock = system_clock) -> dict[str, Chat]:
    """The chat of the company's phone service, if it has one; Refused where others could read or forge its requests."""
    if not settings.hook_url:
        return {}
    from adapters import hook  # nor does a start without one wait for its HTTP client

    if fault := hook.fault(settings.hook_url, settings.hook_secret):
        raise Refused(f"hook.{fault}")
    return {hook.PLATFORM: hook.HookChat(settings.hook_url, settings.hook_secret, clock)}


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


class Connected(Protocol):
    """One platform's connection."""

    async def connect(self) -> Chat:
        """Ask once who we are; Refused where the platform does not let us in."""

    def listening(self) -> contextlib.AbstractAsyncContextManager[int | None]:
        """Take events while the block runs; the port on which requests are taken, else 0; None where the platform
        cannot be heard yet and is tried again."""

    async def caught_up(self) -> int:
        """Read what was said while nobody listened."""

    async def close(self) -> None:
        """Let go of everything, whether it was listened to or not."""


@contextlib.asynccontextmanager
async def on_chats(
    settings: Settings, clock: Clock = system_clock, beat: Beat | None = None, examine: Examine | None = None
) -> AsyncIterator[dict[str, int | None]]:
    """The company's house with every platform at its door that has a token, alive while the block runs: platform →
    port on which it takes requests, else 0; None while it is still tried. `examine`: the doctor, whom whoever sets a
    team up is told of.

    Refused where a token is missing or not accepted: nothing starts by halves, so that nobody believes it does.
    """
    async with house(settings, clock) as built, contextlib.AsyncExitStack() as stack:
        connections = _connections(settings, built, clock, examine)
        chats = phone(settings, clock)
        for platform, connection in connections.items():
            stack.push_async_callback(connection.close)
            chats[platform] = await connection.connect()
        await stack.enter_async_context(alive(built, chats, clock, beat))
        ports = {name: await stack.enter_async_context(one.listening()) for name, one in connections.items()}
        catching_up = [asyncio.create_task(one.caught_up()) for one in connections.values()]
        try:
            yield ports
        finally:
            for task in catching_up:
                task.cancel()
            await asyncio.gather(*catching_up, return_exceptions=True)


def _connections(settings: Settings, built: House, clock: Clock, examine: Examine | None) -> dict[str, Connected]:
    """Not yet connected: one for each platform that has a token."""
    door = Door(built.intake, built.policy)
    found: dict[str, Connected] = {}
    if settings.slack_bot_token:
        found["slack"] = _slack(settings, built, door, clock, examine)
    if settings.discord_bot_token:
        found["discord"] = _discord(settings, built.intake, door, clock)
    return found


def _slack(settings: Settings, built: House, door: Door, clock: Clock, examine: Examine | None) -> Connected:
    from adapters.slack.connection import Slack, SlackSettings  # a start without Slack does not wait for its SDK

    for needed, missing in (("socket", not settings.slack_app_token), ("http", not settings.slack_signing_secret)):
        if settings.slack_mode == needed and missing:
            raise Refused(f"slack.{needed}")
    if settings.slack_mode not in ("socket", "http"):
        raise Refused("slack.mode")
    given = SlackSettings(
        bot_token=settings.slack_bot_token, app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret, api_url=settings.slack_api_url, mode=settings.slack_mode,
        host=settings.slack_http_host, port=settings.slack_http_port, command=settings.slack_command,
    )  # fmt: skip
    return Slack(given, built.intake, door, clock, examine and partial(examine, built))


def _discord(settings: Settings, intake: Intake, door: Door, clock: Clock) -> Connected:
    from adapters.discord.connection import Discord, DiscordSettings  # neither does one without Discord

    given = DiscordSettings(
        bot_token=settings.discord_bot_token, api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url, anywhere=settings.discord_anywhere,
    )  # fmt: skip
    return Discord(given, intake, door, clock)


@contextlib.asynccontextmanager
async def playground(
    settings: Settings, file: Path | None = None, clock: Clock = system_clock, beat: Beat | None = None
) -> AsyncIterator[str]:
    """The playground, alive while the block runs: its address. Its rows are gone with it, or kept in `file`.

    Refused where strangers could reach the page without a token.
    """
    from adapters.playground.hall import hall  # no other start waits for the page's server
    from adapters.playground.server import Address, serving

    @contextlib.asynccontextmanager
    async def build(
        policy: Policy, clock: Clock, chats: Mapping[str, Chat], file: Path | None = None
    ) -> AsyncIterator[Intake]:
        async with contextlib.AsyncExitStack() as stack:
            built = await stack.enter_async_context(throw_away(policy, clock, file, PLAYGROUND))
            if chats:
                await stack.enter_async_context(alive(built, chats, clock, beat))
            yield built.intake

    address = Address(settings.playground_host, settings.playground_port, settings.playground_token)
    address.check()
    async with (
        hall(build, pack.load(settings.policy), clock, settings.language, file) as opened,
        serving(opened, address, settings.language) as url,
    ):
        yield url


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
