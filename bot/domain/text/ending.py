"""How a Japanese sentence ends: its politeness is taken off, what changes its meaning becomes marks."""

import re

NEGATED, PAST, QUESTION, REQUEST = "N", "P", "Q", "R"  # capitals: a folded text holds none
MARKS = NEGATED + PAST + QUESTION + REQUEST

_SOFT = re.compile(
    r"(?:(?<=[たいるうくすつむぶぐなずん])(?:のです|んです|のだ|んだ|んす|の|ん)?)?"
    r"(?:けれども|けれど|けども|けど|のに|(?<=[すだいたるんな])が|(?<=す)し|(?<=す)ので|から|ってば|って)?"
    r"(?:よね|よお?|ね[えー]?|(?:(?<=[かだんいた])|(?<=です|ます))な[あー]?|ぞ|ぜ|っす|や)?っ?$"
)
_ASKS = re.compile(
    r"(?:(?:の|ん)?(?:でしょう|です)|(?:ん|の)だろう|だろう|でござい?ます)?(?<![なほしばいっだど])か"
    r"(?:な[あー]?|ね[えー]?|よ|しら)?$"
    r"|(?:の|ん)?(?:でしょう|だろう)$|(?<=[たるない])のか?$|(?<=ない)か(?:な|ね)?$|(?:です|ます)かい?$"
)
_WONDER = re.compile(
    r"何(?!卒|と|度|回|も|か)|なに(?!と|か)|なん(?:で|時|の)|いつ(?!も|の)|どこ(?!か)|どう(?!ぞ|も|か|せ)"
    r"|どの|どれ(?!か)|どちら|どんな|なぜ"
    r"|いくら|いくつ|誰(?!か)|だれ(?!か)|どなた"
)
_BEGS = (
    r"ください(?:ま(?:せ|し|す(?:か|よう.{0,12})?|せんか))?|くださり?ますか"
    r"|くれ(?:ます|ません|ない|る)?(?:でしょう|です)?か?(?:の|ん(?:です)?か)?|ちょうだい(?:な)?"
    r"|ほしい(?:ん|の)?(?:です)?(?:が|けど)?"
    r"|もらえ(?:ます|ません|る|ない|ない?です)(?:でしょう|です)?か?の?|もらいたい(?:ん|の)?(?:です)?(?:が|けど)?"
    r"|いただけ(?:ます|ません|る|ない|ないです|れば|たら|ますと|ると|ましたら)(?:でしょう)?か?(?:.{0,6}"
    r"(?:幸い|助か|嬉し|うれし|ありがた).{0,8})?"
    r"|いただき(?:たい|たく)(?:ん|の)?(?:です)?(?:と?(?:思|存じ).{0,8})?(?:が|けど)?"
    r"|(?:よろしく)?(?:お願い|願い)(?:でき|いたし|致し|申し上げ|申しあげ|し)?(?:ます|たい|たく|ません)?(?:ん"
    r"|の)?(?:です)?(?:でしょう)?か?"
    r"(?:と?(?:思|存じ)[^。]{0,8})?(?:が|けど)?|頼(?:む|みます|んます)"
)
_BEGGING = re.compile(r"ろよ?$|くださ|くれ|ほしい|もら|いただ|願|頼|ちょうだい|なさい|しろ|せよ")
_PLAINLY = frozenset("てでよねやなっせれけめげべ")  # may end a request that has none of these words
_ASKING = frozenset("かなねよらうのいあーえ")
_SOFTENING = frozenset("のんだもどにがしでらばてよおねえーなあぞぜやっ")
_TAIL = 30  # the longest way to beg
_SOFT_COPULAS = ("のです", "んです", "んす", "っす")
_BEGGED = r"(?:(?:ん|の)(?:です|だ))?(?:けれども|けれど|けども|けど|が)?(?:よね|よお?|ね[えー]?|や|な)?っ?"
_BEGS_TE = re.compile(
    rf"(?<=[ぁ-ん一-龠])(?<!つい)(?<!ないっ)(?<!ですっ)(?<!ますっ)(?<!たいっ)([てで])(?:(?:{_BEGS})|ね|よ"
    rf"|や)?{_BEGGED}$"
)
_BEGS_NOUN = re.compile(rf"(?:を|が|は|も|の(?:方|ほう)?)?(?:{_BEGS}){_BEGGED}$")
_ORDERS = re.compile(
    r"なさい(?:よ|ね)?$|(?:しろ|せよ|(?<=[けせてめれげべ見])ろ)(?:よ|や)?$|(?:(?<=[一-龠])[せれけめげてべね]|"
    r"(?:(?<=かえ)|(?<=なお)|(?<=もど)|(?<=よこ))せ)よ?っ?$"
)
_IMPERATIVE = {"せ": "し", "れ": "り", "け": "き", "め": "み", "げ": "ぎ", "て": "ち", "べ": "び", "ね": "に"}
_THINKS = re.compile(r"と(?:思|おも)(?:って(?:い|おり)?ます|います|うのですが|うんですが|う|って)$")
# By its last kana: ending, marks, and the kana one of which must stand before it ("" for any). The longest first.
_STEMS = "いきしちにひみりぎじびえけせてねへめれげぜでべす見着来出寝似"
_TENSES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "た": (
        (
        "ありませんでした"
, NEGATED + PAST,
        ""
), (
        "ませんでした"
, NEGATED + PAST,
        ""
), (
        "ではなかった"
, NEGATED + PAST,
        ""
),
        (
        "じゃなかった"
, NEGATED + PAST,
        ""
), (
        "なかった"
, NEGATED + PAST,
        ""
), (
        "ました"
, PAST,
        ""
), (
        "でした"
, PAST,
        ""
),
        ("だった", PAST, ""), ("た", PAST, "いっ" + _STEMS),
    ),
    "す": (
        ("なかったです", NEGATED + PAST, ""), ("ではないです", NEGATED, ""), ("じゃないです", NEGATED, ""),
        (
        "ないです"
, NEGATED,
        ""
), (
        "だったです"
, PAST,
        ""
), (
        "でございます"
,
        ""
,
        ""
), (
        "であります"
,
        ""
,
        ""
), (
        "ます"
,
        ""
,
        ""
),
        ("です", "", ""),
    ),
    "ん": (("ありません", NEGATED, ""), ("ません", NEGATED, "")),
    "い": (("ではない", NEGATED, ""), ("じゃない", NEGATED, ""), ("ない", NEGATED, "")),
    "え": (("ねえ", NEGATED, ""),),
    "な": (("な", NEGATED, "うくすつぬむるぐぶ"),),
    "だ": (("だ", PAST, "んい"), ("だ", "", "")),
    "る": (("である", "", ""), ("る", "", _STEMS)),
}  # fmt: skip
_Ending = tuple[str, str, str]
_BY_TWO: dict[str, list[_Ending]] = {}  # by the last two kana; of one kana below
_BY_ONE: dict[str, list[_Ending]] = {}
for _ending in (found for endings in _TENSES.values() for found in endings):
    _table = _BY_TWO if len(_ending[0]) > 1 else _BY_ONE
    _table.setdefault(_ending[0][-2:], []).append(_ending)
