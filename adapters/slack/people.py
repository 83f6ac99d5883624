"""Who people are on Slack and who can read a channel: asked of the platform, remembered for ten minutes at most."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.asking import KEPT, Asking
from adapters.slack.calls import word_of
from bot.domain.model import Membership

PAGE: Final = 200
LISTED: Final = 1_000
"""Entries of one page of users.list, which may be asked twenty times a minute."""
FEW: Final = 20
"""So many unknown members are asked about one by one; of more, everybody of the workspace is listed."""
UNANSWERED: Final = (SlackClientError, ClientError, OSError, TimeoutError, ValueError, AttributeError)
"""What asking Slack ends with when it goes wrong; the last two where an answer is no JSON, as the page of a proxy."""
UNKNOWN: Final = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
"""Slack's words for a person of whom it tells us nothing: never counted, and nobody who may read what is inside."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as auth.test said once at start."""

    team: str
    user: str
    bot: str
    home: str = ""
    """The address of our workspace."""


@dataclass(frozen=True, slots=True)
class Person:
    """One user as Slack knows them."""

    id: str
    team: str
    name: str
    language: str
    """"" where Slack does not tell."""
    zone: str
    membership: Membership
    gone: bool = False
    admin: bool = False
    """Administers our workspace."""
    guest: bool = False
    """Of our own workspace, and an outsider all the same."""

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
        self._people = Asking(self._person, UNANSWERED, clock)
        self._channels = Asking(self._closed, UNANSWERED, clock)
        self._listed = float("-inf")
        """When everybody of the workspace was listed last: whoever was missing then is a stranger, or new."""

    async def person(self, id: str) -> Person:
        """One user, also one of another workspace; asked once, however many wait for it."""
        return await self._people.get(id)

    async def membership(self, id: str) -> tuple[Membership, Person | None]:
        """What Slack knows of an author; unknown when it does not say so at once: then nothing is counted."""
        found = await self._people.soon(id)
        return (found.membership, found) if found is not None else (Membership.UNKNOWN, None)

    async def inside(self, channel: str, kept: float = KEPT) -> bool:
        """Whether no outsider can read this channel, as of no more than `kept` seconds ago: not shared, and every
        member is one of ours."""
        return await self._channels.get(channel, kept)

    async def _person(self, id: str) -> Person:
        try:
            answer = await self._client.users_info(user=id, include_locale=True)
        except SlackApiError as error:
            if word_of(error) not in UNKNOWN:
                raise
            return Person(id, "", "", "ja", "", Membership.UNKNOWN, gone=True)
        return _person(answer["user"], self.me)

    async def _closed(self, channel: str) -> bool:
        answer = await self._client.conversations_info(channel=channel)
        return not shared(answer["channel"]) and await self._all_inside(channel, answer["channel"])

    async def _all_inside(self, channel: str, info: dict[str, Any]) -> bool:
        if info.get("is_im"):
            return (await self.person(str(info.get("user", "")))).inside
        async for ids in self._pages(channel):
            async for person in self.each(ids):
                if not person.inside and person.membership is not Membership.BOT:
                    return False
        return True

    async def guests(self, channel: str) -> bool:
        """Whether a guest of our own workspace reads this channel: they see our commands and shortcuts by name."""
        async for ids in self._pages(channel):
            await self._learn(ids)
            many = sum(self._people.known(id) is None for id in ids) > FEW  # strangers, who are no guests of ours
            for id in ids:
                person = self._people.known(id) if many else await self.person(id)
                if person is not None and person.guest and not person.gone:
                    return True
        return False

    async def _pages(self, channel: str) -> AsyncIterator[list[str]]:
        cursor = ""
        while True:
            page = await self._client.conversations_members(channel=channel, cursor=cursor, limit=PAGE)
            yield [str(id) for id in page["members"]]
            cursor = _next(page)
            if not cursor:
                return

    async def each(self, ids: Sequence[str]) -> AsyncIterator[Person]:
        """Everybody of these, in their order; of many unknown ones by a few calls, however many there are."""
        await self._learn(ids)
        for id in ids:
            yield await self.person(id)

    async def _learn(self, ids: Sequence[str]) -> None:
        unknown = {id for id in ids if self._people.known(id) is None}
        if len(unknown) > FEW and self._clock() - self._listed >= KEPT:
            await self._list(unknown)

    async def _list(self, wanted: set[str]) -> None:
        """Learn of many at once, from users.list, page by page until nobody is wanted any more. Strangers are in no
        list (slack.md 24): each is asked about alone."""
        cursor = ""
        while True:
            since = self._people.changes
            page = await self._client.users_list(cursor=cursor, limit=LISTED, include_locale=True)
            for user in page["members"]:
                self._people.learn(str(user["id"]), _person(user, self.me), since)
                wanted.discard(str(user["id"]))
            cursor = _next(page)
            if not cursor:
                self._listed = self._clock()
            if not (wanted and cursor):
                return

    def forget(self, channel: str = "", person: str = "") -> None:
        """Somebody joined, left, was changed, or a channel was shared: ask again. Somebody who was changed may have
        become a guest in any channel."""
        if person:
            self._people.forget(person)
        if channel:
            self._channels.forget(channel)
        else:
            self._channels.forget_all()

    async def close(self) -> None:
        """Break off what is still being asked."""
        await self._people.close()
        await self._channels.close()


def shared(info: dict[str, Any]) -> bool:
    """Also one that another company was invited to and has not entered yet: what stands there it will read."""
    flags = ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared")
    pending = ("pending_shared", "pending_connected_team_ids")
    return any(info.get(flag) for flag in (*flags, *pending))


def _next(page: Any) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")


def _person(user: dict[str, Any], me: Me) -> Person:
    profile = user.get("profile") or {}
    team = str(user.get("team_id") or profile.get("team") or "")
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    locale = str(user.get("locale") or "")
    return Person(
        id=str(user["id"]), team=team, name=str(next((name for name in names if name), "")),
        language=_language(locale), zone=str(user.get("tz") or ""),
        membership=_membership(user, team, me), gone=bool(user.get("deleted")),
        admin=team == me.team and bool(user.get("is_admin") or user.get("is_owner")),
        guest=team == me.team and bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
    )  # fmt: skip


def _language(locale: str) -> str:
    return "" if not locale else "ja" if locale.startswith("ja") else "en"


def _membership(user: dict[str, Any], team: str, me: Me) -> Membership:
    if user.get("is_bot") or user.get("id") in ("USLACKBOT", me.user):
        return Membership.BOT
    outside = user.get("is_stranger") or user.get("is_restricted") or user.get("is_ultra_restricted")
    return Membership.OUTSIDER if outside or team != me.team else Membership.MEMBER
