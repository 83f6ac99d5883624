"""Slips in latin words: when two runs of words are the same words mistyped."""

import re

from rapidfuzz.distance import OSA, Levenshtein

from bot.domain.likeness.vocabulary import ENGLISH_WORDS, IDLE_WORDS

_DOUBLE = re.compile(r"(.)\1+")
_SHORT = 4  # shorter words are codes, units and particles: a letter makes another one
_LONG = 8  # two slips are believed only in a word this long
_SLIPS_EVERY = 2  # one mistyped word is believed per so many words


def same_words(a: str, b: str, names: frozenset[str]) -> bool:
    """Whether two runs of latin words are the same but for slips and words that say nothing."""
    if a == b or a.replace(" ", "") == b.replace(" ", ""):
        return True
    one, two = a.split(), b.split()
    slips = 0
    for op in Levenshtein.opcodes(one, two):
        if op.tag == "equal":
            continue
        if op.src_end - op.src_start == op.dest_end - op.dest_start:
            pairs = list(zip(one[op.src_start : op.src_end], two[op.dest_start : op.dest_end], strict=True))
            if all(w == v or _mistyped(w, v, names) for w, v in pairs):
                slips += sum(w != v for w, v in pairs)
                continue
        x = [w for w in one[op.src_start : op.src_end] if w not in IDLE_WORDS]
        y = [w for w in two[op.dest_start : op.dest_end] if w not in IDLE_WORDS]
        if "".join(x) == "".join(y):
            continue
        if not x or not y:
            before, after = one[op.src_start - 1 : op.src_start], one[op.src_end : op.src_end + 1]
            if (x or y) in (before, after):
                continue  # a word written twice
            return False
        if len(x) != len(y):
            joined_x, joined_y = "".join(x), "".join(y)
            if min(len(joined_x), len(joined_y)) >= _LONG and _mistyped(joined_x, joined_y, names):
                slips += 1
                continue
            return False
        for w, v in zip(x, y, strict=True):
            if w != v:
                if not _mistyped(w, v, names):
                    return False
                slips += 1
    return slips <= 1 + min(len(one), len(two)) // _SLIPS_EVERY


def _bones(word: str) -> str:
    """The letters of a word that misspelling keeps: no doubles, and e and i alike where they stand together."""
    return _DOUBLE.sub(r"\1", word).replace("ie", "ei")


def _mistyped(w: str, v: str, names: frozenset[str]) -> bool:
    """Whether one of two different words is the other mistyped: a slip seldom makes another real word."""
    if not (w.isalpha() and v.isalpha()) or (w in names and v in names):
        return False
    shorter = min(len(w), len(v))
    if w + "s" == v or v + "s" == w:
        return shorter >= _SHORT - 1
    known_w, known_v = w in ENGLISH_WORDS, v in ENGLISH_WORDS
    if known_w and known_v:
        return False
    swapped = len(w) == len(v) and sorted(w) == sorted(v)
    if w[0] != v[0] and not (swapped and w[:2] == v[1::-1]):
        return False
    distance = OSA.distance(w, v)
    if shorter < _SHORT:
        return shorter >= 2 and distance == 1 and (known_w or known_v) and (swapped or len(w) != len(v))
    if shorter >= _LONG - 2 and distance <= 2 and _bones(w) == _bones(v):
        return True
    if not known_w and not known_v:
        return distance == 1 and (swapped or len(w) != len(v) or shorter >= 6)
    return distance <= (2 if shorter >= _LONG - 2 else 1)
