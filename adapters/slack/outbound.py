"""Posts of the outbox reach Slack: nothing into a channel that an outsider can read, once as far as Slack can tell."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.pacing import Pace
from adapters.slack.calls import PATIENCE, Calls
from adapters.slack.layout import Message, messages_of
from adapters.slack.marks import Marks, mark
from adapters.slack.markup import escaped, fitting, unparsed
from adapters.slack.people import People
from adapters.slack.uploads import Charts
from adapters.wording import Card, card_of, say
from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef, Priority
from bot.domain.notices import DigestReady, Letter, PingEscalated, PingExhausted, PingOpened
from bot.domain.policy import Policy

LOG: Final = logging.getLogger("kasuhara.slack")
GAP: Final = 1.0
"""Seconds between posts into one channel (slack.md 11)."""
EDIT_GAP: Final = 1.2
"""Seconds between edits anywhere: fifty a minute (slack.md 11)."""
EDITS: Final = 10
"""Edits that may go at once after a quiet time."""
FRESH: Final = 1.5
"""Seconds for which a channel counts as inside: no more than one post goes in after it was shared, even if Slack's
event about that is late or lost. Only the members' own records are kept longer, by People."""
BEARABLE: Final = 5.0
"""Seconds that Slack may ask for before a channel can be checked; a call that would wait longer goes directly."""
URGENT: Final = 6.0
"""Seconds that what is critical waits for its turn: it keeps its place before everything that was sent away."""
POINTING: Final = 3.0
"""Seconds for telling the called people directly as well."""
TITLE: Final = 150
"""Characters of a card's title in that line."""
CALLING: Final = (PingOpened, PingEscalated, PingExhausted)


