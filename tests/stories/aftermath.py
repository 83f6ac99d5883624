"""What is left when houses in processes of their own are over: rows, the platform's file, and what they promise."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kill_house
from harness import KEY
from kill_house import WAITS, lines

from bot.domain.audit import first_break
from bot.domain.model import Notification
from storage.database import Database

TESTS = Path(__file__).parent


def told(what: str, **numbers: object) -> None:
    sys.stdout.write(f"\n{what}: " + " ".join(f"{name}={value}" for name, value in numbers.items()) + "\n")


def start(*words: object, **how: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", str(Path(kill_house.__file__)), *map(str, words)]
    path = os.pathsep.join(map(str, (TESTS, TESTS.parent, TESTS.parent.parent)))
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path, "STORY_KEY": KEY}, text=True, **how)


@dataclass
class Aftermath:
    """What a folder and a database say when everything is over."""

    folder: Path
    url: str
    calls: dict[int, list[Notification]] = field(default_factory=dict)
    reports: Counter[str] = field(default_factory=Counter)
    given_up: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        database = Database(self.url, KEY)
        with database.read() as uow:
            self.calls = {ping.id: uow.pings.calls(ping.id) for ping in uow.pings.all()}
            for incident in uow.incidents.all():
                self.reports.update(report.text or "" for report in uow.incidents.reports(incident.id))
            entries = uow.audit.entries()
            self.given_up = {entry.subject for entry in entries if entry.action == "post.lost"}
            assert first_break(database.lookup.derive(b"audit"), entries, uow.audit.head()) is None
            self.waiting = [post.key for post in uow.outbox.waiting()]
        database.close()
        self.platform = lines(self.folder / "platform")
        self.shown = Counter(line["key"] for line in self.platform if "key" in line)

    def lost(self) -> list[int]:
        """Pings of reports that were answered and whose first call nobody ever saw; given up, whoever came instead."""
        gone = []
        for line in lines(self.folder / "recorded"):
            first = f"ping:{line['ping']}:0"
            instead = [key for key in self.shown if key.startswith(f"ping:{line['ping']}:") and key != first]
            if not self.shown[first] and not (first in self.given_up and instead):
                gone.append(line["ping"])
        return gone

    def steps_taken_twice(self) -> list[tuple[int, int, int]]:
        """Of the policy's steps; being told that nobody answers is repeated on purpose."""
        keys = {(id, c.round, c.step, c.key) for id, calls in self.calls.items() for c in calls}
        times = Counter((id, round, step) for id, round, step, _ in keys if 0 <= step < len(WAITS))
        return [step for step, count in times.items() if count > 1]

    def copies(self) -> list[dict[str, Any]]:
        """Messages whose key the platform had already."""
        posts = [line for line in self.platform if "key" in line]
        return [line for n, line in enumerate(posts) if any(one["key"] == line["key"] for one in posts[:n])]

    def late_copies(self) -> list[dict[str, Any]]:
        """Copies of a process that slept while it was sending and sent under an old number when it went on."""
        newest: dict[str, int] = {}
        late = []
        for line in self.platform:
            if "key" in line:
                late += [line] if line["lease"] < newest.get(line["key"], 0) else []
                newest[line["key"]] = max(line["lease"], newest.get(line["key"], 0))
        return late

    def called_after_the_end(self) -> list[str]:
        """Calls that appeared after somebody was answered that the ping is dealt with."""
        over: set[str] = set()
        late = []
        for line in self.platform:
            over |= {f"ping:{line['settled']}"} if "settled" in line else set()
            late += [line["key"]] if line.get("round") in over else []
        return late
