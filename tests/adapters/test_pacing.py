"""One post a second and place: in order, with small bursts, and nobody waits for longer than he can bear."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.pacing import Pace
from bot.domain.errors import DeliveryFailed


@dataclass
class Time:
    """Time that passes only while somebody sleeps."""

    now: float = 100.0
    sleepers: list[tuple[float, int, "asyncio.Future[None]"]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, len(self.sleepers), waking))
        await waking

    async def run(self, *work: Coroutine[Any, Any, Any]) -> list[Any]:
        tasks = [asyncio.ensure_future(one) for one in work]
        while not all(task.done() for task in tasks):
            for _ in range(4):
                await asyncio.sleep(0)
            waiting = sorted(one for one in self.sleepers if not one[2].done())
            if waiting:
                self.now = max(self.now, waiting[0][0])
                waiting[0][2].set_result(None)
        return await asyncio.gather(*tasks, return_exceptions=True)


def paced(time: Time, gap: float = 1.0, **more: Any) -> Pace:
    return Pace(gap, time, time.sleep, **more)


async def passing(time: Time, pace: Pace, key: str = "a") -> float:
    await pace.turn(key)
    return time.now - 100.0


@pytest.mark.rule("slack-11")
async def test_one_a_second_for_each_place() -> None:
    time = Time()
    pace = paced(time)
    passed = await time.run(*(passing(time, pace, key) for key in "aabab"))
    assert passed == [0, 1, 0, 2, 1]


async def test_a_burst_after_quiet_and_then_one_by_one() -> None:
    time = Time()
    pace = paced(time, burst=3)
    assert await time.run(*(passing(time, pace) for _ in range(6))) == [0, 0, 0, 1, 2, 3]
    time.now = 200.0
    assert await time.run(*(passing(time, pace) for _ in range(4))) == [100, 100, 100, 101]


async def test_who_cannot_wait_is_sent_away_and_takes_no_place() -> None:
    time = Time()
    pace = paced(time, patience=2)
    told = await time.run(*(passing(time, pace) for _ in range(5)))
    assert told[:3] == [0, 1, 2]
    assert [(error.reason, error.retry_after, error.permanent) for error in told[3:]] == [("busy", 3, False)] * 2
    time.now = 103.0
    assert await time.run(passing(time, pace)) == [3], "those who were sent away left no gap behind"


async def test_who_is_urgent_stays_where_others_are_sent_away() -> None:
    time = Time()
    pace = paced(time, patience=1)

    async def urgent() -> float:
        await pace.turn("a", 6)
        return time.now - 100.0

    told = await time.run(*(passing(time, pace) for _ in range(3)), urgent(), passing(time, pace))
    assert told[:2] == [0, 1] and told[3] == 2
    assert isinstance(told[2], DeliveryFailed) and isinstance(told[4], DeliveryFailed)


async def test_what_slack_asks_for_holds_those_who_wait_already() -> None:
    time = Time()
    pace = paced(time, patience=10)

    async def refused() -> float:
        passed = await passing(time, pace)
        pace.hold("a", 5)
        return passed

    assert await time.run(refused(), passing(time, pace), passing(time, pace, "b")) == [0, 5, 0]
    time = Time()
    pace = paced(time, patience=2)
    pace.hold("a", 30)
    (error,) = await time.run(passing(time, pace))
    assert isinstance(error, DeliveryFailed) and error.retry_after == 30
    pace.hold("a", 1)
    (error,) = await time.run(passing(time, pace))
    assert isinstance(error, DeliveryFailed) and error.retry_after == 30, "a shorter wish does not shorten a longer one"


async def test_who_was_called_off_gives_his_place_back() -> None:
    time = Time()
    pace = paced(time)
    await pace.turn("a")
    waiting = asyncio.ensure_future(pace.turn("a"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await time.run(passing(time, pace)) == [1]


@settings(max_examples=60, deadline=None)
@given(
    gaps=st.lists(st.floats(0, 3), min_size=1, max_size=20),
    burst=st.integers(1, 4),
    patience=st.sampled_from([1.0, 3.0, 1e9]),
)
async def test_never_more_than_the_rate_allows(gaps: list[float], burst: int, patience: float) -> None:
    time = Time()
    pace = paced(time, burst=burst, patience=patience)

    async def coming(at: float) -> float:
        await time.sleep(at)
        return await passing(time, pace)

    moments = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    told = await time.run(*(coming(at) for at in moments))
    passed = [moment for moment in told if isinstance(moment, float)]
    assert passed == sorted(passed), "in the order in which they came"
    for first, later in zip(passed, passed[burst:], strict=False):
        assert later - first >= 1.0 - 1e-6, f"{burst} at once and no more"
    assert all(moment - at <= patience + 1e-6 for moment, at in zip(told, moments, strict=True) if moment in passed)
