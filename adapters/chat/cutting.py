"""Texts of any length for platforms with limits: cut only between characters, a person's own lines kept."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from adapters.wording.clean import clean

_MARKS: Final = 30
"""Marks that are kept with the character before them; a longer heap may be cut."""


def lined(text: str) -> str:
    """A person's own words: their lines stay lines; control, direction and invisible characters become spaces."""
    return "\n".join(clean(line).rstrip() for line in text.splitlines()).strip("\n")


def parts_of(text: str, longest: int, cost: Callable[[str], int] = len) -> Iterator[str]:
    """The text in parts that cost at most `longest`; joined they are the text again.

    `cost`: what a platform counts of a text, such as its characters once they are escaped; additive. No character is
    torn from the marks upon it; `longest` is at least 40 times the dearest character.
    """
    if text and cost(text) <= longest:
        yield text
        return
    part, size = "", 0
    for cluster in _clusters(text):
        more = cost(cluster)
        if part and size + more > longest:
            yield part
            part, size = "", 0
        part, size = part + cluster, size + more
    if part:
        yield part


def fitting(
    text: str, longest: int, escaped: Callable[[str], str], cost: Callable[[str], int], size: Callable[[str], int] = len
) -> str:
    """Escaped and then at most `longest` in `size`, with "…" where something was left out; `cost` as in parts_of."""
    whole = escaped(text)
    return whole if size(whole) <= longest else escaped(next(parts_of(text, longest - 1, cost)).rstrip()) + "…"


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
