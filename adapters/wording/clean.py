"""Other people's text made harmless: no message or name can steer a terminal, turn a line round or break a card."""

import unicodedata
from typing import Final

_STEERING: Final = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def clean(text: str) -> str:
    """On one line, without control, direction and line-breaking characters."""
    lined = text.replace("\r\n", " ⏎ ").replace("\n", " ⏎ ")
    return "".join(" " if unicodedata.category(c) in _STEERING else c for c in lined)


def clipped(text: str, longest: int) -> str:
    """At most `longest` characters, with "…" where something was left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
