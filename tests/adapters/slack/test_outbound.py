"""What reaches Slack and what does not: on the wire, against the local Slack, through the real Courier."""

import asyncio
import functools
import logging
import sys
import time as machine
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import test_wording as told
from company import PEOPLE, Company, team
from conftest import Town
from harness import START, Harness, opened, sqlite_url
from slack import LocalSlack, User, faults, town
from slack.limits import Rate
from slack.message import Message
from slack.user import Kind
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import Pace
from adapters.chat import picture as drawing
from adapters.chat.posting import Posting
from adapters.slack.calls import NEVER, TOKEN, Calls, failure
from adapters.slack.layout import Message as Page
from adapters.slack.outbound import FRESH, SlackVoice, posting
from adapters.slack.people import Me, People
from adapters.wording.posted import LOST
from bot.delivery import Courier, Courtesy
from bot.domain.errors import DeliveryFailed
from bot.domain.model import Destination, MessageRef, PingState, Priority, Severity
from bot.domain.notices import DigestReady, IncidentNoted, Letter, PingOpened, PingSettled, Post, Posted

ALERT, LEADS = "slack:TOWN:GALERT", "slack:TOWN:GLEADS"
ONE, TWO = "slack:TOWN:USUPER1", "slack:TOWN:USUPER2"
OPENED, SETTLED = PingOpened(told.CALLED), PingSettled(told.ACKED)


def wide(length: int) -> IncidentNoted:
    """A card of several pages; nothing but a team's own name makes one."""
    return IncidentNoted(replace(told.THREAT, team="長" * length), other_team=True)


AGAIN = "【再送】"