_GOING_ON = re.compile(r"(?<=[てで])(?:おり|お|い)$")
_SURU = re.compile(r"(?<=[一-龠ァ-ヶー][一-龠ァ-ヶー])し$")


def ended(folded: str, shown: str, asked: bool) -> tuple[str, str, str]:
    """Body of a sentence (folded, and as shown) without its polite ending, and its marks.

    `folded` and `shown` are the same characters, katakana folded in one of them; `asked`: a question mark followed.
    """
    begged = _begged(folded, shown)
    if begged is not None:
        return *begged, REQUEST
    marks, end = "", len(folded)
    found = _ASKS.search(folded, max(0, end - 12)) if folded[-1] in _ASKING else None
    if found and found.start() >= 1:
        marks, end = QUESTION, found.start()
    elif folded[-1] in _SOFTENING or folded.endswith(_SOFT_COPULAS):
        end = _at(_SOFT, folded, end)
    if "思" in folded or "おも" in folded:
        end = _at(_THINKS, folded, end)
    end, tense = _tense(folded, end)
    if folded.endswith(("おり", "い", "お"), 0, end):
        end = _at(_GOING_ON, folded, end)
    if not marks and (asked or _WONDER.search(shown)):
        marks = QUESTION
    return folded[:end], shown[:end], tense + marks


def _tense(folded: str, end: int) -> tuple[int, str]:
    """Where the sentence ends before its polite or plain verb ending, and what that ending marks."""
    for found in (_BY_TWO.get(folded[end - 2 : end]), _BY_ONE.get(folded[end - 1])):
        for ending, marks, before in found or ():
            start = end - len(ending)
            if start >= 1 and folded.endswith(ending, 0, end) and (not before or folded[start - 1] in before):
                return start, marks
    return end, ""


def _at(pattern: re.Pattern[str], text: str, end: int) -> int:
    found = pattern.search(text, max(0, end - 16), end)
    return found.start() if found and found.start() >= 1 else end


def _begged(folded: str, shown: str) -> tuple[str, str] | None:
    """Body of a request, however politely it was put; None when the sentence is none."""
    from_ = max(0, len(folded) - _TAIL)
    if folded[-1] not in _PLAINLY and not _BEGGING.search(folded, from_):
        return None
    found = _BEGS_TE.search(folded, from_) or _BEGS_NOUN.search(folded, from_)
    if found and found.start() >= 1:
        end = found.start()
        if _SURU.search(shown, max(0, end - 3), end):
            end -= 1
        return folded[:end], shown[:end]
    found = _ORDERS.search(folded, from_)
    if found and found.start() >= 1:
        end, kana = found.start(), folded[found.start()]
        if kana in _IMPERATIVE:
            return folded[:end] + _IMPERATIVE[kana], shown[:end] + _IMPERATIVE[kana]
        return folded[:end], shown[:end]
    return None
