"""Which parts of a message stand in another one of the same content, too."""

from rapidfuzz.distance import Indel

Span = tuple[int, int]


def matching(text: str, model: str) -> tuple[Span, ...]:
    """Spans [from, to) of `text`, in order, that `model` has, too; all of it where both are equal."""
    if text == model:
        return ((0, len(text)),) if text else ()
    parts = (part for part in Indel.opcodes(model, text) if part.tag == "equal")
    return tuple((part.dest_start, part.dest_end) for part in parts)
