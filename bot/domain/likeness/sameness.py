"""Whether two fingerprints are of the same content."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from bot.domain.likeness.alignment import alike
from bot.domain.likeness.fingerprint import Fingerprint
from bot.domain.text import Content, Sentence
from bot.domain.text.ending import MARKS, QUESTION

# Two short demands, one in kana and one in kanji, share hardly a gram; the longer a text, the more must be shared,
# since a slip touches few of its grams and nobody rewrites all of it. Measured on real dialogues: about seven pairs of
# unrelated turns in a hundred come above their floor, nearly all of them short.
FLOOR, _HIGHEST = 0.06, 0.46
_RISE_FROM, _RISE = 20, 0.016
# When the text is forgotten only the grams are left: a swapped word of three characters in a text of fifty
# changes about 8 of 100 grams, a doubled letter about 3.
FORGOTTEN = 0.95
_STRAY = 2  # one word typed for another that sounds alike is of two kanji at the most
_HAN = re.compile(r"[一-龠々]")
_EXTRA = 0.2  # a repeated message may carry so much more than what it repeats, if that asks and numbers nothing
_PAIRED = 8  # more sentences than these that differ at once are compared as one text only


def same_content(a: Fingerprint, b: Fingerprint) -> bool:
    """True iff the two contents are equal or differ only in how they are written. Symmetric, not transitive.

    Every sentence of either must find its partner in the other, in any order. One of the two may carry more: up to a
    fifth of what it repeats, if that asks and numbers nothing. What introduces the sender may be missing, not differ.
    """
    if a.key == b.key:
        return True
    if a.numbers_key != b.numbers_key:
        return False
    if a.content and b.content and _of_other_words(a.content.canonical, b.content.canonical):
        return False
    one, other = int.from_bytes(a.bitmap, "little"), int.from_bytes(b.bitmap, "little")
    likeness = (one & other).bit_count() / max((one | other).bit_count(), 1)
    if likeness < floor_of(min(one.bit_count(), other.bit_count())):
        return False
    if a.content is None or b.content is None:
        return likeness >= FORGOTTEN
    first, second = (a.content, b.content) if a.content.canonical <= b.content.canonical else (b.content, a.content)
    return _near(first, second)


def _of_other_words(one: str, other: str) -> bool:
    """Whether either text has kanji that the other lacks, more than a slip, a rewriting in kana or a closing brings."""
    left, right = _han_in(one), _han_in(other)
    return len(left - right) > _STRAY and len(right - left) > _STRAY


@lru_cache(4096)
def _han_in(text: str) -> frozenset[str]:
    return frozenset(_HAN.findall(text))


def floor_of(grams: int) -> float:
    """The Jaccard index of bitmaps below which contents are never the same, by the grams of the smaller one."""
    return min(max(FLOOR, FLOOR + _RISE * (grams - _RISE_FROM)), _HIGHEST)


def _near(a: Content, b: Content) -> bool:
    if a.who and b.who and a.who != b.who:
        return False
    names = a.names | b.names
    if len(a.sentences) == 1 and len(b.sentences) == 1 and not a.who and not b.who:
        return alike(a.sentences[0], b.sentences[0], names)
    known = set(a.who.split("/")) | set(b.who.split("/")) if a.who or b.who else set()
    known |= {s.folded for s in a.sentences} & {s.folded for s in b.sentences}
    left = [s for s in a.sentences if s.folded not in known]
    right = [s for s in b.sentences if s.folded not in known]
    if left and right:
        if len(left) <= _PAIRED and len(right) <= _PAIRED:
            left, right = _unpaired(left, right, names)
        if left and right:
            return alike(_flow(a), _flow(b), names)
    rest = left or right
    if not rest:
        return True
    whole = a if left else b
    extra = sum(len(s.folded) for s in rest)
    return extra <= _EXTRA * (sum(len(s.folded) for s in whole.sentences) - extra) and not any(map(_tells, rest))


def _unpaired(
    left: list[Sentence], right: list[Sentence], names: frozenset[str]
) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences of either side that find no partner, the likest pairs tried first."""
    pairs = sorted(
        ((fuzz.ratio(s.folded, t.folded), i, j) for i, s in enumerate(left) for j, t in enumerate(right)),
        key=lambda found: (-found[0], left[found[1]].folded, right[found[2]].folded),
    )
    gone_left: set[int] = set()
    gone_right: set[int] = set()
    for _, i, j in pairs:
        if i not in gone_left and j not in gone_right and alike(left[i], right[j], names):
            gone_left.add(i)
            gone_right.add(j)
    return (
        [s for i, s in enumerate(left) if i not in gone_left],
        [t for j, t in enumerate(right) if j not in gone_right],
    )


def _flow(content: Content) -> Sentence:
    """The whole content as one sentence, for texts cut into sentences at other places."""
    gap = " " if content.canonical.isascii() else ""
    return Sentence(
        gap.join(s.folded for s in content.sentences),
        gap.join(
            s.folded.rstrip(MARKS) if len(s.shown) != len(s.folded.rstrip(MARKS)) else s.shown
            for s in content.sentences
        ),
        gap.join(s.full for s in content.sentences),
    )


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence that only one of the two has brings something new of weight."""
    return QUESTION in sentence.folded or any(map(str.isdigit, sentence.folded))
