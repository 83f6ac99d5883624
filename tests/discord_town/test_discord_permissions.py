"""Who may see and do what in the town, worked out from roles and overwrites."""

from . import LocalDiscord, May, Room, World, overwrite, town


def test_roles_and_overwrites_add_up() -> None:
    world = town()
    alert, support, leads = (world.channel(name) for name in ("alert", "support", "leads"))
    guild = world.guilds[1000]
    sees = {name: world.sees(world.user(name).id, alert) for name in ("tanaka", "hana", "ken", "admin", "kasuhara")}
    assert sees == {"tanaka": False, "hana": True, "ken": True, "admin": True, "kasuhara": True}
    assert not world.sees(4011, leads) and world.sees(4012, leads) and world.sees(4014, leads)
    support.overwrites |= overwrite(guild.roles[2001], deny=May.SEND_MESSAGES)
    assert not world.may(4011, support) & May.SEND_MESSAGES and world.may(4001, support) & May.SEND_MESSAGES
    assert not world.may(4011, support) & May.EMBED_LINKS, "who may not write may not attach either"
    support.overwrites |= overwrite(guild.roles[2002], May.SEND_MESSAGES)
    assert world.may(4011, support) & May.SEND_MESSAGES, "what one role allows, another does not deny"
    support.overwrites |= overwrite(world.user("hana"), deny=May.VIEW_CHANNEL)
    assert world.may(4011, support) == 0, "without seeing it nothing is possible"
    assert not world.sees(4011, world.channel("returns")), "a thread has the overwrites of its parent"
    assert world.may(4019, support) & May.ADMINISTRATOR, "the owner may everything"


async def test_a_private_thread_is_seen_by_its_members(discord_town: LocalDiscord) -> None:
    thread = discord_town.user("hana").opens_thread("between us", "support", private=True)
    world: World = discord_town.world
    assert thread.room is Room.PRIVATE_THREAD
    assert not world.sees(4012, thread) and not world.sees(world.app.bot, thread)
    thread.joined.add(4012)
    assert world.sees(4012, thread)
    assert [event for event, _ in discord_town.gateway.told] == []