class SlackChat:
    """ports.Chat for Slack. It also tells every person who is called in a channel directly where to look."""

    def __init__(
        self, client: AsyncWebClient, people: People, policy: Policy, pace: Pace | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        self._client = client
        self._people = people
        self._policy = policy
        self._pace = pace or Pace(GAP, patience=PATIENCE)
        self._edits = Pace(EDIT_GAP, burst=EDITS, patience=PATIENCE)
        self._calls = Calls()
        self._marks = Marks(client, self._calls)
        self._charts = Charts(client, self._calls, policy)
        self._clock = clock
        self._asked: dict[str, float] = {}
        self._asking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def post(self, letter: Letter) -> MessageRef:
        """Say it; pages after the first stand in its thread, and what an earlier try left out is added."""
        channel = await self._channel(letter)
        if letter.doubtful:
            try:
                found = await self._found(letter, channel)
            except DeliveryFailed:
                pass  # nobody can tell: it is said again, labelled
            else:
                if found is not None:
                    return await self._finished(letter, found, look=True)
                letter = replace(letter, doubtful=False)
        first = messages_of(self._card(letter), self._called(letter))[0]
        ts = await self._send(letter, channel, first, letter.post.key)
        return await self._finished(letter, self._ref(channel, ts), look=False)

    async def edit(self, letter: Letter) -> MessageRef:
        """Change the message that the post made, and its thread; Slack rings nobody again."""
        if letter.ref is None:
            raise DeliveryFailed("gone", permanent=True)
        channel, key = _last(letter.ref.channel), letter.post.edits or letter.post.key
        first, *rest = messages_of(self._card(letter), self._called(letter))
        await self._change(letter, channel, letter.ref.id, first, key)
        standing = await self._marks.further(channel, letter.ref.id, key, more=bool(rest))
        for number, page in enumerate(rest, start=2):
            if number in standing:
                await self._change(letter, channel, standing.pop(number), page, f"{key}/{number}")
            else:
                await self._send(letter, channel, page, f"{key}/{number}", letter.ref.id)
        for ts in standing.values():  # words that the card no longer says
            await self._taken_away(channel, ts)
        self._marks.left(channel, letter.ref.id, single=not rest)
        return letter.ref

    async def _taken_away(self, channel: str, ts: str) -> None:
        try:
            await self._calls(self._client.chat_delete, channel=channel, ts=ts)
        except DeliveryFailed as failed:
            if failed.reason != "gone":
                raise

    async def find(self, letter: Letter) -> MessageRef | None:
        """The message of an earlier try, with everything added that this try left out; DeliveryFailed where the channel
        cannot be read, or not be completed."""
        found = await self._found(letter, await self._channel(letter))
        return found and await self._finished(letter, found, look=True)

    async def unheard(self, letter: Letter, ref: MessageRef) -> tuple[str, ...]:
        """Whom of those that a posted letter calls it does not reach now, by account: Do Not Disturb, or deactivated.

        Whoever cannot be asked about counts as reached. The time is that of the message: Slack's own.
        """
        people = [account for account in letter.post.to.people if account.startswith("slack:")]
        asked = await asyncio.gather(*(self._rests(_last(account), float(ref.id)) for account in people))
        return tuple(account for account, rests in zip(people, asked, strict=True) if rests)

    async def _finished(self, letter: Letter, ref: MessageRef, *, look: bool) -> MessageRef:
        """The first message stands; what else belongs to it goes out, each once. A failure leaves the post in doubt, so
        that the next try begins by looking."""
        sure = replace(letter, doubtful=False) if look else letter
        key, channel = letter.post.key, _last(ref.channel)
        card = self._card(sure)
        rest = messages_of(card, self._called(letter))[1:]
        try:
            standing = await self._marks.pages(channel, ref.id, key) if rest and look else {}
            for number, page in enumerate(rest, start=2):
                if number not in standing:
                    await self._send(letter, channel, page, f"{key}/{number}", ref.id)
            if card.chart:
                await self._guard(letter, channel)
        except DeliveryFailed as failed:
            failed.doubtful = True
            raise
        self._marks.left(channel, ref.id, single=not rest)
        if card.chart and isinstance(letter.post.notice, DigestReady):
            await self._charts.hang(letter.post.notice.digest, letter.language, ref, look=look)
        await self._point(letter, ref, card.title, look=look or letter.attempt > 1)
        return ref

    async def _found(self, letter: Letter, channel: str) -> MessageRef | None:
        ts = await self._marks.found(channel, letter.post.key, letter.since)
        return self._ref(channel, ts) if ts else None

    def _card(self, letter: Letter) -> Card:
        card = card_of(letter.post.notice, letter.language, self._policy, letter.quotes)
        if not letter.doubtful:
            return card
        return replace(card, title=f"{say(letter.language, 'door.sent_again')} {card.title}")

    def _called(self, letter: Letter) -> Sequence[str]:
        """Whom the message itself calls; a direct one needs to call nobody."""
        return letter.post.to.people if letter.post.to.channel else ()

    async def _channel(self, letter: Letter) -> str:
        """The channel that really takes it: the one named, or the direct one of the person."""
        to = letter.post.to
        return _last(to.channel) if to.channel else await self._direct(to.people[0])

    async def _direct(self, account: str) -> str:
        """The direct channel with one of our own people; DeliveryFailed for everybody else."""
        await self._ours(account)
        answer = await self._calls(self._client.conversations_open, users=_last(account))
        return str(answer["channel"]["id"])

    async def _ours(self, account: str) -> None:
        person = await self._calls(self._people.person, id=_last(account))
        if person.gone:
            raise DeliveryFailed("deactivated", permanent=True)
        if not person.inside:
            raise DeliveryFailed("outsiders", permanent=True)

    async def _guard(self, letter: Letter, channel: str) -> None:
        """Inside means that nobody outside can read it; asked before every post and edit (design.md 4).

        A call of people that cannot be asked about twice goes to them directly, if Slack brings anything at all.
        """
        if not letter.post.to.channel:
            await self._ours(letter.post.to.people[0])
            return
        try:
            inside = await self._inside(channel)
        except DeliveryFailed as failed:
            passes = letter.attempt == 1 or (failed.retry_after is not None and failed.retry_after <= BEARABLE)
            calls = letter.ref is None and isinstance(letter.post.notice, CALLING)
            if calls and not passes and not failed.permanent and await self._reaches(letter.post.to.people):
                raise DeliveryFailed("unchecked", permanent=True) from failed
            raise
        if not inside:
            raise DeliveryFailed("outsiders", permanent=True)

    async def _inside(self, channel: str) -> bool:
        async with self._asking[channel]:
            now = self._clock()
            if now - self._asked.get(channel, float("-inf")) >= FRESH:
                self._people.forget(channel)
                self._asked[channel] = now
            return bool(await self._calls(self._people.inside, channel=channel))

    async def _reaches(self, people: Sequence[str]) -> bool:
        """Whether somebody of them could be written to directly now."""
        for account in people:
            try:
                await self._direct(account)
            except DeliveryFailed:
                continue
            return True
        return False

    async def _send(self, letter: Letter, channel: str, page: Message, key: str, thread: str | None = None) -> str:
        """The ts of the new message. What takes long is asked before the turn, so that posts keep their distance."""
        await self._guard(letter, channel)
        await self._pace.turn(channel, URGENT if letter.post.priority is Priority.CRITICAL else None)
        await self._guard(letter, channel)
        answer = await self._calls(
            self._client.chat_postMessage, place=channel, sends=True, channel=channel, thread_ts=thread,
            metadata=mark(key), unfurl_links=False, unfurl_media=False, **_body(page),
        )  # fmt: skip
        return str(answer["ts"])

    async def _change(self, letter: Letter, channel: str, ts: str, page: Message, key: str) -> None:
        await self._edits.turn("")
        await self._guard(letter, channel)
        await self._calls(self._client.chat_update, channel=channel, ts=ts, metadata=mark(key), **_body(page))

    async def _point(self, letter: Letter, ref: MessageRef, title: str, *, look: bool) -> None:
        """Everybody who is called in a channel is told directly as well, with a link; that never fails the post."""
        people = [account for account in self._called(letter) if account.startswith("slack:")]
        if not people:
            return
        try:
            async with asyncio.timeout(POINTING):
                answer = await self._calls(
                    self._client.chat_getPermalink, channel=_last(ref.channel), message_ts=ref.id
                )
                text = f"{fitting(unparsed(title), TITLE)}\n<{escaped(str(answer['permalink']))}>"
                told = await asyncio.gather(
                    *(self._hint(letter, account, text, look=look) for account in people), return_exceptions=True
                )
        except (DeliveryFailed, TimeoutError) as error:
            told = [error]
        for failed in filter(None, told):
            LOG.warning("slack.not_told_directly id=%d error=%s", letter.id, type(failed).__name__)

    async def _hint(self, letter: Letter, account: str, text: str, *, look: bool) -> None:
        """One direct line, once."""
        channel, key = await self._direct(account), f"{letter.post.key}:dm:{_last(account)}"
        if look and await self._marks.found(channel, key, letter.since):
            return
        await self._pace.turn(channel)
        await self._calls(
            self._client.chat_postMessage, place=channel, channel=channel, text=text, metadata=mark(key),
            unfurl_links=False, unfurl_media=False,
        )  # fmt: skip

    async def _rests(self, user: str, now: float) -> bool:
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

    def _ref(self, channel: str, ts: str) -> MessageRef:
        return MessageRef(f"slack:{self._people.me.team}:{channel}", ts)


def _last(address: str) -> str:
    return address.rpartition(":")[2]


def _body(page: Message) -> dict[str, Any]:
    return {"text": page.text, "blocks": list(page.blocks), "attachments": list(page.attachments)}
