"""The guild: itself, its channels, roles and members."""

from discord_town.guild import Json
from discord_town.permissions import May
from discord_town.refused import Refused
from discord_town.world import GUILD_MEMBERS

from .ask import Ask, Route


def get_guild(ask: Ask) -> Json:
    guild = ask.guild()
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
    return guild.shown() | (counts if ask.query.get("with_counts") in {"1", "true"} else {})


def get_guild_channels(ask: Ask) -> list[Json]:
    """Every channel, hidden ones too; no threads."""
    guild = ask.guild()
    return [one.shown() for one in ask.world.channels.values() if one.guild is guild and not one.is_thread]


def get_guild_roles(ask: Ask) -> list[Json]:
    return [role.shown() for role in ask.guild().roles.values()]


def get_guild_role(ask: Ask) -> Json:
    role = ask.guild().roles.get(int(ask.path["role"]))
    if role is None:
        raise Refused(404, 10011)
    return role.shown()


def get_guild_member(ask: Ask) -> Json:
    member = ask.guild().members.get(int(ask.path["user"]))
    if member is None:
        raise Refused(404, 10007 if int(ask.path["user"]) in ask.world.users else 10013)
    return member.shown()


def list_guild_members(ask: Ask) -> list[Json]:
    """Only with the GUILD_MEMBERS intent switched on."""
    guild = ask.guild()
    if not ask.world.app.privileged & GUILD_MEMBERS:
        raise Refused(403, 50001)
    ids = sorted(id for id in guild.members if id > ask.number("after"))
    return [guild.members[id].shown() for id in ids[: ask.number("limit", 1)]]


def search_guild_members(ask: Ask) -> list[Json]:
    """Names and nicknames that begin with the words; works without the intent."""
    found = [one for one in ask.guild().members.values() if one.named(ask.query.get("query", ""))]
    return [member.shown() for member in found[: ask.number("limit", 1)]]


def modify_current_member(ask: Ask) -> Json:
    guild = ask.guild()
    if not ask.world.may_in_guild(ask.me.id, guild) & May.CHANGE_NICKNAME:
        raise Refused(403, 50013)
    member = guild.members[ask.me.id]
    member.nick = ask.body.get("nick") or ""
    ask.discord.news.member("UPDATE", guild, member)
    return member.shown()


ONE = "/guilds/{guild}"
ROUTES = [
    Route("GET", ONE, "get_guild", get_guild),
    Route("GET", f"{ONE}/channels", "get_guild_channels", get_guild_channels),
    Route("GET", f"{ONE}/roles", "get_guild_roles", get_guild_roles),
    Route("GET", f"{ONE}/roles/{{role}}", "get_guild_role", get_guild_role),
    Route("GET", f"{ONE}/members", "list_guild_members", list_guild_members),
    Route("GET", f"{ONE}/members/search", "search_guild_members", search_guild_members),
    Route("GET", f"{ONE}/members/{{user}}", "get_guild_member", get_guild_member),
    Route("PATCH", f"{ONE}/members/@me", "modify_current_member", modify_current_member),
]
