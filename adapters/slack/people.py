"""Who people are on Slack and who can read a channel: asked of the platform, remembered for ten minutes at most."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.model import Membership

KEPT: Final = 600.0
"""Seconds (issue: members cached at most ten minutes, and asked anew when somebody joins, leaves or shares)."""
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as auth.test said once at start."""

    team: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Person:
    """One user as Slack knows them."""

    id: str
    team: str
    name: str
    language: str
    zone: str
    membership: Membership
    gone: bool = False

    @property
    def inside(self) -> bool:
        """A full member of our own workspace; guests and strangers are outsiders everywhere (slack.md 24)."""
        return self.membership is Membership.MEMBER


class People:
    """Asks Slack; raises SlackApiError and connection errors where the caller has to decide what then."""

    def __init__(self, client: AsyncWebClient, me: Me, clock: Callable[[], float] = monotonic) -> None:
        self._client = client
        self.me = me
        self._clock = clock
        self._people: dict[str, tuple[float, Person]] = {}
        self._channels: dict[str, tuple[float, bool]] = {}

    async def person(self, id: str) -> Person:
        """One user, also one of another workspace."""
        known = self._people.get(id)
        if known is not None and self._clock() - known[0] < KEPT:
            return known[1]
        answer = await self._client.users_info(user=id, include_locale=True)
        found = _person(answer["user"], self.me)
        self._people[id] = (self._clock(), found)
        return found

    async def membership(self, id: str) -> tuple[Membership, Person | None]:
        """What Slack knows of an author; unknown when it cannot be asked, so that nothing is counted wrongly."""
        try:
            found = await self.person(id)
        except (SlackApiError, OSError, TimeoutError):
            return Membership.UNKNOWN, None
        return found.membership, found

    async def inside(self, channel: str) -> bool:
        """Whether no outsider can read this channel: not shared, and every member is one of ours."""
        known = self._channels.get(channel)
        if known is not None and self._clock() - known[0] < KEPT:
            return known[1]
        answer = await self._client.conversations_info(channel=channel)
        found = not _shared(answer["channel"]) and await self._all_inside(channel, answer["channel"])
        self._channels[channel] = (self._clock(), found)
        return found

    async def _all_inside(self, channel: str, info: dict[str, Any]) -> bool:
        if info.get("is_im"):
            return (await self.person(str(info.get("user", "")))).inside
        cursor = ""
        while True:
            page = await self._client.conversations_members(channel=channel, cursor=cursor, limit=PAGE)
            for id in page["members"]:
                person = await self.person(id)
                if not person.inside and person.membership is not Membership.BOT:
                    return False
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return True

    def forget(self, channel: str = "", person: str = "") -> None:
        """Somebody joined, left, was changed, or a channel was shared: ask again."""
        self._channels.pop(channel, None)
        self._people.pop(person, None)


def _shared(info: dict[str, Any]) -> bool:
    flags = ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared")
    return any(info.get(flag) for flag in flags) or bool(info.get("pending_connected_team_ids"))


def _person(user: dict[str, Any], me: Me) -> Person:
    profile = user.get("profile") or {}
    team = str(user.get("team_id") or profile.get("team") or "")
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    locale = str(user.get("locale") or "")
    return Person(
        id=str(user["id"]), team=team, name=str(next((name for name in names if name), "")),
        language="ja" if not locale or locale.startswith("ja") else "en", zone=str(user.get("tz") or ""),
        membership=_membership(user, team, me), gone=bool(user.get("deleted")),
    )  # fmt: skip


def _membership(user: dict[str, Any], team: str, me: Me) -> Membership:
    if user.get("is_bot") or user.get("id") in ("USLACKBOT", me.user):
        return Membership.BOT
    outside = user.get("is_stranger") or user.get("is_restricted") or user.get("is_ultra_restricted")
    return Membership.OUTSIDER if outside or team != me.team else Membership.MEMBER
