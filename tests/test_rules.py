"""Every hard rule of a platform is held by a test, told to people, or openly not held yet."""

import ast
import functools
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
COUNTS = {"slack": 30, "discord": 28}
RULES: dict[str, dict[str, dict[str, Any]]] = {
    platform: tomllib.loads((ROOT / f"docs/{platform}-rules.toml").read_text("utf-8")) for platform in COUNTS
}
STATES = ("test", "document", "open")
each_platform = pytest.mark.parametrize("platform", COUNTS)


def marked() -> Iterator[str]:
    """The names in every rule marker of the tests' sources."""
    for file in (ROOT / "tests").rglob("test_*.py"):
        text = file.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "mark.rule" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
                yield from (str(word.value) for word in node.args if isinstance(word, ast.Constant))


@functools.cache
def every_mark() -> frozenset[str]:
    return frozenset(marked())


def held(platform: str) -> set[int]:
    names = (name.removeprefix(f"{platform}-") for name in every_mark() if name.startswith(f"{platform}-"))
    return {int(number) for number in names}


@each_platform
def test_every_rule_is_listed_in_both_languages(platform: str) -> None:
    assert list(RULES[platform]) == [str(number) for number in range(1, COUNTS[platform] + 1)]
    for number, rule in RULES[platform].items():
        assert rule["state"] in STATES and rule["ja"] and rule["en"], number


@each_platform
def test_a_rule_that_is_said_to_be_tested_is(platform: str) -> None:
    said = {int(number) for number, rule in RULES[platform].items() if rule["state"] == "test"}
    assert said - held(platform) == set(), "no test carries their marker"
    assert {number for number in held(platform) if str(number) not in RULES[platform]} == set()


@each_platform
def test_a_rule_that_is_told_is_told_in_both_languages(platform: str) -> None:
    for number, rule in RULES[platform].items():
        told = rule.get("where", "")
        assert bool(told) is (rule["state"] == "document"), number
        for page in (told, told.replace(".md", ".ja.md")) if told else ():
            assert f"{platform}-{number}" in (ROOT / "docs" / page).read_text("utf-8"), (number, page)


@each_platform
def test_what_is_open_is_said_aloud(platform: str, capsys: pytest.CaptureFixture[str]) -> None:
    left = {int(n): rule.get("missing", "") for n, rule in RULES[platform].items() if rule["state"] == "open"}
    assert all(left.values())
    done = held(platform)
    lines = [f"  {number}: {'TESTED MEANWHILE' if number in done else missing}" for number, missing in left.items()]
    with capsys.disabled():
        sys.stdout.write("\n".join([f"\nrules of {platform} that are open: {len(left)}", *lines, ""]))


def test_no_marker_is_misspelt() -> None:
    assert {name for name in every_mark() if name.rpartition("-")[0] not in COUNTS} == set()
