"""However many people write and however many places there are, what an adapter remembers of them stays bounded."""

import asyncio

import pytest
from harness import START

from adapters.chat import asking, pacing
from adapters.chat.asking import Asking
from adapters.chat.bounded import Bounded
from adapters.chat.gaps import SHUT, Gaps
from adapters.chat.learning import KEPT, Learning
from adapters.chat.owing import Owing
from adapters.chat.pacing import Pace
from bot.domain.errors import DeliveryFailed


def test_the_last_ones_are_kept() -> None:
    kept: Bounded[int, str] = Bounded(3)
    for number in (1, 2, 3, 1, 4):
        kept[number] = str(number)
    assert kept == {3: "3", 1: "1", 4: "4"}


async def test_people_and_changes_are_forgotten_and_no_old_answer_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST", 5)
    going, answers = asyncio.Event(), 0

    async def ask(key: str) -> str:
        nonlocal answers
        answers += 1
        if key == "slow":
            await going.wait()
        return f"{key} {answers}"

    people = Asking(ask, (ValueError,))
    slow = asyncio.create_task(people.get("slow"))
    await asyncio.sleep(0)
    people.forget("slow")
    for number in range(50):
        await people.soon(f"U{number}")
        people.forget(f"U{number + 1000}")
    going.set()
    await slow
    assert people.known("slow") is None, "it was changed while it was asked for"
    assert people.known("U49") and max(map(len, (people._known, people._changed, people._resting))) <= 5
    await people.close()


async def test_places_that_are_long_free_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "PLACES", 10)
    now = 0.0
    pace = Pace(1.0, lambda: now, asyncio.sleep, patience=0.0)
    for number in range(100):
        now += 0.5
        pace.hold(f"told {number}", 3.0)
        await pace.turn(f"C{number}")
    assert len(pace._next) <= 25 and len(pace._held) <= 25
    with pytest.raises(DeliveryFailed):
        await pace.turn("C99")
    with pytest.raises(DeliveryFailed):
        await pace.turn("told 99")


async def test_what_waits_is_bounded_too() -> None:
    async def never(*_: object) -> None:
        raise AssertionError

    authors: Learning[int] = Learning("author", never, never, 1.0)
    owing, gaps = Owing(), Gaps(never, lambda _: False)  # type: ignore[arg-type]
    for number in range(KEPT + 10):
        authors.wanted(number)
        owing.owes(never)
        gaps.shut(f"C{number}", START)
    assert len(authors._wanted) == len(authors._anew) == KEPT
    assert len(owing._owed) == KEPT and len(gaps._shut) == SHUT
