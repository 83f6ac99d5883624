"""Posts of the outbox reach the page: nothing into a channel that an outsider can read, each once."""

from dataclasses import replace
from typing import Any

from adapters.chat.links import linked
from adapters.playground.board import Board, Said
from adapters.playground.drawn import card_json
from adapters.playground.pictures import Pictures
from adapters.playground.stale import Offers, without
from adapters.playground.town import BOT, CHANNELS, Channel, channel_of, direct, persona_of
from adapters.wording import Card, card_of, say
from bot.domain.errors import DeliveryFailed
from bot.domain.model import MessageRef
from bot.domain.notices import DigestReady, DrillEnded, Letter, PingSettled
from bot.ports import Clock


class PlaygroundChat:
    """ports.Chat for the page. Whoever is called in a channel is also told directly where to look."""

    def __init__(self, board: Board, pictures: Pictures, clock: Clock) -> None:
        self._board = board
        self._policy = pictures.policy
        self._clock = clock
        self._offers = Offers()
        self._letters: dict[str, Letter] = {}
        """What each card was drawn from; after a restart its card is all that is left."""
        self._pointing: dict[str, tuple[Letter, str]] = {}
        """The letter and the channel that a direct line points to."""
        self.pictures = pictures

    async def post(self, letter: Letter) -> MessageRef:
        place = _place(letter)
        found = self._board.keyed(letter.post.key)
        if found is not None:
            return MessageRef(place.address, found.id)
        at = self._clock()
        said = Said(
            self._board.fresh(at), place.id, at, BOT, card=self._drawn(letter), key=letter.post.key,
            again=letter.doubtful,
        )  # fmt: skip
        self._letters[said.id] = letter
        self._board.says(said)
        self._point(letter, said)
        self._offers.posted(None, said)
        return MessageRef(place.address, said.id)

    async def edit(self, letter: Letter) -> MessageRef:
        said = self._board.get(letter.ref.id) if letter.ref else None
        if letter.ref is None or said is None:
            raise DeliveryFailed("gone", permanent=True)
        _place(letter)
        self._letters[said.id] = letter
        before = (said.card or {}).get("chart") or ""
        changed = self._board.says(replace(said, card=self._drawn(letter, before), edited=True))
        for id, gone in self._offers.posted(said, changed).items():
            answer = self._board.get(id)
            if answer is not None:
                self._board.says(without(answer, gone))
        return letter.ref

    def answers(self, said: Said) -> Said:
        """An answer to one person; its buttons go when those of the card go that it repeats."""
        self._offers.answered(said)
        return self._board.says(said)

    async def find(self, letter: Letter) -> MessageRef | None:
        said = self._board.keyed(letter.post.key)
        return MessageRef(CHANNELS[said.channel].address, said.id) if said else None

    def told(self, said: Said, language: str) -> Said:
        """The message as a page of this language reads it: what was posted is drawn anew from its facts."""
        if said.id in self._pointing:
            letter, channel = self._pointing[said.id]
            return replace(said, text=self._pointed(letter, channel, language))
        letter_of = self._letters.get(said.id)
        if letter_of is None or letter_of.language == language or said.card is None:
            return said
        return replace(said, card=self._drawn(replace(letter_of, language=language), said.card["chart"] or ""))

    def _drawn(self, letter: Letter, before: str = "") -> dict[str, Any]:
        """The card; `before` is the address of its picture, if it has one already."""
        notice = letter.post.notice
        card = linked(self._card(letter, letter.language))
        over = isinstance(notice, PingSettled | DrillEnded)
        called = [one.name(letter.language) for one in map(persona_of, letter.post.to.people) if one and not over]
        between = say(letter.language, "card.list.between")
        picture = self.pictures.of(notice.digest, letter.language, before) if isinstance(notice, DigestReady) else {}
        return {**card_json(card, between.join(called) if letter.post.to.channel else ""), **picture}

    def _point(self, letter: Letter, said: Said) -> None:
        """One direct line to everybody whom a message in a channel calls."""
        for one in map(persona_of, letter.post.to.people if letter.post.to.channel else ()):
            if one is not None and one.inside:
                text = self._pointed(letter, said.channel, letter.language)
                line = Said(self._board.fresh(said.at), direct(one.id), said.at, BOT, text)
                self._pointing[line.id] = (letter, said.channel)
                self._board.says(line)

    def _pointed(self, letter: Letter, channel: str, language: str) -> str:
        title = self._card(letter, language).title
        return say(language, "playground.look_at", title=title, channel=CHANNELS[channel].name(language))

    def _card(self, letter: Letter, language: str) -> Card:
        return card_of(letter.post.notice, language, self._policy, letter.quotes)


def _place(letter: Letter) -> Channel:
    """The channel that takes it; DeliveryFailed where an outsider would read it."""
    to = letter.post.to
    one = None if to.channel else persona_of(next(iter(to.people), ""))
    place = channel_of(to.channel) if to.channel else CHANNELS.get(direct(one.id)) if one else None
    if place is None:
        raise DeliveryFailed("closed" if to.channel else "deactivated", permanent=True)
    if not place.inside:
        raise DeliveryFailed("outsiders", permanent=True)
    return place
