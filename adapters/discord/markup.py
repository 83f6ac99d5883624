"""Texts as Discord takes them: what it would parse is escaped, cut only between characters, calling nobody."""

import re
from collections.abc import Iterable
from typing import Final

from adapters.chat import cutting

_PARSED: Final = re.compile(r"[\\*_~`<@\[|]|(?<=:)/(?=/)|:(?=[\w+-]{1,40}:)|\](?=\()")
_OPENING: Final = re.compile(
    r"^[^\S\n]*(?=>|#{1,3}[^\S\n]|-#?[^\S\n]|\+[^\S\n])|^[^\S\n]*\d{1,9}(?=\.[^\S\n])", re.MULTILINE
)
"""What makes a quote, a heading or a list of a line."""
_DEAR: Final = re.compile(r"[\\*_~`<@\[\]|/:>#\-+.]")
"""Characters that may cost a backslash."""
_PERSON: Final = re.compile(r"discord:[0-9]+:([0-9]{1,20})")
_ROLE: Final = re.compile(r"discord:[0-9]+:group:([0-9]{1,20})")


def escaped(text: str) -> str:
    """The same text on the screen, without markup, mentions, links, timestamps or emoji codes (discord.md 14)."""
    return _OPENING.sub(lambda found: found[0] + "\\", _PARSED.sub(lambda found: "\\" + found[0], text))


def cost(text: str) -> int:
    """The most characters that Discord may count of this text once it is escaped."""
    return size(text) + len(_DEAR.findall(text))


def size(text: str) -> int:
    """The characters of a text as it is sent; those beyond the first plane count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, longest: int) -> str:
    """Escaped and then at most `longest` characters long, with "…" where something was left out."""
    return cutting.fitting(text, longest, escaped, cost, size)


def bare(text: str, longest: int) -> str:
    """For places where Discord parses nothing, such as labels and footers: at most `longest` characters long."""
    return cutting.fitting(text, longest, str, size, size)


def people_of(accounts: Iterable[str]) -> tuple[int, ...]:
    """The ids of people among accounts (`discord:1:2`), each once; everything else is passed over."""
    return _ids(_PERSON, accounts)


def roles_of(accounts: Iterable[str]) -> tuple[int, ...]:
    """The ids of roles among accounts (`discord:1:group:2`), each once."""
    return _ids(_ROLE, accounts)


def _ids(kind: re.Pattern[str], accounts: Iterable[str]) -> tuple[int, ...]:
    found = (kind.fullmatch(account) for account in accounts)
    return tuple(dict.fromkeys(int(account[1]) for account in found if account))
