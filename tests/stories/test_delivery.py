"""What was decided reaches the chats: in order, urgent first, once as far as they can tell, and never silently not."""

import asyncio
import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from harness import START, Harness, opened, sqlite_url
from scripted_chat import RETRY_AFTER, How, Look, ScriptedChat, rolled
from sqlalchemy import text

from bot.delivery import Courier, Courtesy
from bot.domain.errors import Refused, Stale, StorageGone
from bot.domain.events import Event, PostFailed
from bot.domain.model import Destination, Priority
from bot.domain.notices import HelpComing, Post
from bot.intake import Intake

ALERTS = "slack:TOWN:alerts"
QUICK = Courtesy(timeout=0.05, poll=0.01, shortest_sleep=0.001)
"""Only what really passes is short; leases and back-off follow the frozen clock."""
EVERY_WAY = tuple(how for how in How if how not in (How.OK, How.CLOSED))


def post(key: str, lane: str = "", priority: Priority = Priority.NORMAL, channel: str = ALERTS, **more: Any) -> Post:
    notice = HelpComing(1, "架空花子", START, "Asia/Tokyo")
    return Post(key, lane or f"lane of {more.get('edits') or key}", priority, Destination(channel), notice, **more)


@dataclass
class Delivery:
    """A house whose outbox one Courier empties into a scripted chat, and who is told of losses."""

    house: Harness
    chat: ScriptedChat = field(default_factory=ScriptedChat)
    told: list[tuple[str, str]] = field(default_factory=list)
    telling: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.courier = self.another()

    def another(self, **changes: Any) -> Courier:
        write = changes.pop("write", self.house.intake.write)
        chats = changes.pop("chats", {"slack": self.chat})
        return Courier(write, chats, self.house.clock, self.tell, replace(QUICK, **changes))

    async def tell(self, event: Event) -> None:
        assert isinstance(event, PostFailed)
        self.telling()
        self.told.append((event.key, event.reason))

    async def put(self, *posts: Post) -> None:
        now = self.house.clock.now
        await self.house.intake.write(lambda uow: [uow.outbox.put(one, now) for one in posts])

    async def brought(self, courier: Courier | None = None) -> list[str]:
        """Keys that the platform got now."""
        before = len(self.chat.shown)
        while await (courier or self.courier).run_once():
            pass
        return self.chat.keys[before:]

    async def brought_in_time(self, hours: float = 3) -> None:
        """Bring until nothing waits, the clock moving from one try to the next."""
        end = self.house.clock.now + timedelta(hours=hours)
        while await self.waiting() and self.house.clock.now < end:
            await self.brought()
            self.house.clock.advance(seconds=31)

    async def waiting(self) -> list[str]:
        return [one.key for one in await self.house.intake.write(lambda uow: uow.outbox.waiting())]

    def tries(self, key: str) -> int:
        return sum(called == key for called, _ in self.chat.calls)

    def row(self, key: str) -> tuple[str, str]:
        """State and error."""
        with self.house.database.connect() as connection:
            query = text("SELECT state, error FROM outbox WHERE key = :key")
            state, error = connection.execute(query, {"key": key}).one()
        return state, error


@pytest.fixture
async def delivery(tmp_path: Path) -> AsyncIterator[Delivery]:
    """On SQLite alone: for what is the Courier's own."""
    async with opened(sqlite_url(tmp_path)) as house:
        yield Delivery(house)


@pytest.fixture
def on_each(house: Harness) -> Delivery:
    """On each database: for what their rows and locks decide."""
    return Delivery(house)


