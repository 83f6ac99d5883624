"""A ready workspace for stories: the company of tests/company.py, its channels, a customer's side, odd guests."""

from .channel import Channel, Room
from .user import Kind, User, UserGroup
from .workspace import Workspace

STAFF = {
    "UAGENT": "佐藤",
    "UAGENT2": "田中",
    "USUPER1": "鈴木",
    "USUPER2": "高橋",
    "ULEAD": "伊藤",
    "UBOSS": "渡辺",
    "UADMIN": "山本",
}


def town() -> Workspace:
    """Staff as in company.PEOPLE; UCUST is a stranger of TCUST in #support, UGUEST a guest, UGONE deactivated.

    Channels: support (shared with TCUST), ALERT and LEADS (private, staff and bot), general (public, staff only, no
    bot), random (public, bot and staff), old (archived).
    """
    space = Workspace()
    me, staff = space.app.bot_user, list(STAFF)
    people = [User(id, name, email=f"{id.lower()}@town.test") for id, name in STAFF.items()]
    space.add(*people)
    space.users["UADMIN"].admin = True
    space.users["UAGENT2"].locale = "en-US"
    space.users["UAGENT2"].tz = "Europe/London"
    space.add(
        User("UCUST", "Hanako", Kind.STRANGER, "TCUST", email="hanako@customer.test"),
        User("UCUST2", "Jiro", Kind.STRANGER, "TCUST", flagged=False),
        User("UGUEST", "Guest", Kind.GUEST, email="guest@customer.test"),
        User("UGUEST1", "Lone Guest", Kind.SINGLE_GUEST),
        User("UGONE", "Gone", deleted=True),
        User("URELAY", "Relay", Kind.BOT, bot_id="B0RELAY"),
        User("UCLASSIC", "Old Hook", Kind.BOT, bot_id="B0CLASSIC", classic=True),
        UserGroup("S0SUPPORT", "support-team", ["UAGENT", "UAGENT2", "USUPER1", "USUPER2"]),
        UserGroup("S0LEADS", "leads", ["ULEAD", "UBOSS"]),
    )
    outsiders = ["UCUST", "UCUST2", "UGUEST", "UGUEST1", "URELAY", "UCLASSIC"]
    return space.add(
        Channel("CSUPPORT", "support", members=[me, *staff, *outsiders], shared_with=["TCUST"]),
        Channel("GALERT", "alert", Room.PRIVATE, [me, *staff]),
        Channel("GLEADS", "leads", Room.PRIVATE, [me, "ULEAD", "UBOSS", "UADMIN"]),
        Channel("GSECRET", "secret", Room.PRIVATE, ["UBOSS"]),
        Channel("CGENERAL", "general", members=[*staff]),
        Channel("CRANDOM", "random", members=[me, *staff]),
        Channel("COLD", "old", members=[me, *staff], archived=True),
    )
