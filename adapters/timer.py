"""The metronome: ticks become events; what is due stands in rows, so a tick that is lost or comes twice is harmless."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Final

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.events import DigestDue, EscalationsDue, Event, RetentionDue

LOG: Final = logging.getLogger("kasuhara.timer")


@dataclass(frozen=True, slots=True)
class Beat:
    """How often each duty is looked at; a look that finds nothing due reads a few rows and writes none."""

    steps: timedelta = timedelta(seconds=1)
    """Of pings: a step is late by this much at most (reliability D4)."""
    digests: timedelta = timedelta(minutes=1)
    forgetting: timedelta = timedelta(hours=1)


class Timer:
    """Belongs to one event loop. UTC intervals only, no cron: calendars are computed in the domain (joints.md 6)."""

    def __init__(self, submit: Callable[[Event], Awaitable[Any]], beat: Beat | None = None) -> None:
        self._submit = submit
        beat = beat or Beat()
        self._duties: tuple[tuple[Event, timedelta], ...] = (
            (EscalationsDue(), beat.steps),
            (DigestDue(), beat.digests),
            (RetentionDue(), beat.forgetting),
        )
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        # It writes out what was raised, which may hold words of a customer, and what a stop broke off is no error.
        logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL + 1)

    def start(self) -> None:
        """Tick from now on, each duty for the first time one beat later, by the machine's own steady time."""
        for event, every in self._duties:
            name = type(event).__name__
            self._scheduler.add_job(self._tick, "interval", (event,), id=name, seconds=every.total_seconds())
        self._scheduler.start()

    async def _tick(self, event: Event) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # the scheduler breaks off its ticks at stop
            await self._submit(event)

    def stop(self) -> None:
        """No more ticks; what was submitted is finished by the intake."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _tell(event: JobExecutionEvent) -> None:
    """A tick that failed is tried again by the next one; that it failed must not be silent."""
    LOG.warning("tick.failed job=%s error=%s", event.job_id, type(event.exception).__name__)
