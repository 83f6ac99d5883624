"""The digest's pictures: drawn when a page asks for them, in that page's language, at addresses nobody can guess."""

import asyncio
import contextlib
import logging
from secrets import token_urlsafe
from typing import Any, Final

from adapters.charts import ChartFailed, draw
from adapters.charts.telling import alternative, digest_chart
from adapters.wording import LANGUAGES
from bot.domain.model import Digest
from bot.domain.policy import Policy

LOG: Final = logging.getLogger("kasuhara.playground")
MOST: Final = 50
"""Digests whose picture is remembered; the page of an older one shows none."""

PATIENCE: Final = 5.0
"""Seconds that a step of the tour waits for its picture."""


class Pictures:
    """One for all rooms. A card has its picture's place from the start: only the picture may come a moment later."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._digests: dict[str, Digest] = {}
        self._drawn: dict[str, asyncio.Task[bytes | None]] = {}

    def of(self, digest: Digest, language: str, before: str = "") -> dict[str, Any]:
        """Chart, alt and size of a card, as the page draws it; `before` is the address that it had so far."""
        if not digest.toward:
            return {}
        name = before.removeprefix("/chart/").partition(".")[0] or token_urlsafe(16)
        if self._digests.get(name) != digest:
            self._forget(name)
            self._digests[name] = digest
        while len(self._digests) > MOST:
            self._forget(next(iter(self._digests)))
        chart = digest_chart(digest, self.policy, language)
        return {"chart": f"/chart/{name}.{language}.png", "alt": alternative(chart), "size": list(chart.size)}

    async def png(self, address: str) -> bytes | None:
        """The picture at `name.language`; None where there is none, or it could not be drawn."""
        name, _, language = address.partition(".")
        digest = self._digests.get(name)
        if digest is None or language not in LANGUAGES:
            return None
        if address not in self._drawn:
            self._drawn[address] = asyncio.create_task(self._draws(digest, language))
        return await asyncio.shield(self._drawn[address])

    async def newest(self, language: str) -> None:
        """Wait until the picture of the newest digest is drawn, for so long as somebody waits for a page."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.png(f"{next(reversed(self._digests), '')}.{language}")

    def close(self) -> None:
        """Break off what is still being drawn."""
        for name in tuple(self._digests):
            self._forget(name)

    async def _draws(self, digest: Digest, language: str) -> bytes | None:
        try:
            return await asyncio.to_thread(draw, digest_chart(digest, self.policy, language))
        except (ChartFailed, ValueError) as error:
            LOG.warning("playground.no_chart error=%s", type(error).__name__)
            return None

    def _forget(self, name: str) -> None:
        self._digests.pop(name, None)
        for address in [one for one in self._drawn if one.partition(".")[0] == name]:
            self._drawn.pop(address).cancel()
