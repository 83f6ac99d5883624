"""Posts of the outbox reach Discord: how it sends, edits, looks and checks; in which order, chat.posting says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import discord

from adapters.chat.calls import PATIENCE
from adapters.chat.pacing import Pace
from adapters.chat.posting import Posting, last
from adapters.discord.calls import Calls
from adapters.discord.client import Client
from adapters.discord.layout import Message, below, body_of, message_of, messages_of
from adapters.discord.marks import Marks, mark, marked
from adapters.discord.people import People
from adapters.discord.uploads import Charts
from adapters.wording import Card, Tone
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Membership, MessageRef
from bot.domain.notices import DigestReady, Letter
from bot.domain.policy import Policy

GAP: Final = 1.2
BURST: Final = 2
"""Seconds between posts into one channel, and how many may go at once after a quiet time: the buckets that Discord
names in its headers are discord.py's, which sleeps in them; whoever waits here does so before anything is under way."""
EDIT_GAP: Final = 1.2


class DiscordVoice:
    """chat.voice.Voice for Discord."""

    platform: Final = "discord"
    home: Final = ""

    def __init__(self, client: Client, people: People, policy: Policy) -> None:
        self._client = client
        self._people = people
        self._calls = Calls()
        self._marks = Marks(self._calls, people.me.user)
        self._charts = Charts(self._calls, policy)

    def reopen(self) -> None:
        """Rights changed: channels that were closed to us are tried again."""
        self._calls.reopen()

    async def rests(self, account: str, ref: MessageRef) -> bool:
        """Who left the server: Discord tells nobody who does not want to be disturbed."""
        _, guild, id = account.split(":")
        try:
            return (await self._calls(partial(self._people.person, guild, id))).gone
        except DeliveryFailed:
            return False

    def pages(self, card: Card, called: Sequence[str]) -> Sequence[Message]:
        return messages_of(card, called)

    def edited_as(self, channel: str) -> str:
        return channel

    async def says(self, channel: str, page: Message, key: str, first: str | None = None) -> str:
        """The same key within minutes stays one message, whatever became of the first answer (discord.md 15)."""
        at, body = self._at(channel), body_of(marked(page, key))
        if first is not None:
            body |= below(int(channel), int(first))
        said = await self._calls(lambda: at.send(**body, nonce=mark(key)), place=channel, sends=True)
        if first is not None:
            self._marks.said(int(channel), key, said.id)
        return str(said.id)

    async def rewrites(self, channel: str, id: str, page: Message, key: str) -> None:
        message, body = self._at(channel).get_partial_message(int(id)), body_of(marked(page, key))
        await self._calls(lambda: message.edit(**body), place=channel)

    async def deletes(self, channel: str, id: str) -> None:
        await self._calls(self._at(channel).get_partial_message(int(id)).delete, place=channel)
        self._marks.gone(int(channel), int(id))

    async def looked_for(self, letter: Letter, channel: str, key: str) -> str | None:
        """Without the right to read it a channel looks empty: then nobody can tell."""
        message = await self._marks.found(self._at(channel), key, letter.since)
        if message is not None:
            return str(message.id)
        if letter.post.to.channel and last(letter.post.to.channel) == channel:
            granted = await self._calls(partial(self._people.granted, letter.post.to.channel))
            if not granted.read_message_history:
                raise DeliveryFailed("refused")
        return None

    async def looked_below(self, channel: str, first: str, key: str) -> Mapping[int, str]:
        found = await self._marks.pages(self._at(channel), int(first), key)
        return {number: str(id) for number, id in found.items()}

    async def inside(self, channel: str) -> bool:
        return await self._calls(partial(self._people.inside, channel), place=f"guard:{channel}")

    async def ours(self, account: str) -> None:
        _, guild, id = account.split(":", 2)
        if not id.isdecimal():  # a role has no direct channel
            raise DeliveryFailed("closed", permanent=True)
        person = await self._calls(partial(self._people.person, guild, id))
        if person.gone:
            raise DeliveryFailed("deactivated", permanent=True)
        listed = await self._calls(partial(self._people.ours, account))
        if not listed or person.membership is Membership.BOT:
            raise DeliveryFailed("outsiders", permanent=True)

    async def opened(self, account: str) -> str:
        user = discord.Object(int(last(account)))
        return str((await self._calls(partial(self._client.create_dm, user), place=account)).id)

    async def pointer(self, letter: Letter, ref: MessageRef, title: str) -> Message:
        _, guild, channel = ref.channel.split(":")
        link = f"https://discord.com/channels/{guild}/{channel}/{ref.id}"
        return replace(message_of(Card(title, Tone.NOTICE)), content=link)

    async def hangs(self, notice: DigestReady, language: str, ref: MessageRef, *, look: bool) -> None:
        await self._charts.hang(notice.digest, language, self._at(last(ref.channel)), ref, look=look)

    def _at(self, channel: str) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(channel))


def posting(voice: DiscordVoice, policy: Policy, pace: Pace | None = None) -> Posting[Message]:
    """ports.Chat for Discord."""
    gaps = (pace or Pace(GAP, burst=BURST, patience=PATIENCE), Pace(EDIT_GAP, burst=BURST, patience=PATIENCE))
    return Posting(voice, policy, *gaps)
