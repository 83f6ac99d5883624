"""What distinguishes two texts though they look alike: numbers, ids, dates, single letters."""

import re

_NAMED = (
    r"(?<![a-z\d])[b-hj-z](?![a-z\d])|(?<=[^\x00-\x7f])[ai](?![a-z\d ])|(?<![a-z\d ])[ai](?=[^\x00-\x7f])"
    r"|[月火水木金土日]曜|[一二三四五六七八九十百千万億兆]+(?=[件名人枚個回度通円日月時分年社部号番泊目点本台丁代])"
    r"|(?<![a-z])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august"
    r"|september|october|november|december)(?![a-z])"
)
_TOKEN = re.compile(_NAMED)
_TOKEN_OR_DIGITS = re.compile(r"(?:(?<![a-z])[a-z]{1,12})?\d[\da-z.]*|" + _NAMED)
_DIGIT = re.compile(r"\d")
_QUICK = re.compile(r"[\da-z曜一二三四五六七八九十百千万億兆]")


def numbers_of(canonical: str) -> str:
    """Every distinguishing token of one sentence in its order, joined; "" if there is none."""
    if not _QUICK.search(canonical):
        return ""
    pattern = _TOKEN_OR_DIGITS if _DIGIT.search(canonical) else _TOKEN
    return ",".join(token.rstrip(".") for token in pattern.findall(canonical))
