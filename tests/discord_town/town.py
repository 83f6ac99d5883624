"""A ready town for stories: one guild with staff, customers, their channels, and the bot."""

from .channel import Channel, Room
from .guild import Guild, Member, Role, User
from .permissions import READS, WRITES, May
from .world import Webhook, World, overwrite

GUILD = 1000
STAFF, AGENTS, SUPERVISORS, LEADS, BOT_ROLE = 2001, 2002, 2003, 2004, 2009
TANAKA, SATO = 4001, 4002
HANA, KEN, YUI, MORI, ADMIN = 4011, 4012, 4013, 4014, 4019
OTHER_BOT = 4090
RELAY = 5001
SUPPORT, SUPPORT_2, FORUM, ALERT, LEADS_CHANNEL, RANDOM, THREAD = 3001, 3002, 3003, 3004, 3005, 3006, 3007


def _people() -> list[Member]:
    def one(id: int, name: str, shown: str, *roles: int, bot: bool = False, locale: str = "ja") -> Member:
        return Member(User(id, name, shown, bot, locale), list(roles))

    return [
        one(TANAKA, "tanaka", "田中"),
        one(SATO, "sato", "Sato", locale="en-US"),
        one(HANA, "hana", "花", STAFF, AGENTS),
        one(KEN, "ken", "健", STAFF, SUPERVISORS),
        one(YUI, "yui", "結衣", STAFF, SUPERVISORS),
        one(MORI, "mori", "森", STAFF, LEADS),
        one(ADMIN, "admin", "管理者"),
        one(OTHER_BOT, "helperbot", "", bot=True),
    ]


def town() -> World:
    """The guild of id 1000, owned by `admin`. Ids are small and fixed, those of messages carry the time.

    Customers: tanaka (ja), sato (en-US). Staff: hana (Agents), ken and yui (Supervisors, a mentionable role), mori
    (Leads). Channels: support, support-2, forum, random (all), the thread "returns" of support, alert (staff and
    bot), leads (supervisors, leads and bot). Webhook "relay" of support; helperbot is another bot.
    """
    world = World()
    guild = Guild(GUILD, "Town", ADMIN)
    bot = Member(world.bot, [BOT_ROLE])
    everyone = guild.roles[GUILD]
    staff = Role(STAFF, "Staff", position=2)
    supervisors = Role(SUPERVISORS, "Supervisors", int(May.MODERATE_MEMBERS), position=3, mentionable=True)
    leads = Role(LEADS, "Leads", int(May.MODERATE_MEMBERS), position=4)
    mine = Role(BOT_ROLE, "kasuhara", int(READS | WRITES), position=5, bot=world.app.bot)
    agents = Role(AGENTS, "Agents", int(May.MODERATE_MEMBERS), position=2)
    world.add(guild, staff, agents, supervisors, leads, mine, bot, *_people())
    hidden = overwrite(everyone, deny=May.VIEW_CHANNEL) | overwrite(mine, May.VIEW_CHANNEL)
    support = Channel(SUPPORT, "support")
    world.add(
        guild,
        support,
        Channel(SUPPORT_2, "support-2"),
        Channel(FORUM, "forum", Room.FORUM),
        Channel(ALERT, "alert", overwrites=hidden | overwrite(staff, May.VIEW_CHANNEL)),
        Channel(
            LEADS_CHANNEL,
            "leads",
            overwrites=hidden | overwrite(supervisors, May.VIEW_CHANNEL) | overwrite(leads, May.VIEW_CHANNEL),
        ),
        Channel(RANDOM, "random"),
    )
    world.thread(support, "returns", TANAKA, THREAD)
    world.webhooks[RELAY] = Webhook(RELAY, "relay-token", SUPPORT, "relay")
    return world
