"""People, bots and user groups of the local Slack, and how users.info shows them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from .message import Json


class Kind(StrEnum):
    """What an account is; a stranger belongs to another workspace and is seen only in shared channels."""

    MEMBER = "member"
    GUEST = "multi-channel guest"
    SINGLE_GUEST = "single-channel guest"
    STRANGER = "stranger"
    BOT = "bot"


@dataclass
class User:
    """An account. `flagged` says whether Slack marks the stranger with is_stranger (it does for some only)."""

    id: str
    name: str = ""
    kind: Kind = Kind.MEMBER
    team_id: str = ""
    locale: str = "ja-JP"
    tz: str = "Asia/Tokyo"
    email: str = ""
    deleted: bool = False
    admin: bool = False
    flagged: bool = True
    bot_id: str = ""
    classic: bool = False
    """A bot of the old kind: bot_message, a user name, no user id."""
    rests: tuple[float, float] | None = None
    """Do Not Disturb from and until, seconds since 1970."""

    @property
    def is_outsider(self) -> bool:
        return self.kind in {Kind.GUEST, Kind.SINGLE_GUEST, Kind.STRANGER}

    def profile(self, *, email: bool) -> Json:
        shown = {
            "real_name": self.name,
            "display_name": self.name,
            "team": self.team_id,
            "status_text": "",
            "title": "",
        }
        return shown | ({"email": self.email} if email and self.email and self.kind is not Kind.BOT else {})

    def shown(self, now: float, *, locale: bool = False, email: bool = True) -> Json:
        """The user object; the locale only when asked for, the address only with its scope."""
        base: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": self.profile(email=email),
            "is_bot": self.kind is Kind.BOT and self.id != "USLACKBOT",
            "is_app_user": False,
            "updated": int(now),
        }
        if self.deleted:
            return base
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        base |= {
            "real_name": self.name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.kind in {Kind.GUEST, Kind.SINGLE_GUEST},
            "is_ultra_restricted": self.kind is Kind.SINGLE_GUEST,
        }
        if self.kind is Kind.STRANGER and self.flagged:
            base["is_stranger"] = True
        return base | ({"locale": self.locale} if locale else {})


@dataclass
class UserGroup:
    """A user group (@support); `users` are ids."""

    id: str
    handle: str
    users: list[str] = field(default_factory=list)
    enabled: bool = True

    def shown(self, team_id: str) -> Json:
        return {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "name": self.handle,
            "handle": self.handle,
            "date_delete": 0 if self.enabled else 1,
            "user_count": len(self.users),
        }
