"""Brings payloads to the app by socket or by signed HTTP, again when they are not acknowledged, and badly on demand."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Protocol

from .clock import Clock
from .delivery import EVENTS, Attempt, Delivery
from .message import Json


class Mode(StrEnum):
    """How the app is connected; NOWHERE: what happens is only recorded."""

    NOWHERE = "nowhere"
    SOCKET = "socket"
    HTTP = "http"


class Carrier(Protocol):
    """Socket Mode or HTTP."""

    async def carry(self, delivery: Delivery, attempt: Attempt, patience: float) -> None:
        """Try once and write the outcome into the attempt; an answer into the delivery."""

    @property
    def reaches(self) -> bool:
        """Whether anybody is there to be tried."""


@dataclass(frozen=True)
class Plan:
    """How one event is brought: `copies` more with other event ids after `copy_delays`, all `delay` seconds late."""

    copies: int = 0
    copy_delays: tuple[float, ...] = ()
    delay: float = 0.0
    lost: bool = False
    """Slack never brings it: only history has it."""


def copied(seed: int, most: int = 11, delays: tuple[float, ...] = (0.0,)) -> Callable[[Delivery], Plan]:
    """A plan for every event, seeded: it arrives 1 to `most` times, each copy after one of the delays."""
    random = Random(seed)

    def plan(_: Delivery) -> Plan:
        copies = random.randint(1, most) - 1
        return Plan(copies, tuple(random.choice(delays) for _ in range(copies)))

    return plan


@dataclass
class Courier:
    """Everything that goes to the app passes here.

    `retries` are the waits before the second, third and fourth try, `tempo` shortens every wait of the platform
    (0.01: a minute is 0.6 s), `patience` is how long it waits for an acknowledgement.
    """

    clock: Clock
    new_event_id: Callable[[], str]
    carriers: dict[Mode, Carrier] = field(default_factory=dict)
    mode: Mode = Mode.NOWHERE
    patience: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    tempo: float = 1.0
    loses_without_socket: bool = True
    """Whether an event is gone when no socket is open, or tried again by the schedule (not documented: try both)."""
    plan: Callable[[Delivery], Plan] = lambda _: Plan()
    deliveries: list[Delivery] = field(default_factory=list)
    held: list[Delivery] | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def send(self, delivery: Delivery) -> Delivery:
        """Start to bring it; an event while things are held waits for the release."""
        self.deliveries.append(delivery)
        if self.held is not None and delivery.kind == EVENTS:
            self.held.append(delivery)
        else:
            self._start(delivery)
        return delivery

    @contextmanager
    def holding(self, order: Callable[[list[Delivery]], list[Delivery]] = list) -> Iterator[None]:
        """Events inside the block are brought after it, one by one in this order (reversed, shuffled …)."""
        self.held = []
        try:
            yield
        finally:
            held, self.held = order(self.held), None
            for delivery in held:
                self._start(delivery)

    def _start(self, delivery: Delivery) -> None:
        if self.mode is Mode.NOWHERE:
            delivery.ended.set()
            return
        plan = self.plan(delivery) if delivery.kind == EVENTS else Plan()
        if plan.lost:
            delivery.ended.set()
            return
        self._go(delivery, plan.delay)
        for number in range(plan.copies):
            copy = delivery.again(self.new_event_id())
            delivery.copies.append(copy)
            self._go(copy, plan.delay + (plan.copy_delays[number] if plan.copy_delays else 0.0))

    def _go(self, delivery: Delivery, delay: float) -> None:
        task = asyncio.get_running_loop().create_task(self._bring(delivery, delay))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring(self, delivery: Delivery, delay: float) -> None:
        """All tries. Only events are tried again; a person's click fails at once."""
        try:
            waits = (delay, *self.retries) if delivery.kind == EVENTS else (delay,)
            for number, wait in enumerate(waits):
                await asyncio.sleep(wait * self.tempo)
                attempt = Attempt(number, self.clock.now())
                carrier = self.carriers[self.mode]
                if not carrier.reaches and self.loses_without_socket:
                    return
                delivery.attempts.append(attempt)
                await carrier.carry(delivery, attempt, self.patience)
                attempt.took = self.clock.now() - attempt.at
                if attempt.outcome == "acked" or attempt.outcome == "no_retry":
                    return
        finally:
            delivery.ended.set()

    async def settled(self, seconds: float = 30.0) -> None:
        """Wait until nothing is under way any more; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while self._tasks:
                await asyncio.wait(self._tasks)

    @property
    def events(self) -> list[Json]:
        """The inner events sent so far, copies not counted."""
        return [one.event for one in self.deliveries if one.kind == EVENTS]

    @property
    def unacknowledged(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.attempts and not one.acked]

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
