"""What a platform does not tell twice, such as a deletion: kept until it is done, as long as this process lives."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

LOG: Final = logging.getLogger("kasuhara.chat")
AGAIN: Final = (1.0, 60.0)
"""Seconds before what could not be done is tried again, at first and at most."""
KEPT: Final = 10_000
"""Works that are kept; beyond that the oldest are given up."""
Work = Callable[[], Awaitable[None]]


class Owing:
    """`owes` never fails and does not wait; `mind` does what is owed, again and again until it is done."""

    def __init__(self) -> None:
        self._owed: list[Work] = []
        self._some = asyncio.Event()

    def owes(self, work: Work) -> None:
        """It may be done twice: the core knows what it knows already."""
        self._owed.append(work)
        if len(self._owed) > KEPT:
            LOG.error("owing.given_up")
            del self._owed[0]
        self._some.set()

    async def mind(self) -> None:
        """Until cancelled; ever more seldom while nothing of it can be done."""
        wait, most = AGAIN
        while True:
            await self._some.wait()
            self._some.clear()
            moved = await self.again()
            if self._owed:
                wait = AGAIN[0] if moved else min(wait * 2, most)
                await asyncio.sleep(wait)
                self._some.set()

    async def again(self) -> bool:
        """Try everything once, in its order; whether any of it could be done."""
        moved = False
        for work in list(self._owed):
            try:
                await work()
            except Exception as error:
                LOG.warning("owing.not_yet error=%s", type(error).__name__)
            else:
                moved = True
                if work in self._owed:
                    self._owed.remove(work)
        return moved
