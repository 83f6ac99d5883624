"""A house that lives: ticks take what is due, and posts reach the chat without anybody asking."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from company import Company, team
from harness import Harness
from scripted_chat import ScriptedChat

from adapters import wiring
from adapters.timer import Beat, Timer
from bot.domain.events import Event
from bot.domain.policy import EscalationStep, PingRule, StepTarget

QUICK = PingRule(
    steps=(
        EscalationStep(StepTarget.ON_CALL, timedelta(seconds=0.3)),
        EscalationStep(StepTarget.SECOND, timedelta(seconds=30)),
    )
)
BEAT = Beat(steps=timedelta(seconds=0.05), digests=timedelta(seconds=0.2), forgetting=timedelta(seconds=0.2))


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (this one test lets real time pass)


async def until(met: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition, looking often."""
    for _ in range(int(seconds / 0.02)):
        if met():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


async def test_an_unanswered_ping_escalates_by_itself(house: Harness) -> None:
    house.bot.clock = clock  # type: ignore[assignment]
    house.policy = house.bot.policy = replace(house.policy, ping=QUICK)
    built = wiring.House(house.intake, house.policy, "", None)
    chat = ScriptedChat()
    async with wiring.alive(built, {"slack": chat}, clock, BEAT):
        company = await Company(house).opens(team())
        await company.reports("いますぐ来て")
        await until(lambda: len(chat.shown) >= 2)
        assert [call.rpartition(":")[2] for call in company.called()] == ["USUPER1", "USUPER2"]
        await company.acknowledges()
        await until(lambda: any(shown.edits for shown in chat.shown))


async def test_a_tick_that_fails_is_told_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    async def submit(event: Event) -> None:
        seen.append(type(event).__name__)
        raise RuntimeError("secret words of a customer")

    caplog.set_level(logging.WARNING)
    timer = Timer(submit, BEAT)
    timer.start()
    await until(lambda: seen.count("EscalationsDue") >= 3 and len(set(seen)) == 3)
    timer.stop()
    assert "tick.failed job=EscalationsDue error=RuntimeError" in caplog.text
    assert "secret" not in caplog.text, "and nobody's words with it"


async def test_a_tick_that_a_stop_breaks_off_before_it_began_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def submit(event: Event) -> None:
        await asyncio.sleep(10)

    for turns in range(8):
        timer = Timer(submit, BEAT)
        timer.start()
        await asyncio.sleep(0)
        time.sleep(BEAT.steps.total_seconds() + 0.01)  # noqa: ASYNC251  (so that the turns after it are always the same)
        for _ in range(turns):
            await asyncio.sleep(0)
        timer.stop()
        await asyncio.sleep(0.01)
    assert not caplog.records
