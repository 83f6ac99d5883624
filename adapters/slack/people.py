"""Who people are on Slack and who can read a channel: asked of the platform, remembered for ten minutes at most."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.model import Membership

KEPT: Final = 600.0
"""Seconds (issue: members cached at most ten minutes, and asked anew when somebody joins, leaves or shares)."""
PATIENCE: Final = 0.7
"""Seconds that an event or a command waits to learn who somebody is; the commit needs the rest of Slack's three."""
REST: Final = 5.0
"""Seconds in which events do not ask again about somebody whom Slack did not tell of."""
PAGE: Final = 200
UNANSWERED: Final = (SlackClientError, ClientError, OSError, TimeoutError)
"""What asking Slack ends with when it goes wrong."""


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
        self._asking: dict[str, asyncio.Task[Person]] = {}
        self._resting: dict[str, float] = {}
        self._changes = 0
        """An answer that was under way while something changed is not remembered."""

    async def person(self, id: str) -> Person:
        """One user, also one of another workspace; asked once, however many wait for it."""
        known = self._people.get(id)
        if known is not None and self._clock() - known[0] < KEPT:
            return known[1]
        asking = self._asking.get(id)
        if asking is None:
            asking = self._asking[id] = asyncio.create_task(self._asked(id))
            asking.add_done_callback(lambda done: self._told(id, done))
        return await asyncio.shield(asking)

    async def _asked(self, id: str) -> Person:
        before = self._changes
        answer = await self._client.users_info(user=id, include_locale=True)
        found = _person(answer["user"], self.me)
        if before == self._changes:
            self._people[id] = (self._clock(), found)
        return found

    def _told(self, id: str, done: "asyncio.Task[Person]") -> None:
        if self._asking.get(id) is done:
            del self._asking[id]
        if not done.cancelled():
            done.exception()  # looked at, so that nobody warns of it when its waiters have gone

    async def membership(self, id: str) -> tuple[Membership, Person | None]:
        """What Slack knows of an author; unknown when it does not say so at once: then nothing is counted."""
        if self._clock() < self._resting.get(id, 0.0):
            return Membership.UNKNOWN, None
        try:
            found = await asyncio.wait_for(self.person(id), PATIENCE)
        except UNANSWERED:
            self._resting[id] = self._clock() + REST
            return Membership.UNKNOWN, None
        self._resting.pop(id, None)
        return found.membership, found

    async def inside(self, channel: str) -> bool:
        """Whether no outsider can read this channel: not shared, and every member is one of ours."""
        known = self._channels.get(channel)
        if known is not None and self._clock() - known[0] < KEPT:
            return known[1]
        before = self._changes
        answer = await self._client.conversations_info(channel=channel)
        found = not _shared(answer["channel"]) and await self._all_inside(channel, answer["channel"])
        if before == self._changes:
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
        """Somebody joined, left, was changed, or a channel was shared: ask again. Somebody who was changed may have
        become a guest in any channel."""
        self._changes += 1
        self._channels.pop(channel, None)
        if person:
            self._people.pop(person, None)
            self._asking.pop(person, None)
            self._resting.pop(person, None)
        if not channel:
            self._channels.clear()

    async def close(self) -> None:
        """Break off what is still being asked."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


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
