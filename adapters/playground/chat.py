"""Posts of the outbox reach the page: nothing into a channel that an outsider can read, each once."""

import asyncio
import logging
from dataclasses import replace
from secrets import token_urlsafe
from typing import Any, Final

from adapters.charts import ChartFailed, draw
from adapters.charts.telling import digest_chart
from adapters.chat.links import linked
from adapters.playground.board import Board, Said
from adapters.playground.drawn import card_json
from adapters.playground.town import BOT, CHANNELS, Channel, channel_of, direct, persona_of
from adapters.wording import card_of, say
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Digest, MessageRef
from bot.domain.notices import DigestReady, DrillEnded, Letter, PingSettled
from bot.domain.policy import Policy
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.playground")
PICTURES: Final = 50
"""Pictures that are remembered; the page of an older one shows none."""


class PlaygroundChat:
    """ports.Chat for the page. Whoever is called in a channel is also told directly where to look."""

    def __init__(self, board: Board, policy: Policy, clock: Clock) -> None:
        self._board = board
        self._policy = policy
        self._clock = clock
        self._drawing: set[asyncio.Task[None]] = set()
        self.pictures: dict[str, bytes] = {}
        """PNG by the last part of its address, which nobody can guess."""

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
        self._board.says(said)
        self._point(letter, said)
        self._picture(letter, said.id)
        return MessageRef(place.address, said.id)

    async def edit(self, letter: Letter) -> MessageRef:
        said = self._board.get(letter.ref.id) if letter.ref else None
        if letter.ref is None or said is None:
            raise DeliveryFailed("gone", permanent=True)
        _place(letter)
        self._board.says(replace(said, card=self._drawn(letter), edited=True))
        return letter.ref

    async def find(self, letter: Letter) -> MessageRef | None:
        said = self._board.keyed(letter.post.key)
        return MessageRef(CHANNELS[said.channel].address, said.id) if said else None

    async def close(self) -> None:
        """Break off what is still being drawn."""
        for task in self._drawing:
            task.cancel()
        await asyncio.gather(*self._drawing, return_exceptions=True)

    def _drawn(self, letter: Letter) -> dict[str, Any]:
        card = linked(card_of(letter.post.notice, letter.language, self._policy, letter.quotes))
        over = isinstance(letter.post.notice, PingSettled | DrillEnded)
        called = [one.name(letter.language) for one in map(persona_of, letter.post.to.people) if one and not over]
        between = say(letter.language, "card.list.between")
        return card_json(card, between.join(called) if letter.post.to.channel else "")

    def _point(self, letter: Letter, said: Said) -> None:
        """One direct line to everybody whom a message in a channel calls."""
        for one in map(persona_of, letter.post.to.people if letter.post.to.channel else ()):
            if one is not None and one.inside:
                place = CHANNELS[said.channel].name(letter.language)
                title = said.card["title"] if said.card else ""
                text = say(letter.language, "playground.look_at", title=title, channel=place)
                self._board.says(Said(self._board.fresh(said.at), direct(one.id), said.at, BOT, text))

    def _picture(self, letter: Letter, id: str) -> None:
        """The digest's chart follows its card; it never stops the digest."""
        notice = letter.post.notice
        if isinstance(notice, DigestReady) and notice.digest.toward:
            task = asyncio.get_running_loop().create_task(self._draws(notice.digest, letter.language, id))
            self._drawing.add(task)
            task.add_done_callback(self._drawing.discard)

    async def _draws(self, digest: Digest, language: str, id: str) -> None:
        try:
            chart = digest_chart(digest, self._policy, language)
            picture = await asyncio.to_thread(draw, chart)
        except (ChartFailed, ValueError) as error:
            LOG.warning("playground.no_chart error=%s", type(error).__name__)
            return
        name = token_urlsafe(16)
        self.pictures[name] = picture
        while len(self.pictures) > PICTURES:
            del self.pictures[next(iter(self.pictures))]
        said = self._board.get(id)
        if said is not None and said.card is not None:
            alt = "; ".join(
                (f"{chart.title} {chart.subtitle}", *(f"{row.name} {row.points:.1f}" for row in chart.rows))
            )
            self._board.says(replace(said, card={**said.card, "chart": f"/chart/{name}.png", "alt": alt}))


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
