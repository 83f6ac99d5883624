"""What kind of phrase a sentence is, and the phrases put before and behind one that are no part of it."""

import re
from functools import lru_cache

from bot.domain.text import again, english, japanese
from bot.domain.text.form import CODED

FAMILY_MAX = 48  # a longer sentence says more than a phrase that is no content
_CLOSERS = frozenset(")]】」>〉》*")
_MERE = frozenset({"mark", "greet"})
_BEHIND_KINDS = frozenset({"mark", "nag", "still"})
_NO_CONTENT = frozenset({"mark", "greet", "nag", "still"})
_CACHED = 4096  # sentences of such phrases are few and come again and again

_EDGE_LEFT = re.compile(r"[\W_]+")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_LATIN_END = re.compile(r"[a-z][\W_]*$")
_SIGNS = re.compile(r"(?:[^\w.]|_|\.(?!\d)|(?<!\d)\.)+")
_GAPS = re.compile(r" (?![a-z0-9])|(?<![a-z0-9]) ")
_LETTER = re.compile(r"\w")
# A Japanese sentence with a character that no family knows is of none, unless a family takes anything there.
_PATTERNS = (japanese.FAMILY, again.RESENT, again.READ, again.SILENCE, again.STATE)
_KNOWN = frozenset("0123456789" + "".join(_ASCII_LETTERS) + "".join(pattern.pattern for pattern in _PATTERNS))
_ANYTHING = re.compile(
    r"ありがと|おつかれ|よろしく|くださ|無沙汰|夜分|突然|手数|手間|忙し|お願い|おねがい|いただけ|たすか|もらえ|進めて"
)

_HEAD = re.compile(r"[^\s、,:;!→⇒↓←。?]{2,26}+(?=[\s、,:;!→⇒↓←])")
_ENGLISH_HEAD = re.compile(r"[a-z][a-z' ]{1,44}(?=[,:;!→⇒]|[\s]?[–—-]\s|\s?-+>)")
_HEAD_MARKS = re.compile(
    r"再|もう[一1い]|書き|貼り|送|投稿|催促|りまいんど|何度も|たび|度々|重ね|繰り|念の|連投|改めて|回目|通目|度目|すみ"
    r"|すい|失礼|申し|恐れ|恐縮|もしもし|お世話|お疲れ"
)
_GAP = re.compile(r"[\s、,:;!→⇒↓←>。–—~ー-]*")
_BRACKETED = re.compile(r"[\[(<【「『〈《*]+([^\[\]()<>【】「」『』〈〉《》*\n]{1,28})[\])>】」』〉》*]+")
_BRACKETED_END = re.compile(r"[\[(<【「『〈《*]+([^\[\]()<>【】「」『』〈〉《》*\n]{1,28})[\])>】」』〉》*]+[\W_]*$")
_BEHIND = re.compile(r"[\s※、,→↑←–—-]+|すが[、,\s]*|け(?:ど|れど)も?[、,\s]*|のに[、,\s]*")
_ENGLISH_BEHIND = re.compile(r"(?:\s?[,;!(]|\s[–—-]+)\s*")
_MAY_TRAIL = re.compile(
    r"早|はや|至急|すぐ|まだ|[だむ]から|頼む|まじ|ほんと|本当|とにかく|加減|かげん|言|いって|いった|ってば|どうな"
    r"|[)\]】」>〉*\s※、,。→↑←–—-]|すが|けど|けれど|のに"
)
_OPENING_STARTS = frozenset(
    "どあえうねおこほもはちだでそてといす申恐ご失た度何夜まい頼結早大至急今さ緊な再とこ前以昨先本返転件り催一二三四五六七八九十0123456789[(<【「『〈《*ぜ是けど"
)
_MAY_OPEN = _OPENING_STARTS | _ASCII_LETTERS
_SEPARATED = re.compile(r"[\s、,:;!→⇒↓←]")


@lru_cache(_CACHED)
def family(bare: str, asked: bool) -> str:
    """The family of a squashed sentence: ack, still, greet, mark or nag; "" if of none."""
    if len(bare) > FAMILY_MAX:
        return ""
    if bare.isascii():
        return _english(bare, asked)
    bare = bare.replace("ー", "")
    if not _KNOWN.issuperset(bare) and not _ANYTHING.search(bare):
        return ""
    found = japanese.FAMILY.fullmatch(bare)
    if asked and (not found or found.lastgroup == "ack") and again.READ.fullmatch(bare):
        return "nag"
    if found:
        return found.lastgroup or ""
    if again.resent(bare):
        return "mark"
    return "nag" if again.nags(bare, asked) else ""


