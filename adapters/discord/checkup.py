"""What the doctor asks Discord: does it take our token, may the bot do what it has to, who reads what nobody may."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

import discord

from adapters.discord.client import Client, point
from adapters.discord.people import UNANSWERED, Me, People, Person
from adapters.discord.register import unregistered
from adapters.discord.rights import Readers
from bot.domain.errors import Refused
from bot.domain.policy import Policy
from bot.ports import Clock

T = TypeVar("T")
LISTENING: Final = ("view_channel", "read_message_history")
POSTING: Final = (*LISTENING, "send_messages", "embed_links", "attach_files")
LOOKED_AT: Final = 20
"""Newest messages of a watched channel among which one without words is looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look at: channels (`discord:guild:channel`) and people (`discord:guild:user`)."""

    watched: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    """Channels that no outsider may read."""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One channel as the bot sees it; `fault` is Discord's word where it could not be asked."""

    missing: tuple[str, ...] = ()
    """Permissions that the bot lacks, by discord.py's names."""
    readers: Readers = Readers()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What Discord answered."""

    places: Mapping[str, Place] = field(default_factory=dict)
    people: Mapping[str, Person | str] = field(default_factory=dict)
    """Who somebody is, or Discord's word where it could not be asked."""
    unregistered: tuple[str, ...] = ()
    """Servers whose commands are not those of this version."""


class Checkup:
    """One look at every server that the bot is in; `connect` first, `close` after. `listed` are the accounts and
    groups that teams list."""

    def __init__(
        self, token: str, api_url: str, anywhere: bool, listed: frozenset[str], policy: Policy | None, clock: Clock
    ) -> None:
        point(api_url, "", anywhere=anywhere)
        self._client = Client(clock)
        self._token = token
        self._listed = listed
        self._policy = policy
        self.guilds: frozenset[str] = frozenset()
        self.content = True
        """Whether the app may read what people write."""

    async def connect(self) -> None:
        """Refused where Discord cannot be reached or does not take the token."""
        try:
            await self._client.login(self._token)
            guilds: Iterable[Any] = await self._client.http.get_guilds(200)
        except discord.LoginFailure as error:
            raise Refused("discord.token") from error
        except UNANSWERED as error:
            raise Refused("discord.unreachable") from error
        self.guilds = frozenset(str(guild["id"]) for guild in guilds)
        flags = self._client.application_flags
        self.content = flags.gateway_message_content or flags.gateway_message_content_limited
        user = self._client.user
        me = Me(str(user.id if user else ""), str(self._client.application_id))
        self._people = People(self._client, me, self._known)

    async def close(self) -> None:
        await self._client.close()

    async def look(self, wanted: Wanted) -> Seen:
        """Every channel and everybody once; what cannot be asked is said and stops nothing."""
        places = {id: await self._place(id, id in wanted.inside) for id in _once(wanted.watched, wanted.inside)}
        people = {id: await self._person(id) for id in _once(wanted.people)}
        return Seen(places, people, await self._strange({place.split(":")[1] for place in places}))

    async def wordless(self, channel: str) -> bool:
        """Whether what people wrote in this channel comes without its words (discord.md 17)."""
        try:
            newest: Iterable[Any] = await self._client.http.logs_from(int(channel.split(":")[2]), LOOKED_AT)
        except UNANSWERED:
            return False
        return any(_is_wordless(record) for record in newest)

    async def _strange(self, guilds: set[str]) -> tuple[str, ...]:
        """Servers with other commands; without a policy nobody can tell what they should be."""
        if self._policy is None:
            return ()
        try:
            return await unregistered(self._client, sorted(guilds & self.guilds), self._policy)
        except UNANSWERED:
            return ()

    async def _known(self) -> frozenset[str]:
        return self._listed

    async def _place(self, id: str, ours: bool) -> Place:
        async def asked() -> Place:
            may = await self._people.granted(id)
            needed = POSTING if ours else LISTENING
            place = Place(tuple(name for name in needed if not getattr(may, name)))
            return replace(place, readers=await self._people.readers(id)) if ours else place

        found = await _or_word(asked)
        return Place(fault=found) if isinstance(found, str) else found

    async def _person(self, account: str) -> Person | str:
        _, guild, user = account.split(":")
        return await _or_word(lambda: self._people.person(guild, user))


async def _or_word(ask: Callable[[], Awaitable[T]]) -> T | str:
    """What was asked for, or Discord's number or our word for what went wrong."""
    try:
        return await ask()
    except discord.HTTPException as error:
        return str(error.code or error.status)
    except (*UNANSWERED, ValueError):
        return "unreachable"


def _is_wordless(record: Mapping[str, Any]) -> bool:
    """Whether a person's message lost its words on the way: nobody can send an empty one."""
    author = record.get("author") or {}
    told = ("content", "attachments", "embeds", "sticker_items", "components", "poll", "message_snapshots", "activity")
    silent = not any(record.get(key) for key in told)
    return silent and record.get("type") in (0, 19) and not (author.get("bot") or record.get("webhook_id"))


def _once(*ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(id for some in ids for id in some))
