"""People, roles and the guild that holds them, as data."""

from dataclasses import dataclass, field
from typing import Any

from .clock import stamp
from .permissions import EVERYONE

Json = dict[str, Any]
LONG_AGO = 1_700_000_000.0


@dataclass(eq=False)
class User:
    """An account. `closed`: takes no direct messages from the bot. `webhook`: not a person, only a name on posts."""

    id: int
    name: str
    shown_name: str = ""
    bot: bool = False
    locale: str = "ja"
    closed: bool = False
    webhook: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def shown(self) -> Json:
        found: Json = {"id": str(self.id), "username": self.name, "global_name": self.shown_name or None}
        found |= {"discriminator": "0000" if self.webhook else "0", "avatar": None, "public_flags": 0}
        return found | ({"bot": True} if self.bot else {})


@dataclass(eq=False)
class Role:
    """`position` orders the roles; a managed one belongs to a bot."""

    id: int
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    bot: int = 0

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"

    def shown(self) -> Json:
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        found: Json = {"id": str(self.id), "name": self.name, "color": 0, "colors": colors, "hoist": False, "flags": 0}
        found |= {"icon": None, "unicode_emoji": None, "position": self.position, "permissions": str(self.permissions)}
        found |= {"managed": bool(self.bot), "mentionable": self.mentionable}
        return found | ({"tags": {"bot_id": str(self.bot)}} if self.bot else {})


@dataclass(eq=False)
class Member:
    """A user in a guild; everybody has @everyone, which is not listed."""

    user: User
    roles: list[int] = field(default_factory=list)
    nick: str = ""
    joined: float = LONG_AGO

    @property
    def name(self) -> str:
        """What stands above the messages."""
        return self.nick or self.user.shown_name or self.user.name

    def named(self, words: str) -> bool:
        """Whether the user name, the name shown or the nickname begins with the words."""
        names = (self.user.name, self.user.shown_name, self.nick)
        return any(name.lower().startswith(words.lower()) for name in names if name)

    def shown(self, *, user: bool = True) -> Json:
        found: Json = {"roles": [str(role) for role in self.roles], "nick": self.nick or None, "avatar": None}
        found |= {"joined_at": stamp(self.joined), "premium_since": None, "deaf": False, "mute": False, "flags": 0}
        found |= {"pending": False, "communication_disabled_until": None}
        return found | ({"user": self.user.shown()} if user else {})


@dataclass(eq=False)
class Guild:
    """One server; its @everyone role has its own id."""

    id: int
    name: str
    owner: int = 0
    locale: str = "ja"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    commands: dict[int, Json] = field(default_factory=dict)
    """The app's commands here, by id."""
    overwritten: int = 0
    """How often the app has written its commands anew."""

    def __post_init__(self) -> None:
        self.roles.setdefault(self.id, Role(self.id, "@everyone", EVERYONE, 0))

    def shown(self) -> Json:
        roles = [role.shown() for role in sorted(self.roles.values(), key=lambda one: one.position)]
        found: Json = {"id": str(self.id), "name": self.name, "owner_id": str(self.owner), "roles": roles}
        found |= {"icon": None, "splash": None, "discovery_splash": None, "banner": None, "description": None}
        found |= {"emojis": [], "stickers": [], "features": [], "region": "japan", "afk_channel_id": None}
        found |= {"afk_timeout": 300, "verification_level": 1, "default_message_notifications": 1, "mfa_level": 0}
        found |= {"explicit_content_filter": 0, "application_id": None, "system_channel_id": None, "nsfw_level": 0}
        found |= {"system_channel_flags": 0, "rules_channel_id": None, "vanity_url_code": None, "premium_tier": 0}
        found |= {"preferred_locale": self.locale, "public_updates_channel_id": None, "incidents_data": None}
        return found | {"max_members": 500_000, "premium_subscription_count": 0}
