"""A message's fingerprint: keyed hashes and a bitmap of its content, which outlive the text."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np

from bot.domain.text import LONGEST, Content, content_of

BITS = 2048
_CACHED_GRAMS = 65_536  # Japanese and English support talk has about 40,000 grams; more is noise or an attack


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is known of a message's content; all but `content` may be kept after the text is forgotten."""

    key: bytes
    raw_key: bytes
    numbers_key: bytes
    bitmap: bytes
    content: Content | None


class _Places(dict[str, int]):
    """The bit of every gram met so far; empties itself when full, so that memory is bounded."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, gram: str) -> int:
        digest = blake2b(gram.encode("utf-8", "surrogatepass"), digest_size=4, key=self._key, person=b"gram").digest()
        bit = int.from_bytes(digest, "big") % BITS
        if len(self) >= _CACHED_GRAMS:
            self.clear()
        self[gram] = bit
        return bit


class Fingerprinter:
    """Makes fingerprints under one key of 1 to 64 bytes. Not for two threads at once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._places = _Places(key)
        self._no_numbers = self._hash("", b"numbers", 8)

    def of(self, raw: str, raw_key: bytes = b"") -> Fingerprint | None:
        """The fingerprint of any text; None when its content never counts. `raw_key` if it is known already."""
        content = content_of(raw)
        if not content.counts:
            return None
        return Fingerprint(
            key=self._hash(content.canonical, b"content", 16),
            raw_key=raw_key or self.raw_key(raw),
            numbers_key=self._hash(content.numbers, b"numbers", 8) if content.numbers else self._no_numbers,
            bitmap=self._bitmap(content),
            content=content,
        )

    def raw_key(self, raw: str) -> bytes:
        """The keyed hash of the very text: equal for equal texts, whatever they say."""
        return self._hash(unicodedata.normalize("NFC", raw[:LONGEST].strip()), b"raw", 8)

    def _hash(self, text: str, person: bytes, size: int) -> bytes:
        data = text.encode("utf-8", "surrogatepass")
        return blake2b(data, digest_size=size, key=self._key, person=person).digest()

    def _bitmap(self, content: Content) -> bytes:
        bits = bytearray(BITS)
        place = self._places.__getitem__
        for sentence in content.sentences:
            text = sentence.folded
            if text.isascii():
                text = f" {text} "
                grams: Iterable[str] = map("".join, zip(text, text[1:], text[2:], strict=False))
            else:
                grams = chain(text, map(str.__add__, text, text[1:]))
            for bit in map(place, grams):
                bits[bit] = 1
        return np.packbits(np.frombuffer(bits, dtype=np.uint8)).tobytes()
