"""Who somebody is and who can read a channel: by roles and overwrites, asked of Discord and believed for a while."""

import asyncio

import pytest
from discord_town import May
from discord_town.faults import down
from discord_wire import ALERT, FORUM, LEADS, SUPPORT, Wire, discord_team

from adapters.chat.asking import Asking
from adapters.discord.people import FRESH, People
from adapters.discord.rights import granted, readers_of
from bot.domain.model import Membership, Role

THREAD = "discord:1000:3007"


class Watch:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


async def anew(people: People, channel: str) -> bool:
    people.forget()
    return await people.inside(channel)


@pytest.mark.rule("discord-24")
async def test_a_channel_is_inside_where_only_listed_roles_read(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        people, discord = bot._people, wire.discord
        assert [await people.inside(c) for c in (ALERT, LEADS, SUPPORT, FORUM, THREAD)] == [
            True,
            True,
            False,
            False,
            False,
        ]
        tanaka = discord.world.user("tanaka")
        discord.allows("alert", tanaka, May.VIEW_CHANNEL)
        await discord.until(lambda: not people._readers._known)
        assert (await people.readers(ALERT)).people == (str(tanaka.id),)
        discord.allows("alert", tanaka)
        guests = discord.adds_role("Guests")
        assert await anew(people, ALERT)
        discord.allows("alert", guests, May.VIEW_CHANNEL)
        people.forget()
        assert (await people.readers(ALERT)).roles == ((str(guests.id), "Guests"),)
        discord.allows("alert", guests)
        discord.adds_role("Lookers", May.VIEW_CHANNEL)  # @everyone is denied, and so are they
        assert await anew(people, ALERT)
        discord.adds_role("Admins", May.ADMINISTRATOR)  # nothing can be hidden from them
        assert await anew(people, ALERT)


async def test_a_role_that_no_team_lists_is_outside(wire: Wire) -> None:
    await wire.company.opens(discord_team(groups=()))
    async with wire.up(catches_up=True) as bot:
        assert [name for _, name in (await bot._people.readers(LEADS)).roles] == ["Supervisors", "Leads"]


async def test_what_opened_is_noticed_within_seconds_even_without_an_event(wire: Wire) -> None:
    """A process that does not hold the gateway hears of no change."""
    async with wire.up(catches_up=True) as bot:
        people = People(bot._client, bot._people.me, bot._roll.listed, watch := Watch())
        assert await people.inside(ALERT)
        wire.discord.allows("alert", wire.discord.world.user("tanaka"), May.VIEW_CHANNEL)
        assert await people.inside(ALERT)
        watch.at += FRESH
        assert not await people.inside(ALERT)
        await people.close()


async def test_a_member_is_asked_once_and_again_after_ten_minutes(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        people = People(bot._client, bot._people.me, bot._roll.listed, watch := Watch())
        for _ in range(3):
            found = await people.person("1000", "4012")
        assert (found.name, found.roles, found.membership) == ("健", ("2001", "2003"), Membership.OUTSIDER)
        asked = wire.discord.record.of("get_guild_member")
        assert len([c for c in asked if "4012" in map(str, c.arguments.values())]) == 1
        wire.discord.renames("ken", "けん")
        watch.at += 600
        assert (await people.person("1000", "4012")).name == "けん"
        assert (await people.person("1000", "9001")).membership is Membership.BOT
        assert (await people.person("1000", "999")).gone
        await people.close()


async def test_somebody_of_whom_discord_does_not_tell_is_unknown_for_a_while(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        people = People(bot._client, bot._people.me, bot._roll.listed, watch := Watch())
        wire.discord.faults.on("get_guild_member", down(503))
        assert await people.membership("1000", "4001") == (Membership.UNKNOWN, None)
        assert await people.membership("1000", "4001") == (Membership.UNKNOWN, None)
        watch.at += 5
        assert (await people.membership("1000", "4001"))[0] is Membership.OUTSIDER
        await people.close()


def roles_of(wire: Wire, user: int) -> tuple[Role, ...]:
    with wire.house.database.read() as uow:
        staff = {person.account: person.roles for team in uow.teams.all() for person in team.staff}
    return staff.get(f"discord:1000:{user}", ())


async def test_who_holds_a_listed_role_may_what_it_gives_and_loses_it_with_the_role(wire: Wire) -> None:
    discord = wire.discord
    new = discord.joins("newcomer", "新人").id
    discord.gives_role("newcomer", "Staff")
    async with wire.up(catches_up=True) as bot:
        discord.user("tanaka").says("返事しろ")
        discord.user("newcomer").says("お待ちください")
        await wire.hears(2)
        assert roles_of(wire, new) == (Role.AGENT,)
        assert roles_of(wire, 4001) == ()
        discord.gives_role("newcomer", "Supervisors")
        discord.gives_role("newcomer", "Staff", takes=True)
        discord.user("newcomer").tells_bot("ping")
        bot._people.forget("1000", str(new))
        await bot._groups.looks(str(new))
        assert roles_of(wire, new) == (Role.AGENT,)
        await wire.company.opens(discord_team(groups=()))
        await wire.company.opens(discord_team())  # written anew, nobody known in it
        bot._roll.forget()
        await bot._groups.looks(str(new))
        assert roles_of(wire, new) == (Role.AGENT,)
        discord.gives_role("newcomer", "Supervisors", takes=True)
        minding = asyncio.create_task(bot._groups.mind(0.01))
        await discord.until(lambda: roles_of(wire, new) == ())
        minding.cancel()
        discord.user("newcomer").says("もう担当ではない")
        await wire.hears(3)
        assert wire.speakers() == ["customer", "staff", "customer"]
        assert "team.member" in await wire.house.audit()


async def test_a_member_that_left_the_rows_to_another_process_is_looked_at_anew(wire: Wire) -> None:
    """What one process remembers of somebody is not the rows: these know it from before."""
    discord = wire.discord
    new = discord.joins("newcomer", "新人").id
    discord.gives_role("newcomer", "Staff")
    async with wire.up(catches_up=True):
        discord.user("newcomer").says("お待ちください")
        await wire.hears(1)
    discord.gives_role("newcomer", "Staff", takes=True)
    async with wire.up(catches_up=True):
        discord.user("newcomer").says("もう担当ではない")
        await wire.hears(2)
        assert roles_of(wire, new) == ()


async def test_what_the_bot_may_do_in_a_channel(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        assert (await bot._people.granted(ALERT)).send_messages
        wire.discord.shuts_out_bot("alert", May.SEND_MESSAGES)
        bot._people.forget()
        may = await bot._people.granted(ALERT)
        assert may.view_channel and not may.send_messages


async def test_an_answer_under_way_while_something_changed_is_not_believed() -> None:
    asked: list[str] = []

    async def ask(key: str) -> int:
        asked.append(key)
        if len(asked) == 1:
            asking.forget(key)
        return len(asked)

    asking = Asking(ask, (OSError,))
    assert await asking.get("a") == 1
    assert await asking.get("a") == await asking.get("a") == 2
    asking.learn("a", 7)
    assert await asking.get("a") == 7


def test_roles_add_up_and_a_persons_own_overwrite_is_the_last_word() -> None:
    view, send = int(May.VIEW_CHANNEL), int(May.SEND_MESSAGES)
    guild = {"id": "1", "owner_id": "9", "roles": [
        {"id": "1", "name": "@everyone", "permissions": str(send)},
        {"id": "2", "name": "A", "permissions": "0"},
        {"id": "3", "name": "B", "permissions": str(view)},
    ]}  # fmt: skip

    def channel(*over: tuple[str, int, int, int]) -> dict[str, object]:
        return {"permission_overwrites": [
            {"id": id, "type": kind, "allow": str(allow), "deny": str(deny)} for id, kind, allow, deny in over
        ]}  # fmt: skip

    denied = channel(("3", 0, 0, view), ("2", 0, view, 0))
    assert not granted(denied, guild, ("3",)) & view
    assert granted(denied, guild, ("2", "3")) & view
    assert not granted(channel(("5", 1, 0, view)), guild, ("3",), "5") & view
    assert granted(channel(("5", 1, view, 0)), guild, (), "5") & (view | send) == view | send
    found = readers_of(channel(("5", 1, view, 0), ("9", 1, view, 0)), guild)
    assert (found.everyone, found.roles, found.people) == (False, (("3", "B"),), ("5",))


async def test_what_was_asked_before_anything_changed_is_no_answer_to_whoever_asks_after_it() -> None:
    asked, answers = list[str](), asyncio.Event()

    async def ask(key: str) -> int:
        asked.append(key)
        number = len(asked)
        await answers.wait()
        return number

    asking = Asking(ask, ())
    before = asyncio.create_task(asking.get("alert"))
    await asyncio.sleep(0.01)
    asking.forget_all()
    after = asyncio.create_task(asking.get("alert"))
    await asyncio.sleep(0.01)
    answers.set()
    assert (await before, await after, await asking.get("alert")) == (1, 2, 2)
    await asking.close()
