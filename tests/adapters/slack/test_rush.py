"""A hundred messages a second, and a Slack that cannot say who we are any more: no event is lost."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack import faults
from slack.delivery import EVENTS
from wire import Wire, wired

RATE = 100
LIMIT = 3.0
"""Seconds within which Slack wants its answer."""


@pytest.fixture(params=["socket", "http"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired(request.param, tmp_path) as made:
        yield made


async def rush(wire: Wire, seconds: float, *, strict: bool) -> None:
    """Different words of one customer and of a guest, RATE a second; `strict`: acknowledged at the first try."""
    began = time.monotonic()
    async with wire.up():
        for number in range(total := int(seconds * RATE)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            wire.slack.user(("UCUST", "UGUEST")[number % 2]).says(f"{number} 件目の件です", "support")
        await wire.slack.settled()
        sent = [one for one in wire.slack.courier.deliveries if one.kind == EVENTS]
        again = [one for one in sent if len(one.attempts) != 1]
        slowest = max(one.attempts[0].took for one in sent)
        sys.stdout.write(
            f"\nrush: mode={wire.settings.mode} messages={len(sent)} counted={wire.counted()} again={len(again)} "
            f"slowest={slowest:.2f}s seconds={time.monotonic() - began:.0f}\n"
        )
        assert wire.counted() == wire.stored() == total and all(one.acked for one in sent)
        assert not strict or (not again and slowest < LIMIT)


async def test_a_hundred_messages_a_second(wire: Wire) -> None:
    await rush(wire, 0.5, strict=False)


@pytest.mark.soak
async def test_a_hundred_messages_a_second_for_half_a_minute(wire: Wire) -> None:
    await rush(wire, 30, strict=True)


async def without_auth_test(wire: Wire, count: int) -> None:
    """auth.test fails in every way while messages, commands and words to the bot come in."""
    slack, troubles = wire.slack, (faults.busy(), faults.down(500), faults.refused("fatal_error"), faults.cut())
    async with wire.up():
        slack.faults.on("auth.test", *troubles, times=10 * count)
        for number in range(count):
            said = await slack.user("UCUST").says(f"質問 {number}", "support")
            assert said.acked and len(said.attempts) == 1
            if not number % 5:
                assert (await slack.user("UAGENT").types("/kasuhara", f"報告 {number} 番目の暴言", "random")).acked
                assert (await slack.user("UAGENT").tells_bot("状況")).acked
        assert wire.counted() == count and wire.house.one("SELECT count(*) FROM reports") == -(-count // 5)
    asked = len(slack.record.of("auth.test")) - 1
    sys.stdout.write(f"\nauth.test fails: mode={wire.settings.mode} events={count} lost=0 asked_again={asked}\n")
    assert not slack.troubles


async def test_auth_test_may_fail_after_the_start(wire: Wire) -> None:
    await without_auth_test(wire, 6)


@pytest.mark.soak
async def test_auth_test_may_fail_for_five_hundred_events(wire: Wire) -> None:
    await without_auth_test(wire, 500)