@dataclass
class Ticks:
    """Seconds that only a test lets pass."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Wire:
    """A chat of ours at a local Slack."""

    slack: LocalSlack
    chat: Posting[Page]
    people: People
    ticks: Ticks
    listed: set[str]
    """Whom teams list."""

    def letter(self, notice: Posted = OPENED, *called: str, key: str = "ping:7:0", **facts: Any) -> Letter:
        to = facts.pop("to", Destination(ALERT, called))
        edits = facts.pop("edits", "")
        round = "ping:7" if isinstance(notice, PingOpened) else ""
        post = Post(key=key, lane="customer:5", priority=Priority.PING, to=to, notice=notice, edits=edits, round=round)
        since = datetime.fromtimestamp(self.slack.clock.now(), UTC)
        base = Letter(1, post, "ja", told.QUOTES, None, 1, False, since + timedelta(seconds=30), since=since)
        return replace(base, **facts)

    def keys(self, channel: str = "alert") -> list[str]:
        return [key_of(message) for message in self.slack.posts(channel)]

    def told(self, user: str) -> list[Message]:
        return self.slack.posts(self.slack.direct(user).id)

    async def fails(self, doing: Any) -> DeliveryFailed:
        with pytest.raises(DeliveryFailed) as raised:
            await doing
        return raised.value


def key_of(message: Message) -> str:
    return str((message.metadata or {}).get("event_payload", {}).get("key", ""))


def wired(slack: LocalSlack) -> Wire:
    client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url, timeout=5, retry_handlers=[])
    ticks = Ticks()
    people = People(client, Me("TOWN", slack.app.bot_user, slack.app.bot_id), ticks)
    ours = {f"slack:TOWN:{id}" for id in (*PEOPLE, "UGONE")}

    async def listed() -> frozenset[str]:
        return frozenset(ours)

    voice = SlackVoice(client, people, told.POLICY, listed)
    return Wire(slack, posting(voice, told.POLICY, Pace(0)), people, ticks, ours)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with LocalSlack(town()) as slack:
        slack.clock.ahead = START.timestamp() - machine.time()
        made = wired(slack)
        yield made
        await made.people.close()


# Inside and outside


@pytest.mark.rule("slack-24")
@pytest.mark.parametrize("outsider", ["UGUEST", "UGUEST1", "UCUST", "UCUST2"])
async def test_nothing_into_a_channel_that_an_outsider_can_read(wire: Wire, outsider: str) -> None:
    wire.slack.channel("alert").members.append(outsider)
    failed = await wire.fails(wire.chat.post(wire.letter()))
    assert (failed.reason, failed.permanent) == ("outsiders", True)
    failed = await wire.fails(wire.chat.edit(wire.letter(ref=MessageRef(ALERT, "1.0"))))
    assert (failed.reason, failed.permanent) == ("outsiders", True)
    failed = await wire.fails(wire.chat.post(wire.letter(to=Destination("", (f"slack:TOWN:{outsider}",)))))
    assert (failed.reason, failed.permanent) == ("outsiders", True)
    assert not wire.slack.posts()


@pytest.mark.rule("slack-26")
async def test_a_channel_that_becomes_shared_stops_within_one_post_even_without_its_event(wire: Wire) -> None:
    await wire.chat.post(wire.letter(key="ping:1:0"))
    wire.slack.channel("alert").shared_with.append("TCUST")  # the event is lost
    let_in = 0
    for number in range(2, 12):
        wire.ticks.now += 1.0  # the pace of one channel
        try:
            await wire.chat.post(wire.letter(key=f"ping:{number}:0"))
            let_in += 1
        except DeliveryFailed as failed:
            assert (failed.reason, failed.permanent) == ("outsiders", True)
    assert let_in <= 1
    assert len(wire.slack.record.of("conversations.info")) <= 11, "asked at most once for each post"


async def test_a_guest_who_joins_is_noticed_when_the_event_comes(wire: Wire) -> None:
    await wire.chat.post(wire.letter())
    wire.slack.user("UGUEST").joins("alert")
    wire.people.forget("GALERT", "UGUEST")
    failed = await wire.fails(wire.chat.post(wire.letter(key="ping:8:0")))
    assert failed.reason == "outsiders" and len(wire.slack.posts("alert")) == 1


async def test_a_person_who_became_a_guest_gets_no_edit(wire: Wire) -> None:
    direct = Destination("", (ONE,))
    ref = await wire.chat.post(wire.letter(to=direct))
    wire.slack.workspace.users["USUPER1"].kind = Kind.GUEST
    wire.people.forget(person="USUPER1")
    failed = await wire.fails(wire.chat.edit(wire.letter(SETTLED, to=direct, ref=ref)))
    assert (failed.reason, failed.permanent) == ("outsiders", True)


@pytest.mark.parametrize("flag", ["is_org_shared", "is_pending_ext_shared", "is_ext_shared", "is_shared"])
async def test_every_way_of_sharing_counts(wire: Wire, flag: str) -> None:
    """On Grid a channel of the whole organisation, too: who of the sister workspaces is ours cannot be told."""
    answer = {"ok": True, "channel": {"id": "GALERT", "is_group": True, flag: True}}
    wire.slack.faults.on("conversations.info", faults.Fault(flag, body=answer))
    failed = await wire.fails(wire.chat.post(wire.letter()))
    assert (failed.reason, failed.permanent) == ("outsiders", True)


async def test_a_channel_of_many_posts_is_asked_about_once_at_a_time(wire: Wire) -> None:
    await asyncio.gather(*(wire.chat.post(wire.letter(key=f"ping:{n}:0")) for n in range(8)))
    assert len(wire.slack.record.of("conversations.info")) == 1
    assert FRESH > 1.0, "every second post of a busy channel asks: thirty a minute of the fifty allowed"


async def test_a_call_goes_directly_when_nobody_can_tell_who_reads_the_channel(wire: Wire) -> None:
    wire.slack.faults.on("conversations.info", *[faults.down(503)] * 3)
    failed = await wire.fails(wire.chat.post(wire.letter(OPENED, ONE)))
    assert (failed.reason, failed.permanent, failed.doubtful) == ("unreachable", False, False), "once is a hiccup"
    failed = await wire.fails(wire.chat.post(wire.letter(OPENED, ONE, attempt=2)))
    assert (failed.reason, failed.permanent) == ("unchecked", True)
    failed = await wire.fails(wire.chat.post(wire.letter(DigestReady(told.QUIET_WEEK), attempt=9)))
    assert not failed.permanent, "what calls nobody can wait"
    assert not wire.slack.posts()


async def test_a_call_waits_while_all_of_slack_is_down(wire: Wire) -> None:
    wire.slack.faults.on("*", *[faults.down(500)] * 50)
    failed = await wire.fails(wire.chat.post(wire.letter(OPENED, ONE, attempt=5)))
    assert (failed.reason, failed.permanent) == ("unreachable", False), "directly would not go either"


async def test_a_rate_limit_of_the_check_is_waited_for_unless_it_is_long(wire: Wire) -> None:
    wire.slack.faults.on("conversations.info", faults.busy(4))
    failed = await wire.fails(wire.chat.post(wire.letter(OPENED, ONE, attempt=2)))
    assert (failed.reason, failed.retry_after, failed.permanent) == ("busy", 4.0, False)
    fresh = wired(wire.slack)
    wire.slack.faults.on("conversations.info", faults.busy(60))
    failed = await wire.fails(fresh.chat.post(wire.letter(OPENED, ONE, attempt=2)))
    assert (failed.reason, failed.permanent) == ("unchecked", True)
    await fresh.people.close()


# What Slack answers


@pytest.mark.rule("slack-30")
@pytest.mark.parametrize("word", sorted(NEVER))
async def test_what_never_works_is_permanent(wire: Wire, word: str) -> None:
    wire.slack.faults.on("chat.postMessage", faults.refused(word))
    failed = await wire.fails(wire.chat.post(wire.letter()))
    assert failed.permanent and not failed.doubtful
    assert failed.reason in LOST | {"gone"}, "gone needs words of its own in card.lost"


@pytest.mark.parametrize("word", [*sorted(TOKEN), "fatal_error", "internal_error", "some_word_of_next_year", "あ <b>"])
async def test_every_other_word_is_tried_again(wire: Wire, word: str, caplog: pytest.LogCaptureFixture) -> None:
    wire.slack.faults.on("chat.postMessage", faults.refused(word))
    failed = await wire.fails(wire.chat.post(wire.letter()))
    assert not failed.permanent and failed.retry_after is None
    assert failed.doubtful is (word not in TOKEN), "what is unclear is looked up before it is said again"
    assert "あ" not in caplog.text and "返事" not in caplog.text
    await wire.chat.post(wire.letter(attempt=2))


@pytest.mark.parametrize(
    ("fault", "doubtful"),
    [(faults.down(503), True), (faults.cut(), True), (faults.lost(), True), (faults.down(502, carried_out=True), True)],
)
async def test_a_broken_answer_leaves_a_doubt(wire: Wire, fault: faults.Fault, doubtful: bool) -> None:
    wire.slack.faults.on("chat.postMessage", fault)
    failed = await wire.fails(wire.chat.post(wire.letter()))
    assert (failed.permanent, failed.retry_after, failed.doubtful) == (False, None, doubtful)
    found = await wire.chat.find(wire.letter(doubtful=True))
    assert (found is not None) is fault.carried_out


def test_an_answer_without_sense_is_tried_again() -> None:
    for response in ({"ok": False}, None, "nonsense", b""):
        failed = failure(SlackApiError("no", response))
        assert not failed.permanent and failed.reason == "unreachable"


@pytest.mark.rule("slack-11")
async def test_retry_after_is_kept_for_the_channel_and_not_for_others(wire: Wire) -> None:
    wire.slack.faults.on("chat.postMessage", faults.busy(30))
    failed = await wire.fails(wire.chat.post(wire.letter()))
    assert (failed.reason, failed.retry_after, failed.doubtful) == ("busy", 30.0, False)
    failed = await wire.fails(wire.chat.post(wire.letter(key="ping:8:0")))
    assert 28 < (failed.retry_after or 0) <= 30 and len(wire.slack.record.of("chat.postMessage")) == 1
    await wire.chat.post(wire.letter(key="ping:9:0", to=Destination(LEADS)))
    assert wire.keys("leads") == ["ping:9:0"]


async def test_retry_after_without_a_number_is_a_second() -> None:
    calls = Calls()

    class Answer:
        status_code, headers, data = 429, {"Retry-After": "soon"}, {"ok": False, "error": "ratelimited"}

    async def method() -> None:
        raise SlackApiError("no", Answer())

    with pytest.raises(DeliveryFailed) as raised:
        await calls(method)
    assert raised.value.retry_after == 1.0


@pytest.mark.parametrize(
    ("user", "reason"), [("UGONE", "deactivated"), ("UNOBODY", "deactivated"), ("URELAY", "outsiders")]
)
async def test_who_cannot_be_written_to_is_left_at_once(wire: Wire, user: str, reason: str) -> None:
    failed = await wire.fails(wire.chat.post(wire.letter(to=Destination("", (f"slack:TOWN:{user}",)))))
    assert (failed.reason, failed.permanent) == (reason, True)


async def test_whom_no_team_lists_any_more_gets_no_card_and_no_edit_of_one(wire: Wire) -> None:
    direct = Destination("", (ONE,))
    ref = await wire.chat.post(wire.letter(OPENED, to=direct))
    wire.listed.remove(ONE)
    for doing in (
        wire.chat.post(wire.letter(OPENED, to=direct, key="ping:8:0")),
        wire.chat.edit(wire.letter(SETTLED, to=direct, key="ping:7:0@1", edits="ping:7:0", ref=ref)),
    ):
        failed = await wire.fails(doing)
        assert (failed.reason, failed.permanent) == ("outsiders", True)
    (card,) = wire.told("USUPER1")
    assert not card.edited


async def test_an_archived_channel_is_left_at_once(wire: Wire) -> None:
    failed = await wire.fails(wire.chat.post(wire.letter(to=Destination("slack:TOWN:COLD"))))
    assert (failed.reason, failed.permanent) == ("archived", True)


# Edits


async def test_an_edit_changes_the_message_and_rings_nobody(wire: Wire) -> None:
    ref = await wire.chat.post(wire.letter(OPENED, ONE))
    before = len(wire.slack.posts())
    await wire.chat.edit(wire.letter(SETTLED, ONE, key="ping:7:0@1", edits="ping:7:0", ref=ref))
    (card,) = wire.slack.posts("alert")
    assert card.edited and "鈴木" in card.words and key_of(card) == "ping:7:0"
    assert len(wire.slack.posts()) == before, "nobody is told anything new"


@pytest.mark.parametrize("word", ["message_not_found", "cant_update_message", "cant_update", "edit_window_closed"])
async def test_an_edit_that_slack_refuses_is_given_up(wire: Wire, word: str) -> None:
    ref = await wire.chat.post(wire.letter())
    wire.slack.faults.on("chat.update", faults.refused(word))
    failed = await wire.fails(wire.chat.edit(wire.letter(SETTLED, ref=ref)))
    assert failed.permanent and failed.reason in {"gone", "forbidden"}


async def test_an_edit_of_a_deleted_card_is_given_up(wire: Wire) -> None:
    ref = await wire.chat.post(wire.letter())
    wire.slack.news.removed(wire.slack.posts("alert")[0])
    failed = await wire.fails(wire.chat.edit(wire.letter(SETTLED, ref=ref)))
    assert (failed.permanent, failed.reason) == (True, "gone")


async def test_an_edit_changes_the_pages_in_the_thread(wire: Wire) -> None:
    ref = await wire.chat.post(wire.letter(wide(20_000), key="incident:9"))
    thread = wire.slack.channel("alert").thread
    assert len(thread(ref.id)) == 3
    for length, pages, attempt in ((12_000, 2, 1), (20_000, 3, 1), (20_000, 3, 2), (500, 1, 1), (12_000, 2, 1)):
        edit = wire.letter(wide(length), key="incident:9@1", edits="incident:9", ref=ref, attempt=attempt)
        await wire.chat.edit(edit)
        assert [key_of(page) for page in thread(ref.id)] == [
            "incident:9",
            *(f"incident:9/{n + 2}" for n in range(pages - 1)),
        ]
        assert pages == 1 or all(f"({n}/{pages})" in page.words for n, page in enumerate(thread(ref.id), 1))
    wire.chat._single.clear()  # another process
    await wire.chat.edit(wire.letter(wide(500), key="incident:9@2", edits="incident:9", ref=ref))
    assert len(thread(ref.id)) == 1, "no word stays that the card no longer says"
    read = len(wire.slack.record.of("conversations.replies"))
    await wire.chat.edit(wire.letter(wide(400), key="incident:9@3", edits="incident:9", ref=ref))
    assert len(wire.slack.record.of("conversations.replies")) == read, "what is known is not read again"


# Looking for what went out


async def test_an_own_message_is_found_far_back_in_a_busy_channel(wire: Wire) -> None:
    letter = wire.letter()
    ref = await wire.chat.post(letter)
    for number in range(450):
        wire.slack.history("alert", ("UAGENT", f"おしゃべり {number}"))
    assert await wire.chat.find(letter) == ref
    assert len(wire.slack.record.of("conversations.history")) == 3
    wire.slack.limits.page = 15  # a distributed app gets no more at once
    assert await wire.chat.find(letter) == ref
    assert await wire.chat.find(wire.letter(key="ping:70:0")) is None
    wire.slack.pages_forward = True
    assert await wire.chat.find(letter) == ref


async def test_an_own_message_is_found_in_a_direct_channel(wire: Wire) -> None:
    letter = wire.letter(to=Destination("", (ONE,)))
    ref = await wire.chat.post(letter)
    assert await wire.chat.find(letter) == ref and ref.channel.startswith("slack:TOWN:D")


async def test_a_key_that_only_begins_alike_is_another_post(wire: Wire) -> None:
    for key in ("ping:7:01", "ping:7:0+direct0", "ping:7:0/2"):
        await wire.chat.post(wire.letter(key=key))
    assert await wire.chat.find(wire.letter()) is None


async def test_what_is_critical_keeps_its_place_in_a_full_channel(wire: Wire) -> None:
    wire.chat._pace = Pace(0.1, patience=0.15)
    letters = [wire.letter(key=f"ping:{n}:0") for n in range(5)]
    letters[4] = replace(letters[4], post=replace(letters[4].post, priority=Priority.CRITICAL))
    told = await asyncio.gather(*map(wire.chat.post, letters), return_exceptions=True)
    assert [isinstance(one, DeliveryFailed) for one in told] == [False, False, True, True, False]


async def test_only_what_cannot_be_ruled_out_is_labelled(wire: Wire) -> None:
    doubtful = wire.letter(doubtful=True, attempt=2)
    wire.slack.faults.on("chat.postMessage", faults.lost())
    await wire.fails(wire.chat.post(wire.letter()))
    await wire.chat.post(doubtful)
    assert [AGAIN in m.words for m in wire.slack.posts("alert")] == [False], "it was found after all"
    wire.slack.faults.on("conversations.history", faults.down(503))
    await wire.chat.post(doubtful)
    assert [AGAIN in m.words for m in wire.slack.posts("alert")] == [False, True]


async def test_a_crash_between_pages_sends_no_page_twice(wire: Wire) -> None:
    letter = wire.letter(wide(20_000), key="incident:9", to=Destination(LEADS))
    wire.slack.faults.on("chat.postMessage", None, faults.busy(1))
    failed = await wire.fails(wire.chat.post(letter))
    assert (failed.reason, failed.doubtful, failed.retry_after) == ("busy", True, 1.0), "the first page stands"
    again = replace(letter, doubtful=True, attempt=2)
    wire.slack.faults.on("chat.postMessage", faults.lost())
    assert (await wire.fails(wire.chat.find(again))).doubtful
    await wire.chat.post(again)
    keys = ["incident:9", "incident:9/2", "incident:9/3"]
    assert wire.keys("leads") == keys and not any(AGAIN in message.words for message in wire.slack.posts("leads"))
    assert await wire.chat.find(again) is not None and wire.keys("leads") == keys


# The digest's picture

DRAWN = functools.cache(drawing.draw)
"""Really drawn, but each picture once: that takes a second."""


@pytest.mark.rule("slack-27")
async def test_the_digest_brings_its_picture_once(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "draw", DRAWN)
    letter = wire.letter(DigestReady(told.WEEK), key="digest:x:2026-W48", to=Destination(LEADS))
    ref = await wire.chat.post(letter)
    (picture,) = pictures(wire, ref)
    assert picture["name"] == "digest-2026-W48.png" and wire.slack.files.bodies[picture["id"]].startswith(b"\x89PNG")
    (asked,) = wire.slack.record.of("files.getUploadURLExternal")
    assert "青葉クリニック" in asked.arguments["alt_txt"] and len(asked.arguments["alt_txt"]) <= 1000
    (shared,) = wire.slack.record.of("files.completeUploadExternal")
    assert shared.arguments["channel_id"] == "GLEADS", "by its id, not its name"
    assert not wire.slack.record.of("files.upload"), "gone since 2025-11-12"
    assert await wire.chat.find(replace(letter, doubtful=True)) == ref
    assert len(pictures(wire, ref)) == 1


async def test_no_picture_goes_where_an_outsider_came_in_between(wire: Wire) -> None:
    letter = wire.letter(DigestReady(told.WEEK), key="digest:x:2026-W48", to=Destination(LEADS))
    wire.slack.faults.on("chat.postMessage", faults.lost())
    await wire.fails(wire.chat.post(letter))
    wire.slack.channel("leads").shared_with.append("TCUST")
    wire.ticks.now += FRESH
    again = replace(letter, doubtful=True, attempt=2)
    assert (await wire.fails(wire.chat.find(again))).reason == "outsiders"
    assert (await wire.fails(wire.chat.post(again))).permanent
    assert not wire.slack.record.of("files.getUploadURLExternal") and len(wire.slack.posts("leads")) == 1


async def test_a_picture_that_takes_too_long_does_not_stop_the_digest(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "TOGETHER", 0.2)
    ref = await wire.chat.post(wire.letter(DigestReady(told.WEEK), to=Destination(LEADS)))
    assert ref.id and not pictures(wire, ref)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_a_picture_that_fails_does_not_stop_the_digest(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(drawing, "draw", DRAWN)
    wire.slack.faults.on(method, faults.down(503))
    letter = wire.letter(DigestReady(told.WEEK), key="digest:x:2026-W48", to=Destination(LEADS))
    ref = await wire.chat.post(letter)
    assert wire.keys("leads")[0] == "digest:x:2026-W48" and not pictures(wire, ref)


async def test_a_week_without_anybody_near_has_no_picture(wire: Wire) -> None:
    await wire.chat.post(wire.letter(DigestReady(told.QUIET_WEEK), to=Destination(LEADS)))
    assert not wire.slack.record.of("files.getUploadURLExternal")


def pictures(wire: Wire, ref: MessageRef) -> list[dict[str, Any]]:
    return [file for message in wire.slack.channel("leads").thread(ref.id) for file in message.files]


# Those who are called


async def test_who_is_called_in_the_channel_is_told_directly_with_a_link_once(wire: Wire) -> None:
    letter = wire.letter(OPENED, ONE, TWO)
    ref = await wire.chat.post(letter)
    link = wire.slack.workspace.permalink(wire.slack.posts("alert")[0])
    for user in ("USUPER1", "USUPER2"):
        (line,) = wire.told(user)
        assert link in line.text and "青葉クリニック" in line.text and not line.pings
        assert key_of(line) == f"ping:7:0:dm:{user}"
    assert await wire.chat.find(replace(letter, doubtful=True)) == ref
    assert len(wire.told("USUPER1")) == 1
    assert not wire.slack.crawled


async def test_a_direct_line_that_a_crash_left_out_is_made_up_for(wire: Wire) -> None:
    wire.slack.faults.on("chat.postMessage", faults.lost())
    await wire.fails(wire.chat.post(wire.letter(OPENED, ONE)))
    assert not wire.told("USUPER1")
    await wire.chat.find(wire.letter(OPENED, ONE, doubtful=True, attempt=2))
    assert len(wire.told("USUPER1")) == 1


async def test_a_copy_in_the_channel_brings_no_second_direct_line(wire: Wire) -> None:
    letter = wire.letter(OPENED, ONE)
    await wire.chat.post(letter)
    wire.slack.faults.on("conversations.history", faults.down(503))
    await wire.chat.post(replace(letter, doubtful=True, attempt=2))
    assert len(wire.keys()) == 2 and len(wire.told("USUPER1")) == 1


@pytest.mark.parametrize("method", ["chat.getPermalink", "conversations.open"])
async def test_a_direct_line_never_fails_the_post(wire: Wire, method: str) -> None:
    wire.slack.faults.on(method, faults.down(500))
    await wire.chat.post(wire.letter(OPENED, ONE, "slack:TOWN:UGONE", "discord:1:2"))
    assert wire.keys() == ["ping:7:0"] and not wire.told("USUPER1")


async def test_a_hostile_name_calls_nobody_in_the_direct_line(wire: Wire) -> None:
    for number, name in enumerate(("<!channel> <@UBOSS>", "*_~`>|<https://evil.example|x>", "\u202e" + "悪" * 200)):
        facts = replace(told.CALLED, incident=replace(told.THREAT, customer=name))
        await wire.chat.post(wire.letter(PingOpened(facts), ONE, key=f"ping:{number}:0"))
    assert len(wire.told("USUPER1")) == 3 and not any(line.pings for line in wire.told("USUPER1"))
    assert not wire.slack.crawled and not wire.slack.record.refusals


async def test_who_rests_or_has_gone_is_named_as_unheard(wire: Wire) -> None:
    wire.slack.user("USUPER1").rests(600)
    wire.slack.user("USUPER2").rests(600, begins_in=60)
    letter = wire.letter(OPENED, ONE, TWO, "slack:TOWN:UGONE", "slack:TOWN:UADMIN")
    ref = await wire.chat.post(letter)
    assert await wire.chat.unheard(letter, ref) == (ONE, "slack:TOWN:UGONE")
    wire.slack.faults.on("dnd.info", *[faults.down(503)] * 4)
    assert await wire.chat.unheard(letter, ref) == ("slack:TOWN:UGONE",), "who cannot be asked about counts as reached"


# Through the real Courier


@dataclass
class Story:
    """A house whose Courier brings everything to the local Slack."""

    wire: Wire
    house: Harness
    courier: Courier

    async def brings(self, minutes: float = 30) -> None:
        """Bring what waits, our clock moving from one try to the next; Slack's stays."""
        for _ in range(int(minutes * 12)):
            while await self.courier.run_once():
                pass
            with self.house.database.read() as uow:
                if not uow.outbox.waiting():
                    return
            self.house.clock.advance(seconds=5)

    def notes(self, action: str) -> int:
        return self.house.one("SELECT count(*) FROM audit WHERE action = :action", action=action)


