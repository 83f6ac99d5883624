"""The hall: the room that everybody on the page is in, the tour that takes its place, a dropped export."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from adapters.playground import dropping, tour
from adapters.playground.board import Said
from adapters.playground.clock import morning
from adapters.playground.room import Building, Room, opened
from adapters.playground.tour import Scenario
from adapters.playground.town import Persona
from adapters.wording import say
from bot.domain.policy import Policy
from bot.ports import Clock

UPLOAD: Final = 50_000_000
"""Bytes of a dropped export."""


class Listener(Protocol):
    """An open page."""

    persona: Persona
    language: str

    def tell(self, message: dict[str, Any]) -> None: ...
    def shows(self, said: Said) -> None: ...
    def enters(self) -> None: ...
    def ticks(self) -> None: ...
    def troubled(self, key: str) -> None: ...


@dataclass(slots=True)
class _Tour:
    """A scenario that runs in a room of its own."""

    scenario: Scenario
    language: str
    room: Room
    stack: AsyncExitStack
    step: int = 0


@dataclass(slots=True)
class Hall:
    """One for all pages; a tour takes everybody into another room and back."""

    main: Room
    build: Building
    policy: Policy
    base: Clock
    lines: "set[Listener]" = field(default_factory=set)
    moving: bool = False
    _tour: _Tour | None = None
    _dropping: "asyncio.Task[None] | None" = None
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def room(self) -> Room:
        return self._tour.room if self._tour else self.main

    @property
    def touring(self) -> str | None:
        return self._tour.scenario.id if self._tour else None

    def shows(self, said: Said) -> None:
        """Told by the board of the room that everybody is in."""
        for line in tuple(self.lines):
            line.shows(said)

    async def moves(self, until: datetime) -> None:
        """The clock goes on to `until`; every page sees it go."""
        self.moving = True
        there = False
        try:
            there = await self.room.moves(until, self._ticks)
        finally:
            self.moving = False
            self._ticks()
        for line in tuple(self.lines) if not there else ():
            line.troubled("stopped")

    def _ticks(self) -> None:
        for line in tuple(self.lines):
            line.ticks()

    async def tours(self, id: object, language: str) -> None:
        """Begin a scenario, another one, or end the tour (None)."""
        scenario = tour.scenario_of(id) if isinstance(id, str) else None
        if id is not None and scenario is None:
            raise ValueError(id)
        async with self._changing:
            await self._leave()
            if scenario is not None:
                await self._enter(scenario, language)
            for line in tuple(self.lines):
                line.enters()
                self.tells(line)

    async def _enter(self, scenario: Scenario, language: str) -> None:
        start = tour.beginning(scenario, self.policy.calendar, self.main.clock())
        stack = AsyncExitStack()
        room = await stack.enter_async_context(opened(self.build, self.policy, self.base, start, language))
        self._tour = _Tour(scenario, language, room, stack)
        self.main.board.listeners.discard(self.shows)
        room.board.listeners.add(self.shows)

    async def _leave(self) -> None:
        if self._tour is None:
            return
        left, self._tour = self._tour, None
        left.room.board.listeners.clear()
        self.main.board.listeners.add(self.shows)
        await left.stack.aclose()

    async def steps(self, asked: Listener) -> None:
        """The next step of the tour; after the last one nothing more happens."""
        async with self._changing:
            going = self._tour
            if going is None or going.step >= len(going.scenario.steps):
                return
            step = going.scenario.steps[going.step]
            self.moving = True
            try:
                await tour.acted(going.room, step, going.language, self._ticks)
            finally:
                self.moving = False
                self._ticks()
            going.step += 1
            for line in tuple(self.lines):
                self.tells(line)

    def tells(self, line: Listener) -> None:
        """Where the tour is, in the language of this page."""
        going = self._tour
        if going is None:
            line.tell({"t": "tour", "scenario": None})
            return
        scenario, steps = going.scenario, going.scenario.steps
        told = steps[going.step - 1].told if going.step else scenario.about
        look = steps[max(going.step - 1, 0)]
        line.tell({
            "t": "tour", "scenario": scenario.id, "title": scenario.title.said(line.language), "step": going.step,
            "of": len(steps), "said": told.said(line.language), "done": going.step == len(steps),
            "look": {"persona": look.persona, "channel": look.channel},
        })  # fmt: skip

    def drops(self, file: Path, folder: "tempfile.TemporaryDirectory[str]", language: str) -> bool:
        """Replay a dropped export in the background; False while another one is being read."""
        if self.busy:
            return False
        self._dropping = asyncio.create_task(self._drops(file, folder, language))
        return True

    @property
    def busy(self) -> bool:
        return self._dropping is not None and not self._dropping.done()

    async def _drops(self, file: Path, folder: "tempfile.TemporaryDirectory[str]", language: str) -> None:
        try:
            self._inside({"t": "progress", "done": 0, "total": 0})
            done = await dropping.replayed(file, self.build, self.policy, language, self._progress)
            self._inside({"t": "replayed", "cards": done.cards, "skipped": done.skipped, "more": done.more})
        except dropping.Unreadable as error:
            self._inside({"t": "trouble", "text": str(error), "replay": True})
        except Exception:
            self._inside({"t": "trouble", "text": say(language, "playground.trouble.failed"), "replay": True})
            raise
        finally:
            folder.cleanup()

    def _progress(self, done: int, total: int) -> None:
        self._inside({"t": "progress", "done": done, "total": total})

    def _inside(self, message: dict[str, Any]) -> None:
        """What an export holds is nothing for outsiders."""
        for line in tuple(self.lines):
            if line.persona.inside:
                line.tell(message)

    async def close(self) -> None:
        """No tour and no replay any more."""
        if self._dropping is not None:
            self._dropping.cancel()
            await asyncio.gather(self._dropping, return_exceptions=True)
        async with self._changing:
            await self._leave()


@contextlib.asynccontextmanager
async def hall(
    build: Building, policy: Policy, base: Clock, language: str, file: Path | None = None
) -> AsyncIterator[Hall]:
    """The main room, open while the block runs."""
    async with opened(build, policy, base, morning(policy.calendar, base()), language, file) as main:
        made = Hall(main, build, policy, base)
        main.board.listeners.add(made.shows)
        try:
            yield made
        finally:
            await made.close()
