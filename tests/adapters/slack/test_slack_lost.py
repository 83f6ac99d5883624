"""What Slack brings no more, or never brought, is not lost: it is read from history, or kept until it is committed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from slack import Plan, faults
from wire import Wire, wired

from adapters.chat import gaps, minding
from adapters.slack import connection, sockets
from bot.domain.errors import Refused, StorageGone
from storage.messages import Messages

LOST = Plan(lost=True)
DELETED = "SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "AGAIN", (0.05, 0.1))


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path) as made:
        yield made


@contextlib.contextmanager
def away(wire: Wire) -> Iterator[None]:
    """Nothing can be committed inside the block."""
    wire.house.one("ALTER TABLE messages RENAME TO hidden")
    try:
        yield
    finally:
        wire.house.one("ALTER TABLE hidden RENAME TO messages")


@pytest.mark.rule("slack-1", "slack-8")
@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_what_cannot_be_stored_for_longer_than_slack_tries_is_read(tmp_path: Path, mode: str) -> None:
    async with wired(mode, tmp_path) as wire, wire.up():
        slack, customer = wire.slack, wire.slack.user("UCUST")
        slack.courier.patience, slack.courier.retries = 0.3, (1.0, 1.0, 1.0)
        first = await customer.says("こんにちは", "support")
        second = await customer.says("消すつもり", "support")
        with away(wire):
            said = [customer.says(f"{n} 回目だ", "support") for n in range(2)]
            said.append(customer.replies(first, "スレッドでも言う"))
            said.append(customer.edits(first, "返金しろ"))
            said.append(customer.deletes(second))
            await slack.settled()
            assert [(one.acked, len(one.attempts)) for one in said] == [(False, 4)] * 5
        await slack.until(lambda: wire.counted() == 5 and wire.stored() == 6 and wire.house.one(DELETED) == 1)
        asked = {call.arguments["channel"] for call in slack.record.of("conversations.history")}
        assert asked == {"CSUPPORT"}, "only where something is missing"


@pytest.mark.rule("slack-7", "slack-8")
async def test_when_both_sockets_are_refreshed_amid_an_outage_the_gap_is_read(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        await slack.user("UCUST").says("前", "support")
        slack.faults.on("apps.connections.open", faults.refused("internal_error"), times=1000)
        await slack.sockets.refresh(grace=0.05)
        await slack.until(lambda: not slack.sockets.open)
        said = slack.user("UCUST").says("その間に", "support")
        slack.faults.clear()
        await slack.until(lambda: len(slack.sockets.open) == 2)
        await slack.until(lambda: wire.counted() == 2)
        assert not said.attempts


async def test_an_ordinary_refresh_reads_no_history(wire: Wire) -> None:
    async with wire.up():
        ever = wire.slack.sockets.ever
        await wire.slack.sockets.refresh(grace=5.0)
        await wire.slack.until(lambda: wire.slack.sockets.ever == ever + 2 and len(wire.slack.sockets.open) == 2)
        await asyncio.sleep(0.1)
        assert not wire.slack.record.of("conversations.history")


async def test_a_keeper_that_stumbles_begins_again_and_loses_nothing(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(minding, "AGAIN", (0.05, 0.1))
    over, slack = sockets._Link.over, wire.slack

    async def stumbles(self: sockets._Link, silence: float) -> str:
        ending = await over(self, silence)
        raise RuntimeError(ending)

    monkeypatch.setattr(sockets._Link, "over", stumbles)
    async with wire.up():
        slack.courier.plan = lambda _: LOST
        slack.user("UCUST").says("その間に", "support")
        slack.sockets.cut()
        await slack.until(lambda: caplog.messages.count("minding.died work=socket error=RuntimeError") == 2)
        await slack.until(lambda: len(slack.sockets.open) == 2)
        await slack.until(lambda: wire.counted() == 1)


@pytest.mark.rule("slack-24")
async def test_an_author_whose_name_cannot_be_stored_is_looked_at_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, waiting, tries = wire.slack, Messages.waiting, 0

    def gone(self: Messages, account: str) -> object:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StorageGone("database away")
        return waiting(self, account)

    monkeypatch.setattr(Messages, "waiting", gone)
    slack.faults.on("users.info", faults.down(500))
    async with wire.up():
        await slack.user("UCUST").says("返事しろ", "support")
        assert wire.speakers() == ["unattributed"]
        await slack.until(lambda: wire.speakers() == ["customer"])
        assert tries == 2


@pytest.mark.rule("slack-25")
async def test_a_mails_body_that_cannot_be_stored_is_looked_at_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, add, failed = wire.slack, Messages.add, 0

    def gone(self: Messages, *of: object, **named: object) -> object:
        nonlocal failed
        if wire.slack.record.of("files.info") and len(wire.slack.record.of("files.info")) > 1 and not failed:
            failed += 1
            raise StorageGone("database away")
        return add(self, *of, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Messages, "add", gone)
    async with wire.up():
        slack.faults.on("files.info", faults.down(500))
        await slack.mails("support", "hanako@customer.test", "本文です", "件名", partial=True)
        await slack.until(lambda: wire.stored() == 2)
        assert failed == 1


async def test_somebody_slack_never_tells_of_is_asked_about_ever_more_seldom(wire: Wire) -> None:
    slack = wire.slack
    slack.faults.on("users.info", faults.refused("fatal_error"), times=1000)
    async with wire.up(again=0.05):
        await slack.user("UCUST").says("返事しろ", "support")
        await asyncio.sleep(1.0)
        assert 3 <= len(slack.record.of("users.info")) <= 6, "after 0.05, 0.1, 0.2, 0.4 seconds"


async def test_somebody_slack_does_not_know_is_kept_uncounted_and_hardly_asked_about(wire: Wire) -> None:
    """Not to be found: kept, never counted, looked up again (rules.md 1)."""
    slack = wire.slack
    slack.faults.on("users.info", faults.refused("user_not_found"), times=1000)
    async with wire.up(again=0.05):
        for number in range(3):
            await slack.user("UCUST").says(f"{number} 回目だ", "support")
        await asyncio.sleep(0.3)
        assert wire.speakers() == ["unattributed"] * 3
        assert len(slack.record.of("users.info")) == 1, "the answer is believed for ten minutes"


async def test_slack_says_wait_and_nobody_is_asked_about(wire: Wire) -> None:
    slack = wire.slack
    slack.faults.on("users.info", faults.down(500), faults.busy(2), times=1)
    async with wire.up(again=0.05):
        await slack.user("UCUST").says("返事しろ", "support")
        await slack.until(lambda: len(slack.record.of("users.info")) == 2)
        await asyncio.sleep(0.5)
        assert len(slack.record.of("users.info")) == 2, "for as long as Slack says"


async def test_a_channel_we_are_invited_to_again_is_read_back(wire: Wire) -> None:
    slack, customer = wire.slack, wire.slack.user("UCUST")
    channel, me = slack.channel("support"), slack.app.bot_user
    async with wire.up():
        await customer.says("前", "support")
        await slack.news.left(channel, me).ended.wait()
        slack.clock.passes(3 * 86_400.0)
        customer.says("留守中", "support")
        slack.clock.passes(2 * 86_400.0)
        slack.news.joined(channel, me)
        await slack.until(lambda: wire.counted() == 2)
        await customer.says("後", "support")
        assert wire.counted() == 3


@pytest.mark.rule("slack-3")
async def test_what_slack_holds_back_after_saying_so_is_read_too(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HELD_BACK", 0.4)
    slack = wire.slack
    async with wire.up():
        slack.courier.plan = lambda one: LOST if one.payload["type"] == "event_callback" else Plan()
        slack.user("UCUST").says("多すぎて届かない", "support")
        await slack.news.rate_limited()
        await slack.until(lambda: wire.counted() == 1)
        slack.user("UCUST").says("まだ多すぎる", "support")
        await slack.until(lambda: wire.counted() == 2)


async def test_history_cut_short_is_read_again_and_keeps_no_channel_back(wire: Wire) -> None:
    slack = wire.slack
    slack.history("support", ("UCUST", "一つ目"), ago=60.0)
    slack.history("random", ("UCUST", "二つ目"), ago=60.0)
    slack.faults.on("conversations.history", faults.half())
    async with wire.up(catches_up=True):
        await slack.until(lambda: wire.counted() == 2)


@pytest.mark.parametrize(("method", "key"), [("auth.test", "slack.unreachable"), ("apps.connections.open", "")])
async def test_an_answer_cut_short_at_the_start_is_no_stumble(wire: Wire, method: str, key: str) -> None:
    wire.slack.faults.on(method, faults.half())
    if not key:
        async with wire.up():
            assert len(wire.slack.sockets.open) == 2
        return
    with pytest.raises(Refused, match=key):
        async with wire.up():
            pytest.fail("nobody is there")
