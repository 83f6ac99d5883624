"""What of a message is its content, in one order and one spelling."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.text import english, japanese
from bot.domain.text.ending import QUESTION, ended
from bot.domain.text.form import CODED, KATAKANA, even, hiragana, wide
from bot.domain.text.markup import faceless, unwrapped
from bot.domain.text.number import numbers_of
from bot.domain.text.quote import lines_of

MAX_CHARS = 4000  # beyond it a text is cut before any work: nobody nags in longer messages, and work stays bounded
FAMILY_MAX = 48  # a longer sentence says more than a phrase that is no content
MAX_SENTENCES = 60  # what follows is one last sentence, so that matching sentences stays bounded

_STOP = re.compile(
    r"\.(?:\.+|(?=\s|$))|;(?=\s|$)"
    r"|[、,](?:(?<=(?:ます|です|たい|すか|すが)[、,])|(?<=(?:ません|ました|ださい|でした|すけど)[、,]))"
)
_PIECE = re.compile(r"([^。!?\n]+)([。!?\s]*)")
_EDGE_LEFT = re.compile(r"[\W_]+")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_LATIN_END = re.compile(r"[a-z][\W_]*$")
_SIGNS = re.compile(r"(?:[^\w.]|_|\.(?!\d)|(?<!\d)\.)+")
_GAPS = re.compile(r" (?![a-z0-9])|(?<![a-z0-9]) ")
_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
_ENDS = re.compile(r"[。!?\n]+")
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of content."""

    folded: str  # its body, katakana folded, and then its marks
    shown: str  # the body with katakana as they were
    full: str  # the sentence with the ending that was taken off: a slip may lie there


@dataclass(frozen=True, slots=True)
class Content:
    """What of a message is its content."""

    canonical: str  # sentences in a canonical order; "" when nothing in the message counts
    numbers: str  # everything that distinguishes though it looks alike; "" if none
    sentences: tuple[Sentence, ...] = ()  # as written, without doubles
    who: str = ""  # how the sender introduced themselves, the addressee: may be missing, must not differ
    names: frozenset[str] = frozenset()  # latin words written as names

    @property
    def counts(self) -> bool:
        """False: a message of this content is never counted."""
        return bool(self.canonical)


class _Piece(NamedTuple):
    """A sentence as cut from a text, with katakana as they were and folded."""

    shown: str
    folded: str
    asked: bool  # a single question mark followed
    line_ends: bool


@dataclass(frozen=True, slots=True)
class _Sorted:
    content: tuple[Sentence, ...]
    who: tuple[str, ...]
    nags: tuple[Sentence, ...]
    pressed: bool  # a nag, "not yet" or a resend mark was there
    answered: bool  # an acknowledgement was there


NOTHING = Content("", "")


def content_of(raw: str) -> Content:
    """The content of any text whatever; the same for the same text, always."""
    text = wide(unwrapped(raw[:MAX_CHARS]))[:MAX_CHARS]
    text = faceless(text)
    lines = lines_of(text)
    own = _sorted(even(lines.own))
    chosen = own.content
    who = own.who
    if not chosen and lines.quoted and not own.answered:
        quoted = _sorted(even(lines.quoted))
        chosen, who = quoted.content, quoted.who
    if not chosen:
        chosen = own.nags
    if not chosen:
        return NOTHING
    order = sorted({s.folded for s in chosen})
    if who:
        order.append("@" + "/".join(who))
    found = sorted(filter(None, (numbers_of(s.folded) for s in chosen)))
    names = frozenset(map(str.lower, _CAPITALISED.findall(text))) if not text.islower() else frozenset()
    return Content("\n".join(order), "|".join(found), chosen, "/".join(who), names)


def _sorted(text: str) -> _Sorted:
    """The sentences of an even text, told apart by what they are for."""
    content: dict[str, Sentence] = {}
    nags: dict[str, Sentence] = {}
    who: list[str] = []
    pressed = answered = greeted = False
    for piece in _pieces(text):
        kind, sentence = _read(piece)
        if kind == "greet":
            greeted = True
        elif kind == "ack":
            answered = True
        elif kind in {"still", "mark"}:
            pressed = True
        elif sentence is None:
            continue
        elif kind == "nag":
            pressed = True
            nags.setdefault(sentence.folded, sentence)
        elif len(who) < 2 and not content and _introduces(sentence.full, greeted, piece.line_ends):
            who.append(sentence.folded)
            nags.setdefault(sentence.folded, sentence)
        else:
            content.setdefault(sentence.folded, sentence)
    return _Sorted(tuple(content.values()), tuple(who), tuple(nags.values()), pressed, answered)


