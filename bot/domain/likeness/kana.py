"""Slips in kana: when one or two other kana are the same word mistyped, and when they are another word."""

import re

from rapidfuzz.distance import OSA

from bot.domain.likeness.vocabulary import KANA_WORDS

_ROWS = (
        "あいうえお"
,
        "かきくけこがぎぐげご"
,
        "さしすせそざじずぜぞ"
,
        "たちつてとだぢづでど"
,
        "なにぬねの"
,
        "はひふへほ"
,
         "ばびぶべぼ", "まみむめも", "や　ゆ　よ", "らりるれろ", "わ　　　を")  # fmt: skip
_ROW = {kana: number for number, row in enumerate(_ROWS) for kana in row}
_E = frozenset("えけせてねへめれげぜでべ")
_PLAIN = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽぁぃぅぇぉゃゅょっゎゔ",
    "かきくけこさしすせそたちつてとはひふへほはひふへほあいうえおやゆよつわう",
)
_VOWELS = dict(zip("aiueo", ("あぁ", "いぃ", "うぅ", "えぇ", "おぉ"), strict=True))
_CONSONANTS = (
    "kかきくけこ sさしすせそ tたちつてと nなにぬねのん hはひふへほ fふ mまみむめも yやゆよゃゅょ rらりるれろ wわを"
    " gがぎぐげご zざじずぜぞ jじ dだぢづでど bばびぶべぼ pぱぴぷぺぽ cちか xぁぃぅぇぉっゃゅょ lぁぃぅぇぉっゃゅょ"
)
_KEYS = _VOWELS | {kana[0]: kana[1:] for kana in _CONSONANTS.split()}  # what a key begins
_LEFT_OVER = re.compile(r"([ぁ-ん]?)([a-z]{1,3})([ぁ-ん]{0,2})")
_SHORT_FOREIGN = 5  # a katakana word shorter than this is soon another word: one kana is no slip there


def same_ending(x: str, y: str) -> bool:
    """Two ends of one verb before its politeness: 届き/届い, 違い/違う, あり/ある."""
    if len(x) > 1 or len(y) > 1:
        return False
    if not x or not y:
        return (x or y) in {"り", "る", "い", "っ", "し", "き"}
    if "いっん".find(x) >= 0 or "いっん".find(y) >= 0:
        return (x in _E) == (y in _E)
    return _ROW.get(x, -1) == _ROW.get(y, -2) and (x in _E) == (y in _E)


def other_ending(x: str, y: str) -> bool:
    """Two verb ends of one row, one of them in e: 送り, 送れ. That is no slip: the one can and the other does."""
    return len(x) == len(y) == 1 and _ROW.get(x, -1) == _ROW.get(y, -2) and (x in _E) != (y in _E)


def plain(text: str) -> str:
    """Kana without voicing, smallness and length."""
    return unvoiced(text).replace("ー", "")


def unvoiced(text: str) -> str:
    """Kana without voicing and smallness, character for character."""
    return text.translate(_PLAIN)


def kana_slip(x: str, y: str, head: str, tail: str, *, foreign: bool) -> bool:
    """Whether x was meant to be y between `head` and `tail`.

    `foreign`: inside one katakana word, which `head` and `tail` complete.
    """
    if not x.strip("ー") and not y.strip("ー"):
        # The mark of length: at the end of a word and in long words it comes and goes, in short ones it is the word.
        if foreign and tail and len((head + x + tail).replace("ー", "")) < _SHORT_FOREIGN - 1:
            return False
        return not (foreign and _other_word(x, y, head, tail))
    if foreign and not _near_foreign(x, y, head, tail):
        return False
    if OSA.distance(x, y) > 1 and not (len(x) == len(y) <= 3 and sorted(x) == sorted(y)):
        return False
    return not _other_word(x, y, head, tail)


def _near_foreign(x: str, y: str, head: str, tail: str) -> bool:
    """Whether a katakana word is long enough, or the other no word at all, and the first kana stays."""
    length = max(len(x), len(y)) + len(head) + len(tail)
    if length < _SHORT_FOREIGN and not _one_known(head + x + tail, head + y + tail):
        return False
    return bool(head) or not x or not y or x[0] == y[0] or plain(x) == plain(y)


def _one_known(x: str, y: str) -> bool:
    return len(x) >= 3 and (x in KANA_WORDS) != (y in KANA_WORDS)


def _other_word(x: str, y: str, head: str, tail: str) -> bool:
    """Whether the change makes one known word of another."""
    for left in range(min(len(head), 8) + 1):
        before = head[len(head) - left :]
        for right in range(min(len(tail), 8) + 1):
            after = tail[:right]
            if before + x + after in KANA_WORDS and before + y + after in KANA_WORDS:
                return True
    return False


def left_over(typed: str, meant: str, *, ends: bool) -> bool | None:
    """Whether letters in `typed` are kana of `meant` that the input method left as keys; None if it looks otherwise.

    `ends`: a verb's ending follows or lies in it, which may not change with it.
    """
    found = _LEFT_OVER.fullmatch(typed)
    if not found:
        return None
    head, keys, tail = found.groups()
    if not meant.startswith(head):
        return False
    rest = meant[len(head) :]
    if rest.endswith(tail):
        rest = rest[: len(rest) - len(tail)]
    elif len(tail) == 1 and rest and not ends:
        rest = rest[:-1]
    else:
        return False
    if not rest:
        return not ends or not tail
    return len(rest) <= 2 and (rest[0] in _KEYS.get(keys[0], "") or (rest[0] == "っ" and keys[0] not in "aiueo"))