async def soon(true: Callable[[], bool]) -> None:
    """Until it is so, at most a minute: a busy disk is no fault."""
    for _ in range(12_000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


# As it should be


async def test_a_post_is_brought_once_and_its_edit_changes_it(on_each: Delivery) -> None:
    await on_each.put(post("ping:1:0"), post("ping:1:0@1", edits="ping:1:0"))
    assert await on_each.brought() == ["ping:1:0"]
    await on_each.put(post("ping:1:0"), post("ping:1:0@2", edits="ping:1:0"))
    assert await on_each.brought() == []
    (shown,) = on_each.chat.shown
    assert (shown.edits, shown.labelled) == (["ping:1:0@1", "ping:1:0@2"], False)
    assert on_each.chat.looks == []


async def test_critical_first_though_many_wait(on_each: Delivery) -> None:
    await on_each.put(*(post(f"n{n}", f"customer:{n % 30}") for n in range(150)))
    await on_each.put(post("call", "customer:7", Priority.CRITICAL))
    keys = await on_each.brought()
    assert len(keys) == 151
    line = [f"n{n}" for n in range(7, 150, 30)]
    assert [key for key in keys if key in (*line, "call")] == [*line, "call"], "in order with its own customer's"
    assert keys.index("call") < 16 * (len(line) + 1), "before everybody else's"


async def test_a_slow_line_keeps_nobody_else_waiting(delivery: Delivery) -> None:
    delivery.chat.script = iter([How.STUCK, *[How.OK] * 100])
    courier = delivery.another(timeout=5.0)
    courier.start()
    await delivery.put(post("slow", "a"), post("behind", "a"))
    await soon(lambda: delivery.tries("slow") == 1)
    await delivery.put(*(post(f"n{n}") for n in range(50)))
    courier.wake()
    await soon(lambda: len(delivery.chat.keys) == 51)
    assert delivery.tries("behind") == 0
    for task in courier._going:
        task.cancel()
    await courier.stop()


async def test_the_courier_wakes_on_commit_and_sleeps_in_between(delivery: Delivery) -> None:
    intake = Intake(delivery.house.bot, on_commit=lambda: courier.wake())
    claims = 0

    async def write(work: Callable[[Any], Any]) -> Any:
        nonlocal claims
        claims += 1
        return await intake.write(work)

    courier = delivery.another(poll=60.0, write=write)
    intake.start()
    courier.start()
    await soon(lambda: claims == 1)
    await intake.write(lambda uow: uow.outbox.put(post("p"), START))
    await asyncio.sleep(0.05)
    assert (claims, delivery.chat.keys) == (1, []), "asleep: marks and claims wake nobody"
    await intake.submit(delivery.house.customer().message("お世話になっております"))
    await soon(lambda: delivery.chat.keys == ["p"])
    await asyncio.sleep(0.05)
    assert claims <= 6
    await courier.stop()
    await intake.stop()


async def test_what_is_due_later_is_brought_without_anybody_waking(delivery: Delivery) -> None:
    await delivery.put(post("later", at=START + timedelta(seconds=3)))
    courier = delivery.another(poll=0.02)
    courier.start()
    await asyncio.sleep(0.06)
    assert delivery.chat.keys == []
    delivery.house.clock.advance(seconds=3)
    await soon(lambda: delivery.chat.keys == ["later"])
    await courier.stop()


# What goes wrong


@pytest.mark.parametrize("how", [How.DOWN, How.UNSURE, How.TIMEOUT, How.GARBAGE, How.CANCELLED])
async def test_a_failure_that_passes_is_tried_again_with_back_off(delivery: Delivery, how: How) -> None:
    delivery.chat.script = iter([how] * 5 + [How.OK])
    await delivery.put(post("p"))
    waits = []
    while not delivery.chat.keys:
        tries, since = delivery.tries("p"), delivery.house.clock.now
        while delivery.tries("p") == tries:
            await delivery.brought()
            delivery.house.clock.advance(seconds=1)
        waits.append(delivery.house.clock.now - since)
    seconds = [wait.total_seconds() for wait in waits[1:]]
    assert seconds == [1, 2, 4, 8, 16]
    assert [shown.labelled for shown in delivery.chat.shown] == [False], "the chat could tell that it was not there"
    assert delivery.told == []


async def test_a_rate_limit_is_kept(delivery: Delivery) -> None:
    delivery.chat.script = iter([How.BUSY, How.OK])
    await delivery.put(post("p"))
    await delivery.brought()
    delivery.house.clock.advance(seconds=RETRY_AFTER - 1)
    assert await delivery.brought() == []
    delivery.house.clock.advance(seconds=1)
    assert await delivery.brought() == ["p"]
    assert delivery.chat.looks == [], "a refusal is no doubt"


async def test_what_can_never_be_brought_is_told_once(on_each: Delivery) -> None:
    on_each.chat.script = iter([How.CLOSED, How.OK])
    await on_each.put(post("p", "a", round="ping:1"), post("p@1", "a", edits="p"), post("next", "a"))
    assert await on_each.brought() == ["next"]
    await on_each.brought_in_time()
    assert on_each.told == [("p", "channel_archived")]
    assert (on_each.row("p"), on_each.row("p@1")[0]) == (("dead", "channel_archived"), "cancelled")


@pytest.mark.parametrize("error", [StorageGone("disk"), Stale("row")])
async def test_telling_that_fails_is_done_again(delivery: Delivery, error: Exception) -> None:
    def fail() -> None:
        delivery.telling = lambda: None
        raise error

    delivery.telling = fail
    delivery.chat.script = iter([How.CLOSED] * 2)
    await delivery.put(post("p"))
    await delivery.brought()
    assert (delivery.told, delivery.row("p")[0]) == ([], "waiting")
    await delivery.brought_in_time()
    assert (delivery.told, delivery.row("p")[0]) == ([("p", "channel_archived")], "dead")


async def test_a_post_that_breaks_the_chat_is_given_up_and_told(delivery: Delivery) -> None:
    """It would hold up its line for ever."""
    delivery.chat.script = iter([How.GARBAGE] * 6)
    await delivery.put(post("p", "a", round="ping:1"), post("next", "a"))
    await delivery.brought_in_time()
    assert delivery.told == [("p", "broken")]
    assert delivery.chat.keys == ["next"]


async def test_facts_of_another_version_are_told_and_hold_up_nobody(on_each: Delivery) -> None:
    await on_each.put(post("p", "a"), post("next", "a"))
    on_each.house.one("UPDATE outbox SET kind = 'ThingOfTomorrow' WHERE key = 'p'")
    assert await on_each.brought() == ["next"]
    assert on_each.told == [("p", "unknown_kind")]
    assert on_each.row("p") == ("dead", "unknown_kind")


async def test_a_platform_that_is_not_there_is_told_after_a_while(delivery: Delivery) -> None:
    await delivery.put(post("p", channel="discord:1:2"), post("q"))
    assert await delivery.brought() == ["q"]
    delivery.house.clock.advance(minutes=9)
    assert await delivery.brought() == []
    assert delivery.told == []
    delivery.house.clock.advance(minutes=1)
    await delivery.brought()
    assert delivery.told == [("p", "not_connected")]


async def test_a_platform_that_comes_back_gets_what_waited(delivery: Delivery) -> None:
    await delivery.put(post("p", channel="discord:1:2"))
    await delivery.brought()
    delivery.house.clock.advance(minutes=1)
    assert await delivery.brought(delivery.another(chats={"discord": delivery.chat})) == ["p"]


async def test_a_card_is_given_up_after_a_day_and_a_call_never(delivery: Delivery) -> None:
    delivery.chat.script = iter([How.DOWN] * 10_000)
    await delivery.put(post("card"), post("call", round="ping:1"), post("urgent", priority=Priority.CRITICAL))
    for _ in range(9):
        await delivery.brought()
        delivery.house.clock.advance(seconds=61)
    delivery.house.clock.advance(hours=24)
    await delivery.brought()
    assert delivery.told == [("card", "gave_up")]
    assert sorted(await delivery.waiting()) == ["call", "urgent"]


async def test_a_house_that_was_off_for_two_days_still_tries(delivery: Delivery) -> None:
    await delivery.put(post("p"))
    delivery.house.clock.advance(hours=48)
    delivery.chat.script = iter([How.DOWN, How.OK])
    await delivery.brought_in_time()
    assert (delivery.chat.keys, delivery.told) == (["p"], [])


async def test_order_holds_in_every_line_whatever_fails(on_each: Delivery) -> None:
    on_each.chat.script = rolled(11, *EVERY_WAY, worse=0.4)
    await on_each.put(*(post(f"{lane}:{n}", f"customer:{lane}") for n in range(12) for lane in range(5)))
    await on_each.brought_in_time()
    for lane in range(5):
        first = dict.fromkeys(key for key in on_each.chat.keys if key.startswith(f"{lane}:"))
        assert list(first) == [f"{lane}:{n}" for n in range(12)]
    assert on_each.told == []
    assert on_each.chat.most_at_once > 1


@pytest.mark.parametrize("many", [60, pytest.param(300, marks=pytest.mark.soak)])
async def test_ten_bad_minutes_and_all_is_out_within_one_of_the_recovery(delivery: Delivery, many: int) -> None:
    """T11: every call fails for ten minutes; critical ones go first when it is over."""
    bad = True

    def weather() -> Any:
        script = rolled(3, How.BUSY, How.DOWN, How.UNSURE, worse=1.0)
        while True:
            yield next(script) if bad else How.OK

    delivery.chat.script = weather()
    await delivery.put(*(post(f"n{n}", f"customer:{n % 90}") for n in range(many)))
    await delivery.put(*(post(f"c{n}", f"customer:c{n}", Priority.CRITICAL) for n in range(16)))
    for _ in range(5):
        await delivery.brought()
        delivery.house.clock.advance(minutes=2)
    bad = False
    recovered = delivery.house.clock.now
    while await delivery.waiting():
        await delivery.brought()
        delivery.house.clock.advance(seconds=5)
    assert delivery.house.clock.now - recovered <= timedelta(seconds=60)
    assert len(delivery.chat.keys) == many + 16
    assert set(delivery.chat.keys[:16]) == {f"c{n}" for n in range(16)}
    assert not any(shown.labelled for shown in delivery.chat.shown)


# In doubt


@pytest.mark.parametrize("look", list(Look))
async def test_lost_replies_lose_nothing_and_double_only_what_nobody_can_tell(delivery: Delivery, look: Look) -> None:
    """T3: a reply is lost after every other post was taken."""
    many = 300 if look is Look.TELLS else 60
    chat = delivery.chat = ScriptedChat(rolled(5, How.LOST, How.CRASHED, How.STUCK), look)
    delivery.courier = delivery.another(timeout=0.005, in_flight=64)
    await delivery.put(*(post(f"p{n}") for n in range(many)))
    await delivery.brought_in_time()
    times = Counter(chat.keys)
    assert len(times) == many, "none is lost"
    copies = [shown for n, shown in enumerate(chat.shown) if shown.key in chat.keys[:n]]
    if look is Look.TELLS:
        assert copies == []
        assert not any(shown.labelled for shown in chat.shown)
    else:
        assert copies and all(shown.labelled for shown in copies)
        assert {shown.key for shown in copies} <= set(chat.looks)
    assert delivery.told == []


async def test_an_edit_in_doubt_is_made_again_without_a_label(delivery: Delivery) -> None:
    delivery.chat.script = iter([How.OK, How.LOST, How.OK])
    await delivery.put(post("p"), post("p@1", edits="p"))
    await delivery.brought_in_time()
    (shown,) = delivery.chat.shown
    assert (shown.edits, delivery.chat.looks) == (["p@1", "p@1"], [])


async def test_a_call_that_was_answered_while_in_doubt_is_not_sent_again(delivery: Delivery) -> None:
    delivery.chat.script = iter([How.UNSURE, How.OK])
    await delivery.put(post("p", round="ping:1"), post("q", round="ping:1"))
    await delivery.house.intake.write(lambda uow: uow.outbox.cancel_round("ping:1"))
    await delivery.brought_in_time()
    assert (delivery.chat.keys, delivery.chat.calls) == ([], [])


async def test_a_call_answered_between_claim_and_send_is_not_sent(on_each: Delivery) -> None:
    """The answer is committed after the claim; the Courier asks once more just before it sends."""
    write = on_each.house.intake.write
    steps = 0

    async def answered_after_the_claim(work: Callable[[Any], Any]) -> Any:
        nonlocal steps
        steps += 1
        done = await write(work)
        if steps == 1:
            await write(lambda uow: uow.outbox.cancel_round("ping:1"))
            await on_each.put(post("p@1", "a", edits="p"))
        return done

    await on_each.put(post("p", "a", round="ping:1"), post("next", "a"))
    await on_each.another(write=answered_after_the_claim).run_once()
    assert on_each.chat.calls == []
    assert await on_each.brought() == ["next"]
    assert on_each.row("p@1")[0] == "cancelled"


async def test_a_call_answered_while_its_reply_was_lost_still_shows_the_answer(delivery: Delivery) -> None:
    write, steps = delivery.house.intake.write, 0

    async def answered_before_the_send(work: Callable[[Any], Any]) -> Any:
        nonlocal steps
        steps += 1
        done = await write(work)
        if steps == 2:
            await write(lambda uow: uow.outbox.cancel_round("ping:1"))
            await delivery.put(post("p@1", edits="p"))
        return done

    delivery.chat.script = iter([How.LOST])
    await delivery.put(post("p", round="ping:1"))
    await delivery.another(write=answered_before_the_send).run_once()
    assert await delivery.brought() == []
    (shown,) = delivery.chat.shown
    assert (shown.key, shown.edits) == ("p", ["p@1"])


async def test_a_mark_that_finds_no_storage_is_made_later_and_nothing_is_sent_twice(delivery: Delivery) -> None:
    write, gone = delivery.house.intake.write, 0

    async def gone_for_a_while(work: Callable[[Any], Any]) -> Any:
        nonlocal gone
        if delivery.chat.keys and gone < 5:
            gone += 1
            raise StorageGone("disk")
        return await write(work)

    await delivery.put(post("p"), post("q"))
    courier = delivery.another(write=gone_for_a_while)
    courier.start()
    await soon(lambda: gone == 5 and delivery.row("p")[0] == delivery.row("q")[0] == "sent")
    await courier.stop()
    assert sorted(delivery.chat.keys) == ["p", "q"]


async def test_stop_lets_arrive_what_is_on_its_way(delivery: Delivery) -> None:
    delivery.chat.script = iter([How.SLOW] * 3)
    await delivery.put(*(post(f"p{n}") for n in range(3)))
    courier = delivery.another(timeout=10.0)
    courier.start()
    await soon(lambda: delivery.chat.at_once == 3)
    await courier.stop()
    assert [delivery.row(f"p{n}")[0] for n in range(3)] == ["sent"] * 3
    await delivery.put(post("late"))
    await asyncio.sleep(0.05)
    assert delivery.tries("late") == 0


async def test_logs_carry_ids_only(delivery: Delivery, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    delivery.chat.script = iter([*EVERY_WAY, *[How.GARBAGE] * 6, How.CLOSED])
    delivery.chat.look = Look.FAILS
    await delivery.put(*(post(f"p{n}") for n in range(4)))
    await delivery.brought_in_time()
    lines = [record.getMessage() for record in caplog.records if record.name == "kasuhara.delivery"]
    assert len(lines) > 10
    assert all(line.isascii() and "alerts" not in line for line in lines)
    assert not any(record.exc_info for record in caplog.records)


# Replicas and deaths


@pytest.fixture
async def twin(house: Harness, database_url: str) -> AsyncIterator[Harness]:
    async with opened(database_url) as other:
        other.beside(house)
        yield other


async def test_two_couriers_bring_each_post_once_and_in_order(on_each: Delivery, twin: Harness) -> None:
    on_each.chat.script = islice(rolled(7, How.SLOW), 400)
    await on_each.put(*(post(f"{lane}:{n}", f"customer:{lane}") for n in range(6) for lane in range(20)))
    couriers = [on_each.another(timeout=10.0), on_each.another(timeout=10.0, write=twin.intake.write)]
    for courier in couriers:
        courier.start()
    await soon(lambda: len(on_each.chat.keys) >= 120)
    for courier in couriers:
        await courier.stop()
    assert await on_each.waiting() == []
    assert set(Counter(on_each.chat.keys).values()) == {1}
    for lane in range(20):
        assert [key for key in on_each.chat.keys if key.startswith(f"{lane}:")] == [f"{lane}:{n}" for n in range(6)]


async def test_a_courier_that_slept_through_its_lease_sends_and_marks_nothing(on_each: Delivery, twin: Harness) -> None:
    """Stopped after the claim and gone on when another had sent it: the fencing number is old."""
    write, steps = on_each.house.intake.write, 0

    async def asleep_after_the_claim(work: Callable[[Any], Any]) -> Any:
        nonlocal steps
        steps += 1
        done = await write(work)
        if steps == 1:
            on_each.house.clock.advance(seconds=31)
            await on_each.brought(on_each.another(write=twin.intake.write))
        return done

    await on_each.put(post("p"))
    await on_each.another(write=asleep_after_the_claim).run_once()
    assert (on_each.tries("p"), on_each.row("p")[0]) == (1, "sent")


def killed(folder: Path, seed: int, runs: int, look: Look) -> None:
    """Every post whose transaction was committed is on the platform; copies only in doubt, and labelled."""
    folder.mkdir()
    tests = Path(__file__).parent
    command = [sys.executable, "-W", "error", str(tests / "kill_courier.py"), str(folder), str(seed), str(runs), look]
    path = f"{tests}:{tests.parent}:{tests.parent.parent}"
    done = subprocess.run(
        command, env={"PYTHONPATH": path, "PATH": "/usr/bin"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ends = done.stdout.split()
    assert ends[-2:] == ["ended", "0"], done.stdout + done.stderr
    assert ends.count("killed") >= (runs - 1) * 0.6
    put = (folder / "put").read_text("utf-8").split()
    shown = [json.loads(line) for line in (folder / "platform").read_text("utf-8").splitlines()]
    lost = set(put) - {message["key"] for message in shown}
    assert not lost, f"seed {seed}: lost {lost}"
    assert (folder / "rest").read_text("utf-8") == ""
    seen: set[str] = set()
    for message in shown:
        if message["key"] in seen:
            assert look is Look.CANNOT, f"seed {seed}: {message['key']} twice, though the chat could tell"
            assert message["labelled"], f"seed {seed}: {message['key']} twice, without a label"
        seen.add(message["key"])


@pytest.mark.parametrize("look", [Look.TELLS, Look.CANNOT])
def test_a_courier_killed_at_any_moment_loses_nothing(tmp_path: Path, look: Look) -> None:
    killed(tmp_path / "killed", seed=1, runs=4, look=look)


@pytest.mark.soak
@pytest.mark.parametrize("look", [Look.TELLS, Look.CANNOT])
def test_a_courier_killed_a_hundred_times_loses_nothing(tmp_path: Path, look: Look) -> None:
    for seed in range(5):
        killed(tmp_path / f"killed {seed}", seed=100 + seed, runs=31, look=look)


# The door that the Courier comes through


async def test_closures_and_events_keep_the_order_in_which_they_came(house: Harness) -> None:
    customer = house.customer()
    seen: list[int] = []
    waiting: list[Any] = []
    for number in range(20):
        waiting.append(house.intake.submit(customer.message(f"{number} 番目の話")))
        waiting.append(house.intake.write(lambda uow: seen.append(uow.messages.progress()[1])))
    await asyncio.gather(*waiting)
    assert seen == list(range(1, 21))


async def test_a_closure_is_one_transaction_and_is_done_again_when_it_came_too_late(house: Harness) -> None:
    tries = 0

    def stale_at_first(uow: Any) -> str:
        nonlocal tries
        tries += 1
        uow.outbox.put(post(f"p{tries}"), START)
        if tries < 3:
            raise Stale("row")
        return "done"

    def broken(uow: Any) -> None:
        uow.outbox.put(post("never"), START)
        raise ValueError("broken")

    assert await house.intake.write(stale_at_first) == "done"
    with pytest.raises(ValueError, match="broken"):
        await house.intake.write(broken)
    assert await Delivery(house).waiting() == ["p3"]
    tries = -100
    with pytest.raises(Stale):
        await house.intake.write(stale_at_first)
    await house.intake.stop()
    with pytest.raises(Refused):
        await house.intake.write(lambda uow: None)
