"""What Discord says of a house that can be trusted: token, intents, rights, readers, commands, people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.discord.checkup import Checkup, Place, Seen, Wanted
from adapters.discord.people import Person
from adapters.doctor.household import Household
from adapters.doctor.remark import Grade, Remark, error, warning
from adapters.settings import Settings
from bot.domain.errors import Refused
from bot.domain.policy import Policy
from bot.ports import Clock

DISCORD: Final = "discord:"
UNSEEN: Final = frozenset({"50001", "10003"})
"""Missing access, unknown channel."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The teams' places and people on Discord, and where each is named."""

    wanted: Wanted
    channels: Mapping[str, tuple[str, str]]
    """Channel → the team, and what the channel is to it."""
    names: Mapping[str, tuple[str, str]]
    """Account → the team and the name it gives."""
    rota: frozenset[str]


async def discord_remarks(given: Settings, household: Household, policy: Policy | None, clock: Clock) -> list[Remark]:
    """Everything that stands between this house and its servers; asks, and changes nothing."""
    listed = frozenset(one.account for team in household.teams for one in (*team.staff, *team.groups))
    address = given.discord_api_url or "discord.com"
    try:
        checkup = Checkup(given.discord_bot_token, given.discord_api_url, given.discord_anywhere, listed, policy, clock)
    except Refused:
        return [error("discord_elsewhere", address=address)]
    try:
        await checkup.connect()
        return await _looked(checkup, ours_of(household))
    except Refused as refused:
        return [error(str(refused).replace(".", "_"), address=address)]
    finally:
        await checkup.close()


async def _looked(checkup: Checkup, ours: Ours) -> list[Remark]:
    found = [] if checkup.content else [error("discord_content")]
    found += [error("discord_not_in", server=guild) for guild in _guilds(ours) if guild not in checkup.guilds]
    seen = await checkup.look(ours.wanted)
    found += _channels(ours, seen)
    found += _people(ours, seen)
    found += [warning("discord_commands", server=guild) for guild in seen.unregistered]
    for place in ours.wanted.watched if checkup.content else ():
        if await checkup.wordless(place):
            found.append(error("discord_wordless", team=ours.channels[place][0], channel=_id(place)))
    return found


def ours_of(household: Household) -> Ours:
    """What of the teams stands on Discord."""
    channels: dict[str, tuple[str, str]] = {}
    names: dict[str, tuple[str, str]] = {}
    rota: set[str] = set()
    for team in household.teams:
        for kind, places in (
            ("watched", team.channels), ("alert", (team.alert_channel,)), ("leads", (team.leads_channel,)),
        ):  # fmt: skip
            for place in places:
                if place.startswith(DISCORD):
                    channels.setdefault(place, (team.name, kind))
        names |= {one.account: (team.name, one.name) for one in team.staff if one.account.startswith(DISCORD)}
        members = [account for account in (team.rota.members if team.rota else ()) if account.startswith(DISCORD)]
        rota.update(members)
        for account in members:
            names.setdefault(account, (team.name, ""))
    watched = tuple(place for place, (_, kind) in channels.items() if kind == "watched")
    inside = tuple(place for place, (_, kind) in channels.items() if kind != "watched")
    return Ours(Wanted(watched, inside, tuple(names)), channels, names, frozenset(rota))


def _guilds(ours: Ours) -> list[str]:
    return sorted({place.split(":")[1] for place in ours.channels})


def _channels(ours: Ours, seen: Seen) -> Iterator[Remark]:
    for id, place in seen.places.items():
        team, kind = ours.channels[id]
        where = {"team": team, "channel": _id(id)}
        yield from _rights(place, kind, where)
        readers = place.readers
        if readers.everyone:
            yield error("discord_open", **where)
        elif readers.any:
            names = [f"@{name} ({role})" for role, name in readers.roles] + list(readers.people)
            yield error("discord_readers", who=", ".join(names), **where)


def _rights(place: Place, kind: str, where: Mapping[str, str]) -> Iterator[Remark]:
    if place.fault in UNSEEN:
        yield error("discord_unseen", **where)
    elif place.fault:
        yield warning("unasked_channel", word=place.fault, **where)
    elif place.missing:
        key = "discord_rights_watched" if kind == "watched" else "discord_rights_own"
        yield error(key, rights=", ".join(place.missing), **where)


def _people(ours: Ours, seen: Seen) -> Iterator[Remark]:
    for id, found in seen.people.items():
        team, name = ours.names[id]
        where = {"team": team, "who": f"{name} ({id})" if name else id}
        if isinstance(found, Person):
            if found.gone:
                grade = Grade.ERROR if id in ours.rota else Grade.WARNING
                yield Remark(grade, "discord_person_gone", tuple(where.items()))
        else:
            yield warning("unasked_person", word=found, **where)


def _id(place: str) -> str:
    return place.split(":")[2]
