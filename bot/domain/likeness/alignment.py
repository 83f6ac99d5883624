"""Two sentences laid side by side: whether all that differs is how they are written."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from bot.domain.likeness.english import same_words
from bot.domain.likeness.kana import kana_slip, left_over, other_ending, same_ending
from bot.domain.likeness.order import reordered
from bot.domain.likeness.reading import Read, converted_for, read_as, sounds_like, sounds_of, typed_for
from bot.domain.text import Sentence
from bot.domain.text.ending import MARKS
from bot.domain.text.number import is_label

_LATIN = re.compile(r"[a-z0-9]")
_HAN = re.compile(r"[一-龠々]")
_KATAKANA = re.compile(r"[ァ-ヶー]")
_DENIED = re.compile(r"ない|なかっ|なけれ|なく|ませ[んぬ]|ずに|ねえ")
# May stand in one sentence and lack in the other without changing what it says.
_IDLE_WORDS = """
を は が の に も へ と で ね よ お ご って とか とは には では のは まだ もう 早く はやく すぐ すぐに 今すぐ
いますぐ 至急 大至急 早急に とにかく なんか 本当に ほんとに まじで 一体 いったい いい加減 いいかげん さっさと
もう一度 再度 どうか ぜひ 是非 ちゃんと ちょっと ずっと の方 のほう です ます という っていう いまだに 未だに 全然
ぜんぜん から ので けど し い る
"""
_IDLE = frozenset(_IDLE_WORDS.split())
_OKURIGANA = re.compile(r"[いえおきけしせちてとにひみめもりれわぎび]{1,2}")
_WORDY = 6  # in a shorter text one kanji is too much of it
_PARTICLES = frozenset("をはがのにもへとでや")
_LONG = 80  # so long a text is never wholly rewritten in kana: with a quarter changed it is another
_WORDY_CHAR = re.compile(r"[ぁ-ん一-龠々]")
_HIRAGANA = re.compile(r"[ぁ-ん]")
_OTHER_KANJI = 2  # more kanji that only this one has, and more that only the other has, are two texts
_CACHED = 8192  # one content is compared with many
_LOOSE = 12  # endings and idle words that one of two likely texts may have more
_SLIPS_EVERY = 8  # one slip of the finger is believed per so many characters


def alike(a: Sentence, b: Sentence, names: frozenset[str]) -> bool:
    """Whether two sentences say the same in the same words. `a` and `b` in canonical order: callers see to symmetry."""
    if a.folded == b.folded:
        return True
    if a.full.isascii() and b.full.isascii():
        return _alike_in_english(a.folded, b.folded, names)
    if _apart(a.full, b.full):
        return False
    one, two = a.folded.rstrip(MARKS), b.folded.rstrip(MARKS)
    agree = a.folded[len(one) :] == b.folded[len(two) :]
    if (agree and _rewritten(one, two)) or _rewritten(a.full, b.full):
        return True
    if agree and len(_DENIED.findall(one)) == len(_DENIED.findall(two)):
        pair = _Pair(one, two, a.shown, b.shown, names)
        if pair.same():
            return True
        if pair.another:
            return False
    return _Pair(a.full, b.full, a.full, b.full, names, whole=True).same()


def _alike_in_english(a: str, b: str, names: frozenset[str]) -> bool:
    one, two = a.rstrip(MARKS), b.rstrip(MARKS)
    if a[len(one) :] != b[len(two) :]:
        return False
    return same_words(one, two, names) or reordered(one, two)


def _apart(one: str, two: str) -> bool:
    """Whether two texts have so little in common that nothing below could lay them side by side."""
    mine, yours = _kanji(one), _kanji(two)
    if mine != yours:
        return len(mine - yours) > _OTHER_KANJI and len(yours - mine) > _OTHER_KANJI
    cutoff = _LOOSE + max(len(one), len(two)) // 3
    return Levenshtein.distance(one, two, score_cutoff=cutoff) > cutoff and sorted(one) != sorted(two)


@lru_cache(_CACHED)
def _kanji(text: str) -> frozenset[str]:
    return frozenset(_HAN.findall(text))


def _rewritten(one: str, two: str) -> bool:
    """Whether two texts are the same words in another script or order, or with one word misconverted."""
    return sounds_like(one, two) or reordered(one, two) or converted_for(one, two)


def _harmless(x: str, y: str) -> bool:
    """Whether a slip can hide no other tense, denial or question: kana swapped, or one doubled or lost."""
    if sorted(x) == sorted(y):
        return True
    return len(x) + len(y) == 1 and (x or y) not in "かなたてんぬずQ"


class _Pair:
    """Two bodies under comparison."""

    def __init__(
        self, one: str, two: str, shown_one: str, shown_two: str, names: frozenset[str], *, whole: bool = False
    ) -> None:
        self.whole = whole  # endings included: there a kana may be the meaning
        self.one, self.two = one, two
        self.shown_one = shown_one if len(shown_one) >= len(one) else one
        self.shown_two = shown_two if len(shown_two) >= len(two) else two
        self.names = names
        self.slips = 0
        self.guessed = False
        self.another = False  # a word was found that is another one, whatever the endings

    def same(self) -> bool:
        shorter = min(len(self.one), len(self.two))
        budget = 0 if shorter <= 3 else 1 + (shorter - 4) // _SLIPS_EVERY
        blocks = self._blocks(budget)
        if blocks is None:
            return False
        return all(self._accepts(*block) for block in blocks) and self.slips <= budget

    def _blocks(self, budget: int) -> list[tuple[int, int, int, int]] | None:
        """Where the two differ, neighbours joined; None when they differ in too many places to be one text."""
        longer = max(len(self.one), len(self.two))
        if longer > _LONG and Levenshtein.distance(self.one, self.two, score_cutoff=longer // 4) > longer // 4:
            return None
        found = [
            (op.src_start, op.src_end, op.dest_start, op.dest_end)
            for op in Levenshtein.opcodes(self.one, self.two)
            if op.tag != "equal"
        ]
        joined: list[tuple[int, int, int, int]] = []
        for block in found:
            if joined and block[0] - joined[-1][1] <= 1 and self._joins(joined[-1], block):
                joined[-1] = (joined[-1][0], block[1], joined[-1][2], block[3])
            else:
                joined.append(block)
        return joined if len(joined) <= 4 + 4 * budget else None

    def _joins(self, before: tuple[int, int, int, int], block: tuple[int, int, int, int]) -> bool:
        """Opcodes of one replaced stretch, or of two swapped kana with one kept between them."""
        if block[0] == before[1]:
            return True
        return not _HAN.search(self.one[before[0] : block[1]]) and not _HAN.search(self.two[before[2] : block[3]])

    def _accepts(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        x, y = self.one[i1:i2], self.two[j1:j2]
        if _LATIN.search(x) or _LATIN.search(y):
            typed = self._left_over(x, y, i1, i2, j1, j2)
            if typed is not None:
                return typed
            self.another = not self._latin(i1, i2, j1, j2)
            return not self.another
        if (not x or not y) and (x or y) in _IDLE and self._idle(i1, i2, j1, j2):
            return True
        if _HAN.search(x) or _HAN.search(y):
            self.another = not (self._homophone(i1, i2, j1, j2) or self._read(i1, i2, j1, j2))
            return not self.another
        if (not x or not y) and self._okurigana(x or y, i1, i2):
            return True
        shown = self.shown_one[i1:i2] + self.shown_two[j1:j2]
        if _KATAKANA.search(shown) or self._inside_katakana(i1, i2, j1, j2):
            return self._katakana(i1, i2, j1, j2)
        return self._hiragana(i1, i2, j1, j2)

    def _left_over(self, x: str, y: str, i1: int, i2: int, j1: int, j2: int) -> bool | None:
        """Whether a letter in a word of one of the two is a kana half typed; None when it is no such letter."""
        if _LATIN.search(x) and not _LATIN.search(y):
            typed, meant, text, start, end = x, y, self.shown_one, i1, i2
        elif _LATIN.search(y) and not _LATIN.search(x):
            typed, meant, text, start, end = y, x, self.shown_two, j1, j2
        else:
            return None
        if not start or not _WORDY_CHAR.match(text, start - 1) or (end < len(text) and not _HIRAGANA.match(text, end)):
            return None
        near_end = self.whole and end > len(text) - 3
        found = left_over(typed, meant, ends=near_end)
        if found is False and _HAN.match(meant) and len(meant) <= 2:
            reads = (left_over(typed, sound + meant[1:], ends=near_end) for sound in sounds_of(meant[0]))
            found = any(reads)
        if found:
            if not meant and (self.whole or is_label(text, end)):
                return None  # it may be a label, or the letter of a T-shirt
            self.slips += 1
        return found

    def _okurigana(self, kana: str, i1: int, i2: int) -> bool:
        """Kana behind a kanji that are as often left out: 取り消し, 取消."""
        if not i1 or i2 >= len(self.one) or not _OKURIGANA.fullmatch(kana) or not _HAN.match(self.one[i1 - 1]):
            return False
        return self.one[i2] in _PARTICLES or _HAN.match(self.one[i2]) is not None

    def _hiragana(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        x, y = self.one[i1:i2], self.two[j1:j2]
        if self.whole and not _harmless(x, y):
            return False
        if not self.whole and i2 == len(self.one) and j2 == len(self.two):
            if same_ending(x, y):
                return True
            if other_ending(x, y):
                return False
        around = (self.one[max(0, i1 - 5) : i1], self.one[i2 : i2 + 5])
        if kana_slip(x, y, *around, foreign=False):
            self.slips += x.strip("ー") != y.strip("ー")
            return True
        return False

    def _idle(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        """A particle or an urging word more; not inside a katakana word, where one kana makes another word."""
        if self.whole and max(i2, j2) > max(len(self.one), len(self.two)) - 6:
            return False
        if self._inside_katakana(i1, i2, j1, j2):
            return self._katakana(i1, i2, j1, j2)
        return True

    def _inside_katakana(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        return bool(
            (i1 and _KATAKANA.match(self.shown_one, i1 - 1) and _KATAKANA.match(self.shown_one, i2))
            or (j1 and _KATAKANA.match(self.shown_two, j1 - 1) and _KATAKANA.match(self.shown_two, j2))
        )

    def _widened(self, kind: re.Pattern[str], i1: int, i2: int, j1: int, j2: int) -> tuple[str, str]:
        """Both sides of a block, grown over the equal characters that belong to the same word."""
        while (
            i1
            and j1
            and self.one[i1 - 1] == self.two[j1 - 1]
            and (kind.match(self.shown_one, i1 - 1) or kind.match(self.shown_two, j1 - 1))
        ):
            i1, j1 = i1 - 1, j1 - 1
        while (
            i2 < len(self.one)
            and j2 < len(self.two)
            and self.one[i2] == self.two[j2]
            and (kind.match(self.shown_one, i2) or kind.match(self.shown_two, j2))
        ):
            i2, j2 = i2 + 1, j2 + 1
        return self.one[i1:i2], self.two[j1:j2]

    def _latin(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        x, y = self._widened(_LATIN, i1, i2, j1, j2)
        return x.isascii() and y.isascii() and same_words(x.strip(), y.strip(), self.names)

    def _katakana(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        x, y = self.one[i1:i2], self.two[j1:j2]
        wide_x, wide_y = self._widened(_KATAKANA, i1, i2, j1, j2)
        at = wide_x.find(x) if x else 0
        head, tail = wide_x[:at], wide_x[at + len(x) :]
        del wide_y
        if kana_slip(x, y, head, tail, foreign=True):
            self.slips += x.strip("ー") != y.strip("ー")
            return True
        return False

    def _read(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        """Kanji on one side, their reading on the other; neighbours help where the alignment cut a reading in two."""
        for left, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
            if min(i1, j1) < left or i2 + right > len(self.one) or j2 + right > len(self.two):
                continue
            found = read_as(self.one[i1 - left : i2 + right], self.two[j1 - left : j2 + right])
            if found is Read.SURELY:
                return True
            if found is Read.PERHAPS and not left and not right:
                return self._plausible(i1, i2, j2 - j1)
        return False

    def _homophone(self, i1: int, i2: int, j1: int, j2: int) -> bool:
        """One verb converted to the wrong kanji, once; never in a noun, which may be a name."""
        x, y, after = self.one[i1:i2], self.two[j1:j2], self.one[i2 : i2 + 1]
        if len(x) != 1 or len(y) != 1 or self.whole or self.slips or len(self.one) < _WORDY:
            return False
        if (i1 and _HAN.match(self.one[i1 - 1])) or not typed_for(x, y, after):
            return False
        self.slips += 1
        return True

    def _plausible(self, i1: int, i2: int, put: int) -> bool:
        """An unknown reading is believed once, in a verb or a compound of which most stands unchanged around it."""
        if self.guessed:
            return False
        self.guessed = True
        near = self.one[i1 - 1 : i1] + self.one[i2 : i2 + 1] if i1 else self.one[i2 : i2 + 1]
        return 2 * (i2 - i1) <= len(self.one) and 3 * put <= 2 * len(self.two) and not set(near) <= _PARTICLES
