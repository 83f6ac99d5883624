"""Killed with -9 with Slack as the chat: between commit and post, between post and mark; one ping each time."""

import contextlib
import signal
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from outside import LEASE, Outside, key_of, outside
from slack import Message, User, Workspace, faults, town
from slack.record import Call
from slack.user import Kind

AGAIN = "【再送】"
WHAT = ("請求書", "在庫表", "予約台帳", "会員証", "見積書", "勤怠表", "検査結果", "納品書", "診察券", "座席表")
WRONG = ("が開かずに困る", "が二重に出てくる", "の合計が合わない", "が文字化けして読めない", "を昔の形に戻せ")
"""Different matters: many customers with the same one would be an outage of ours."""
LOOKS = 2
"""How often a doubtful post is looked for before it is said again."""
BEFORE, AFTER = "between commit and post", "between post and mark"


@dataclass
class Hunter:
    """Kills the bot at the moment when its ping reaches Slack: before Slack carries it out, or before it answers."""

    here: Outside
    pid: int = 0
    """0: nobody is hunted."""
    struck: int = 0

    def __call__(self, arguments: dict[str, Any]) -> bool:
        if not self.pid or not in_alert(arguments):
            return False
        self.here.kills(self.pid)
        self.pid, self.struck = 0, self.struck + 1
        return True


async def killed(folder: Path, moments: list[str], seed: int, blind: float = 0.0) -> None:
    """A life for each moment, killed at its customer's ping; in a share of them Slack's history cannot be read."""
    began, random, kills = time.monotonic(), Random(seed), len(moments)
    async with outside("socket", folder, "nursery", space=crowded(kills)) as here:
        slack, hunter = here.slack, Hunter(here)
        slack.courier.patience, slack.courier.tempo, slack.courier.loses_without_socket = 0.5, 0.01, False
        strikes = (faults.cut() if when == BEFORE else faults.lost() for when in moments)
        slack.faults.on("chat.postMessage", *strikes, when=hunter)
        for number in range(kills):
            pid = await here.born()
            if number:
                await dealt_with(here, number)
            if random.random() < blind:
                slack.faults.on("conversations.history", *[faults.down(503)] * LOOKS, when=in_alert)
            hunter.pid = pid
            for ago in (200.0, 100.0, 0.0):
                slack.user(f"UK{number}").says(f"{WHAT[number // 5]}{WRONG[number % 5]}", "support", ago=ago)
            assert await here.dead(pid) == -9
            here.passes(LEASE)
        pid = await here.born()
        await dealt_with(here, kills)
        newest = {key_of(one): one for one in calls(here)}  # a copy is what the bot edits from then on
        await slack.until(lambda: not any({"ack", "resolve"} & set(one.buttons) for one in newest.values()))
        await slack.settled()
        posted = [call for call in slack.record.of("chat.postMessage") if in_alert(call.arguments) and call.ok]
        here.kills(pid, signal.SIGTERM)
        assert (await here.dead(pid), await here.ends()) == (0, 0)
        assert counted(folder) == 3 * kills, "every message, once"
    facts = {"kills": hunter.struck, "seed": seed, "blind": blind, "seconds": round(time.monotonic() - began)}
    one_ping_each(" and ".join(sorted(set(moments))), posted, facts)
    assert hunter.struck == kills


def one_ping_each(when: str, posted: list[Call], facts: dict[str, float]) -> None:
    """Of all that Slack carried out: one post for each kill, and beside it labelled copies if history was blind."""
    keys = Counter(call.arguments["metadata"]["event_payload"]["key"] for call in posted)
    copies = [call for call in posted if AGAIN in call.arguments["text"]]
    told = facts | {"pings": len(keys), "posts": len(posted), "labelled_copies": len(copies)}
    sys.stdout.write(f"\nkill -9 {when}: " + " ".join(f"{name}={value}" for name, value in told.items()) + "\n")
    assert len(keys) == len(posted) - len(copies) == facts["kills"], "a copy is labelled"
    assert bool(copies) is bool(facts["blind"]), "one ping each time"


def crowded(customers: int) -> Workspace:
    """The town, with so many customers more in #support."""
    space = town()
    for number in range(customers):
        space.add(User(f"UK{number}", f"客 {number}", Kind.STRANGER, "TCUST"))
        space.channels["CSUPPORT"].members.append(f"UK{number}")
    return space


def in_alert(arguments: dict[str, Any]) -> bool:
    return arguments.get("channel") == "GALERT"


def calls(here: Outside) -> list[Message]:
    return [one for one in here.slack.posts("alert") if key_of(one).startswith("ping:")]


async def dealt_with(here: Outside, pings: int) -> None:
    """The ping that the life before left behind arrives; its person is told directly, takes it and ends it."""
    slack = here.slack
    await slack.until(lambda: len({key_of(one) for one in calls(here)}) == pings)
    called = calls(here)[-1]
    direct, key = slack.direct("USUPER1").id, f"{key_of(called)}:dm:USUPER1"
    await slack.until(lambda: key in [key_of(one) for one in slack.posts(direct)])
    called = calls(here)[-1]
    await slack.user("USUPER1").presses("ack", called)
    await slack.until(lambda: "ack" not in called.buttons)
    await slack.user("USUPER1").presses("resolve", called)


def counted(folder: Path) -> int:
    """Messages of customers on the rows."""
    with contextlib.closing(sqlite3.connect(folder / "kasuhara.db")) as rows:
        return int(rows.execute("SELECT count(*) FROM messages WHERE speaker = 'customer'").fetchone()[0])


async def test_killed_at_a_ping_it_is_posted_once(tmp_path: Path) -> None:
    await killed(tmp_path, [BEFORE, AFTER], 3)


@pytest.mark.soak
@pytest.mark.parametrize(("when", "blind"), [(BEFORE, 0.0), (AFTER, 0.0), (AFTER, 0.4)])
async def test_killed_fifty_times_at_a_ping(tmp_path: Path, when: str, blind: float) -> None:
    await killed(tmp_path, [when] * 50, 50, blind)
