"""Texts as Slack takes them: escaped once, cut only between characters, calling nobody but who was meant."""

import re
from collections.abc import Iterable
from typing import Final

from adapters.chat import cutting

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ACCOUNT: Final = re.compile(r"slack:[A-Z0-9]+:([UW][A-Z0-9]+)")
_PARSED: Final = re.compile(r"://|(?<=[^\W_])\.(?=[^\W\d_])|[@#*_~`]|^>", re.MULTILINE)
_HARMLESS: Final = {"://": "：//", ".": "．"}
_WIDE: Final = ord("！") - ord("!")
"""From an ASCII sign to the full-width one that looks like it."""


def escaped(text: str) -> str:
    """The three characters that Slack parses, and no other (platforms/slack.md 15)."""
    return text.translate(_ESCAPES)


def unparsed(text: str) -> str:
    """For a text that Slack parses on its own: what it would turn into a link, a call or markup becomes full-width."""
    return _PARSED.sub(lambda found: _HARMLESS.get(found[0]) or chr(ord(found[0]) + _WIDE), text)


def mentions_of(accounts: Iterable[str]) -> list[str]:
    """The mentions of people of Slack (`slack:T1:U1` as <@U1>), each once; what is no such account is passed over."""
    found = (_ACCOUNT.fullmatch(account) for account in accounts)
    return list(dict.fromkeys(f"<@{account[1]}>" for account in found if account))


def fitting(text: str, longest: int) -> str:
    """Escaped and then at most `longest` characters long, with "…" where something was left out."""
    return cutting.fitting(text, longest, escaped, cost)


def cost(text: str) -> int:
    """The characters of a text as it is sent."""
    return len(escaped(text))
