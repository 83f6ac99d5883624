"""The commands as Discord knows them: made from the table, told to each server only when they changed."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import discord
from aiohttp import ClientError

from adapters.commands import COMMAND, Described, Option, Pick, Shape, describe
from adapters.discord.client import Client
from adapters.discord.markup import bare
from adapters.wording import say
from bot.domain.policy import Policy
from bot.intake import Intake
from bot.ports import UnitOfWork

LOG: Final = logging.getLogger("kasuhara.discord")
NAME: Final = COMMAND.removeprefix("/")
CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, TEXT, NUMBER = 1, 3, 4
LONGEST: Final = 100
"""Characters of a description or of a choice (discord.md 6, 7)."""
CHOICES: Final = 25
HIDDEN: Final = str(discord.Permissions(moderate_members=True).value)
"""Only whoever may time members out sees the commands, until the server's settings say otherwise (discord.md 9); the
core refuses everybody else in any case."""
SEARCHED: Final = frozenset({"customer"})
"""Options that are completed while they are typed."""
Payload = dict[str, Any]


def payload(policy: Policy) -> list[Payload]:
    """Everything that one server is told: the command, the menu on messages and the menu on people."""
    words = [_subcommand(word) for word in describe(policy.groups)]
    told = say("en", "discord.command"), say("ja", "discord.command")
    return [
        _hidden({"type": CHAT, "name": NAME, **_described(*told), "options": words}),
        _hidden({"type": MESSAGE, **_named(say("en", "discord.menu_report"), say("ja", "discord.menu_report"))}),
        _hidden({"type": USER, **_named(say("en", "discord.menu_history"), say("ja", "discord.menu_history"))}),
    ]


def mark_of(told: Sequence[Payload]) -> str:
    """What changes whenever the commands do."""
    whole = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


async def registered(client: Client, guild: str, intake: Intake, policy: Policy) -> bool:
    """Tell a server its commands unless it was told these already; whether it has them now.

    It may refuse: too many changes in a day (30034), or the bot was asked in without its commands (50001).
    """
    told = payload(policy)
    mark = mark_of(told)
    if await intake.write(partial(_last, _name(guild))) == mark:
        return True
    try:
        await client.http.bulk_upsert_guild_commands(_app(client), int(guild), told)
    except (discord.DiscordException, ClientError, OSError, TimeoutError) as error:
        LOG.error("discord.unregistered guild=%s code=%s", guild, getattr(error, "code", type(error).__name__))
        return False
    await intake.write(partial(_tell, _name(guild), mark))
    return True


async def unregister(guild: str, intake: Intake) -> None:
    """A server does not have any more what it was told."""
    await intake.write(partial(_tell, _name(guild), ""))


async def unregistered(client: Client, guilds: Sequence[str], policy: Policy) -> tuple[str, ...]:
    """Servers that do not have all of our commands by name; for doctor."""
    wanted = {(one["type"], one["name"]) for one in payload(policy)}
    found = []
    for guild in guilds:
        commands: Sequence[Mapping[str, Any]] = await client.http.get_guild_commands(_app(client), int(guild))
        if not wanted <= {(int(one.get("type") or CHAT), str(one["name"])) for one in commands}:
            found.append(guild)
    return tuple(found)


def _name(guild: str) -> str:
    return f"discord:commands:{guild}"


def _app(client: Client) -> int:
    if client.application_id is None:
        raise discord.ClientException("not logged in")
    return client.application_id


def _last(name: str, uow: UnitOfWork) -> str:
    return uow.presence.told(name)


def _tell(name: str, mark: str, uow: UnitOfWork) -> None:
    uow.presence.tell(name, mark)


def _hidden(command: Payload) -> Payload:
    return {**command, "default_member_permissions": HIDDEN}


def _subcommand(word: Described) -> Payload:
    told = {"type": SUBCOMMAND, **_named(word.name.en, word.name.ja)}
    told |= _described(word.description.en, word.description.ja)
    options = sorted(word.options, key=lambda option: not option.required)
    return {**told, "options": [_option(option) for option in options]}


def _option(option: Option) -> Payload:
    kind = NUMBER if option.shape is Shape.NUMBER else TEXT
    told: Payload = {"type": kind, **_named(option.name.en, option.name.ja), "required": option.required}
    told |= _described(option.description.en, option.description.ja)
    if option.picks and len(option.picks) <= CHOICES:
        told["choices"] = [_pick(pick) for pick in option.picks]
    elif option.key in SEARCHED or option.picks:
        told["autocomplete"] = True
    if kind == NUMBER:
        told |= {"min_value": 1, "max_value": 2**31 - 1}
    return told


def _pick(pick: Pick) -> Payload:
    return {**_named(pick.name.en, pick.name.ja), "value": pick.value}


def _named(en: str, ja: str) -> Payload:
    return {"name": bare(en, LONGEST), "name_localizations": {"ja": bare(ja, LONGEST)}}


def _described(en: str, ja: str) -> Payload:
    return {"description": bare(en, LONGEST), "description_localizations": {"ja": bare(ja, LONGEST)}}


def length(command: Payload) -> int:
    """Characters of one command as Discord counts them: names, descriptions and values, the longer of two languages."""
    return _length(command) + sum(length(option) for option in command.get("options") or ())


def _length(told: Payload) -> int:
    texts: Iterable[tuple[str, Mapping[str, str]]] = (
        (str(told.get(key) or ""), told.get(f"{key}_localizations") or {}) for key in ("name", "description")
    )
    own = sum(max(len(text), *map(len, others.values()), 0) for text, others in texts)
    return own + sum(_length(choice) + len(str(choice["value"])) for choice in told.get("choices") or ())
