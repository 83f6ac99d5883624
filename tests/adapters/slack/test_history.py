"""What was said while nobody listened is read back: channels and threads, at Slack's pace, once each."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack import Plan, faults
from slack.limits import Rate
from wire import Wire, wired

from adapters.chat import gaps
from bot.domain.model import PingState

LOST = Plan(lost=True)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path) as made:
        yield made


@pytest.mark.rule("slack-8", "slack-19")
@pytest.mark.parametrize("forward", [False, True])
@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_start_reads_channels_and_threads_that_moved(tmp_path: Path, mode: str, *, forward: bool) -> None:
    async with wired(mode, tmp_path) as wire:
        slack = wire.slack
        slack.pages_forward, slack.limits.page = forward, 7
        customer = slack.user("UCUST")
        async with wire.up():
            old = await customer.says("三日前の質問", "support", ago=3 * 86_400.0)
            quiet = await customer.says("静かな件", "support", ago=2 * 86_400.0)
        slack.courier.plan = lambda _: LOST
        for number in range(30):
            customer.says(f"留守中 {number}", "support")
        for number in range(20):
            customer.replies(old, f"続き {number}")
        slack.courier.plan = lambda _: Plan()
        async with wire.up(catches_up=True):
            await slack.until(lambda: wire.counted() == 52, 20)
            asked = [call.arguments["ts"] for call in slack.record.of("conversations.replies")]
            assert set(asked) == {old.ts} and quiet.ts not in asked
            await customer.says("また届く", "support")
        async with wire.up(catches_up=True):
            await slack.until(lambda: wire.counted() == 53, 20)
            assert wire.stored() == 53, "read again, stored once"


async def test_new_messages_do_not_make_the_gap_smaller(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        await slack.user("UCUST").says("前", "support", ago=7_200.0)
    slack.courier.plan = lambda _: LOST
    slack.user("UCUST").says("留守中", "support", ago=3_600.0)
    slack.courier.plan = lambda _: Plan()
    async with wire.up():
        await slack.user("UCUST").says("後", "support")
        assert wire.counted() == 2, "this start was killed before it had caught up"
    async with wire.up() as bot:
        await slack.user("UCUST").says("もっと後", "support")
        await bot.caught_up()
        await wire.slack.until(lambda: wire.counted() == 4, 20)


@pytest.mark.rule("slack-8", "slack-19")
async def test_when_all_sockets_were_gone_the_gap_is_read(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        first = await slack.user("UCUST").says("前", "support")
        slack.clock.passes(1800)
        slack.sockets.refusing = True
        slack.sockets.cut()
        await slack.until(lambda: not slack.sockets.open)
        for number in range(5):
            slack.user("UCUST").replies(first, f"スレッドで {number}")
            slack.user("UCUST").says(f"チャンネルで {number}", "support")
        slack.sockets.refusing = False
        await slack.until(lambda: wire.counted() == 11)
        assert all(not d.attempts for d in slack.courier.deliveries[-10:])


@pytest.mark.rule("slack-3")
async def test_what_slack_held_back_is_read(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        slack.courier.plan = lambda one: LOST if one.payload["type"] == "event_callback" else Plan()
        slack.user("UCUST").says("多すぎて届かない", "support")
        await slack.news.rate_limited()
        await slack.until(lambda: wire.counted() == 1)


@pytest.mark.rule("slack-11", "slack-12")
async def test_slack_says_wait_and_we_wait(wire: Wire) -> None:
    slack = wire.slack
    slack.history("support", *(("UCUST", f"質問 {n}") for n in range(30)), ago=600.0)
    slack.limits.page = 15
    slack.faults.on("conversations.history", faults.busy(1), None, faults.busy(1))
    began = slack.clock.now()
    async with wire.up(catches_up=True):
        assert wire.counted() == 30 and slack.clock.now() - began >= 2.0
    refused = [call.at for call in slack.record.of("conversations.history") if call.status == 429]
    later = [call.at for call in slack.record.of("conversations.history") if call.at > refused[0]]
    assert len(refused) == 2 and later[0] - refused[0] >= 0.99


async def test_the_allowed_rate_is_kept(wire: Wire) -> None:
    slack = wire.slack
    slack.history("support", *(("UCUST", f"質問 {n}") for n in range(60)), ago=600.0)
    slack.limits.page = 15
    slack.limits.rates["conversations.history"] = Rate(1, 0.15)
    async with wire.up(catches_up=True, history_gap=0.17):
        await wire.slack.until(lambda: wire.counted() == 60, 20)
    assert not [call for call in slack.record.calls if call.status == 429]


async def test_what_cannot_be_read_now_is_read_later(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "AGAIN", (0.05, 0.1))
    slack = wire.slack
    slack.history("support", ("UCUST", "質問"), ago=7_200.0)
    slack.faults.on("conversations.history", faults.down(500), faults.cut(), faults.refused("fatal_error"))
    slack.channel("random").members.remove(slack.app.bot_user)
    async with wire.up(catches_up=True):
        await slack.until(lambda: wire.counted() == 1)
        await asyncio.sleep(0.3)
    closed = [call for call in slack.record.of("conversations.history") if call.error == "not_in_channel"]
    assert len(closed) == 1, "a channel that we are not in is not asked again and again"


async def test_edits_and_deletions_of_the_gap_are_kept(wire: Wire) -> None:
    slack, customer = wire.slack, wire.slack.user("UCUST")
    async with wire.up():
        edited = await customer.says("返金してください", "support")
        parent = await customer.says("消すつもり", "support")
        customer.replies(parent, "続き")
        live = await customer.says("もとの言葉", "support")
        await customer.edits(live, "直した言葉")
        await slack.settled()
    slack.courier.plan = lambda _: LOST
    customer.edits(edited, "今すぐ全額返金しろ")
    customer.deletes(parent)
    slack.courier.plan = lambda _: Plan()
    before = wire.stored()
    async with wire.up(catches_up=True):
        assert wire.counted() == 4 and wire.stored() == before + 1, "one wording more"
        assert wire.house.one("SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL") == 1


async def test_an_old_burst_of_a_gap_calls_nobody_but_is_listed(wire: Wire) -> None:
    slack = wire.slack
    for ago in (7_500.0, 7_400.0, 7_300.0):
        slack.history("support", ("UCUST", "返事しろ。いつまで待たせるんだ"), ago=ago)
    async with wire.up(catches_up=True):
        story = await wire.house.only()
        await asyncio.sleep(0.3)
        assert story.detection.count == 3 and wire.company.pings() == []


async def test_a_fresh_burst_of_a_gap_still_calls(wire: Wire) -> None:
    slack = wire.slack
    for ago in (300.0, 200.0, 100.0, 60.0, 40.0, 20.0):
        slack.history("support", ("UCUST", "返事しろ。いつまで待たせるんだ"), ago=ago)
    async with wire.up(catches_up=True):
        await slack.until(lambda: slack.cards("alert"))
        assert wire.company.ping().state is PingState.TRIGGERED
        assert "障害後に回収" in slack.cards("alert")[0].words
