"""One call of a platform: its answer, or what went wrong as a DeliveryFailed; where it asks to wait, that is kept."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aiohttp import ClientError

from adapters.chat.pacing import Pace
from bot.domain.errors import DeliveryFailed

T = TypeVar("T")
PATIENCE: Final = 3.0
"""Seconds that a call waits here; beyond that the Courier does, whose time-out is ten."""
UNREACHED: Final = (ClientError, OSError, TimeoutError)


async def called(
    work: Callable[[], Awaitable[T]], held: Pace, key: str, refused: Callable[[Exception], DeliveryFailed | None],
    stumbles: tuple[type[Exception], ...], *, sends: bool,
) -> T:  # fmt: skip
    """The answer; DeliveryFailed, and nothing else on purpose. `key`: what the platform limits by itself.

    `refused`: what the platform's own answer means, None for what is none; `stumbles`: what its library ends with over
    an answer that it cannot read, such as the page of a proxy; `sends`: an unclear end leaves a doubt whether people
    can see something.
    """
    await held.turn(key)
    try:
        return await work()
    except Exception as error:
        failed = refused(error)
        if failed is None and not isinstance(error, (*UNREACHED, *stumbles)):
            raise
        failed = failed or DeliveryFailed("unreachable", doubtful=sends)
        if failed.reason == "busy" and failed.retry_after is not None:
            held.hold(key, failed.retry_after)
        raise failed from error