@pytest.fixture
async def story(wire: Wire, tmp_path: Path) -> AsyncIterator[Story]:
    async with opened(sqlite_url(tmp_path)) as house:
        courier = Courier(house.intake.write, {"slack": wire.chat}, house.clock, house.intake.submit, Courtesy())
        yield Story(wire, house, courier)


async def sends(story: Story, many: int, seed: int) -> tuple[Counter[str], int]:
    """So many calls while answers get lost; how often each key stands in the channel, and how many are labelled."""
    random, slack = Random(seed), story.wire.slack
    wrong = (faults.lost(), faults.lost(), faults.cut(), faults.down(503), faults.down(502, carried_out=True))
    slack.faults.rolled(seed, "chat.postMessage", *wrong, worse=0.5)
    slack.faults.rolled(seed + 1, "conversations.history", faults.down(503), faults.cut(), worse=0.3)
    posts = [
        Post(
            key=f"ping:{n}:0", lane=f"customer:{n}", priority=random.choice([*Priority]), to=Destination(ALERT),
            notice=PingOpened(replace(told.CALLED, ping_id=n)), round=f"ping:{n}",
        )
        for n in range(many)
    ]  # fmt: skip
    await story.house.intake.write(lambda uow: [uow.outbox.put(post, story.house.clock.now) for post in posts])
    await story.brings()
    cards = slack.posts("alert")
    plain = Counter(key_of(card) for card in cards if AGAIN not in card.words)
    assert max(plain.values()) == 1, "copies are labelled"
    return Counter(map(key_of, cards)), sum(AGAIN in card.words for card in cards)


