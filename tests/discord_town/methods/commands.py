"""The app's commands in a guild: read, add, and write all of them anew."""

from typing import Any

from discord_town.commandcheck import CHAT, commands
from discord_town.guild import Guild, Json
from discord_town.refused import Refused

from .ask import Ask, Reply, Route

NAMES = (
    "name name_localizations description description_localizations options default_member_permissions dm_permission "
    "nsfw contexts integration_types"
)
FIELDS = NAMES.split()


def _guild(ask: Ask) -> Guild:
    if int(ask.path["application"]) != ask.world.app.id:
        raise Refused(403, 20012, "You are not authorized to perform this action on this application")
    guild = ask.world.guilds.get(int(ask.path["guild"]))
    if guild is None or ask.me.id not in guild.members:
        raise Refused(403, 50001)
    return guild


def _kept(ask: Ask, guild: Guild, wanted: Json) -> Json:
    """The command as Discord keeps it; the id of one with the same name and type stays."""
    kind = wanted.get("type", CHAT)
    same = (id for id, one in guild.commands.items() if (one["type"], one["name"]) == (kind, wanted["name"]))
    id = next(same, 0) or ask.discord.clock.snowflake()
    found: Json = {"id": str(id), "application_id": str(ask.world.app.id), "guild_id": str(guild.id), "type": kind}
    found |= {"version": str(ask.discord.clock.snowflake()), "description": "", "default_member_permissions": None}
    return found | {name: wanted[name] for name in FIELDS if name in wanted}


def bulk_overwrite_guild_application_commands(ask: Ask) -> list[Json]:
    """Replaces commands of all types (rule discord-8)."""
    guild = _guild(ask)
    wanted: list[Json] = ask.body if isinstance(ask.body, list) else []
    commands(wanted)
    kept = [_kept(ask, guild, one) for one in wanted]
    guild.commands = {int(one["id"]): one for one in kept}
    guild.overwritten += 1
    return kept


def get_guild_application_commands(ask: Ask) -> list[Json]:
    return list(_guild(ask).commands.values())


def create_guild_application_command(ask: Ask) -> Reply:
    guild = _guild(ask)
    kept = _kept(ask, guild, ask.body)
    others = [one for id, one in guild.commands.items() if id != int(kept["id"])]
    commands([*others, ask.body])
    new = int(kept["id"]) not in guild.commands
    guild.commands[int(kept["id"])] = kept
    return Reply(201 if new else 200, kept)


def _command(ask: Ask) -> Json:
    found = _guild(ask).commands.get(int(ask.path["command"]))
    if found is None:
        raise Refused(404, 10063)
    return found


def delete_guild_application_command(ask: Ask) -> None:
    del _guild(ask).commands[int(_command(ask)["id"])]


def get_global_application_commands(ask: Ask) -> list[Json]:
    return ask.discord.everywhere


def bulk_overwrite_global_application_commands(ask: Ask) -> list[Json]:
    """Taken and given back; nobody in this town uses global commands."""
    commands(ask.body)
    ask.discord.everywhere[:] = ask.body
    return []


def get_permissions(ask: Ask) -> Any:
    raise Refused(404, 10066, "Unknown application command permissions")


EVERYWHERE = "/applications/{application}/commands"
MANY = "/applications/{application}/guilds/{guild}/commands"
ONE = f"{MANY}/{{command}}"
ROUTES = [
    Route("GET", EVERYWHERE, "get_global_application_commands", get_global_application_commands),
    Route("PUT", EVERYWHERE, "bulk_overwrite_global_application_commands", bulk_overwrite_global_application_commands),
    Route("GET", MANY, "get_guild_application_commands", get_guild_application_commands),
    Route("PUT", MANY, "bulk_overwrite_guild_application_commands", bulk_overwrite_guild_application_commands),
    Route("POST", MANY, "create_guild_application_command", create_guild_application_command),
    Route("GET", ONE, "get_guild_application_command", _command),
    Route("DELETE", ONE, "delete_guild_application_command", delete_guild_application_command),
    Route("GET", f"{ONE}/permissions", "get_application_command_permissions", get_permissions),
]
