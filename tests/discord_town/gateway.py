"""The gateway: sessions that outlive their connections, RESUME, and everything that befalls a connection."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from .connection import Connection, Session
from .guild import Json
from .world import CONTENT, World


@dataclass(frozen=True)
class Plan:
    """How one event is brought: `copies` more of it, `delay` seconds late, or `lost`: only history has it."""

    copies: int = 0
    delay: float = 0.0
    lost: bool = False


class Break(StrEnum):
    """What may happen to a connection."""

    ABORT = "abort"
    """TCP reset, no close frame; the session can be resumed."""
    RECONNECT = "op 7"
    RESUMABLE = "op 9 true"
    INVALID = "op 9 false"
    """The session is over: no replay."""
    CLOSED = "close 4000"
    CLEAN = "close 1000"
    SILENT = "silence"
    """Nothing comes any more, not even an acknowledged heartbeat; the client has to notice."""


@dataclass(frozen=True)
class Identify:
    """One IDENTIFY that came."""

    at: float
    intents: int
    accepted: bool


@dataclass
class _Happening:
    event: str
    data: Json
    blank: Json | None
    intent: int


@dataclass
class Gateway:
    """The sessions and connections of the app; every session gets every event that its intents ask for.

    `heartbeat` seconds are asked for in HELLO, `budget` IDENTIFYs are allowed before the token is reset, less than
    `pace` seconds between two of them is answered by op 9 (Discord: 1000 and 5; here endless and 0 at first).
    """

    world: World
    base: str = ""
    heartbeat: float = 41.25
    budget: int = 1_000_000
    pace: float = 0.0
    refusing: int = 0
    """So many connections more are refused (503)."""
    plan: Callable[[str, Json], Plan] = lambda _event, _data: Plan()
    sessions: dict[str, Session] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    ever: int = 0
    """Connections so far."""
    identifies: list[Identify] = field(default_factory=list)
    resumes: list[bool] = field(default_factory=list)
    """Every RESUME that came, and whether it was granted."""
    closes: list[int] = field(default_factory=list)
    """The codes with which the gateway closed a connection."""
    brought: int = 0
    """Events sent over all connections, replays among them."""
    told: list[tuple[str, Json]] = field(default_factory=list)
    """What happened, once each: event name and payload."""
    _losing: bool = False
    _held: list[_Happening] | None = None
    _breaks: list[tuple[int, Break]] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def open(self) -> list[Connection]:
        """The connections that carry a session now."""
        return [one for one in self.connections if one.session and one.session.connection is one]

    def dispatch(self, event: str, data: Json, intent: int = 0, blank: Json | None = None) -> None:
        """Something happened. `blank` is what a session without MESSAGE_CONTENT gets instead."""
        self.told.append((event, data))
        if self._losing:
            return
        happening = _Happening(event, data, blank, intent)
        if self._held is not None:
            self._held.append(happening)
            return
        plan = self.plan(event, data)
        if plan.lost:
            return
        for _ in range(1 + plan.copies):
            if plan.delay:
                self._later(plan.delay, happening)
            else:
                self._bring(happening)

    def _bring(self, happening: _Happening) -> None:
        for session in self.sessions.values():
            if happening.intent and not session.intents & happening.intent:
                continue
            bare = happening.blank is not None and not session.intents & CONTENT
            session.add(happening.event, happening.blank if bare and happening.blank else happening.data)

    def _later(self, delay: float, happening: _Happening) -> None:
        async def wait() -> None:
            await asyncio.sleep(delay)
            self._bring(happening)

        task = asyncio.get_running_loop().create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @contextmanager
    def holding(self, order: Callable[[list[_Happening]], list[_Happening]] = list) -> Iterator[None]:
        """Events inside the block are brought after it in this order (reversed, shuffled …)."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = order(self._held), None
            for happening in held:
                self._bring(happening)

    @contextmanager
    def losing(self) -> Iterator[None]:
        """What happens inside the block reaches no session, not even by RESUME: only history has it."""
        self._losing = True
        try:
            yield
        finally:
            self._losing = False

    def breaks(self, what: Break, after: int = 0) -> None:
        """Break every open connection after so many more events; with 0 at once."""
        if after:
            self._breaks.append((self.brought + after, what))
            return
        for connection in self.open:
            self.befalls(connection, what)

    def befalls(self, connection: Connection, what: Break) -> None:
        """One of the happenings, for one connection."""
        session = connection.session
        if what is Break.INVALID and session is not None:
            self.sessions.pop(session.id, None)
        match what:
            case Break.ABORT:
                connection.cut()
            case Break.RECONNECT:
                connection.put({"op": 7, "d": None})
            case Break.RESUMABLE | Break.INVALID:
                connection.put({"op": 9, "d": what is Break.RESUMABLE})
            case Break.CLOSED | Break.CLEAN:
                connection.close(4000 if what is Break.CLOSED else 1000)
            case Break.SILENT:
                connection.silent = True

    def sent(self, connection: Connection) -> None:
        """One more event went out: what was to happen after it, happens."""
        self.brought += 1
        due = [what for number, what in self._breaks if number <= self.brought]
        self._breaks = [(number, what) for number, what in self._breaks if number > self.brought]
        for what in due:
            self.befalls(connection, what)

    def forget(self) -> None:
        """Every session expires: the next RESUME is answered by op 9 false."""
        self.sessions.clear()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self.connections):
            connection.cut()


def shuffled(seed: int) -> Callable[[list[_Happening]], list[_Happening]]:
    """An order for `holding`."""
    return lambda held: Random(seed).sample(held, len(held))
