"""A room of the playground: a house with a chat and a clock of its own, furnished with the made-up town."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from adapters.chat import Door
from adapters.playground import town
from adapters.playground.board import Board, Said
from adapters.playground.chat import PlaygroundChat
from adapters.playground.clock import TownClock, next_stop
from adapters.playground.desk import Desk, Who
from adapters.playground.drawn import card_json
from adapters.playground.pictures import Pictures
from adapters.playground.town import BOT, CHANNELS, Persona
from adapters.wording import LANGUAGES, Card
from bot.domain.events import (
    CustomersImported,
    DigestDue,
    EscalationsDue,
    MessagePosted,
    ModeSet,
    RetentionDue,
    TeamsApplied,
)
from bot.domain.model import Mode, Platform
from bot.domain.notices import Notice
from bot.domain.policy import Policy
from bot.domain.questions import DueAsked, DueShown, ProgressAsked, ProgressShown, TeamsAsked, TeamsShown
from bot.intake import Intake
from bot.ports import Chat, Clock

SECOND: Final = timedelta(seconds=1)
STEPS: Final = 160
"""Steps of pings in one move of the clock: a day of calling every ten minutes."""
LEASE: Final = timedelta(seconds=31)
"""A post that is on its way is due again within this."""
BETWEEN: Final = 0.004
LOOKS: Final = 1_000
"""How often, with so many seconds in between, a moved clock looks whether its posts have arrived."""


class Building(Protocol):
    """Builds a house in which time goes on and whose posts reach these chats; without chats time stands still."""

    def __call__(
        self, policy: Policy, clock: Clock, chats: Mapping[str, Chat], file: Path | None = None
    ) -> AbstractAsyncContextManager[Intake]: ...


@dataclass(slots=True)
class Room:
    """What one town needs; everybody on the page is in the same room."""

    intake: Intake
    board: Board
    clock: TownClock
    chat: PlaygroundChat
    desk: Desk
    policy: Policy
    zone: str
    language: str
    """In which names were given: those of our customers and our team."""
    began: float
    """By how many seconds its clock was ahead of the machine's when the room was opened."""
    moving: bool = False
    """Whether its clock is being moved, as its pages show it."""
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)
    _saying: "dict[str, asyncio.Future[Notice]]" = field(default_factory=dict)

    async def says(self, persona: Persona, channel: str, text: str) -> Said:
        """Somebody writes into a channel: everybody there sees it, and the core is told what any platform tells it."""
        at = self.clock()
        said = self.board.says(Said(self.board.fresh(at), channel, at, persona.id, text))
        event = MessagePosted(
            platform=Platform.PLAYGROUND, workspace=town.OURS.partition(":")[2], channel=channel, message_id=said.id,
            author=persona.id, home=persona.home.partition(":")[2], membership=persona.membership, text=text,
            sent_at=at,
        )  # fmt: skip
        self._saying[said.id] = self.intake.submit(event)
        try:
            await self._saying[said.id]
        finally:
            del self._saying[said.id]
        return said

    async def speaks(self, language: str) -> None:
        """What is posted for the whole team comes in this language from now on, as if its row had been changed."""
        shown = await self.intake.ask(TeamsAsked())
        for team in shown.teams if isinstance(shown, TeamsShown) else ():
            if team.language != language:
                named = town.team(language, self.zone, self.clock().date()).staff
                changed = replace(team, language=language, staff=named)
                await self.intake.submit(TeamsApplied(teams=(changed,), source=town.SOURCE, actor=town.ACTOR))

    async def known(self, id: str) -> None:
        """Wait until the core knows of a message that is being said."""
        if id in self._saying:
            await asyncio.wait([self._saying[id]])

    def types(self, persona: Persona, channel: str, text: str) -> Said:
        """A command in the direct conversation with the bot: a message there, and nobody's word to a customer."""
        at = self.clock()
        return self.board.says(Said(self.board.fresh(at), channel, at, persona.id, text))

    @property
    def untouched(self) -> bool:
        """Whether nothing was said here yet and the clock was never moved."""
        return self.board.empty and self.clock.ahead == self.began

    async def whispers(self, card: Card, who: Who) -> Said:
        """An answer for this persona alone, where they are; a digest's with its picture."""
        digest = await self.desk.digest(who) if card.chart else None
        at = self.clock()
        only = "" if CHANNELS[who.channel].kind == "direct" else who.persona.id
        shown = {**card_json(card), **(self.chat.pictures.of(digest, who.language) if digest else {})}
        return self.chat.answers(Said(self.board.fresh(at), who.channel, at, BOT, card=shown, only=only))

    async def moves(self, until: datetime, tell: Callable[[], None] = lambda: None) -> bool:
        """Let time pass with everything that it brings, each thing at its own moment and seen before the next.

        False: it stopped on the way, because pings that nobody answers called again and again.
        """
        steps = 0
        async with self._moving:
            while self.clock() < until and steps < STEPS:
                before = self.clock()
                due = await self.intake.ask(DueAsked(rounds=False))
                step = due.next_due if isinstance(due, DueShown) else None
                stop = min(until, next_stop(self.policy, before))
                steps += step is not None and step <= stop
                self.clock.to(min(stop, max(step, before + SECOND)) if step else stop)
                await self._due(daily=self.clock().date() != before.date())
                self.board.moved(self.clock.ahead)
                tell()
        return self.clock() >= until

    async def _due(self, *, daily: bool) -> None:
        duties = (EscalationsDue(), DigestDue(), *((RetentionDue(),) if daily else ()))
        await asyncio.gather(*(self.intake.submit(duty) for duty in duties))
        await self.settled()

    async def settled(self) -> None:
        """Everything that can be sent now stands on the board."""
        for _ in range(LOOKS):
            if not await self._sending():
                return
            await asyncio.sleep(BETWEEN)

    async def _sending(self) -> bool:
        due = await self.intake.write(lambda uow: uow.outbox.next_due())
        return due is not None and due <= self.clock() + LEASE


