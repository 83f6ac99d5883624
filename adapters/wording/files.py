"""Which files hung on the messages that something rests on: name, size, hash, or why they are not kept."""

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.wording.card import Section
from adapters.wording.clean import clean, clipped
from adapters.wording.voice import Voice
from bot.domain.model import KeptFile

SHOWN: Final = 8
NAME: Final = 60
"""Characters of a file's name; its end, which says what it is, stays."""
HASH: Final = 12
"""Hex digits of the sha256 that are shown."""
_UNITS: Final = (("mb", 2**20), ("kb", 2**10))


def files_part(files: Sequence[KeptFile], voice: Voice) -> tuple[Section, ...]:
    """The section of a card; none where nothing was attached. Bytes are never posted anywhere."""
    return (Section(voice.say("answer.files.heading"), tuple(_lines(files, voice))),) if files else ()


def _lines(files: Sequence[KeptFile], voice: Voice) -> Iterable[str]:
    for file in files[:SHOWN]:
        yield file_words(file, voice)
    if len(files) > SHOWN:
        yield voice.say("answer.files.more", count=len(files) - SHOWN)


def file_words(file: KeptFile, voice: Voice) -> str:
    """One file on one line."""
    name = _name(file.name or "") or voice.say("answer.files.nameless")
    size = size_words(file.size, voice)
    return voice.say(f"answer.files.{file.state.value}", name=name, size=size, hash=file.sha256[:HASH])


def size_words(size: int, voice: Voice) -> str:
    """Bytes as people read them."""
    for unit, bytes_ in _UNITS:
        if size >= bytes_:
            return voice.say(f"answer.files.size_{unit}", size=f"{size / bytes_:.1f}")
    return voice.say("answer.files.size_b", size=size)


def _name(written: str) -> str:
    """Harmless, on one line, its ending kept."""
    name = clean(written).strip()
    stem, dot, end = name.rpartition(".")
    if len(name) <= NAME or not dot or len(end) > 8:
        return clipped(name, NAME)
    return f"{clipped(stem, NAME - len(end) - 1)}.{end}"
