"""A chat of ours at a local Discord: logged in, without a gateway, and letters for it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import test_wording as told
from discord_town import LocalDiscord
from discord_town.message import Message
from discord_wire import account
from harness import START

from adapters.chat import Pace
from adapters.chat.posting import Posting
from adapters.discord.client import Client, point
from adapters.discord.layout import Message as Page
from adapters.discord.outbound import DiscordVoice, posting
from adapters.discord.people import Me, People
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Destination, Priority
from bot.domain.notices import IncidentNoted, Letter, PingOpened, PingSettled, Post, Posted

ALERT, LEADS = "discord:1000:3004", "discord:1000:3005"
ONE, TWO = account(4012), account(4013)
OPENED, SETTLED = PingOpened(told.CALLED), PingSettled(told.ACKED)
OURS = frozenset(
    {*(account(id) for id in (4011, 4012, 4013, 4014)), *(f"discord:1000:group:{r}" for r in (2001, 2003, 2004))}
)
AGAIN = "【再送】"


def wide(length: int) -> IncidentNoted:
    """A card of several pages; nothing but a team's own name makes one."""
    return IncidentNoted(replace(told.THREAT, team="長" * length), other_team=True)


@dataclass
class Chatting:
    """A chat of ours at a local Discord."""

    discord: LocalDiscord
    chat: Posting[Page]
    voice: DiscordVoice
    people: People

    def letter(self, notice: Posted = OPENED, *called: str, key: str = "ping:7:0", **facts: Any) -> Letter:
        to = facts.pop("to", Destination(ALERT, called))
        edits = facts.pop("edits", "")
        round = "ping:7" if isinstance(notice, PingOpened) else ""
        post = Post(key=key, lane="customer:5", priority=Priority.PING, to=to, notice=notice, edits=edits, round=round)
        since = datetime.fromtimestamp(self.discord.clock.now(), UTC)
        base = Letter(1, post, "ja", told.QUOTES, None, 1, False, since + timedelta(seconds=30), since=since)
        return replace(base, **facts)

    def marks(self, channel: str = "alert") -> list[str]:
        return [mark_of(message) for message in self.discord.cards(channel)]

    async def fails(self, doing: Any) -> DeliveryFailed:
        with pytest.raises(DeliveryFailed) as raised:
            await doing
        return raised.value


def mark_of(message: Message) -> str:
    return str(message.embeds[-1].get("footer", {}).get("text", "")).rpartition(" · ")[2]


class chatting:
    """A client of ours that is logged in, without a gateway."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord

    async def __aenter__(self) -> Chatting:
        point(self._discord.api_url, self._discord.gateway_url, anywhere=False)
        self._client = Client(lambda: START)
        await self._client.login(self._discord.app.token)
        self._people = People(self._client, Me(str(self._discord.bot.id), str(self._discord.app.id)), listed)
        voice = DiscordVoice(self._client, self._people, told.POLICY)
        chat = posting(voice, told.POLICY, Pace(0))
        chat._edits = Pace(0)
        return Chatting(self._discord, chat, voice, self._people)

    async def __aexit__(self, *_: object) -> None:
        await self._people.close()
        await self._client.close()


async def listed() -> frozenset[str]:
    return OURS
