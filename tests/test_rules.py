"""Every hard rule of a platform is held by a test, told to people, or openly not held yet."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
RULES: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "docs/slack-rules.toml").read_text("utf-8"))
STATES = ("test", "document", "open")


def marked() -> Iterator[str]:
    """The names in every rule marker of the tests' sources."""
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
                yield from (str(word.value) for word in node.args if isinstance(word, ast.Constant))


TESTED = {int(name.removeprefix("slack-")) for name in marked() if name.startswith("slack-")}


def test_every_rule_is_listed_in_both_languages() -> None:
    assert list(RULES) == [str(number) for number in range(1, 31)]
    for number, rule in RULES.items():
        assert rule["state"] in STATES and rule["ja"] and rule["en"], number


def test_a_rule_that_is_said_to_be_tested_is() -> None:
    said = {int(number) for number, rule in RULES.items() if rule["state"] == "test"}
    assert said - TESTED == set(), "no test carries their marker"
    assert {number for number in TESTED if str(number) not in RULES} == set()


def test_a_rule_that_is_told_is_told_in_both_languages() -> None:
    for number, rule in RULES.items():
        told = rule.get("where", "")
        assert bool(told) is (rule["state"] == "document"), number
        for page in (told, told.replace(".md", ".ja.md")) if told else ():
            assert f"slack-{number}" in (ROOT / "docs" / page).read_text("utf-8"), (number, page)


def test_what_is_open_is_said_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    left = {int(number): rule.get("missing", "") for number, rule in RULES.items() if rule["state"] == "open"}
    assert all(left.values())
    lines = [f"  {number}: {'TESTED MEANWHILE' if number in TESTED else missing}" for number, missing in left.items()]
    with capsys.disabled():
        sys.stdout.write("\n".join([f"\nrules of Slack that are open: {len(left)}", *lines, ""]))
