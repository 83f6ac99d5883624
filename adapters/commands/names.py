"""Names as people type them: any width, script of kana or case, and the nearest one to a slip."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final

_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_NEAR: Final = 0.6
_LONGEST: Final = 40
"""Longer words are no slip of a name."""
_ROWS: Final = (
    ("", "あいうえお"), ("l", "ぁぃぅぇぉ"), ("k", "かきくけこ"), ("g", "がぎぐげご"), ("s", "さしすせそ"),
    ("z", "ざじずぜぞ"), ("t", "たちつてと"), ("d", "だぢづでど"), ("n", "なにぬねの"), ("h", "はひふへほ"),
    ("b", "ばびぶべぼ"), ("p", "ぱぴぷぺぽ"), ("m", "まみむめも"), ("r", "らりるれろ"),
)  # fmt: skip
_KEYS: Final = {ord(kana): row + vowel for row, line in _ROWS for kana, vowel in zip(line, "aiueo", strict=True)} | {
    ord(kana): keys
    for kana, keys in zip("やゆよわをんゔっ", ("ya", "yu", "yo", "wa", "wo", "n", "vu", ""), strict=True)
}
_SMALL_AFTER: Final = re.compile(r"([a-z])ul([aieo])")


def folded(text: str) -> str:
    """One form for the many ways to write a word: NFKC, small letters, hiragana."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)


def typed(text: str) -> str:
    """What the keys were, where an English word was typed in kana mode: れぽrt was report, のw was now."""
    word = folded(text)
    keys = word.translate(_KEYS)
    return keys if keys == word else _SMALL_AFTER.sub(r"\1\2", keys)


def nearest(word: str, names: Mapping[str, str] | Iterable[str]) -> str:
    """The name nearest to a slip, "" if none is near; for a mapping of name to key, the key."""
    meant = {folded(name): name for name in names}
    said = {folded(word), typed(word)}
    if min(map(len, said)) > _LONGEST:
        return ""
    scored = [(_likeness(name, one), name) for name in meant for one in sorted(said)]
    score, best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    if score < _NEAR:
        return ""
    return names[meant[best]] if isinstance(names, Mapping) else meant[best]


def _likeness(name: str, said: str) -> float:
    """From 0 to 1; the beginning of a name is near to it."""
    if len(said) > 1 and name.startswith(said):
        return max(_NEAR, len(said) / len(name))
    return SequenceMatcher(None, _apart(name), _apart(said)).ratio()


def _apart(word: str) -> str:
    """Kana and their marks apart, so that a forgotten ゛ is half a slip."""
    return unicodedata.normalize("NFD", word)
