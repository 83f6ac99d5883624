"""What distinguishes two texts though they look alike: numbers, ids, dates, single letters."""

import re

# A letter that the input method left inside a Japanese word says nothing; one before a particle may be a label.
_LABELS = (
    r"[はがをにのとでもへやかだ]|から|まで|より|さん|くん|ちゃん|なら|なの|なん|なり|じゃ|って|しか|など|ぐらい|くらい"
    r"|ほど"
)
_LABELLED = re.compile(_LABELS)
_LEFT_OVER = (
    rf"(?!(?<=[ぁ-ん一-龠])[a-z](?!{_LABELS})[ぁ-ん])"
    r"(?!(?<=[ぁ-ん])(?<![はがをにのとでもへやかんだれ])[a-z](?:$|[ぁ-ん]))"
)
_NAMED = (
    rf"(?<![a-z\d]){_LEFT_OVER}[b-hj-z](?![a-z\d])|(?<=[^\x00-\x7f]){_LEFT_OVER}[ai](?![a-z\d ])"
    rf"|(?<![a-z\d ]){_LEFT_OVER}[ai](?=[^\x00-\x7f])"
    r"|[月火水木金土日]曜|[一二三四五六七八九十百千万億兆]+(?=[件名人枚個回度通円日月時分年社部号番泊目点本台丁代])"
    r"|(?<![a-z])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august"
    r"|september|october|november|december)(?![a-z])"
)
_TOKEN = re.compile(_NAMED)
_TOKEN_OR_DIGITS = re.compile(r"(?:(?<![a-z])[a-z]{1,12})?\d[\da-z.]*|" + _NAMED)
_DIGIT = re.compile(r"\d")
_QUICK = re.compile(r"[\da-z曜一二三四五六七八九十百千万億兆]")


def numbers_of(shown: str) -> str:
    """Every distinguishing token of one sentence (katakana as they were) in its order, joined; "" if there is none."""
    if not _QUICK.search(shown):
        return ""
    pattern = _TOKEN_OR_DIGITS if _DIGIT.search(shown) else _TOKEN
    return ",".join(token.rstrip(".") for token in pattern.findall(shown))


def is_label(text: str, at: int) -> bool:
    """Whether what stands before `at` may be a label: a particle follows."""
    return at < len(text) and _LABELLED.match(text, at) is not None
