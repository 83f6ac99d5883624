"""Killed with -9 around commit and send: nobody who was answered is forgotten, and nothing is said twice unlabelled."""

import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from aftermath import Aftermath, start, told
from kill_house import lines
from scripted_chat import Look


def lived(folder: Path, url: str, seed: int, runs: int, look: Look) -> None:
    """kill -9 around commit and send, as often as `runs` says."""
    folder.mkdir()
    began = time.monotonic()
    with start("deaths", folder, url, seed, runs, look, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said, errors = process.communicate()
    ends = said.split()
    assert process.returncode == 0, errors
    assert set(ends) <= {"killed", "ended", "0"}, said + errors[-3000:]
    after = Aftermath(folder, url)
    copies, asked = after.copies(), {line["text"] for line in lines(folder / "asked")}
    told(
        "kill -9", seed=seed, database=url.partition(":")[0], chat=look.value, killed=ends.count("killed"),
        reports=len(asked), recorded=len(lines(folder / "recorded")), messages=after.shown.total(),
        lost=len(after.lost()), steps_twice=len(after.steps_taken_twice()), copies=len(copies),
        copies_labelled=sum(line["labelled"] for line in copies), given_up=len(after.given_up),
        seconds=f"{time.monotonic() - began:.0f}",
    )  # fmt: skip
    assert ends.count("killed") >= (runs - 2) * 0.6
    assert ends[-2:] == ["ended", "0"], said + errors[-3000:]
    assert after.lost() == []
    assert after.steps_taken_twice() == []
    assert after.called_after_the_end() == []
    assert after.reports == Counter(asked), "whoever says it again, unanswered, has still filed once"
    assert [key for key in after.waiting if key.startswith("ping:") and "@" not in key] == []
    assert all(line["labelled"] for line in copies)
    assert look is Look.CANNOT or copies == []


@pytest.mark.parametrize("look", [Look.TELLS, Look.CANNOT])
def test_killed_around_commit_and_send_nobody_is_forgotten(tmp_path: Path, database_url: str, look: Look) -> None:
    if database_url.startswith("sqlite") is (look is Look.TELLS):
        lived(tmp_path / "lives", database_url, 4, 5, look)


@pytest.mark.soak
@pytest.mark.parametrize("look", [Look.TELLS, Look.CANNOT])
def test_killed_a_hundred_times_around_commit_and_send(tmp_path: Path, database_url: str, look: Look) -> None:
    lived(tmp_path / "lives", database_url, 104, 116, look)
