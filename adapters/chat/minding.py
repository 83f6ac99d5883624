"""Work that goes on beside everything else: what dies of an error is told of and begun again, ever more seldom."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic
from typing import Final

LOG: Final = logging.getLogger("kasuhara.chat")
AGAIN: Final = (1.0, 60.0)
"""Seconds before what died is begun again, at first and at most; what lived for longer than that begins anew."""
Work = Callable[[], Awaitable[None]]


async def lasting(name: str, work: Work) -> None:
    """Do it, and again after every error, until it ends by itself or is cancelled; `name` stands in the log."""
    wait, most = AGAIN
    while True:
        began = monotonic()
        try:
            return await work()
        except Exception as error:
            LOG.error("minding.died work=%s error=%s", name, type(error).__name__)
        wait = AGAIN[0] if monotonic() - began > most else wait
        await asyncio.sleep(wait)
        wait = min(wait * 2, most)


@contextlib.asynccontextmanager
async def minding(**works: Work) -> AsyncIterator[None]:
    """Each of these lasts while the block runs; none goes on after it."""
    tasks = [asyncio.create_task(lasting(name, work)) for name, work in works.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