async def test_posts_with_lost_answers_are_all_there_and_copies_are_labelled(story: Story) -> None:
    found, labelled = await sends(story, 40, 7)
    assert found.keys() == {f"ping:{n}:0" for n in range(40)}
    assert sum(found.values()) - 40 <= labelled


@pytest.mark.rule("slack-11")
async def test_slack_never_has_to_say_no(story: Story) -> None:
    """A channel's own rate, ten times as fast: what cannot go at once comes back, and nothing is refused or doubted."""
    slack = story.wire.slack
    slack.limits.rates = {"chat.postMessage": Rate(1, 0.1, by_channel=True)}
    story.wire.chat._pace = Pace(0.15, patience=0.45)
    posts = [
        Post(f"ping:{n}:0", f"customer:{n}", Priority.CRITICAL if n > 9 else Priority.PING, Destination(ALERT), OPENED)
        for n in range(12)
    ]
    await story.house.intake.write(lambda uow: [uow.outbox.put(post, story.house.clock.now) for post in posts])
    await story.brings()
    keys = story.wire.keys()
    assert sorted(keys) == sorted(post.key for post in posts)
    assert {"ping:10:0", "ping:11:0"} <= set(keys[:6]), "what is critical goes first"
    assert [call.status for call in slack.record.of("chat.postMessage")] == [200] * 12
    assert not slack.record.of("conversations.history"), "nothing was in doubt"


