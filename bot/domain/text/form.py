"""One written form for the many ways to write the same characters."""

import re
import unicodedata

KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# Written either way by the same person; kanji to kana, because the kana side needs no reading.
_SPELLINGS = (
    ("下さ", "くださ"), ("出来", "でき"), ("頂", "いただ"), ("致し", "いたし"), ("宜しく", "よろしく"),
    (
        "有難"
,
        "ありがと"
), (
        "有り難"
,
        "ありがと"
), (
        "欲し"
,
        "ほし"
), (
        "御願"
,
        "お願"
), (
        "ヶ月"
,
        "か月"
), (
        "ヵ月"
,
        "か月"
),
    ("ケ月", "か月"), ("カ月", "か月"), ("箇月", "か月"), ("無い", "ない"), ("無く", "なく"), ("居る", "いる"),
    (
        "全て"
,
        "すべて"
), (
        "貰"
,
        "もら"
), (
        "又は"
,
        "または"
), (
        "為に"
,
        "ために"
), (
        "御座"
,
        "ござ"
), (
        "お早う"
,
        "おはよう"
),
    ("おねがい", "お願い"), ("まs", "ます"), ("でs", "です"),
)  # fmt: skip
_SPELLED = dict(_SPELLINGS)
_SPELLING = re.compile("|".join(re.escape(old) for old, _ in _SPELLINGS))
_STRETCHED = re.compile(r"([ぁ-んァ-ヶーa-zA-Z笑草])\1{2,}")
_LONG_MARK = re.compile(r"(?<=[ぁ-んァ-ヶ])[ー〜~―─—-]+(?![0-9a-z])")
_MAY_BE_LONG = re.compile(r"[ー〜~―─—-]")
_MAY_BE_DRAWN = re.compile(r"[ーぁぃぅぇぉ]")
_DRAWN_OUT = re.compile(
    r"(?<=[ぁ-ん])ー(?=[いく]|[^ぁ-んァ-ヶー]|$)|(?<=[ァ-ヶー][ァ-ヶー])ー(?![ぁ-んァ-ヶー])|"
    r"(?<=[かがさざただなはばぱまやらわあゃえけげせぜてでねへべぺめれいきぎしじちにひびみり"
    r"よおこごそぞとどのほぼもろょくすつぬむゆるゅっん])[ぁぃぅぇぉ]+"
)
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER_JOINT = re.compile(r"(?<=\d)[/:\-‐–](?=\d)")
_ID_JOINT = re.compile(r"(?<=[a-z])[-_#:](?=\d)|(?<=\d)[-_](?=[a-z])|(?<=\b[a-z])-(?=[a-z]{3})")
_SHORT_FORMS = {
    "cannot": "can not", "cant": "can not", "wont": "will not", "dont": "do not", "doesnt": "does not",
    "didnt": "did not", "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not",
    "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "aint": "is not", "im": "i am", "ive": "i have", "youre": "you are",
        "pls":
        "please"
,
        "plz"
:
        "please"
,
        "plse"
:
        "please"
,
        "u"
:
        "you"
,
        "ur"
:
        "your"
,
        "thats"
:
        "that is"
,
        "whats"
:
        "what is"
,
    "wheres": "where is", "theyre": "they are", "itll": "it will", "youve": "you have", "weve": "we have",
}  # fmt: skip
_APOSTROPHE = re.compile(r"(?<=[a-z])['’`´](?=[a-z])")
_SHORT_FORM = re.compile(r"(?<![\w.@/-])(?:" + "|".join(_SHORT_FORMS) + r")(?![\w@/-])")
_WORD = re.compile(r"[a-z]+")
CODED = re.compile(r"[a-z0-9]")
KATAKANA = re.compile(r"[ァ-ヶ]")


def wide(raw: str) -> str:
    """NFKC of the text (width, half-width kana, ligatures), stretched characters shortened, still in its own case."""
    text = _STRETCHED.sub(r"\1", unicodedata.normalize("NFKC", raw))
    return _LONG_MARK.sub("ー", text) if _MAY_BE_LONG.search(text) else text


def even(text: str) -> str:
    """One case, one spelling, one way to join numbers; kana keep their script."""
    text = text.casefold()
    text = _SPELLING.sub(lambda m: _SPELLED[m[0]], text)
    if _MAY_BE_DRAWN.search(text):
        text = _DRAWN_OUT.sub("", text)
    if not CODED.search(text):
        return text
    text = _COMMA_IN_NUMBER.sub("", text)
    text = _NUMBER_JOINT.sub(".", text)
    text = _APOSTROPHE.sub("", _ID_JOINT.sub("", text))
    if _SHORT_FORMS.keys().isdisjoint(_WORD.findall(text)):
        return text
    return _SHORT_FORM.sub(lambda m: _SHORT_FORMS[m[0]], text)


def hiragana(text: str) -> str:
    """The text with every katakana written in hiragana, character for character."""
    return text.translate(KATAKANA_TO_HIRAGANA)
