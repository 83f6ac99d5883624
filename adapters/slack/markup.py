"""Texts as Slack takes them: escaped once, cut only between characters, calling nobody but who was meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from adapters.wording.clean import clean

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ACCOUNT: Final = re.compile(r"slack:[A-Z0-9]+:([UW][A-Z0-9]+)")
_PARSED: Final = re.compile(r"://|(?<=[^\W_])\.(?=[^\W\d_])|[@#*_~`]|^>", re.MULTILINE)
_HARMLESS: Final = {"://": "：//", ".": "．"}
_WIDE: Final = ord("！") - ord("!")
"""From an ASCII sign to the full-width one that looks like it."""
_MARKS: Final = 30
"""Marks that are kept with the character before them; a longer heap may be cut."""


def escaped(text: str) -> str:
    """The three characters that Slack parses, and no other (platforms/slack.md 15)."""
    return text.translate(_ESCAPES)


def lined(text: str) -> str:
    """A person's own words: their lines stay lines; control, direction and invisible characters become spaces."""
    return "\n".join(clean(line).rstrip() for line in text.splitlines()).strip("\n")


def unparsed(text: str) -> str:
    """For a text that Slack parses on its own: what it would turn into a link, a call or markup becomes full-width."""
    return _PARSED.sub(lambda found: _HARMLESS.get(found[0]) or chr(ord(found[0]) + _WIDE), text)


def mentions_of(accounts: Iterable[str]) -> list[str]:
    """The mentions of people of Slack (`slack:T1:U1` as <@U1>), each once; what is no such account is passed over."""
    found = (_ACCOUNT.fullmatch(account) for account in accounts)
    return list(dict.fromkeys(f"<@{account[1]}>" for account in found if account))


def fitting(text: str, longest: int) -> str:
    """Escaped and then at most `longest` characters long, with "…" where something was left out."""
    whole = escaped(text)
    return whole if len(whole) <= longest else escaped(next(parts_of(text, longest - 1)).rstrip()) + "…"


def parts_of(text: str, longest: int) -> Iterator[str]:
    """The text in parts that are at most `longest` characters long once escaped; joined they are the text again.

    No character is torn from the marks upon it; `longest` is at least 40.
    """
    if text and len(escaped(text)) <= longest:
        yield text
        return
    part, size = "", 0
    for cluster in _clusters(text):
        more = len(escaped(cluster))
        if part and size + more > longest:
            yield part
            part, size = "", 0
        part, size = part + cluster, size + more
    if part:
        yield part


def _clusters(text: str) -> Iterator[str]:
    """Characters with the marks upon them."""
    cluster = ""
    for char in text:
        if cluster and (not unicodedata.category(char).startswith("M") or len(cluster) > _MARKS):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster
