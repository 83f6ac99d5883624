"""Killed with -9 at any moment and started again: nothing that was acknowledged is lost, nothing is counted twice."""

import asyncio
import contextlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import kill_feed
import pytest
from harness import POLICY
from kill_feed import KEY
from sqlalchemy import text

from adapters.cli import main
from bot.app import Bot
from bot.domain.audit import first_break
from bot.domain.questions import DetectionsAsked, DetectionsShown
from storage.database import Database

ROOT = Path(__file__).parent.parent.parent
KASUHARA = Path(sys.executable).parent / "kasuhara"
OVERLAP = 30
STAFF = ("--staff", "UAGENT")
Found = list[tuple[object, ...]]


def environment() -> dict[str, str]:
    path = os.pathsep.join(str(folder) for folder in (ROOT, ROOT / "tests", ROOT / "tests" / "adapters"))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "200"}


def start(*words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", str(Path(kill_feed.__file__)), *map(str, words)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)


def fed(url: str, seed: int, count: int, first: int) -> Iterator[str]:
    """What such a process says that nobody kills; in this one, since a start takes seconds."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        asyncio.run(kill_feed.feed(url, kill_feed.deliveries(seed, count), first))
    yield from said.getvalue().split()


def acknowledged(process: "subprocess.Popen[str]", kill_at: int | None = None, delay: float = 0.0) -> Iterator[str]:
    """What the process says until it is done; killed a moment after its `kill_at`th word."""
    assert process.stdout is not None
    with process:
        for number, line in enumerate(process.stdout):
            if number == kill_at:
                time.sleep(delay)
                process.send_signal(signal.SIGKILL)
            if line.endswith("\n"):
                yield line.strip()


def found(url: str) -> tuple[Found, dict[str, int], bool]:
    """Detections, how often each wording is stored, and whether the audit chain is whole."""
    database = Database(url, KEY)
    bot = Bot(database, POLICY, lambda: datetime(2030, 1, 1, tzinfo=UTC), database.lookup.content_key)
    shown = bot.answer(DetectionsAsked())
    assert isinstance(shown, DetectionsShown)
    detections: Found = []
    for story in shown.stories:
        d, ids = story.detection, tuple(sorted(m.message_id for m in story.messages))
        detections.append((story.customer.contacts, d.window, d.count, d.kind, d.at, d.last_at, d.waiting, ids))
    with database.connect() as connection:
        query = text("SELECT message_id || '/' || edit, count(*) FROM messages GROUP BY place_id, message_id, edit")
        stored: Counter[str] = Counter()
        for name, count in connection.execute(query):
            stored[name] += count
    with database.read() as uow:
        whole = first_break(database.lookup.derive(b"audit"), uow.audit.entries(), uow.audit.head()) is None  # type: ignore[attr-defined]
    database.close()
    return sorted(detections, key=repr), dict(stored), whole


def undisturbed(folder: Path, seed: int, count: int) -> tuple[Found, dict[str, int]]:
    url = f"sqlite:///{folder / 'undisturbed.db'}"
    assert list(fed(url, seed, count, 0))[-1] == "done"
    detections, stored, whole = found(url)
    assert whole
    return detections, stored


def killed_and_resumed(folder: Path, seed: int, count: int, kills: int) -> None:
    """Feed, kill, look, go on from the last acknowledged, until all is fed; then compare with an undisturbed run."""
    events = kill_feed.deliveries(seed, count)
    expected = undisturbed(folder, seed, count)
    assert len(expected[0]) >= 5
    random = Random(seed)
    url = f"sqlite:///{folder / 'killed.db'}"
    reached = 0
    for left in range(kills, -1, -1):
        todo = len(events) - reached
        kill_at = random.randrange(1, max(2, todo // left)) if left else None
        killed = acknowledged(start(url, seed, count, reached), kill_at, random.random() * 0.02) if left else None
        said = list(killed or fed(url, seed, count, reached))
        numbers = [int(word) for word in said if word.isdigit()]
        stored = found(url)[1]
        for number in numbers:
            event = events[number]
            assert _is_stored(event.message_id, event.edit, stored), f"{event.message_id} was acknowledged and is lost"
        assert set(stored.values()) <= {1}
        if left:
            assert said[-1] != "done"
            reached = max(0, max(numbers, default=reached) - OVERLAP)
    detections, stored, whole = found(url)
    assert whole
    assert stored == expected[1]
    assert detections == expected[0]


def _is_stored(message: str, edit: str, stored: dict[str, int]) -> bool:
    """An edit that left its message's text as it was is no wording of its own."""
    return f"{message}/{edit}" in stored or (bool(edit) and f"{message}/" in stored)


def test_killed_twice_among_a_thousand_messages(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, seed=1, count=1000, kills=2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_killed_five_times_among_five_thousand_messages(tmp_path: Path, seed: int) -> None:
    """T1 in part: with the four seeds twenty kills."""
    sys.stdout.write(f"seed {seed}\n")
    killed_and_resumed(tmp_path, seed=100 + seed, count=5000, kills=5)


# kasuhara replay


def slack_export(folder: Path, seed: int, days: int, a_day: int) -> Path:
    """An export with staff, repeats, and customers who stay away for about a week."""
    random = Random(seed)
    root = folder / "export"
    (root / "support").mkdir(parents=True)
    people = [("UAGENT", "担当者")] + [(f"UK{n}", f"客 {n}") for n in range(8)]
    users = [
        {"id": id, "team_id": "TOWN", "name": id.lower(), "profile": {"real_name": name}, "is_owner": id == "UAGENT"}
        for id, name in people
    ]
    (root / "users.json").write_text(json.dumps(users), "utf-8")
    (root / "channels.json").write_text(json.dumps([{"id": "C1", "name": "support"}]), "utf-8")
    begin = datetime(2026, 11, 2, tzinfo=UTC).timestamp()
    for day in range(days):
        present = [0, *(n for n in range(1, 9) if n < 4 or day % 8 == n % 8 or day % 8 == (n + 1) % 8)]
        times = sorted(random.sample(range(86_400), a_day))
        lines = [
            {
                "type": "message",
                "user": people[random.choice(present)][0],
                "ts": f"{begin + day * 86_400 + second:.0f}.{number:06}",
                "text": _said(random, number),
            }
            for number, second in enumerate(times)
        ]
        name = datetime.fromtimestamp(begin + day * 86_400, UTC).strftime("%Y-%m-%d.json")
        (root / "support" / name).write_text(json.dumps(lines, ensure_ascii=False), "utf-8")
    return root


def _said(random: Random, number: int) -> str:
    text = random.choice(kill_feed.TEXTS)
    return text if random.random() < 0.6 else f"{text} {number} 番の件"


def words(export: Path, folder: Path, name: str, *more: str) -> list[str]:
    """Of the command line."""
    files = ["--db", str(folder / f"{name}.db"), "--json", str(folder / f"{name}.jsonl")]
    return ["replay", str(export), *files, "--lang", "en", *more]


def replay(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([str(KASUHARA), *words], env=environment(), stdout=subprocess.DEVNULL)


def ends_well(*words: str) -> None:
    """A replay that nobody kills; in this process, since a start takes seconds."""
    assert main(words) == 0


def stored_so_far(file: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1)
    except sqlite3.Error:
        return 0
    try:
        (count,) = connection.execute("SELECT count(*) FROM messages").fetchone()
    except sqlite3.Error:
        return 0
    else:
        return int(count)
    finally:
        connection.close()


def replay_killed(folder: Path, seed: int, days: int, a_day: int, kills: int) -> None:
    export = slack_export(folder, seed, days, a_day)
    ends_well(*words(export, folder, "undisturbed", *STAFF))
    expected = (folder / "undisturbed.jsonl").read_text("utf-8")
    assert expected.count('"type": "detection"') > 5
    random = Random(seed)
    total = days * a_day
    for kill in range(kills):
        wanted = total * (kill + random.random()) / (kills + 1)
        process = replay(*words(export, folder, "killed", *STAFF))
        while process.poll() is None and stored_so_far(folder / "killed.db") < wanted:
            time.sleep(random.random() * 0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (folder / "killed.jsonl").exists(), "killed too late to be of use"
    ends_well(*words(export, folder, "killed", *STAFF))
    assert (folder / "killed.jsonl").read_text("utf-8") == expected
    ends_well(*words(export, folder, "killed", *STAFF))
    assert (folder / "killed.jsonl").read_text("utf-8") == expected, "once more changes nothing"


def test_a_replay_killed_in_the_middle_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    replay_killed(tmp_path, seed=5, days=4, a_day=100, kills=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2))
def test_a_replay_killed_five_times_ends_as_if_it_had_not_been(tmp_path: Path, seed: int) -> None:
    sys.stdout.write(f"seed {seed}\n")
    replay_killed(tmp_path, seed=200 + seed, days=20, a_day=200, kills=5)


def test_a_replay_resumed_within_a_day_forgets_no_more_than_one_that_was_not(tmp_path: Path) -> None:
    """The customer was silent for a week but for some hours: a stop between may not cost them their name."""
    root = tmp_path / "export"
    (root / "support").mkdir(parents=True)
    users = [{"id": "UK", "team_id": "TOWN", "name": "k", "profile": {"real_name": "架空太郎"}}]
    users += [{"id": "UL", "team_id": "TOWN", "name": "l", "profile": {"real_name": "架空花子"}}]
    (root / "users.json").write_text(json.dumps(users), "utf-8")
    (root / "channels.json").write_text(json.dumps([{"id": "C1", "name": "support"}]), "utf-8")

    def day(date: int, *said: tuple[str, int, str]) -> None:
        begin = datetime(2026, 11, date, tzinfo=UTC).timestamp()
        lines = [
            {"type": "message", "user": user, "ts": f"{begin + 60 * minute:.0f}.000100", "text": text}
            for user, minute, text in said
        ]
        (root / "support" / f"2026-11-{date:02}.json").write_text(json.dumps(lines, ensure_ascii=False), "utf-8")

    first, other = kill_feed.TEXTS[0], kill_feed.TEXTS[3]
    day(2, ("UK", 12 * 60, first))
    morning = ("UL", 0, other)
    day(9, morning, ("UL", 13 * 60, other))
    ends_well(*words(root, tmp_path, "resumed"))
    day(9, morning, ("UL", 13 * 60, other), *(("UK", 15 * 60 + n, first) for n in range(3)))
    ends_well(*words(root, tmp_path, "resumed"))
    ends_well(*words(root, tmp_path, "undisturbed"))
    lines = (tmp_path / "undisturbed.jsonl").read_text("utf-8")
    assert json.loads(lines.splitlines()[0])["customer"] == "架空太郎"
    assert (tmp_path / "resumed.jsonl").read_text("utf-8") == lines
