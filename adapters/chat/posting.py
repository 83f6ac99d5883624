"""How posts of the outbox reach any platform: nothing where an outsider can read, once as far as it can tell.

A platform's Voice says how it sends, changes, looks for and checks; the order of these is the same everywhere.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Generic

from adapters.chat.links import linked
from adapters.chat.pacing import Pace
from adapters.chat.voice import Page, Voice
from adapters.wording import Card, card_of, say
from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef, Priority
from bot.domain.notices import DigestReady, Letter, PingEscalated, PingExhausted, PingOpened
from bot.domain.policy import Policy

LOG: Final = logging.getLogger("kasuhara.chat")
BEARABLE: Final = 5.0
"""Seconds that a platform may ask for before a channel can be checked; a call that would wait longer goes directly."""
URGENT: Final = 6.0
"""Seconds that what is critical waits for its turn: it keeps its place before everything that was sent away."""
POINTING: Final = 3.0
"""Seconds for telling the called people directly as well."""
KNOWN: Final = 10_000
"""Messages that are known to stand on one page; of an older one what stands below is read before an edit."""
CALLING: Final = (PingOpened, PingEscalated, PingExhausted)


class Posting(Generic[Page]):
    """ports.Chat and ports.Attentive. It also tells every person who is called in a channel directly where to look."""

    def __init__(self, voice: Voice[Page], policy: Policy, pace: Pace, edits: Pace) -> None:
        self._voice = voice
        self._policy = policy
        self._pace = pace
        self._edits = edits
        self._single: dict[tuple[str, str], None] = {}

    async def post(self, letter: Letter) -> MessageRef:
        """Say it; pages after the first belong to it, and what an earlier try left out is added."""
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
        first = self._voice.pages(self._card(letter), self._called(letter))[0]
        id = await self._send(letter, channel, first, letter.post.key)
        return await self._finished(letter, self._ref(letter, channel, id), look=False)

    async def edit(self, letter: Letter) -> MessageRef:
        """Change the message that the post made, and its pages; nobody is rung again."""
        if letter.ref is None:
            raise DeliveryFailed("gone", permanent=True)
        channel, first_id, key = last(letter.ref.channel), letter.ref.id, letter.post.edits or letter.post.key
        first, *rest = self._voice.pages(self._card(letter), self._called(letter))
        await self._change(letter, channel, first_id, first, key)
        standing = dict(await self._further(channel, first_id, key, more=bool(rest)))
        for number, page in enumerate(rest, start=2):
            if number in standing:
                await self._change(letter, channel, standing.pop(number), page, f"{key}/{number}")
            else:
                await self._send(letter, channel, page, f"{key}/{number}", first_id)
        for id in standing.values():  # words that the card no longer says
            await self._taken_away(channel, id)
        self._left(channel, first_id, single=not rest)
        return letter.ref

    async def find(self, letter: Letter) -> MessageRef | None:
        """The message of an earlier try, with everything added that this try left out; DeliveryFailed where the channel
        cannot be read, or not be completed."""
        found = await self._found(letter, await self._channel(letter))
        return found and await self._finished(letter, found, look=True)

    async def unheard(self, letter: Letter, ref: MessageRef) -> tuple[str, ...]:
        """Whom of those that a posted letter calls it does not reach now, by account."""
        people = self._own(letter.post.to.people)
        asked = await asyncio.gather(*(self._voice.rests(account, ref) for account in people))
        return tuple(account for account, rests in zip(people, asked, strict=True) if rests)

    async def _finished(self, letter: Letter, ref: MessageRef, *, look: bool) -> MessageRef:
        """The first message stands; what else belongs to it goes out, each once. A failure leaves the post in doubt, so
        that the next try begins by looking."""
        sure = replace(letter, doubtful=False) if look else letter
        key, channel = letter.post.key, last(ref.channel)
        card = self._card(sure)
        rest = self._voice.pages(card, self._called(letter))[1:]
        try:
            standing = await self._voice.looked_below(channel, ref.id, key) if rest and look else {}
            for number, page in enumerate(rest, start=2):
                if number not in standing:
                    await self._send(letter, channel, page, f"{key}/{number}", ref.id)
            self._left(channel, ref.id, single=not rest)
            if card.chart:
                await self._guard(letter)
        except DeliveryFailed as failed:
            failed.doubtful = True
            raise
        if card.chart and isinstance(letter.post.notice, DigestReady):
            await self._voice.hangs(letter.post.notice, letter.language, ref, look=look)
        await self._point(letter, ref, card.title, look=look or letter.attempt > 1)
        return ref

    async def _found(self, letter: Letter, channel: str) -> MessageRef | None:
        id = await self._voice.looked_for(letter, channel, letter.post.key)
        return self._ref(letter, channel, id) if id else None

    def _card(self, letter: Letter) -> Card:
        card = linked(card_of(letter.post.notice, letter.language, self._policy, letter.quotes), self._voice.home)
        if not letter.doubtful:
            return card
        return replace(card, title=f"{say(letter.language, 'door.sent_again')} {card.title}")

    def _called(self, letter: Letter) -> Sequence[str]:
        """Whom the message itself calls; a direct one needs to call nobody."""
        return letter.post.to.people if letter.post.to.channel else ()

    async def _channel(self, letter: Letter) -> str:
        """The channel that really takes it: the one named, or the direct one of the person."""
        to = letter.post.to
        return last(to.channel) if to.channel else await self._direct(to.people[0])

    async def _direct(self, account: str) -> str:
        await self._voice.ours(account)
        return await self._voice.opened(account)

    async def _guard(self, letter: Letter) -> None:
        """Inside means that nobody outside can read it; asked before every post and edit (design.md 4).

        A call of people that cannot be asked about twice goes to them directly, if the platform brings anything at all.
        """
        to = letter.post.to
        if not to.channel:
            await self._voice.ours(to.people[0])
            return
        try:
            inside = await self._voice.inside(letter.ref.channel if letter.ref else to.channel)
        except DeliveryFailed as failed:
            passes = letter.attempt == 1 or (failed.retry_after is not None and failed.retry_after <= BEARABLE)
            calls = letter.ref is None and isinstance(letter.post.notice, CALLING)
            if calls and not passes and not failed.permanent and await self._reaches(to.people):
                raise DeliveryFailed("unchecked", permanent=True) from failed
            raise
        if not inside:
            raise DeliveryFailed("outsiders", permanent=True)

    async def _reaches(self, people: Sequence[str]) -> bool:
        """Whether somebody of them could be written to directly now."""
        for account in people:
            try:
                await self._direct(account)
            except DeliveryFailed:
                continue
            return True
        return False

    async def _send(self, letter: Letter, channel: str, page: Page, key: str, first: str | None = None) -> str:
        """The id of the new message. What takes long is asked before the turn, so that posts keep their distance."""
        await self._guard(letter)
        await self._pace.turn(channel, URGENT if letter.post.priority is Priority.CRITICAL else None)
        await self._guard(letter)
        return await self._voice.says(channel, page, key, first)

    async def _change(self, letter: Letter, channel: str, id: str, page: Page, key: str) -> None:
        await self._edits.turn(self._voice.edited_as(channel))
        await self._guard(letter)
        await self._voice.rewrites(channel, id, page, key)

    async def _taken_away(self, channel: str, id: str) -> None:
        try:
            await self._voice.deletes(channel, id)
        except DeliveryFailed as failed:
            if failed.reason != "gone":
                raise

    async def _further(self, channel: str, first: str, key: str, *, more: bool) -> Mapping[int, str]:
        """The further pages of a message that is edited: looked for unless this process left it on one page and there
        are no `more` now. Where they can never be read, one page is brought up to date all the same."""
        if (channel, first) in self._single and not more:
            return {}
        self._single.pop((channel, first), None)
        try:
            return await self._voice.looked_below(channel, first, key)
        except DeliveryFailed as failed:
            if more or not failed.permanent:
                raise
            return {}

    def _left(self, channel: str, first: str, *, single: bool) -> None:
        """A message stands as it should, on one page or on several."""
        self._single.pop((channel, first), None)
        if single:
            self._single[channel, first] = None
        while len(self._single) > KNOWN:
            del self._single[next(iter(self._single))]

    async def _point(self, letter: Letter, ref: MessageRef, title: str, *, look: bool) -> None:
        """Everybody who is called in a channel is told directly as well, with a link; that never fails the post."""
        people = self._own(self._called(letter))
        if not people:
            return
        told: Sequence[object]
        try:
            async with asyncio.timeout(POINTING):
                page = await self._voice.pointer(letter, ref, title)
                hints = (self._hint(letter, account, page, look=look) for account in people)
                told = await asyncio.gather(*hints, return_exceptions=True)
        except (DeliveryFailed, TimeoutError) as error:
            told = [error]
        for failed in filter(None, told):
            LOG.warning("%s.not_told_directly id=%d error=%s", self._voice.platform, letter.id, type(failed).__name__)

    async def _hint(self, letter: Letter, account: str, page: Page, *, look: bool) -> None:
        """One direct message, once; whoever takes none has the mention in the channel."""
        channel, key = await self._direct(account), f"{letter.post.key}:dm:{last(account)}"
        if look and await self._voice.looked_for(letter, channel, key):
            return
        await self._pace.turn(channel)
        await self._voice.says(channel, page, key)

    def _own(self, accounts: Sequence[str]) -> list[str]:
        """Those of them that are people of this platform."""
        return [one for one in accounts if one.startswith(f"{self._voice.platform}:") and ":group:" not in one]

    def _ref(self, letter: Letter, channel: str, id: str) -> MessageRef:
        to = letter.post.to
        workspace = (to.channel or to.people[0]).split(":")[1]
        return MessageRef(f"{self._voice.platform}:{workspace}:{channel}", id)


def last(address: str) -> str:
    """The platform's own part of `platform:workspace:id`."""
    return address.rpartition(":")[2]
