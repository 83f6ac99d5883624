"""What of a message is its content, in one order and one spelling."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.domain.text import english
from bot.domain.text.ending import QUESTION, ended
from bot.domain.text.form import KATAKANA, even, hiragana, wide
from bot.domain.text.markup import faceless, unwrapped
from bot.domain.text.number import numbers_of
from bot.domain.text.person import ADDRESSED, introduced, introduced_in_english
from bot.domain.text.phrase import family, squashed, trimmed
from bot.domain.text.quote import lines_of

MAX_CHARS = 4000  # beyond it a text is cut before any work: nobody nags in longer messages, and work stays bounded
LONGEST = 65_536  # beyond it nothing is read at all; between the two only ballast around the content is taken out
MAX_SENTENCES = 60  # what follows is one last sentence, so that matching sentences stays bounded
_INTRO_MAX = 60
_REMEMBERED = 40  # shorter sentences come again and again

_MENTIONED = re.compile(r"<[@#!][^<>\s]{1,80}>")
_BALLAST = re.compile(r"(\S)\1{3,}")
_STOP = re.compile(
    r"\.(?:\.+|(?=\s|$))|;(?=\s|$)"
    r"|[、,](?:(?<=(?:ます|です|たい|すか|すが)[、,])|(?<=(?:ません|ました|ださい|でした|すけど)[、,]))"
)
_PIECE = re.compile(r"([^。!?\n]+)([。!?\s]*)")
_CAPITAL = re.compile(r"[A-Z]")
_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
_ENDS = re.compile(r"[。!?\n]+")
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
_TO_SOMEBODY = re.compile(r"[\W_]*[a-z][\w.-]{1,23}\s?[:,]+\s*(?=\S)")


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


class _Read(NamedTuple):
    """What a sentence was found to be."""

    kind: str  # its family; "content" if of none
    sentence: Sentence | None = None  # nothing of it may remain
    bare: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class _Sorted:
    content: tuple[Sentence, ...]
    who: tuple[str, ...]
    nags: tuple[Sentence, ...]  # what counts when there is nothing else
    answered: bool  # an acknowledgement was there


NOTHING = Content("", "")


def content_of(raw: str) -> Content:
    """The content of any text whatever; the same for the same text, always."""
    if len(raw) > MAX_CHARS:
        raw = _BALLAST.sub(r"\1\1\1", _MENTIONED.sub(" ", raw[:LONGEST]))
    text = faceless(wide(unwrapped(raw[:MAX_CHARS]))[:MAX_CHARS])
    lines = lines_of(text)
    own = _sorted(even(lines.own), text)
    chosen, who = own.content, own.who
    if not chosen and lines.quoted and not own.answered:
        quoted = _sorted(even(lines.quoted), text)
        chosen, who = quoted.content, quoted.who
    if not chosen:
        chosen = own.nags
    if not chosen:
        return NOTHING
    if lines.signed and not who:
        who = (lines.signed,)
    order = sorted({s.folded for s in chosen})
    if who:
        order.append("@" + "/".join(who))
    found = sorted(filter(None, (numbers_of(s.shown) for s in chosen)))
    names = frozenset(map(str.lower, _CAPITALISED.findall(text))) if _CAPITAL.search(text) else frozenset()
    return Content("\n".join(order), "|".join(found), chosen, "/".join(who), names)


def _sorted(text: str, written: str) -> _Sorted:
    """The sentences of an even text, told apart by what they are for."""
    content: dict[str, Sentence] = {}
    nags: dict[str, Sentence] = {}
    introduction: dict[str, Sentence] = {}
    who: list[str] = []
    answered = greeted = False
    pieces = _pieces(text)
    for at, piece in enumerate(pieces):  # grows when an introduction is cut off
        if not content and "," in piece.folded:
            piece = _introduction_first(pieces, at, written)
        read = _remembered(piece) if len(piece.folded) <= _REMEMBERED else _read(piece)
        if read.kind == "greet":
            greeted = True
        elif read.kind == "ack":
            answered = True
        elif read.sentence is None:
            continue
        elif read.kind == "nag":
            nags.setdefault(read.sentence.folded, read.sentence)
        else:
            name = "" if content or len(who) >= 2 else _introduces(read, pieces[at:], greeted, written)
            if name:
                who.append(name)
                introduction.setdefault(read.sentence.folded, read.sentence)
            else:
                content.setdefault(read.sentence.folded, read.sentence)
    rest = nags or ({} if answered else introduction)
    return _Sorted(tuple(content.values()), tuple(who), tuple(rest.values()), answered)


def _introduces(read: _Read, pieces: list[_Piece], greeted: bool, written: str) -> str:
    """How the sender introduces themselves in the first of the pieces, or whom they address; "" for neither."""
    if len(read.bare) > _INTRO_MAX:
        return ""
    if read.bare.isascii():
        return introduced_in_english(read.bare, written)
    if pieces[0].line_ends and ADDRESSED.fullmatch(read.bare):
        return read.bare
    found = introduced(read.bare, read.shown, True)
    if not found or greeted or introduced(read.bare, read.shown, False):
        return found
    return found if len(pieces) > 1 and _read(pieces[1]).kind == "greet" else ""


def _introduction_first(pieces: list[_Piece], at: int, written: str) -> _Piece:
    """The piece at `at`, cut in two before when an English introduction ends at one of its first commas."""
    piece = pieces[at]
    comma = piece.folded.find(",")
    for _ in range(2):
        head = piece.folded[:comma]
        if not 0 < comma <= _INTRO_MAX or not head.isascii():
            break
        if introduced_in_english(squashed(head), written):
            rest = _Piece(piece.shown[comma + 1 :], piece.folded[comma + 1 :], piece.asked, piece.line_ends)
            pieces[at : at + 1] = [_Piece(piece.shown[:comma], head, False, False), rest]
            break
        comma = piece.folded.find(",", comma + 1)
    return pieces[at]


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


def _read(piece: _Piece) -> _Read:
    """The family of a sentence ("content" if of none), and the sentence when something of it remains."""
    shown, folded, asked = piece.shown, piece.folded, piece.asked
    bare = squashed(folded)
    if not bare:
        return _Read("")
    kind = family(bare, asked)
    if not kind:
        if (":" in folded or "," in folded) and _answers_somebody(folded, asked):
            return _Read("ack")
        start, end = trimmed(folded)
        if start or end < len(folded):
            asked = asked and end == len(folded)  # else the question mark stood behind the nag
            shown, folded = shown[start:end], folded[start:end]
            bare = squashed(folded)
            if not bare:
                return _Read("mark")
            kind = family(bare, asked)
    if kind and kind != "nag":
        return _Read(kind)
    seen = bare if shown == folded else squashed(shown)
    return _Read(kind or "content", _sentence(bare, seen, asked), bare, seen)


_remembered = lru_cache(4096)(_read)


def _answers_somebody(folded: str, asked: bool) -> bool:
    """Whether the sentence is a name and an answer that would not count alone, as on IRC."""
    named = _TO_SOMEBODY.match(folded)
    rest = squashed(folded[named.end() :]) if named else ""
    return bool(rest) and not rest.isdigit() and family(rest, asked) in {"ack", "greet", "still"}


def _sentence(folded: str, shown: str, asked: bool) -> Sentence:
    if _JAPANESE.search(shown):
        body, shown, marks = ended(folded, shown, asked)
        return Sentence(body + marks, shown, folded + QUESTION if asked and QUESTION in marks else folded)
    if english.WONDERS.match(folded) or (asked and english.STATES.match(folded)):
        return Sentence(folded + QUESTION, folded, folded)
    return Sentence(folded, folded, folded)
