"""The digest's picture: drawn, and put below the digest once; it never stops the digest."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from adapters.charts import ChartFailed, draw
from adapters.charts.telling import alternative, digest_chart
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Digest
from bot.domain.policy import Policy

LOG: Final = logging.getLogger("kasuhara.chat")
DRAWING: Final = 5.0
TOGETHER: Final = 7.0
"""Seconds for drawing and sending: less than the Courier gives one call."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a platform sends."""

    name: str
    """Of its file, by which it is found again."""
    title: str
    alternative: str
    """The same in words."""
    body: bytes


async def hung(
    platform: str, digest: Digest, language: str, policy: Policy, stands: Callable[[str], Awaitable[bool]],
    sends: Callable[[Picture], Awaitable[object]], *, look: bool,
) -> bool:  # fmt: skip
    """Whether the picture stands below the digest now. Raises nothing.

    `look`: it may stand there already, from an earlier try; `stands` looks for the file of this name.
    """
    name = f"digest-{digest.week}.png"
    try:
        async with asyncio.timeout(TOGETHER):
            if look and await stands(name):
                return True
            chart = digest_chart(digest, policy, language)
            body = await asyncio.to_thread(draw, chart, timeout=DRAWING)
            await sends(Picture(name, f"{chart.title} {digest.week}", alternative(chart), body))
            return True
    except (ChartFailed, DeliveryFailed, ValueError, TimeoutError) as error:
        LOG.warning("%s.no_chart error=%s", platform, type(error).__name__)
        return False
