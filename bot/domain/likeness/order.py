"""The same phrases in another order: moved as they are, so that nobody's part in the sentence changes."""

import re

_ADVERBS = (
    "ずっと|もう一度|もう|また|まだ|一昨日|昨日|きのう|今日|きょう|明日|今朝|けさ|昨夜|さっき|先ほど|先程|先週|今週"
    "|来週|先月|今月|来月|毎日|毎回|毎朝"
    "|何度も|急に|突然|いつも|時々|ときどき|たまに|全く|まったく|全然|ぜんぜん|なぜか|どうも|ここ数日|最近|現在|再び"
)
_CHUNK = re.compile(
    rf"(?P<adverb>{_ADVERBS})(?P<of>から|まで|より|には|では|に|は|も|の)?"
    rf"|(?:(?!{_ADVERBS}).)*?(?P<case>から|まで|[をはにでともへ]|(?<![るたいすだうくむぶん])が)|(?:(?!{_ADVERBS}).)+"
)
_CLAUSE = re.compile(r"て|たら|れば|なら|ながら|り$|ず$")
_MOST = 12
_LONGEST = 80
_LEAD_WORDS = """
since for from after before until till during when whenever while as if because although though once in on at with
without by yesterday today tomorrow tonight now currently again this last every each suddenly always sometimes
recently lately unfortunately
"""
_TIME_WORDS = """
yesterday today tomorrow tonight now currently again morning afternoon evening night noon week weekend month monday
tuesday wednesday thursday friday saturday sunday hour hours day days minutes weeks months year suddenly always
sometimes recently lately unfortunately
"""
_LEADS = frozenset(_LEAD_WORDS.split())
_TIME = frozenset(_TIME_WORDS.split())


def reordered(one: str, two: str) -> bool:
    """Whether two texts of the same characters are the same phrases in another order."""
    if len(one) != len(two) or len(one) > _LONGEST or sorted(one) != sorted(two):
        return False
    if one.isascii():
        return _rotated(one.split(), two.split())
    phrases = _phrases(one)
    return bool(phrases) and phrases == _phrases(two)


def _phrases(text: str) -> list[tuple[str, str]]:
    """The sorted phrases of a simple Japanese sentence by their part in it; none when two might change parts."""
    found: list[tuple[str, str]] = []
    for match in _CHUNK.finditer(text):
        part = "when" + (match["of"] or "") if match["adverb"] else match["case"] or ""
        found.append((part, match[0]))
    parts = [part for part, chunk in found if part != "when" or chunk[0] in "一昨今明先来きけ"]
    if len(found) > _MOST or len(set(parts)) < len(parts):
        return []
    if any(part and _CLAUSE.search(chunk) for part, chunk in found):
        return []
    return sorted(found)


def _rotated(one: list[str], two: list[str]) -> bool:
    """Whether one leading or trailing adverbial of English words stands at another place."""
    if len(one) != len(two):
        return False
    for at in range(1, len(one)):
        if one[at:] + one[:at] == two:
            return one[0] in _LEADS or two[0] in _LEADS
    return _inserted(one, two) or _inserted(two, one)


def _inserted(one: list[str], two: list[str]) -> bool:
    """Whether the adverbial that begins or ends `one` stands inside `two`: since yesterday."""
    for size in range(1, min(5, len(one) - 1)):
        for phrase, rest in ((one[:size], one[size:]), (one[-size:], one[:-size])):
            if phrase[0] in _LEADS and _TIME.intersection(phrase):
                for at in range(1, len(rest)):
                    if rest[:at] + phrase + rest[at:] == two:
                        return True
    return False
