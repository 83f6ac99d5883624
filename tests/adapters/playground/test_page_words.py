"""The page's files as texts: every word has its sentence, nothing is from outside, nothing is ever read as markup."""

import re
import tomllib
from pathlib import Path

import pytest

import adapters
from adapters.playground.server import PAGE
from adapters.wording import LANGUAGES

WORDS = Path(adapters.__file__).parent / "words"
FILES = sorted(path for path in PAGE.iterdir() if path.suffix in (".html", ".js", ".css", ".svg"))
SCRIPT = "\n".join(path.read_text("utf-8") for path in FILES if path.suffix == ".js")
MARKUP = (PAGE / "index.html").read_text("utf-8")
FAMILIES = {"tone": {"calm", "notice", "warning", "danger", "good"}, "empty": {"customer", "alert", "leads", "direct"},
            "to": {"minute", "ten", "day", "monday"}}  # fmt: skip
"""Words that are put together from a kind: say(`tone_${…}`)."""


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads((WORDS / f"{language}.playground.toml").read_text("utf-8"))["playground"][
        "page"
    ]
    return found


def asked() -> set[str]:
    """Every key that the page asks for."""
    plain = set(re.findall(r"say\(\"(\w+)\"", SCRIPT)) | set(re.findall(r"data-(?:say|label)=\"(\w+)\"", MARKUP))
    chosen = {key for pair in re.findall(r"say\(.+?\? \"(\w+)\" : \"(\w+)\"\)", SCRIPT) for key in pair}
    made = {f"{family}_{kind}" for family, kinds in FAMILIES.items() for kind in kinds}
    return plain | chosen | made


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_and_none_for_nothing(language: str) -> None:
    from adapters.playground.town import PERSONAS

    assert words(language).keys() == asked() | {f"sees_{persona}" for persona in PERSONAS}


def test_both_languages_have_the_same_places() -> None:
    ja, en = words("ja"), words("en")
    assert {key: sorted(re.findall(r"{\w+}", text)) for key, text in ja.items()} == {
        key: sorted(re.findall(r"{\w+}", text)) for key, text in en.items()
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_short_and_loads_nothing_from_outside(file: Path) -> None:
    text = file.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    assert set(re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s\"'`]*", text)) <= {
        "http://www.w3.org/2000/svg",
        "//www.w3.org/2000/svg",
    }
    assert not re.search(r"@import|url\(|eval\(|new Function|\.cssText", text)


def test_nothing_is_ever_read_as_markup() -> None:
    assert not re.search(
        r"(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|javascript:",
        SCRIPT.replace("such as javascript:", ""),
    )
    assert not re.search(r"<script(?! type=\"module\" src)|<style|\sstyle=|\son\w+=", MARKUP)
