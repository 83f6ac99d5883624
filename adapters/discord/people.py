"""Who people are on Discord and who can read a channel: asked of the platform, remembered for a short while."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import discord
from aiohttp import ClientError

from adapters.chat.asking import KEPT, Asking
from adapters.discord.client import Client
from adapters.discord.rights import ALL, Readers, granted, readers_of
from bot.domain.model import Membership

FRESH: Final = 2.0
"""Seconds for which a channel counts as inside: no more than one post goes in after it was opened."""
UNANSWERED: Final = (discord.DiscordException, ClientError, OSError, TimeoutError)
"""What asking Discord ends with when it goes wrong."""
NOBODY: Final = frozenset({10007, 10013})
"""Unknown member, unknown user: whoever left the server."""
THREADS: Final = frozenset({10, 11, 12})
"""The kinds of channels that hang on another one, whose rights are theirs."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as Discord said at login."""

    user: str
    app: str


@dataclass(frozen=True, slots=True)
class Person:
    """One member of one server as Discord knows them; `language` is "" where Discord does not tell."""

    id: str
    guild: str
    name: str
    language: str
    roles: tuple[str, ...]
    membership: Membership
    gone: bool = False


class People:
    """Asks Discord; raises UNANSWERED errors where the caller has to decide what then. `listed` are the accounts and
    roles that teams list."""

    def __init__(
        self, client: Client, me: Me, listed: Callable[[], Awaitable[frozenset[str]]],
        clock: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        self.me = me
        self._http = client.http
        self._listed = listed
        self._people = Asking(self._member, UNANSWERED, clock)
        self._readers = Asking(self._read_by, UNANSWERED, clock)
        self._rights = Asking(self._granted, UNANSWERED, clock)

    async def person(self, guild: str, user: str, kept: float = KEPT) -> Person:
        """One member of a server, as known for no longer than `kept` seconds; asked once, however many wait for it."""
        return await self._people.get(f"{guild}:{user}", kept)

    async def membership(self, guild: str, user: str) -> tuple[Membership, Person | None]:
        """What Discord knows of an author; unknown when it does not say so at once: then nothing is counted."""
        found = await self._people.soon(f"{guild}:{user}")
        return (found.membership, found) if found is not None else (Membership.UNKNOWN, None)

    def seen(self, member: discord.Member) -> Person:
        """A message or a command brought its member along."""
        found = Person(
            str(member.id), str(member.guild.id), member.display_name, "", tuple(sorted(_roles(member))),
            Membership.BOT if member.bot else Membership.OUTSIDER,
        )  # fmt: skip
        self._people.learn(f"{found.guild}:{found.id}", found)
        return found

    async def ours(self, account: str) -> bool:
        """Whether a team lists this account, `discord:guild:user`."""
        return account in await self._listed()

    async def inside(self, channel: str) -> bool:
        """Whether no outsider can read this channel, `discord:guild:channel`: by roles and overwrites; a thread is as
        open as the channel it hangs on."""
        return not (await self.readers(channel)).any

    async def readers(self, channel: str) -> Readers:
        """Which outsiders can read this channel."""
        return await self._readers.get(channel, FRESH)

    async def granted(self, channel: str) -> discord.Permissions:
        """What the bot itself may do in a channel."""
        return discord.Permissions(await self._rights.get(channel))

    def forget(self, guild: str = "", person: str = "") -> None:
        """Somebody, or the rights of a channel or a role, changed: ask again."""
        if person:
            self._people.forget(f"{guild}:{person}")
        self._readers.forget_all()
        self._rights.forget_all()

    async def close(self) -> None:
        """Break off what is still being asked."""
        await self._people.close()
        await self._readers.close()
        await self._rights.close()

    async def _member(self, key: str) -> Person:
        guild, _, user = key.partition(":")
        try:
            told: Mapping[str, Any] = await self._http.get_member(int(guild), int(user))
        except discord.NotFound as error:
            if error.code not in NOBODY:
                raise
            return Person(user, guild, "", "", (), Membership.OUTSIDER, gone=True)
        account = told["user"]
        name = told.get("nick") or account.get("global_name") or account.get("username") or ""
        return Person(
            user, guild, str(name), "", tuple(sorted(str(role) for role in told.get("roles") or ())),
            Membership.BOT if account.get("bot") else Membership.OUTSIDER,
        )  # fmt: skip

    async def _read_by(self, place: str) -> Readers:
        guild = place.split(":")[1]
        channel, server = await self._place(place)
        if server is None:
            return Readers(everyone=True)
        found, listed = readers_of(channel, server), await self._listed()
        people = [id for id in found.people if f"discord:{guild}:{id}" not in listed and id != self.me.user]
        roles = [(id, name) for id, name in found.roles if f"discord:{guild}:group:{id}" not in listed]
        return Readers(found.everyone, tuple(roles), tuple(people))

    async def _granted(self, place: str) -> int:
        channel, server = await self._place(place)
        if server is None:
            return ALL
        mine: Mapping[str, Any] = await self._http.get_member(int(server["id"]), int(self.me.user))
        return granted(channel, server, [str(role) for role in mine.get("roles") or ()], self.me.user)

    async def _place(self, place: str) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
        """Discord's records of a channel, or of the one it hangs on, and of its server; None where that is another."""
        _, guild, id = place.split(":")
        channel: Mapping[str, Any] = await self._http.get_channel(int(id))
        if int(channel["type"]) in THREADS and channel.get("parent_id"):
            channel = await self._http.get_channel(int(channel["parent_id"]))
        if str(channel.get("guild_id")) != guild:
            return channel, None
        return channel, await self._http.get_guild(int(guild), with_counts=False)


def _roles(member: discord.Member) -> list[str]:
    return [str(role.id) for role in member.roles if not role.is_default()]
