"""Kanji on one side, kana on the other: whether the kana may be how the kanji are read."""

import re
from enum import Enum

from bot.domain.likeness.kana import plain
from bot.domain.likeness.readings import READINGS

_HAN = re.compile(r"[一-龠々]")
_KANA = re.compile(r"[ぁ-ゖー]*")
_LEFT_OUT = frozenset("りみしきちいけせれえひ")  # may be written behind a kanji or not: 取消, 取り消し
_OKURIGANA = re.compile(r"[うくすつぬむるえけせねへめれいきしちりかさたなまらわっんげべぎび]")
_MOST = 4  # kana of one kanji whose reading is not listed
_COMMON = """まだ もう やっと ずっと すぐ また とても かなり ちょっと これ それ あれ どれ ここ そこ いつ なぜ なに
どう どこ だれ はい いま ぜんぶ すべて たまに いつも"""
_WORDS = frozenset(_COMMON.split())


class Read(Enum):
    """How sure it is that the one is read as the other."""

    NOT = 0
    PERHAPS = 1
    SURELY = 2


def read_as(x: str, y: str) -> Read:
    """Whether one of the two is the reading of the other; PERHAPS when that rests on a kanji without known reading."""
    if _HAN.search(y):
        x, y = y, x
    if _HAN.search(y) or not y or not _KANA.fullmatch(y):
        return Read.NOT
    sound = plain(y)
    if len(sound) > 4 * len(x):
        return Read.NOT
    states: dict[int, bool] = {0: False}  # kana used -> a guess was needed
    for kanji in x:
        reached: dict[int, bool] = {}
        for at, guessed in states.items():
            for to, guess in _steps(kanji, sound, at):
                reached[to] = reached.get(to, True) and (guessed or guess)
        states = reached
        if not states:
            return Read.NOT
    end = states.get(len(sound))
    if end is None:
        return Read.NOT
    return Read.SURELY if not end else (Read.PERHAPS if y not in _WORDS else Read.NOT)


def _steps(kanji: str, sound: str, at: int) -> list[tuple[int, bool]]:
    """Where in the kana one character of the other side may end; with whether that is a guess."""
    if not _HAN.match(kanji):
        kana = plain(kanji)
        return [(at + len(kana), False)] if sound.startswith(kana, at) else []
    readings = READINGS.get(kanji)
    if readings is None:
        return [(to, True) for to in range(at + 1, min(len(sound), at + _MOST) + 1)]
    ends = [
        at + len(reading)
        for reading in readings
        if sound.startswith(reading, at)
        or (len(reading) > 1 and reading[-1] in "くちつき" and sound.startswith(reading[:-1] + "つ", at))
    ]
    return [(end, False) for end in ends] + [(end + 1, False) for end in ends if sound[end : end + 1] in _LEFT_OUT]


def typed_for(x: str, y: str, after: str) -> bool:
    """Whether one kanji may have been typed for another that sounds alike, before the same verb ending `after`."""
    shared = set(READINGS.get(x, ())) & set(READINGS.get(y, ()))
    return bool(shared) and _OKURIGANA.match(after) is not None