@pytest.mark.soak
async def test_two_hundred_posts_with_lost_answers(story: Story) -> None:
    found, labelled = await sends(story, 200, 11)
    copies, wrong = sum(found.values()) - 200, len(story.wire.slack.faults.taken)
    counts = f"faults={wrong} copies={copies} labelled={labelled} lost={200 - len(found)}"
    sys.stdout.write(f"\nlost answers: seed=11 posts=200 {counts}\n")
    assert len(found) == 200 and sum(found.values()) - 200 <= labelled


async def company(story: Story, **facts: Any) -> Company:
    made = await Company(story.house).opens(team(alert=ALERT, leads=LEADS))
    await made.reports("怒鳴られた", **facts)
    return made


async def test_a_shared_alert_channel_sends_the_call_directly(story: Story) -> None:
    slack = story.wire.slack
    slack.channel("alert").shared_with.append("TCUST")
    made = await company(story, severity=Severity.HIGH)
    await story.brings(1)
    assert not slack.posts("alert")
    (card,) = [message for message in story.wire.told("USUPER1") if message.blocks and "ack" in message.buttons]
    assert key_of(card) == "ping:1:0+direct0"
    await made.acknowledges()
    await story.brings(1)
    assert "resolve" in str(slack.posts(slack.direct("USUPER1").id)), "the direct card goes on living"


