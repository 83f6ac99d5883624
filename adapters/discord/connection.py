"""The connection to Discord: one client whose listeners hand everything to the core.

Nothing is acknowledged on the gateway: what could not be committed is read again from history.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import discord

from adapters.chat.door import Door
from adapters.chat.gaps import Gaps
from adapters.chat.learning import Learning
from adapters.chat.minding import minding
from adapters.chat.owing import Owing
from adapters.chat.pacing import Pace
from adapters.chat.posting import Posting
from adapters.discord.attachments import Attachments
from adapters.discord.client import Client, point
from adapters.discord.desk import Desk
from adapters.discord.gateway import Gateway, Terms, beside
from adapters.discord.groups import Groups
from adapters.discord.hearing import Ears
from adapters.discord.history import GAP, History, is_closed
from adapters.discord.inbound import Author, Inbound, place_of
from adapters.discord.layout import Message
from adapters.discord.outbound import DiscordVoice, posting
from adapters.discord.people import UNANSWERED, Me, People
from adapters.discord.servers import REFUSED, Servers
from bot.domain.errors import Refused
from bot.domain.model import Platform
from bot.domain.questions import AuthorsAsked, AuthorsShown, Reach, ReachAsked, ReachShown
from bot.intake import Intake
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.discord")
LOOKS: Final = 0.8
"""Seconds that what is typed waits for the rows to know what roles give this person."""


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """What the environment says of Discord; times are in seconds."""

    bot_token: str
    api_url: str = ""
    gateway_url: str = ""
    anywhere: bool = False
    """Whether these addresses may be neither Discord nor this machine."""
    silence: float = 60.0
    """Without a sign of Discord's after which a connection is not believed any more."""
    rest: float = 5.0
    """Before a session is begun anew."""
    guilds: float = 1.0
    """That the servers are waited for after a session began."""
    history_gap: float = GAP
    again: float = 10.0
    """Between two looks at what Discord did not say at first."""
    shut_out: float = 300.0
    """Before it is tried again whether Discord lets this bot in, once it did."""
    commands: float = REFUSED
    """Before a server that did not take the commands is asked again."""
    patience: float = 10.0
    """That a start waits to learn whether Discord lets this bot in."""
    terms: Terms = field(default_factory=Terms)


