"""The hall: the main room, the tour that its followers are in meanwhile, a dropped export."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from adapters.playground import tour
from adapters.playground.board import Said
from adapters.playground.clock import morning
from adapters.playground.pictures import Pictures
from adapters.playground.replaying import Replaying
from adapters.playground.room import Building, Room, opened
from adapters.playground.tour import Scenario
from adapters.playground.town import Persona
from bot.domain.policy import Policy
from bot.ports import Clock

UPLOAD: Final = 50_000_000
"""Bytes of a dropped export."""


class Listener(Protocol):
    """An open page."""

    persona: Persona
    language: str
    follows: bool

    def tell(self, message: dict[str, Any]) -> None: ...
    def shows(self, said: Said) -> None: ...
    def enters(self) -> None: ...
    def ticks(self) -> None: ...
    def troubled(self, key: str) -> None: ...


@dataclass(slots=True)
class _Tour:
    """A scenario that runs in a room of its own."""

    scenario: Scenario
    room: Room
    stack: AsyncExitStack
    step: int = 0


@dataclass(slots=True)
class Hall:
    """One for all pages; a tour takes those who follow it into another room and back."""

    build: Building
    policy: Policy
    base: Clock
    file: Path | None = None
    lines: "set[Listener]" = field(default_factory=set)
    replaying: Replaying = field(init=False)
    pictures: Pictures = field(init=False)
    _main: Room = field(init=False)
    _house: AsyncExitStack = field(default_factory=AsyncExitStack)
    _tour: _Tour | None = None
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.replaying = Replaying(self.build, self.policy, self._inside)
        self.pictures = Pictures(self.policy)

    @property
    def kept(self) -> bool:
        """Whether the town stays when the program ends, so that nobody begins it anew by a click."""
        return self.file is not None

    @property
    def tour(self) -> str | None:
        """The scenario that runs."""
        return self._tour.scenario.id if self._tour else None

    def touring(self, line: Listener) -> str | None:
        """The scenario that this page is in."""
        return self.tour if line.follows else None

    def room_of(self, line: Listener) -> Room:
        return self._tour.room if self._tour and line.follows else self._main

    async def opens(self, language: str) -> None:
        """The main room, with the names of this language."""
        start = morning(self.policy.calendar, self.base())
        made = opened(self.build, self.pictures, self.base, start, language, self.file)
        self._main = await self._house.enter_async_context(made)
        self._main.board.listeners.add(partial(self._shows, self._main))

    async def greets(self, line: Listener) -> None:
        """What is posted comes in this page's language; a town in which nothing was said yet begins in it."""
        alone = all(other is line for other in self.lines) and not line.follows
        if alone and not self.kept and self._main.untouched and self._main.language != line.language:
            await self.anew(line.language)
        await self.room_of(line).speaks(line.language)

    async def anew(self, language: str) -> None:
        """The town from its beginning, with the names of this language; everything written in it is gone."""
        if self.kept:
            raise ValueError(language)
        async with self._changing:
            left, self._house = self._house, AsyncExitStack()
            await self.opens(language)
            for line in tuple(self.lines):
                if not line.follows:
                    line.enters()
            await left.aclose()

    def _shows(self, room: Room, said: Said) -> None:
        """Told by the board of a room: to whoever is there."""
        for line in self._there(room):
            line.shows(said)

    def _there(self, room: Room) -> "list[Listener]":
        return [line for line in self.lines if self.room_of(line) is room]

    async def moves(self, room: Room, until: datetime) -> None:
        """The clock goes on to `until`; every page in the room sees it go."""
        room.moving = True
        there = False
        try:
            there = await room.moves(until, partial(self._ticks, room))
        finally:
            room.moving = False
            self._ticks(room)
        for line in self._there(room) if not there else ():
            line.troubled("stopped")

    def _ticks(self, room: Room) -> None:
        for line in self._there(room):
            line.ticks()

    async def tours(self, id: object, line: Listener) -> None:
        """Begin a scenario, another one, or leave the tour (None); it is over when nobody follows it any more."""
        scenario = tour.scenario_of(id) if isinstance(id, str) else None
        if id is not None and scenario is None:
            raise ValueError(id)
        async with self._changing:
            line.follows = scenario is not None
            going = [one for one in self.lines if one.follows]
            left = self._tour
            if scenario is not None:
                await self._enter(scenario, line.language)
            elif not going:
                self._tour = None
            for one in tuple(self.lines):
                if one is line or one.follows:
                    one.enters()
                self.tells(one)
            if left is not None and self._tour is not left:
                left.room.board.listeners.clear()
                await left.stack.aclose()

    async def _enter(self, scenario: Scenario, language: str) -> None:
        start = tour.beginning(scenario, self.policy.calendar, self._main.clock())
        stack = AsyncExitStack()
        room = await stack.enter_async_context(opened(self.build, self.pictures, self.base, start, language))
        self._tour = _Tour(scenario, room, stack)
        room.board.listeners.add(partial(self._shows, room))

    def joins(self, line: Listener) -> None:
        """Come along on the tour that another page began."""
        line.follows = self._tour is not None
        line.enters()
        self.tells(line)

    def leaves(self, line: Listener) -> None:
        """A page was closed; the others learn whether there is still somebody on the tour."""
        self.lines.discard(line)
        for one in tuple(self.lines) if line.follows and self._tour else ():
            if not one.follows:
                self.tells(one)

    async def steps(self, asked: Listener) -> None:
        """The next step of the tour; after the last one nothing more happens."""
        async with self._changing:
            going = self._tour
            if going is None or not asked.follows or going.step >= len(going.scenario.steps):
                return
            step = going.scenario.steps[going.step]
            going.room.moving = True
            try:
                await tour.acted(going.room, step, going.room.language, partial(self._ticks, going.room))
                await self.pictures.newest(going.room.language)
            finally:
                going.room.moving = False
                self._ticks(going.room)
            going.step += 1
            for line in self._there(going.room):
                self.tells(line)

    def tells(self, line: Listener) -> None:
        """Where the tour is, in the language of this page; to a page that is not on it, that there is one."""
        going = self._tour
        if going is None or not line.follows:
            other = None
            if going is not None and any(one.follows for one in self.lines):
                other = {"scenario": going.scenario.id, "title": going.scenario.title.said(line.language)}
            line.tell({"t": "tour", "scenario": None, "elsewhere": other})
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
        return self.replaying.begins(file, folder, language)

    @property
    def busy(self) -> bool:
        return self.replaying.busy

    def _inside(self, message: dict[str, Any]) -> None:
        """What an export holds is nothing for outsiders."""
        for line in tuple(self.lines):
            if line.persona.inside:
                line.tell(message)

    async def close(self) -> None:
        """No tour and no replay any more, and nobody in the main room."""
        await self.replaying.close()
        self.pictures.close()
        async with self._changing:
            if self._tour is not None:
                await self._tour.stack.aclose()
            self._tour = None
            await self._house.aclose()


@contextlib.asynccontextmanager
async def hall(
    build: Building, policy: Policy, base: Clock, language: str, file: Path | None = None
) -> AsyncIterator[Hall]:
    """The main room, open while the block runs."""
    made = Hall(build, policy, base, file)
    await made.opens(language)
    try:
        yield made
    finally:
        await made.close()
