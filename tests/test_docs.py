"""The docs say what is there: made parts are fresh, links lead somewhere, commands exist, languages go together."""

import argparse
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from documents import DEEDS, DOCS, FILES, MADE, anew

from adapters import settings
from adapters.cli.parser import parser_for
from adapters.commands.names import folded
from adapters.commands.table import BY_NAME
from adapters.wording import LANGUAGES
from bot.domain.access import RIGHTS

ROOT = DOCS.parent
PAGES = sorted([ROOT / "README.md", ROOT / "README.ja.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"(?:(?<![/\w])|\.venv/bin/)kasuhara((?: [a-z][a-z|]*)+)(.*)")
CHAT = re.compile(r"(?<!bin)/kasuhara ([^\s.,。、]+)")
FLAG = re.compile(r"--[a-z]+")


def test_every_right_has_its_line() -> None:
    assert DEEDS.keys() == RIGHTS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MADE)
def test_made_parts_are_fresh(name: str, language: str) -> None:
    path, text = anew(name, language)
    assert f"<!-- made: {name} -->" in text
    assert path.read_text("utf-8") == text, f"{path.name} is stale: python tests/documents.py"


def test_every_made_page_can_be_read_in_one_go() -> None:
    pages = [DOCS / name for names in FILES.values() for name in names.values()]
    assert all(len(page.read_text("utf-8").splitlines()) <= 1500 for page in pages)


@PAGE
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link.partition("#")[0]).exists()] == []


def code(text: str) -> Iterator[str]:
    """What stands in code: lines of blocks, and spans of a line."""
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def below(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The words that may follow."""
    return next((a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction)), {})


def check(parser: argparse.ArgumentParser, words: list[str], rest: str) -> None:
    """Every way through `customers list|merge` exists, and takes the flags that are shown."""
    if words and (following := below(parser)):
        for word in words[0].split("|"):
            assert word in following, rest
            check(following[word], words[1:], rest)
    else:
        assert set(FLAG.findall(rest)) <= set(parser._option_string_actions), rest


@PAGE
def test_commands_that_are_named_exist(page: Path) -> None:
    parser = parser_for("en")
    for line in code(page.read_text("utf-8")):
        for part in line.partition("  #")[0].split(";"):
            if found := SHELL.search(part):
                check(parser, found[1].split(), found[2])
        for word in CHAT.findall(line):
            assert folded(word) in BY_NAME, line


PAIRS = sorted(
    (page, other)
    for page in PAGES
    if (other := page.with_name(page.name.replace(".ja.", ".en."))) != page and other.exists()
    or (other := page.with_name(page.name.replace(".ja.", "."))) != page
)  # fmt: skip


@pytest.mark.parametrize(("japanese", "english"), PAIRS, ids=lambda page: page.name)
def test_both_languages_are_built_alike(japanese: Path, english: Path) -> None:
    def headings(page: Path) -> list[int]:
        return [len(marks) for marks in re.findall(r"^(#+) ", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)]

    assert headings(japanese) == headings(english)


def test_every_variable_is_in_the_example() -> None:
    read = set(re.findall(r'"((?:KASUHARA|SLACK|DISCORD)_\w+)"', Path(settings.__file__).read_text("utf-8")))
    assert read == set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_modules_that_are_listed_exist() -> None:
    def exists(name: str) -> bool:
        path = ROOT / name.replace(".", "/")
        return path.with_suffix(".py").exists() or (path / "__init__.py").exists()

    rows = re.findall(r"^\| ((?:bot|storage|adapters)[\w., ]*) \|", (DOCS / "adr/modules.md").read_text("utf-8"), re.M)
    for row in rows:
        first, *others = row.split(", ")
        room = first.rpartition(".")[0]
        assert [name for name in (first, *(f"{room}.{other}" for other in others)) if not exists(name)] == []


def test_every_decision_is_in_the_list() -> None:
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (DOCS / "adr/README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in (DOCS / "adr").glob("0*.md"))
