"""Customer text made safe to draw: no control characters, no glyph that is missing, no line that is too long."""

import unicodedata
from collections.abc import Callable, Container
from typing import Final

MISSING: Final = "□"
EMPTY: Final = "―"
LONGEST: Final = 400
"""Characters looked at; no line holds as many."""
MARKS: Final = 2
"""Accents kept on one letter; more of them climb into other rows."""
SAME: Final = str.maketrans({"𠮷": "吉", "〜": "～"})
"""Common in names, missing from the font, and the same character to a reader."""


def clean(text: str, drawable: Container[int]) -> str:
    """`text` in one line of characters that can be drawn; runs of unknown ones become one box, nothing a dash."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[:LONGEST]).translate(SAME):
        kind = unicodedata.category(char)
        if kind in ("Cc", "Cf") and not char.isspace():
            continue
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char.isspace() or kind in ("Zl", "Zp"):
            kept.append(" ")
        elif marks > MARKS or "\ufe00" <= char <= "\ufe0f":
            continue
        elif ord(char) in drawable:
            kept.append(char)
        elif kept[-1:] != [MISSING] and not marks:
            kept.append(MISSING)
    return " ".join("".join(kept).split()) or EMPTY


def cut(text: str, width: float, measure: Callable[[str], float]) -> str:
    """`text`, or as much of its beginning as fits into `width` together with an ellipsis."""
    if measure(text) <= width:
        return text
    fits, fails = 0, len(text)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if measure(text[:middle].rstrip() + "…") <= width:
            fits = middle
        else:
            fails = middle
    return text[:fits].rstrip() + "…"
