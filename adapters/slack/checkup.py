"""What the doctor asks Slack: does it take our tokens, is the bot where it has to be, who is where nobody may be."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import TOKEN
from adapters.slack.people import Me, People, Person
from bot.domain.errors import Refused
from bot.domain.model import Membership
from bot.ports import Clock

PAGE: Final = 200
UNREACHED: Final = (OSError, TimeoutError, ClientError, SlackRequestError, ValueError, AttributeError)
"""What a broken line raises, or an answer that is no JSON, such as the page of a proxy."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look at: channel and user ids of our workspace."""

    watched: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    """Channels that no outsider may read."""
    people: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """User groups that teams list."""


@dataclass(frozen=True, slots=True)
class Place:
    """One channel as the bot sees it; `fault` is Slack's word where it could not be asked."""

    name: str = ""
    member: bool = False
    archived: bool = False
    inside: bool = True
    outsiders: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What Slack answered."""

    places: Mapping[str, Place] = field(default_factory=dict)
    people: Mapping[str, Person | str] = field(default_factory=dict)
    """Who somebody is, or Slack's word where it could not be asked."""
    resting: tuple[str, ...] = ()
    """Who of those on call has Do Not Disturb on now."""
    groups: Mapping[str, int | str] = field(default_factory=dict)
    """How many are in a user group, or Slack's word where it could not be asked."""


class Checkup:
    """One look at one workspace; `connect` first."""

    def __init__(self, bot_token: str, api_url: str, clock: Clock) -> None:
        self._client = AsyncWebClient(
            token=bot_token, base_url=api_url, timeout=10,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3)], logger=_silent(),
        )  # fmt: skip
        self._clock = clock
        self.team = ""
        self.skew = timedelta()
        """How far our clock is ahead of Slack's; zero where Slack does not say."""
        self.scopes: frozenset[str] | None = None
        """What the token was granted; None where Slack does not say."""

    async def connect(self) -> None:
        """Refused where Slack cannot be reached or does not take the bot token."""
        began = self._clock()
        try:
            answer = await self._client.auth_test()
        except SlackApiError as error:
            raise Refused("slack.token" if _word(error) in TOKEN else "slack.unreachable") from error
        except UNREACHED as error:
            raise Refused("slack.unreachable") from error
        between = began + (self._clock() - began) / 2
        headers = {str(name).lower(): str(value) for name, value in (answer.headers or {}).items()}
        if "date" in headers:
            self.skew = between - parsedate_to_datetime(headers["date"])
        if "x-oauth-scopes" in headers:
            self.scopes = frozenset(part.strip() for part in headers["x-oauth-scopes"].split(",") if part.strip())
        me = Me(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""))
        self.team = me.team
        self._people = People(self._client, me)

    async def socket(self, app_token: str) -> str:
        """Slack's word against the app token; "" if it would open a connection. None is opened."""
        try:
            await self._client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            return _word(error) or "unreachable"
        except UNREACHED:
            return "unreachable"
        return ""

    async def look(self, wanted: Wanted) -> Seen:
        """Every channel and everybody once; what cannot be asked is said and stops nothing."""
        places = {id: await self._place(id, id in wanted.inside) for id in _once(wanted.watched, wanted.inside)}
        people = {id: await self._person(id) for id in _once(wanted.people)}
        resting = [id for id in _once(wanted.on_call) if await self._rests(id)]
        groups = {id: await self._group(id) for id in _once(wanted.groups)}
        return Seen(places, people, tuple(resting), groups)

    async def _group(self, id: str) -> int | str:
        try:
            return len((await self._client.usergroups_users_list(usergroup=id))["users"])
        except SlackApiError as error:
            return _word(error) or "unreachable"
        except UNREACHED:
            return "unreachable"

    async def _place(self, id: str, ours: bool) -> Place:
        try:
            info: dict[str, Any] = (await self._client.conversations_info(channel=id))["channel"]
            place = Place(str(info.get("name") or ""), bool(info.get("is_member")), bool(info.get("is_archived")))
            if not ours or await self._people.inside(id):
                return place
            return replace(place, inside=False, outsiders=await self._outsiders(id))
        except SlackApiError as error:
            return Place(fault=_word(error) or "unreachable")
        except UNREACHED:
            return Place(fault="unreachable")

    async def _outsiders(self, channel: str) -> int:
        """How many members are neither ours nor bots."""
        count, cursor = 0, ""
        while True:
            page = await self._client.conversations_members(channel=channel, cursor=cursor, limit=PAGE)
            for id in page["members"]:
                person = await self._people.person(id)
                count += not person.inside and person.membership is not Membership.BOT
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return count

    async def _person(self, id: str) -> Person | str:
        try:
            return await self._people.person(id)
        except SlackApiError as error:
            return _word(error) or "unreachable"
        except UNREACHED:
            return "unreachable"

    async def _rests(self, id: str) -> bool:
        """Whether notifications are held back now; unknown counts as no, for it is only a hint."""
        try:
            said = await self._client.dnd_info(user=id)
        except (SlackApiError, *UNREACHED):
            return False
        now = self._clock().timestamp()
        hours = said.get("dnd_enabled") and said.get("next_dnd_start_ts", 0) <= now < said.get("next_dnd_end_ts", 0)
        return bool(hours or said.get("snooze_enabled"))


def _silent() -> logging.Logger:
    """The SDK would write between the findings, and bodies of answers at that."""
    logger = logging.getLogger("kasuhara.slack.checkup")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def _once(*ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(id for some in ids for id in some))


def _word(error: SlackApiError) -> str:
    """Slack's word; "" for an answer without one."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""