class Discord:
    """One bot account. `connect` first; `chat` then sends for the Courier, `listening` takes what comes."""

    def __init__(self, settings: DiscordSettings, intake: Intake, door: Door, clock: Clock) -> None:
        self._settings = settings
        self._intake = intake
        self._door = door
        self._clock = clock
        self._roll = door.roll
        self._stood = False
        self._taking: dict[asyncio.Future[None], int] = {}
        """Messages that are being taken in at this moment, by the end of that."""
        self._first: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        point(settings.api_url, settings.gateway_url, anywhere=settings.anywhere)
        self._client = Client(clock, silence=settings.silence, rest=settings.rest, guilds=settings.guilds)
        self._open = contextlib.AsyncExitStack()
        self._open.push_async_callback(self._client.close)

    async def connect(self) -> Posting[Message]:
        """Ask once who we are; Refused where Discord cannot be reached or does not take the token."""
        try:
            await self._client.login(self._settings.bot_token)
        except discord.LoginFailure as error:
            raise Refused("discord.token") from error
        except UNANSWERED as error:
            raise Refused("discord.unreachable") from error
        user = self._client.user
        self._people = People(
            self._client, Me(str(user.id if user else ""), str(self._client.application_id)), self._roll.listed
        )
        self._open.push_async_callback(self._people.close)
        self._groups = Groups(self._people, self._roll, self._intake)
        self._owing = Owing()
        self._gaps = Gaps(History(self._client, self._read, Pace(self._settings.history_gap)).read, is_closed)
        self._ears = Ears(self._intake.submit, self._owing, self._gaps.missed)
        self._authors = Learning(
            "author", lambda one: self._inbound.looked_up(one), self._intake.submit, self._settings.again,
            rows=self._unattributed,
        )  # fmt: skip
        self._inbound = Inbound(
            self._client, self._people, self._groups, self._roll, self._ears,
            unknown=self._authors.wanted, known=self._authors.known,
        )  # fmt: skip
        self._reaches: tuple[Reach, ...] | None = None
        self._servers = Servers(
            self._client, self._intake, self._door.policy, self._roll, self._clock,
            reached=self._reached, missed=self._gaps.missed, refused=self._settings.commands,
        )  # fmt: skip
        self._desk = Desk(self._client, self._people, self._door, self._clock)
        self._gateway = Gateway(self._client, self._intake.write, self._clock, self._settings.terms, self._opening)
        self._files = Attachments(self._client, self._intake, self._door.policy, self._clock, self._gateway.held)
        self._listens()
        self._voice = DiscordVoice(self._client, self._people, self._door.policy)
        return posting(self._voice, self._door.policy)

    async def close(self) -> None:
        """Let go of everything, once nothing is to be sent any more; also of what was never listened to."""
        await self._open.aclose()

    async def caught_up(self) -> int:
        """What was said while nobody listened has been read; how many records were looked at. It is read by whichever
        process holds the gateway."""
        return await asyncio.shield(self._first)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int | None]:
        """Take events while the block runs, 0, or None where it is still tried; what was taken is finished before.
        Refused ends the block where Discord never let this bot in."""
        works = minding(
            gaps=partial(self._gaps.mind, self._reached, self._clock), authors=self._authors.mind,
            groups=self._groups.mind, servers=partial(self._servers.mind, self._settings.again), owing=self._owing.mind,
            files=self._files.mind,
        )  # fmt: skip
        try:
            async with works, beside(self._kept()):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._settings.patience):
                        await self._gateway.settled.wait()
                yield 0 if self._gateway.settled.is_set() else None
        finally:
            await self._client.finished()
            await self._desk.finished()
            await self._owing.again()

    async def _kept(self) -> None:
        while True:
            try:
                await self._gateway.kept()
            except Refused as refused:
                if not self._stood:
                    raise
                # What listens elsewhere, and what is still to be sent, goes on.
                LOG.error("discord.shut_out why=%s", refused)
                self._ears.shut_out(str(refused))
            await self._let_in()

    async def _let_in(self) -> None:
        """Discord may have a bad night of its own: it is asked again, seldom. What can be posted is posted."""
        while True:
            with contextlib.suppress(*UNANSWERED):
                await self._client.login_again(self._settings.bot_token)
            await asyncio.sleep(self._settings.shut_out)
            if not self._client.is_closed():
                return

    def _listens(self) -> None:
        """Before any event can come."""
        self._client.listens("message", self._message)
        self._client.listens("raw_message_edit", self._edited)
        self._client.listens("raw_message_delete", self._deleted)
        self._client.listens("raw_bulk_message_delete", self._deleted_many)
        self._client.listens("ready", self._ready)
        self._client.listens("resumed", self._resumed)
        self._client.listens("guild_unavailable", self._servers.out)
        self._client.listens("guild_available", self._servers.back)
        self._client.listens("guild_join", self._servers.joined)
        self._client.listens("guild_remove", self._servers.left)
        for event in (
            "guild_channel_update", "guild_channel_create", "guild_role_create", "guild_role_update",
            "guild_role_delete", "guild_update", "guild_join", "guild_available",
            "member_update",
        ):  # fmt: skip
            self._client.listens(event, self._changed)
        self._client.precedes("interaction", self._acting)
        self._desk.listens(self._client)

    async def _opening(self) -> None:
        # New messages would make the gap look smaller than it is.
        self._reaches = await self._reached()

    async def _reached(self) -> tuple[Reach, ...]:
        """Every watched channel as `guild:channel`."""
        found: list[Reach] = []
        watched = [channel.split(":") for channel in await self._roll.watched()]
        for guild in sorted({guild for platform, guild, _ in watched if platform == "discord"}):
            shown = await self._intake.ask(ReachAsked("discord", guild))
            channels = shown.channels if isinstance(shown, ReachShown) else ()
            found += [Reach(f"{guild}:{reach.channel}", reach.newest) for reach in channels]
        return tuple(found)

    async def _ready(self) -> None:
        """A session began: what was said before it is read, the first time as far back as the rows tell."""
        since, self._stood = self._client.heard_again(), True
        self._gateway.settled.set()
        self._people.forget()
        self._ears.began()
        reaches, self._reaches = self._reaches, None
        if reaches is None:
            self._gaps.missed(since)
        else:
            read = await self._gaps.catch_up(reaches, self._clock())
            if not self._first.done():
                self._first.set_result(read)
        await self._servers.began()

    async def _resumed(self) -> None:
        """What was missed has come already; what came and was not taken has not."""
        self._gaps.missed(self._client.heard_again())

    async def _message(self, message: discord.Message) -> None:
        if self._inbound.is_for_bot(message):
            with contextlib.suppress(Exception):  # what they said is heard whatever their roles are
                async with asyncio.timeout(LOOKS):
                    await self._groups.looks(str(message.author.id))
            await self._desk.typed(message)
            return
        with self._owed(message):
            await self._files.takes(await self._inbound.of(message), message)

    async def _acting(self, interaction: discord.Interaction) -> None:
        """The rows know what this person's roles give them before it is asked whether they may."""
        if isinstance(interaction.user, discord.Member):
            await self._groups.meets(self._people.seen(interaction.user))
        else:
            await self._groups.looks(str(interaction.user.id))

    async def _edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        with self._owed(payload.message):
            await self._files.takes(await self._inbound.edited(payload.message), payload.message)

    async def _deleted(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._gone(payload.guild_id, payload.channel_id, {payload.message_id})

    async def _deleted_many(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._gone(payload.guild_id, payload.channel_id, payload.message_ids)

    async def _gone(self, guild: int | None, channel: int, messages: set[int]) -> None:
        """History does not show what is no more: it is kept until it is committed, after the message itself."""
        at = self._clock()
        if first := [taken for taken, id in self._taking.items() if id in messages]:
            await asyncio.wait(first)

        async def told() -> None:
            for found in await self._inbound.deleted(guild, channel, messages, at):
                await self._intake.submit(found)

        self._owing.owes(told)

    @contextlib.contextmanager
    def _owed(self, message: discord.Message) -> Iterator[None]:
        """What cannot be committed now is read again from history."""
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._taking[taken] = message.id
        try:
            with self._gaps.owed(message.created_at, self._clock, place_of(message)):
                yield
        finally:
            del self._taking[taken]
            taken.set_result(None)

    async def _read(self, message: discord.Message) -> None:
        await self._files.takes(await self._inbound.recovered(message), message)

    async def _changed(self, *_: object) -> None:
        """Everything else only tells that rights may have changed."""
        self._people.forget()
        self._voice.reopen()
        self._inbound.reopen()
        await self._servers.changed()

    async def _unattributed(self) -> list[Author]:
        """Authors whose messages an earlier process left waiting."""
        shown = await self._intake.ask(AuthorsAsked(Platform.DISCORD))
        told = (account.split(":") for account in (shown.accounts if isinstance(shown, AuthorsShown) else ()))
        return [(guild, author) for _, guild, author in told]
