"""Facts become words here and nowhere else: every sentence a person reads stands in words/*.toml."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Final

from bot.domain.errors import Fault

LANGUAGES: Final = ("ja", "en")


@cache
def _words(language: str) -> dict[str, str]:
    """All words of one language, flattened to dotted keys, from every words/<language>*.toml."""
    found: dict[str, str] = {}
    for file in sorted(resources.files("adapters").joinpath("words").iterdir(), key=lambda f: f.name):
        if file.name.startswith(f"{language}.") and file.name.endswith(".toml"):
            _flatten("", tomllib.loads(file.read_text("utf-8")), found)
    return found


def _flatten(prefix: str, table: dict[str, Any], into: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}{key}.", value, into)
        else:
            into[prefix + key] = str(value)


def say(language: str, key: str, **fields: object) -> str:
    """The sentence `key` in `language` with its fields filled in; a missing key is a programming error."""
    return _words(language)[key].format(**fields)


def knows(language: str, key: str) -> bool:
    """Whether there is such a sentence, for keys that come from elsewhere."""
    return key in _words(language)


def all_of(language: str, prefix: str) -> dict[str, str]:
    """Every sentence whose key begins so, by the rest of its key and with its fields still empty."""
    return {key.removeprefix(prefix): told for key, told in _words(language).items() if key.startswith(prefix)}


def fault(language: str, mistake: Fault) -> str:
    """`file:line: what is wrong and what is allowed instead`."""
    where = f"{mistake.path}:{mistake.line}" if mistake.line else mistake.path
    return f"{where}: " + say(language, f"fault.{mistake.key}", **dict(mistake.fields))
