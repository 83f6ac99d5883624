"""What a card says, as every platform with pages tells it: colours of tones, headings and what stands below them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from adapters.wording.card import Card, Section, Tone
from adapters.wording.clean import clean

Part = TypeVar("Part")
TONES: Final = {
    Tone.CALM: 0x64748B,
    Tone.NOTICE: 0x2563EB,
    Tone.WARNING: 0xD97706,
    Tone.DANGER: 0xB91C1C,
    Tone.GOOD: 0x15803D,
}
"""Tone → the red, green and blue of its colour."""


def paragraphs(
    card: Card, bold: Callable[[str], Iterable[Part]], inside: Callable[[Section], Iterable[Part]], none: Part, *,
    titled: bool,
) -> Iterator[tuple[Part, list[Part]]]:  # fmt: skip
    """Heading (`none` where there is none) and what stands below it; a long heading goes on there.

    `bold`: a line as parts of a heading; `titled`: the title had no room and stands here once more, whole.
    """
    if titled:
        yield none, [*bold(clean(card.title).strip())]
    for section in card.sections:
        heading, *more = [*bold(clean(section.heading).strip())] or [none]
        below = [*more, *inside(section)]
        if below:
            yield heading, below
        elif heading != none:
            yield none, [heading]
