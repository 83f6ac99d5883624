"""Events reach the rows before they are acknowledged, once each, whatever Slack and the network do."""

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from slack import Plan, copied, faults, shuffled
from slack.delivery import ACTIONS, COMMANDS, EVENTS, Delivery
from wire import Wire, wired

from adapters.slack import connection
from bot.domain.errors import Refused


@pytest.fixture(params=["socket", "http"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def sockets(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path) as made:
        yield made


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("http", tmp_path) as made:
        yield made


async def occupied(wire: Wire, seconds: float) -> "asyncio.Future[None]":
    """The writer does nothing else for so long."""
    begun = threading.Event()

    def work(_: object) -> None:
        begun.set()
        time.sleep(seconds)

    busy = wire.house.intake.write(work)
    await wire.slack.until(begun.is_set)
    return busy


def of_the_timer(record: logging.LogRecord) -> bool:
    """Beats that find the writer busy are the story's own doing."""
    return record.name.startswith("apscheduler")


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.exc_info and not of_the_timer(r)]


@pytest.mark.rule("slack-1")
async def test_a_slow_commit_is_not_acknowledged_and_comes_again(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LIMIT", 0.3)
    wire.slack.courier.patience, wire.slack.courier.retries = 0.5, (300.0, 300.0, 300.0)
    async with wire.up():
        busy = await occupied(wire, 0.6)
        said = wire.slack.user("UCUST").says("まだですか", "support")
        await asyncio.sleep(0.45)
        assert not said.acked and wire.stored() == 0, "withdrawn: it is not stored behind Slack's back"
        await busy
        await wire.slack.settled()
        assert said.acked and said.attempts[0].outcome != "acked" and len(said.attempts) == 2
        assert wire.counted() == 1


async def test_what_cannot_be_stored_is_not_acknowledged(wire: Wire) -> None:
    wire.slack.courier.patience, wire.slack.courier.retries = 0.3, (200.0, 200.0, 200.0)
    async with wire.up():
        await wire.slack.user("UCUST").says("こんにちは", "support")
        wire.house.one("ALTER TABLE messages RENAME TO hidden")
        said = wire.slack.user("UCUST").says("まだですか", "support")
        await wire.slack.until(lambda: said.attempts and said.attempts[0].outcome not in ("", "acked"))
        wire.house.one("ALTER TABLE hidden RENAME TO messages")
        await wire.slack.settled()
        assert said.acked and wire.counted() == 2


async def test_a_wrong_token_is_said_at_the_start(sockets: Wire) -> None:
    for changed, key in (
        ({"bot_token": "xoxb-wrong"}, "slack.token"),
        ({"app_token": "xapp-wrong"}, "slack.app_token"),
    ):
        with pytest.raises(Refused, match=key):
            async with sockets.up(**changed):
                pytest.fail("nobody is let in")
    sockets.slack.faults.on("auth.test", faults.down(500))
    with pytest.raises(Refused, match=r"slack.unreachable"):
        async with sockets.up():
            pytest.fail("nobody is there")


@pytest.mark.rule("slack-2", "slack-4")
async def test_copies_disorder_and_hasty_retries_count_once(wire: Wire) -> None:
    wire.slack.courier.plan = copied(5, most=11, delays=(0.0, 1.0, 20.0))
    async with wire.up():
        with wire.slack.courier.holding(shuffled(4)):
            for number in range(20):
                wire.slack.user("UCUST").says(f"{number} 番目の質問です", "support")
        await wire.slack.settled()
        assert wire.counted() == 20 and wire.stored() == 20
        # Slack does not wait for the first try before it makes the next ones.
        wire.slack.courier.plan = lambda _: Plan()
        wire.slack.courier.patience, wire.slack.courier.retries = 0.15, (0.0, 0.0, 0.0)
        busy = await occupied(wire, 0.3)
        said = wire.slack.user("UCUST").says("返事がない", "support")
        await busy
        await wire.slack.settled()
        assert said.acked and len(said.attempts) > 1 and wire.counted() == 21


@pytest.mark.rule("slack-2")
async def test_a_direct_message_brought_eleven_times_reports_once(wire: Wire) -> None:
    wire.slack.courier.plan = lambda _: Plan(
        copies=10, copy_delays=(0.0, 0.0, 1.0, 5.0, 5.0, 9.0, 9.0, 20.0, 20.0, 30.0)
    )
    async with wire.up():
        await wire.slack.user("UAGENT").tells_bot("報告 無能と言われた")
        wire.slack.clock.passes(200)
        await wire.slack.settled()
    assert wire.house.one("SELECT count(*) FROM reports") == 1
    assert len(wire.slack.posts(wire.slack.direct("UAGENT").id)) == 1


@pytest.mark.rule("slack-23")
async def test_a_command_that_is_replayed_has_no_second_effect(wire: Wire) -> None:
    async with wire.up():
        await wire.slack.user("UAGENT").types("/kasuhara", "報告 無能と言われた", "random")
        (first,) = (one for one in wire.slack.courier.deliveries if one.kind == COMMANDS)
        wire.slack.clock.passes(290)
        again = await wire.slack.courier.send(Delivery(COMMANDS, first.payload))
        assert again.acked and not again.answer, "whoever replays it reads nothing"
        await wire.slack.until(lambda: wire.slack.cards("alert"))
        card = wire.slack.cards("alert")[0]
        await wire.slack.user("USUPER1").presses("ack", card)
        (press,) = (one for one in wire.slack.courier.deliveries if one.kind == ACTIONS)
        await wire.slack.courier.send(Delivery(ACTIONS, press.payload))
    assert wire.house.one("SELECT count(*) FROM reports") == 1
    assert wire.house.one("SELECT count(*) FROM audit WHERE action = 'ping.acknowledged'") <= 1


@pytest.mark.rule("slack-5")
async def test_no_bad_old_or_replayed_signature_is_accepted(door: Wire) -> None:
    http, chance = door.slack.http, random.Random(21)
    async with door.up():
        await door.slack.user("UCUST").says("本物です", "support")
        await door.slack.user("UAGENT").types("/kasuhara", "報告 無能と言われた", "random")
        event, command = (next(d for d in door.slack.courier.deliveries if d.kind == k) for k in (EVENTS, COMMANDS))
        replays = [(k, http.request(k, d.payload)) for k, d in ((EVENTS, event), (COMMANDS, command))]
        for kind, request in replays:
            assert (await http.post(request, kind))[0] == 200
        before = (
            door.stored(),
            door.house.one("SELECT count(*) FROM reports"),
            door.house.one("SELECT count(*) FROM audit"),
        )
        accepted = 0
        for number in range(300):
            kind, source = (EVENTS, event) if number % 2 else (COMMANDS, command)
            payload = dict(source.payload) | {"trigger_id": f"forged.{number}"}
            if kind == EVENTS:
                payload["event"] = {**source.event, "ts": f"{1_790_000_000 + number}.000100", "text": "偽物"}
            match number % 6:
                case 0 | 1:
                    request = http.request(kind, payload, secret=f"guess{number}")
                case 2 | 3:
                    request = http.request(kind, payload, age=chance.uniform(301, 90_000))
                case 4:
                    request = http.request(kind, payload)
                    request = replace(request, body=request.body.replace(b"forged", b"f0rged"))
                case _:
                    kind, request = replays[number % 12 // 6]
                    assert (await http.post(request, kind))[1] == b""
                    continue
            accepted += (await http.post(request, kind))[0] == 200
        assert accepted == 0
    after = door.stored(), door.house.one("SELECT count(*) FROM reports"), door.house.one("SELECT count(*) FROM audit")
    assert after == before


@pytest.mark.rule("slack-3")
async def test_strange_things_are_taken_calmly(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    wire.slack.courier.patience, wire.slack.courier.retries = 0.5, ()
    stranges: list[object] = [
        None,
        1,
        "x",
        [],
        {},
        {"type": None},
        {"type": 7},
        {"type": "message"},
        {"type": "新しい"},
    ]
    odd = {"type": "message", "channel": "CSUPPORT", "user": "UCUST", "ts": "1.1", "text": "x"}
    stranges += [odd | change for change in (
        {"ts": None}, {"ts": "?"}, {"text": 7}, {"user": None}, {"subtype": 5}, {"channel": None}, {"files": "x"},
        {"subtype": "message_changed"}, {"subtype": "message_changed", "message": 3}, {"subtype": "message_deleted"},
        {"channel_type": "im", "user": None}, {"channel_type": "im", "subtype": "message_deleted"}, {"bot_id": 3},
        {"subtype": "message_changed", "message": {"subtype": "tombstone"}}, {"thread_ts": []}, {"user_profile": 1},
    )]  # fmt: skip
    async with wire.up():
        limited = await wire.slack.news.rate_limited()
        assert limited.acked
        envelope = wire.slack.news.envelope({"type": "message"})
        sent = [await wire.slack.courier.send(Delivery(EVENTS, envelope | {"event": one})) for one in stranges]
        sent += [
            await wire.slack.courier.send(Delivery(EVENTS, {"type": kind})) for kind in ("hello", "event_callback", "")
        ]
        refused = [one.payload.get("event") for one in sent if not one.acked]
        assert refused == []
        assert (await wire.slack.user("UCUST").says("普通の質問", "support")).acked and wire.counted() == 1
    assert not tracebacks(caplog)


async def test_what_is_no_request_of_slack_leaves_no_trace(door: Wire, caplog: pytest.LogCaptureFixture) -> None:
    async with door.up():
        for body in (b"", b"{", b"\xff\xfe", b"payload=%7B", b"null", b"[]", b"{" * 5000):
            for signed in ({}, door.slack.http.sign(body)):
                request = replace(door.slack.http.request(EVENTS, {}), body=body)
                request.headers.clear()
                request.headers.update({"Content-Type": "application/json"} | signed)
                status, _, _ = await door.slack.http.post(request)
                assert status in (200, 400, 401), (body, signed)
                assert signed or status != 200
    assert door.stored() == 0 and not tracebacks(caplog)


@pytest.mark.rule("slack-7")
async def test_sockets_are_refreshed_one_at_a_time_and_nothing_is_lost(sockets: Wire) -> None:
    slack, lowest = sockets.slack, [2]
    async with sockets.up():

        async def watch() -> None:
            while True:
                lowest[0] = min(lowest[0], len(slack.sockets.open))
                await asyncio.sleep(0.001)

        watching = asyncio.create_task(watch())
        for number in range(40):
            slack.user("UCUST").says(f"{number} 件目", "support")
            if number == 10:
                await slack.sockets.warn()
            if number == 20:
                await slack.sockets.refresh(grace=0.3)
            await asyncio.sleep(0.02)
        await slack.settled()
        watching.cancel()
        assert len(slack.sockets.open) == 2 and slack.sockets.ever >= 6
    assert sockets.counted() == 40 and lowest[0] >= 2, "a new connection stands before the old one goes"
    assert not slack.courier.unacknowledged


async def cut_at_moments(wire: Wire, moments: int) -> None:
    """Traffic while sockets are cut, one or all; events without a socket are gone and only history has them."""
    slack, chance, total = wire.slack, random.Random(moments), moments * 8
    slack.courier.patience = 0.3
    cuts = set(chance.sample(range(total), moments))
    async with wire.up():
        for number in range(total):
            said = slack.user("UCUST").says(f"{number} 件目のお問い合わせ", "support")
            if number % 7 == 3:
                slack.user("UCUST").replies(said, f"{number} 件目の続き")
            if number in cuts:
                await slack.until(lambda: slack.sockets.open)
                slack.sockets.cut(*slack.sockets.open[: chance.choice([1, 2])])
            await asyncio.sleep(chance.uniform(0, 0.02))
        await slack.settled(30)
        expected = total + len([n for n in range(total) if n % 7 == 3])
        await slack.until(lambda: wire.counted() == expected, 10)
        lost = [d for d in slack.courier.deliveries if d.kind == EVENTS and not d.acked]
        assert wire.stored() == expected, "each once"
    print(f"cut {len(cuts)} times, {len(lost)} of {expected} events were never acknowledged; all are counted")  # noqa: T201


@pytest.mark.rule("slack-8")
async def test_a_socket_cut_with_traffic_loses_nothing(sockets: Wire) -> None:
    await cut_at_moments(sockets, 4)


@pytest.mark.soak
async def test_a_socket_cut_fifty_times_with_traffic_loses_nothing(sockets: Wire) -> None:
    await cut_at_moments(sockets, 50)


@pytest.mark.rule("slack-9")
@pytest.mark.parametrize("trouble", ["mute", "frozen"])
async def test_a_socket_that_says_nothing_is_not_believed(sockets: Wire, trouble: str) -> None:
    slack = sockets.slack
    slack.courier.patience, slack.courier.retries = 0.1, ()
    async with sockets.up(silence=0.4):
        await slack.user("UCUST").says("届く", "support")
        before = slack.sockets.ever
        for one in slack.sockets.open:
            setattr(one, trouble, True)
        lost = await slack.user("UCUST").says("届かない", "support")
        assert not lost.acked and sockets.counted() == 1
        await slack.until(lambda: sockets.counted() == 2)
        assert slack.sockets.ever > before


async def test_what_was_taken_is_finished_before_the_end(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with wire.up():
        busy = await occupied(wire, 0.4)
        said = [wire.slack.user("UCUST").says(f"{n} 件目", "support") for n in range(20)]
        wire.slack.user("UAGENT").tells_bot("状況")
        await asyncio.sleep(0.15)
    await busy
    await wire.slack.settled()
    assert all(one.acked and len(one.attempts) == 1 for one in said) and wire.counted() == 20
    assert len(wire.slack.posts(wire.slack.direct("UAGENT").id)) == 1, "the answer too"
    warned = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING and not of_the_timer(r)]
    assert not warned and not tracebacks(caplog)


async def test_a_stop_amid_outages_is_quiet(sockets: Wire, caplog: pytest.LogCaptureFixture) -> None:
    async with sockets.up(silence=0.1):
        sockets.slack.sockets.refusing = True
        sockets.slack.sockets.cut()
        await asyncio.sleep(0.3)
    assert not tracebacks(caplog) and not [r for r in caplog.records if r.name == "asyncio"]


async def test_nothing_that_people_wrote_stands_in_a_log(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("slack_bolt", "slack_sdk", "aiohttp", "kasuhara", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    slack, wrong = wire.slack, "植えた言葉"
    slack.workspace.users["UCUST"].name = "植木花子"
    async with wire.up():
        slack.faults.on("users.info", faults.refused("fatal_error", note=wrong), faults.down(500))
        for number in range(20):
            await slack.user("UCUST").says(f"{wrong}{number}", "support")
        await slack.user("UAGENT").types("/kasuhara", f"報告 {wrong}と言われた", "random")
        await slack.user("UAGENT").types("/kasuhara", f"{wrong}", "random")
        await slack.user("UAGENT").tells_bot(f"報告 {wrong}")
        slack.mails("support", "ueki@customer.test", wrong, wrong, "植木花子", partial=True)
        wire.house.one("ALTER TABLE messages RENAME TO hidden")
        slack.courier.patience, slack.courier.retries = 0.3, ()
        await slack.user("UCUST").says(f"{wrong} 失敗", "support")
        await slack.courier.send(Delivery(EVENTS, {"type": wrong, "event": {"type": wrong, "text": wrong}}))
        await slack.courier.send(Delivery(ACTIONS, {"type": wrong, "user": {"id": "UAGENT"}, "text": wrong}))
        wire.house.one("ALTER TABLE hidden RENAME TO messages")
        if slack.sockets.open:
            slack.sockets.cut()
        await asyncio.sleep(0.3)
    secrets = (wrong, "植木", "ueki@", slack.app.bot_token, slack.app.app_token, slack.app.signing_secret, "ticket=")
    written = [f"{r.name} {r.getMessage()} {r.exc_text or ''} {r.exc_info or ''}" for r in caplog.records]
    assert len(written) > 20
    assert not [line[:300] for line in written if any(secret in line for secret in secrets)]


@pytest.mark.rule("slack-6")
async def test_too_many_connections_and_a_link_switched_off_are_not_hammered(sockets: Wire) -> None:
    slack = sockets.slack
    async with contextlib.AsyncExitStack() as others:
        http = await others.enter_async_context(aiohttp.ClientSession())
        for _ in range(9):
            await others.enter_async_context(http.ws_connect(slack.sockets.ticket()))
        async with sockets.up(sockets=1):
            await asyncio.sleep(1.0)
            assert len(slack.sockets.open) == 10, "one of the two found room"
            assert len(slack.record.of("apps.connections.open")) <= 6


async def test_socket_mode_switched_off_and_on_again(sockets: Wire) -> None:
    slack = sockets.slack
    async with sockets.up():
        await slack.sockets.disable()
        await asyncio.sleep(0.5)
        assert not slack.sockets.open and len(slack.record.of("apps.connections.open")) < 10
        slack.user("UCUST").says("その間に", "support")
        slack.sockets.refusing = False
        await slack.until(lambda: sockets.counted() == 1)
