"""What roles and overwrites of a channel grant, reckoned from Discord's own records; and whom they let read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord

ALL: Final = discord.Permissions.all().value
ADMINISTRATOR: Final = discord.Permissions(administrator=True).value
VIEW: Final = discord.Permissions(view_channel=True).value
MEMBER: Final = 1
"""The kind of an overwrite that is for one person."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who, beyond those whom a team lists, can read a channel. Whoever administers the server reads everything and is
    its company; what is kept from them is kept nowhere."""

    everyone: bool = False
    roles: tuple[tuple[str, str], ...] = ()
    """Id and name of roles that no team lists."""
    people: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.everyone or self.roles or self.people)


def granted(channel: Mapping[str, Any], guild: Mapping[str, Any], roles: Sequence[str], user: str = "") -> int:
    """The permissions in this channel of somebody with these roles; every allowance of a role beats all denials."""
    everyone = str(guild["id"])
    rights = {str(role["id"]): int(role["permissions"]) for role in guild["roles"]}
    found = rights.get(everyone, 0)
    for role in roles:
        found |= rights.get(role, 0)
    if found & ADMINISTRATOR:
        return ALL
    over = {str(o["id"]): o for o in _overwrites(channel)}
    for ids in ((everyone,), roles, (user,)):
        given = [over[id] for id in ids if id in over]
        allow, deny = 0, 0
        for one in given:
            allow, deny = allow | int(one["allow"]), deny | int(one["deny"])
        found = found & ~deny | allow
    return found


def readers_of(channel: Mapping[str, Any], guild: Mapping[str, Any]) -> Readers:
    """Everybody but administrators, the owner and bots' own roles who can read a channel.

    A role that is let in lets every holder in, whatever their other roles take away.
    """
    everyone, owner = str(guild["id"]), str(guild.get("owner_id") or "")
    own = [role for role in guild["roles"] if str(role["id"]) != everyone and not _trusted(role)]
    roles = [(str(r["id"]), str(r["name"])) for r in own if granted(channel, guild, (str(r["id"]),)) & VIEW]
    people = [str(o["id"]) for o in _overwrites(channel) if int(o["type"]) == MEMBER and int(o["allow"]) & VIEW]
    let_in = tuple(id for id in people if id != owner)
    return Readers(bool(granted(channel, guild, ()) & VIEW), tuple(roles), let_in)


def _overwrites(channel: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return channel.get("permission_overwrites") or ()


def _trusted(role: Mapping[str, Any]) -> bool:
    """A role of administrators, or the one that Discord made for a bot."""
    return bool(int(role["permissions"]) & ADMINISTRATOR or "bot_id" in (role.get("tags") or {}))
