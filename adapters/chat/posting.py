"""How posts of the outbox reach any platform: nothing where an outsider can read, once as far as it can tell.

A platform says how it sends, changes, looks for and checks; the order of these is the same everywhere.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Generic, TypeVar

from adapters.chat.links import linked
from adapters.chat.pacing import Pace
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
Page = TypeVar("Page")


class Posting(ABC, Generic[Page]):
    """ports.Chat. It also tells every person who is called in a channel directly where to look.

    Channels and ids of messages are the platform's own, without `platform:workspace:`; whatever goes wrong is a
    DeliveryFailed.
    """

    def __init__(self, platform: str, policy: Policy, pace: Pace, edits: Pace, home: str = "") -> None:
        """`home`: the address that links into this platform begin with, where it has one of its own."""
        self._platform = platform
        self._home = home
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
        first = self._pages(self._card(letter), self._called(letter))[0]
        id = await self._send(letter, channel, first, letter.post.key)
        return await self._finished(letter, self._ref(letter, channel, id), look=False)

    async def edit(self, letter: Letter) -> MessageRef:
        """Change the message that the post made, and its pages; nobody is rung again."""
        if letter.ref is None:
            raise DeliveryFailed("gone", permanent=True)
        channel, first_id, key = last(letter.ref.channel), letter.ref.id, letter.post.edits or letter.post.key
        first, *rest = self._pages(self._card(letter), self._called(letter))
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

    # What a platform says

    @abstractmethod
    def _pages(self, card: Card, called: Sequence[str]) -> Sequence[Page]:
        """The card as messages; the first calls these accounts."""

    @abstractmethod
    async def _says(self, channel: str, page: Page, key: str, first: str | None = None) -> str:
        """Send one message, marked with its key, as a page of `first`; its id."""

    @abstractmethod
    async def _rewrites(self, channel: str, id: str, page: Page, key: str) -> None: ...

    @abstractmethod
    async def _deletes(self, channel: str, id: str) -> None: ...

    @abstractmethod
    async def _looked_for(self, letter: Letter, channel: str, key: str) -> str | None:
        """The own message with this key since the post could first have been sent."""

    @abstractmethod
    async def _looked_below(self, channel: str, first: str, key: str) -> Mapping[int, str]:
        """The further pages of a message that stand there: number → id."""

    @abstractmethod
    async def _inside(self, channel: str) -> bool:
        """Whether no outsider can read `platform:workspace:channel`."""

    @abstractmethod
    async def _ours(self, account: str) -> None:
        """DeliveryFailed for whoever is not one of our own people, or has gone."""

    @abstractmethod
    async def _opened(self, account: str) -> str:
        """The direct channel with somebody."""

    @abstractmethod
    async def _pointer(self, letter: Letter, ref: MessageRef, title: str) -> Page:
        """The one line with which a called person is told directly where to look."""

    @abstractmethod
    async def _hangs(self, notice: DigestReady, language: str, ref: MessageRef, *, look: bool) -> None:
        """Put the digest's picture below its message, once; it never stops the digest."""

    def _edited_as(self, channel: str) -> str:
        """The key of the pace of edits: each channel has its own, where a platform does not count them together."""
        return channel

    # What is the same everywhere

    async def _finished(self, letter: Letter, ref: MessageRef, *, look: bool) -> MessageRef:
        """The first message stands; what else belongs to it goes out, each once. A failure leaves the post in doubt, so
        that the next try begins by looking."""
        sure = replace(letter, doubtful=False) if look else letter
        key, channel = letter.post.key, last(ref.channel)
        card = self._card(sure)
        rest = self._pages(card, self._called(letter))[1:]
        try:
            standing = await self._looked_below(channel, ref.id, key) if rest and look else {}
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
            await self._hangs(letter.post.notice, letter.language, ref, look=look)
        await self._point(letter, ref, card.title, look=look or letter.attempt > 1)
        return ref

    async def _found(self, letter: Letter, channel: str) -> MessageRef | None:
        id = await self._looked_for(letter, channel, letter.post.key)
        return self._ref(letter, channel, id) if id else None

    def _card(self, letter: Letter) -> Card:
        card = linked(card_of(letter.post.notice, letter.language, self._policy, letter.quotes), self._home)
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
        await self._ours(account)
        return await self._opened(account)

    async def _guard(self, letter: Letter) -> None:
        """Inside means that nobody outside can read it; asked before every post and edit (design.md 4).

        A call of people that cannot be asked about twice goes to them directly, if the platform brings anything at all.
        """
        to = letter.post.to
        if not to.channel:
            await self._ours(to.people[0])
            return
        try:
            inside = await self._inside(letter.ref.channel if letter.ref else to.channel)
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
        return await self._says(channel, page, key, first)

    async def _change(self, letter: Letter, channel: str, id: str, page: Page, key: str) -> None:
        await self._edits.turn(self._edited_as(channel))
        await self._guard(letter)
        await self._rewrites(channel, id, page, key)

    async def _taken_away(self, channel: str, id: str) -> None:
        try:
            await self._deletes(channel, id)
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
            return await self._looked_below(channel, first, key)
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
                page = await self._pointer(letter, ref, title)
                hints = (self._hint(letter, account, page, look=look) for account in people)
                told = await asyncio.gather(*hints, return_exceptions=True)
        except (DeliveryFailed, TimeoutError) as error:
            told = [error]
        for failed in filter(None, told):
            LOG.warning("%s.not_told_directly id=%d error=%s", self._platform, letter.id, type(failed).__name__)

    async def _hint(self, letter: Letter, account: str, page: Page, *, look: bool) -> None:
        """One direct message, once; whoever takes none has the mention in the channel."""
        channel, key = await self._direct(account), f"{letter.post.key}:dm:{last(account)}"
        if look and await self._looked_for(letter, channel, key):
            return
        await self._pace.turn(channel)
        await self._says(channel, page, key)

    def _own(self, accounts: Sequence[str]) -> list[str]:
        """Those of them that are people of this platform."""
        return [one for one in accounts if one.startswith(f"{self._platform}:") and ":group:" not in one]

    def _ref(self, letter: Letter, channel: str, id: str) -> MessageRef:
        to = letter.post.to
        workspace = (to.channel or to.people[0]).split(":")[1]
        return MessageRef(f"{self._platform}:{workspace}:{channel}", id)


def last(address: str) -> str:
    """The platform's own part of `platform:workspace:id`."""
    return address.rpartition(":")[2]
