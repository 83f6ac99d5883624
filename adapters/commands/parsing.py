"""From a typed line to an event, a question, or a friendly "did you mean"; no line raises."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from adapters.commands import duty, filing, judging, moments
from adapters.commands.line import Line, first, number
from adapters.commands.names import folded, typed
from adapters.commands.parsed import Ambiguous, Asker, Help, Lookup, Mistake, Parsed, Several, Wrong
from adapters.commands.table import BY_NAME, COMMAND, GROUP, Word, nearest_word
from bot.domain.policy import Policy

_READERS: Final[Mapping[str, Callable[[Line], Parsed]]] = {
    "report": filing.report,
    "now": filing.now,
    "call": filing.call,
    "ack": duty.ack,
    "resolve": duty.resolve,
    "status": duty.status,
    "next": duty.following,
    "why": duty.why,
    "oncall": duty.oncall,
    "verify": judging.verify,
    "digest": duty.digest,
    "policy": duty.policy,
    "admin": duty.admin,
    "help": duty.helped,
}
_AFTER: Final = re.compile(r"[?!.,:;、。・…〜]+$")
_MARK: Final = re.compile(r"[、。:\uff1a,\uff0c!\uff01「『#\uff03]")
_BETWEEN: Final = re.compile(r"[\s:\uff1a、。,\uff0c]+")
_LATIN: Final = re.compile(r"[a-z]")
_KANA_OR_KANJI: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def parse(text: str, asker: Asker, lookup: Lookup, policy: Policy) -> Parsed:
    """What a line after /kasuhara means.

    The platform has undone its own escaping. Times are read in the asker's zone; every answer is in the asker's
    language. What cannot be understood comes back as Wrong with all that was typed.
    """
    line = text.strip()
    if folded(first(line)[0]) in (COMMAND, folded(asker.command)):
        line = first(line)[1].strip()
    if not line:
        return Help("", asker.language)
    found = _word(line)
    if found is None:
        return _unknown(line)
    word, rest = found
    try:
        return _READERS[word.key](Line(word, rest, asker, lookup, policy))
    except Mistake as mistake:
        example = mistake.example or word.key
        return Wrong(mistake.key, mistake.fields, word.key, example, line)
    except Several as several:
        return Ambiguous(several.what, several.name, several.candidates, word.key, line)


def _word(line: str) -> tuple[Word, str] | None:
    """The word and what follows it; a Japanese name may be followed without a space where that is unmistakable."""
    one, rest = first(line)
    keys = typed(one) if _LATIN.search(folded(one)) else ""
    for said in (folded(one), _AFTER.sub("", folded(one)), keys):
        if said in BY_NAME:
            return BY_NAME[said], rest
    return _glued(line)


def _glued(line: str) -> tuple[Word, str] | None:
    for name in sorted(BY_NAME, key=len, reverse=True):
        word, end = BY_NAME[name], _prefix(line, name)
        if end and _KANA_OR_KANJI.match(name) and _parts(word, line[end:]):
            return word, _BETWEEN.sub("", line[end:], count=1) if _BETWEEN.match(line[end:]) else line[end:]
    return None


def _prefix(line: str, name: str) -> int:
    """How many characters of the line write this name; 0 if it does not begin with it. One may be written as two."""
    for end in range(1, min(len(line), 2 * len(name)) + 1):
        if folded(line[:end]) == name:
            return end
    return 0


def _parts(word: Word, rest: str) -> bool:
    """Whether the name ends here although no space follows: いますぐ助けて, 判定12, 報告:怒鳴られた, なぜ検知4.

    「対応、遅い」 and 「完了3日後」 are somebody's words and must not answer a ping.
    """
    one, _ = first(rest)
    if word.glued or number(one) or moments.said(one) is not None or (GROUP in word.arguments and _MARK.match(rest)):
        return True
    if any(folded(one) == folded(name) for action in word.actions for name in action.names):
        return True
    nouns = [choice for argument in word.arguments if argument.key == "subject" for choice in argument.choices]
    return any(number(one, noun) or folded(one).startswith(tuple(map(folded, noun.names))) for noun in nouns)


def _unknown(line: str) -> Wrong:
    """The nearest word; words that are near to none are most likely what somebody wants to report."""
    one, _ = first(line)
    near = nearest_word(one)
    if near:
        return Wrong("unknown_near", (("value", one),), near, near, line)
    return Wrong("unknown", (("value", one),), "report", "report", line)
