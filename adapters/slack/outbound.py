"""Posts of the outbox reach Slack: how it sends, edits, looks and checks; in which order, chat.posting says."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.calls import PATIENCE
from adapters.chat.pacing import Pace
from adapters.chat.posting import Posting, last
from adapters.slack.calls import Calls
from adapters.slack.layout import Message, body_of, messages_of
from adapters.slack.marks import Marks, mark
from adapters.slack.markup import escaped, fitting, unparsed
from adapters.slack.people import People
from adapters.slack.uploads import Charts
from adapters.wording import Card
from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef
from bot.domain.notices import DigestReady, Letter
from bot.domain.policy import Policy

GAP: Final = 1.0
"""Seconds between posts into one channel (slack.md 11)."""
EDIT_GAP: Final = 1.2
"""Seconds between edits anywhere: fifty a minute (slack.md 11)."""
EDITS: Final = 10
"""Edits that may go at once after a quiet time."""
FRESH: Final = 1.5
"""Seconds for which a channel counts as inside: no more than one post goes in after it was shared, even if Slack's
event about that is late or lost. Only the members' own records are kept longer, by People."""
TITLE: Final = 150
"""Characters of a card's title in the line that tells somebody where to look."""


class SlackVoice:
    """chat.voice.Voice for Slack; `listed` are the accounts of our own people, as the teams say."""

    platform: Final = "slack"

    def __init__(
        self, client: AsyncWebClient, people: People, policy: Policy, listed: Callable[[], Awaitable[frozenset[str]]]
    ) -> None:
        self.home = people.me.home
        self._client = client
        self._people = people
        self._listed = listed
        self._calls = Calls()
        self._marks = Marks(client, self._calls)
        self._charts = Charts(client, self._calls, policy)

    async def rests(self, account: str, ref: MessageRef) -> bool:
        """Do Not Disturb, or deactivated. The time is that of the message: Slack's own."""
        user, now = last(account), float(ref.id)
        try:
            person = await self._calls(self._people.person, id=user)
            if person.gone:
                return True
            answer = await self._calls(self._client.dnd_info, user=user)
        except DeliveryFailed:
            return False
        start, end = float(answer.get("next_dnd_start_ts") or 0), float(answer.get("next_dnd_end_ts") or 0)
        snoozes = bool(answer.get("snooze_enabled")) and float(answer.get("snooze_endtime") or 0) > now
        return snoozes or (bool(answer.get("dnd_enabled")) and start <= now < end)

    def pages(self, card: Card, called: Sequence[str]) -> Sequence[Message]:
        return messages_of(card, called)

    def edited_as(self, channel: str) -> str:
        """Slack counts the edits of all channels together."""
        return ""

    async def says(self, channel: str, page: Message, key: str, first: str | None = None) -> str:
        body = body_of(page) if page.blocks else {"text": page.text}
        answer = await self._calls(
            self._client.chat_postMessage, place=channel, sends=True, channel=channel, thread_ts=first,
            metadata=mark(key), unfurl_links=False, unfurl_media=False, **body,
        )  # fmt: skip
        return str(answer["ts"])

    async def rewrites(self, channel: str, id: str, page: Message, key: str) -> None:
        await self._calls(self._client.chat_update, channel=channel, ts=id, metadata=mark(key), **body_of(page))

    async def deletes(self, channel: str, id: str) -> None:
        await self._calls(self._client.chat_delete, channel=channel, ts=id)

    async def looked_for(self, letter: Letter, channel: str, key: str) -> str | None:
        return await self._marks.found(channel, key, letter.since)

    async def looked_below(self, channel: str, first: str, key: str) -> Mapping[int, str]:
        return await self._marks.pages(channel, first, key)

    async def inside(self, channel: str) -> bool:
        return bool(await self._calls(self._people.inside, channel=last(channel), kept=FRESH))

    async def ours(self, account: str) -> None:
        person = await self._calls(self._people.person, id=last(account))
        if person.gone:
            raise DeliveryFailed("deactivated", permanent=True)
        if not person.inside or account not in await self._calls(self._listed):
            raise DeliveryFailed("outsiders", permanent=True)

    async def opened(self, account: str) -> str:
        answer = await self._calls(self._client.conversations_open, users=last(account))
        return str(answer["channel"]["id"])

    async def pointer(self, letter: Letter, ref: MessageRef, title: str) -> Message:
        answer = await self._calls(self._client.chat_getPermalink, channel=last(ref.channel), message_ts=ref.id)
        return Message(f"{fitting(unparsed(title), TITLE)}\n<{escaped(str(answer['permalink']))}>", (), ())

    async def hangs(self, notice: DigestReady, language: str, ref: MessageRef, *, look: bool) -> None:
        await self._charts.hang(notice.digest, language, ref, look=look)


def posting(voice: SlackVoice, policy: Policy, pace: Pace | None = None) -> Posting[Message]:
    """ports.Chat for Slack."""
    gaps = (pace or Pace(GAP, patience=PATIENCE), Pace(EDIT_GAP, burst=EDITS, patience=PATIENCE))
    return Posting(voice, policy, *gaps)