@pytest.mark.rule("slack-26")
async def test_a_channel_that_is_shared_while_we_live_sends_the_call_directly(here: Town) -> None:
    """Over both modes, through the real Bolt app."""
    slack = here.slack
    await here.company.reports("怒鳴られた", severity=Severity.HIGH)
    await slack.until(lambda: slack.cards("alert"))
    slack.workspace.channels["GALERT"].members.append("UCUST")
    slack.news.shared(slack.channel("alert"), "TCUST")
    await slack.settled()
    before = [(message.ts, message.edited) for message in slack.posts("alert")]
    slack.clock.passes(301)
    direct = slack.direct("USUPER2").id
    await slack.until(lambda: any("ack" in message.buttons for message in slack.posts(direct)))
    assert [(message.ts, message.edited) for message in slack.posts("alert")] == before


async def test_a_failing_check_sends_the_call_directly(story: Story) -> None:
    slack = story.wire.slack
    slack.faults.on("conversations.info", *[faults.down(503)] * 100)
    made = await company(story, severity=Severity.HIGH)
    await story.brings(0.5)
    assert not slack.posts("alert") and made.ping().state is PingState.TRIGGERED
    assert "ping:1:0+direct0" in [key_of(message) for message in story.wire.told("USUPER1")]


@pytest.mark.parametrize("how", ["archived", "not_in_channel"])
async def test_a_closed_alert_channel_sends_the_call_directly(story: Story, how: str) -> None:
    channel = story.wire.slack.channel("alert")
    channel.archived = how == "archived"
    if how == "not_in_channel":
        channel.members.remove(story.wire.slack.app.bot_user)
    await company(story, severity=Severity.HIGH)
    await story.brings(1)
    assert any("ack" in message.buttons for message in story.wire.told("USUPER1"))


async def test_a_deleted_card_is_told_once(story: Story) -> None:
    slack = story.wire.slack
    made = await company(story, severity=Severity.HIGH)
    await story.brings(1)
    slack.news.removed(slack.posts("alert")[0])
    await made.acknowledges()
    await story.brings(1)
    await made.resolves()
    await story.brings(1)
    lost = [m for m in story.wire.told("UADMIN") if "控え" in m.words]
    assert len(lost) == 1, [m.words for m in lost]


async def test_nothing_that_a_person_wrote_is_logged(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    wire.slack.faults.on("chat.postMessage", faults.lost(), faults.refused("invalid_blocks"))
    for _ in range(3):
        try:
            await wire.chat.post(wire.letter(OPENED, ONE))
        except DeliveryFailed:
            continue
    for word in ("返事", "青葉", "鈴木", "xoxb"):
        assert word not in caplog.text


def test_the_town_has_every_kind_of_outsider() -> None:
    kinds = {user.kind for user in town().users.values() if isinstance(user, User) and user.is_outsider}
    assert kinds == {Kind.GUEST, Kind.SINGLE_GUEST, Kind.STRANGER}