def _introduces(full: str, greeted: bool, line_ends: bool) -> bool:
    if full.isascii():
        return english.INTRO.fullmatch(full) is not None
    if greeted and japanese.INTRO.fullmatch(full):
        return True
    return line_ends and japanese.ADDRESSED.fullmatch(full) is not None


def _pieces(text: str) -> list[_Piece]:
    """The text cut into sentences; what is too much is one last sentence."""
    text = _STOP.sub("。", text)
    folded = hiragana(text) if KATAKANA.search(text) else text
    found: list[_Piece] = []
    for match in _PIECE.finditer(folded):
        start, end = match.span(1)
        if len(found) == MAX_SENTENCES - 1:
            rest = _ENDS.sub(" ", folded[start:])
            return [*found, _Piece(_ENDS.sub(" ", text[start:]), rest, False, False)]
        ends = match[2]
        found.append(_Piece(text[start:end], folded[start:end], "?" in ends and "!" not in ends, "\n" in ends))
    return found


def _read(piece: _Piece) -> tuple[str, Sentence | None]:
    """The family of a sentence ("content" if of none), and the sentence when something of it remains."""
    shown, folded = piece.shown, piece.folded
    bare = _squashed(folded)
    if not bare:
        return "", None
    kind = _family(bare)
    if not kind:
        start, end = _trimmed(folded)
        if start or end < len(folded):
            if end < len(folded):
                piece = piece._replace(asked=False)  # the question mark stood behind the nag
            shown, folded = shown[start:end], folded[start:end]
            bare = _squashed(folded)
            if not bare:
                return "mark", None
            kind = _family(bare)
    if kind and kind != "nag":
        return kind, None
    return kind or "content", _sentence(bare, bare if shown == folded else _squashed(shown), piece.asked)


def _family(bare: str) -> str:
    if len(bare) > FAMILY_MAX:
        return ""
    found = (english if bare.isascii() else japanese).FAMILY.fullmatch(bare)
    return (found.lastgroup or "") if found else ""


def _trimmed(folded: str) -> tuple[int, int]:
    """Where the sentence begins after its openings and ends before the nags put behind it."""
    start, end = 0, len(folded)
    for _ in range(6):
        found = _opening(folded, start)
        if not found or found.end() >= end:
            break
        start = found.end()
    for _ in range(3):
        pattern = japanese.TRAILING
        if folded[end - 1].isascii() and _LATIN_END.search(folded, max(0, end - 4), end):
            pattern = english.TRAILING
        found = pattern.search(folded, max(start, end - 24), end)
        if not found or found.start() <= start:
            break
        end = found.start()
    return start, end


def _opening(folded: str, start: int) -> re.Match[str] | None:
    edge = _EDGE_LEFT.match(folded, start)
    if not edge:
        if folded[start : start + 1] in _ASCII_LETTERS:
            return english.OPENING.match(folded, start)
        return japanese.OPENING.match(folded, start) or (
            english.OPENING.match(folded, start) if folded[start : start + 1].isdigit() else None
        )
    return japanese.OPENING.match(folded, start) or _opening(folded, edge.end())


def _sentence(folded: str, shown: str, asked: bool) -> Sentence:
    if _JAPANESE.search(shown):
        body, shown, marks = ended(folded, shown, asked)
        return Sentence(body + marks, shown, folded + QUESTION if asked and QUESTION in marks else folded)
    if english.WONDERS.match(folded) or (asked and english.STATES.match(folded)):
        return Sentence(folded + QUESTION, folded, folded)
    return Sentence(folded, folded, folded)


def _squashed(text: str) -> str:
    """Letters and digits; blanks only between latin words; a point only inside a number."""
    if text.isalnum():
        return text
    if not CODED.search(text):
        return "".join(filter(str.isalnum, text))
    text = _SIGNS.sub(" ", text)
    return _GAPS.sub("", text) if " " in text else text
