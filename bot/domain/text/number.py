"""What distinguishes two texts though they look alike: numbers, ids, dates, single letters."""

import re

_TOKEN = re.compile(
    r"[a-z]{0,12}\d[\da-z.]*(?:%|[a-z])?"
    r"|(?<![a-z\d ])[a-z](?![a-z\d])|(?<![a-z\d])[b-hj-z](?![a-z\d])"
    r"|[月火水木金土日]曜|[一二三四五六七八九十百千万億兆]+(?=[件名人枚個回度通円日月時分年社部号番泊目点本台丁代])"
    r"|(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?<![a-z])(?:january|february|march|april|june|july|august"
    r"|september|october|november|december)(?![a-z])"
)
_QUICK = re.compile(r"[\da-z曜一二三四五六七八九十百千万億兆]")


def numbers_of(canonical: str) -> str:
    """Every distinguishing token of one sentence in its order, joined; "" if there is none."""
    if not _QUICK.search(canonical):
        return ""
    return ",".join(token.rstrip(".") for token in _TOKEN.findall(canonical))