@contextlib.asynccontextmanager
async def opened(
    build: Building, pictures: Pictures, base: Clock, start: datetime, language: str, file: Path | None = None
) -> AsyncIterator[Room]:
    """A room; one that is kept in a file goes on from where its clock stood."""
    board = Board(file.with_name(f"{file.name}.chat.jsonl") if file else None)
    if board.ahead is not None:
        start = max(start, base() + timedelta(seconds=board.ahead))
    policy, clock = pictures.policy, TownClock(base, start)
    chat = PlaygroundChat(board, pictures, clock)
    zone = policy.calendar.zone
    async with build(policy, clock, {town.PLATFORM: chat}, file) as intake:
        known = await intake.ask(ProgressAsked())
        if isinstance(known, ProgressShown) and known.newest:
            clock.to(known.newest)
        language = await _furnished(intake, language, zone, clock)
        board.moved(clock.ahead)
        desk = Desk(Door(intake, policy), clock, zone)
        yield Room(intake, board, clock, chat, desk, policy, zone, language, clock.ahead)


async def _furnished(intake: Intake, language: str, zone: str, clock: Clock) -> str:
    """The team on duty in live mode, two customers, and this week's digest as the one before the next; once. The
    language in which they were named."""
    shown = await intake.ask(TeamsAsked())
    if isinstance(shown, TeamsShown) and shown.teams:
        named = (one for one in LANGUAGES if town.named(one) == shown.teams[0].name)
        return next(named, language)
    today = clock().astimezone(ZoneInfo(zone)).date()
    team = town.team(language, zone, today)
    await intake.submit(TeamsApplied(teams=(team,), source=town.SOURCE, actor=town.ACTOR))
    await intake.submit(CustomersImported(records=town.customers(language, today), actor=town.ACTOR))
    await intake.submit(ModeSet(actor=town.ACTOR, team=team.name, mode=Mode.LIVE))
    await intake.submit(DigestDue())
    return language
