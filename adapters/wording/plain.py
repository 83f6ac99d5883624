"""A card as plain text, for terminals, letters and tests that read a story."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from adapters.wording.card import Button, Card, Field, Quote, Section, Style
from adapters.wording.clean import clean

_WIDE: Final = ("W", "F")
_NOT_FIRST: Final = "、。，．・：；:;,.!?！？)）」』】〉》…ーっゃゅょッャュョ々"
"""Characters that do not begin a Japanese line."""
_NOT_LAST: Final = "(（「『【〈《“"
"""Characters that do not end one."""


def text_of(card: Card, width: int = 100) -> str:
    """The whole card in lines of at most `width` columns, a wide character counting two; nothing in it can steer.

    Quotes are marked with "│", buttons stand in brackets, the big one in double ones.
    """
    blocks = [[*_wrapped(card.title, width), "─" * min(columns_of(clean(card.title)), width)]]
    blocks += [[*_section(section, width)] for section in card.sections]
    if card.buttons:
        blocks.append([*_buttons(card.buttons, width)])
    if card.footer:
        blocks.append([*_wrapped(card.footer, width)])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _section(section: Section, width: int) -> Iterable[str]:
    if section.heading:
        yield from _wrapped(f"■ {section.heading}", width)
    for line in section.lines:
        yield from _wrapped(line, width)
    yield from _fields(section.fields, width)
    for quote in section.quotes:
        yield from _quote(quote, width)


def _fields(fields: tuple[Field, ...], width: int) -> Iterable[str]:
    for field in fields:
        first, *rest = _wrapped(f"{field.label}: {field.value}", width, indent="  ")
        yield first
        yield from rest


def _quote(quote: Quote, width: int) -> Iterable[str]:
    yield from _wrapped(quote.source, width)
    for line in quote.text.splitlines():
        yield from (f"│ {part}" for part in _wrapped(line, width - 2))


def _buttons(buttons: tuple[Button, ...], width: int) -> Iterable[str]:
    """As many on a line as have room."""
    line = ""
    for label in map(_button, buttons):
        if line and columns_of(line) + 2 + columns_of(label) > width:
            yield from _wrapped(line, width)
            line = ""
        line = f"{line}  {label}" if line else label
    yield from _wrapped(line, width)


def _button(button: Button) -> str:
    label = clean(button.label)
    return f"[[ {label} ]]" if button.style is Style.PRIMARY else f"[ {label} ]"


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Broken at spaces, or anywhere between wide characters, but not before a closing sign."""
    lines, line, columns = list[str](), "", 0
    for part in _parts(clean(text)):
        size = columns_of(part)
        if columns + size > width and line.strip():
            lines.append(line.rstrip())
            line, columns = indent, columns_of(indent)
            part = part.lstrip()
            size = columns_of(part)
        while columns + size > width:
            cut = _fitting(part, width - columns)
            lines.append(line + part[:cut])
            part, line, columns = part[cut:], indent, columns_of(indent)
            size = columns_of(part)
        line, columns = line + part, columns + size
    return [*lines, line.rstrip()]


def _parts(text: str) -> Iterable[str]:
    """Words with the space before them; wide characters one by one, with the closing signs that follow."""
    part = ""
    for char in text:
        after = part[-1:]
        joined = char in _NOT_FIRST or (after and after in _NOT_LAST)
        joined = joined or not (char.isspace() or _wide(char) or _wide(after or " "))
        if part and not joined:
            yield part
            part = ""
        part += char
    if part:
        yield part


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _WIDE


def columns_of(text: str) -> int:
    """The columns of a terminal that the text takes."""
    return sum(0 if unicodedata.combining(char) else 2 if _wide(char) else 1 for char in text)


def _fitting(part: str, room: int) -> int:
    """How many characters have room; at least one, so that every text ends."""
    taken = 0
    for place, char in enumerate(part):
        taken += columns_of(char)
        if taken > room:
            return max(place, 1)
    return len(part)