def _english(bare: str, asked: bool) -> str:
    if len(bare) <= 2 and bare.isdigit():
        return "ack" if len(bare) == 1 else ""
    if bare.isdigit():
        return ""
    found = english.FAMILY.fullmatch(bare)
    if found:
        return found.lastgroup or ""
    if again.ENGLISH_PROD.fullmatch(bare):
        return "still" if asked else "ack"
    if again.resent_in_english(bare):
        return "mark"
    return "nag" if again.ENGLISH_NAG.fullmatch(bare) else ""


def trimmed(folded: str) -> tuple[int, int]:
    """Where the sentence begins after its openings and ends before the nags put behind it."""
    start, end = 0, len(folded)
    opens = folded[0] in _MAY_OPEN or not folded[0].isalnum() or _SEPARATED.search(folded, 0, 29)
    for _ in range(6 if opens else 0):
        to = _opened(folded, start)
        if not start < to < end:
            break
        start = to
    for _ in range(3):
        before = _closed(folded, start, end)
        if not start < before < end or not _LETTER.search(folded, start, before):
            break
        end = before
    return start, end


def _opened(folded: str, start: int) -> int:
    """Where one opening phrase at `start` ends; `start` if there is none."""
    first = folded[start : start + 1]
    if first in _OPENING_STARTS:
        found = japanese.OPENING.match(folded, start)
        if found:
            return found.end()
    elif first in _ASCII_LETTERS:
        to = _headed(folded, start)
        found = english.OPENING.match(folded, start) if to == start else None
        return found.end() if found else to
    if first.isalnum():
        found = english.OPENING.match(folded, start) if first.isdigit() else None
        return found.end() if found else _headed(folded, start)
    found = _BRACKETED.match(folded, start)
    if found and family(squashed(found[1]), False) in _NO_CONTENT:
        return _after(folded, found.end())
    edge = _EDGE_LEFT.match(folded, start)
    if not edge:
        return start
    to = _opened(folded, edge.end())
    return to if to > edge.end() else start


def _headed(folded: str, start: int) -> int:
    """Where a greeting or a resend mark ends that a sign cuts off from what follows."""
    if folded[start] in _ASCII_LETTERS:
        found = _ENGLISH_HEAD.match(folded, start, start + 48)
        if not found:
            return start
        kinds = _MERE if folded.startswith(":", found.end()) and found[0][:4] != "bump" else _NO_CONTENT
        return _after(folded, found.end()) if family(squashed(found[0]), False) in kinds else start
    found = _HEAD.match(folded, start, start + 28)
    if not found or not _HEAD_MARKS.search(found[0]):
        return start
    return _after(folded, found.end()) if family(squashed(found[0]), False) in _MERE else start


def _after(folded: str, at: int) -> int:
    found = _GAP.match(folded, at)
    return found.end() if found else at


def _closed(folded: str, start: int, end: int) -> int:
    """Where one phrase put behind the sentence begins; `end` if there is none."""
    last = folded[end - 1]
    if last.isascii() and _LATIN_END.search(folded, max(0, end - 4), end):
        found = english.TRAILING.search(folded, max(start, end - 24), end)
        if found and found.start() > start:
            return found.start()
        from_, behind = max(start, end - 48), _ENGLISH_BEHIND
    else:
        from_, behind = max(start, end - 28), _BEHIND
        if not _MAY_TRAIL.search(folded, from_, end):
            return end
        found = japanese.TRAILING.search(folded, max(start, end - 24), end)
        if found and found.start() > start:
            return found.start()
        if last in _CLOSERS:
            found = _BRACKETED_END.search(folded, max(start, end - 34), end)
            if found and family(squashed(found[1]), False) in _NO_CONTENT:
                return found.start()
    for found in behind.finditer(folded, from_, end):
        rest = squashed(folded[found.end() : end])
        if len(rest) > 1 and family(rest, True) in _BEHIND_KINDS:
            return found.end()
    return end


def squashed(text: str) -> str:
    """Letters and digits; blanks only between latin words; a point only inside a number."""
    if text.isalnum():
        return text
    if not CODED.search(text):
        return "".join(filter(str.isalnum, text))
    text = _SIGNS.sub(" ", text)
    return _GAPS.sub("", text) if " " in text else text
