"""Who writes: how senders introduce themselves and whom they address, whatever stands before or after it."""

import re

_NAMED = r"と(?:申し|もうし|言い|いい)ます|と(?:申す|いう)者です"
_SELF = re.compile(
    r"(?:私|わたくし|わたし|当方|こちら)?は?(?:(?P<org>[^をがはに]{1,24})の)?(?P<name>[^をがはにでの\d]{1,12}?)"
    rf"(?P<end>{_NAMED}|です|でございます|でーす|だ)(?:が|けど|けれど|けれども|よ)?"
)
_ENDS = ("す", "すが", "すけど", "すけれど", "すけれども", "すよ", "だ")
_ORGANISATION = re.compile(
    r"(?:株式会社|有限会社|合同会社|製作所|工業|工務店|[社店館屋堂院園校学課部係室局所庁団会市町村区県寺社]|商[事会]"
    r"|産業|物産|薬局|歯科|協会|組合|銀行|信金|運[輸送]"
    r"|物流|食品|電[機気]|建設|不動産|ほてる|せんたー|くりにっく|さーびす|しすてむず?|すとあ|ぐるーぷ|ふーず|総務|経理"
    r"|人事|営業|購買|会計|受付|情しす|担当)$"
)
_KANJI_NAME = re.compile(r"[一-龠々]{2,4}")
_THINGS = frozenset(
    "件書方話様表画面機能定品紙台数額料金費日時分月年度目前後中上下内外名票証券帳簿印刷図帯線器具車場口欄覧検索録力値点号枠席扉窓鍵棚箱札状況態"
    "障害更新旧済未再予約庫荷物達便入出払込算訳償返注文題因法由果通暗白黒赤青願問談頼望要能理変急念換常待続止切質量式版型性案例語字句章項"
)
_NO_NAME = re.compile(
    r"(?:けん|まだ|だめ|むり|ばぐ|えらー|おーけー|のまま|まま|とおり|こと|もの|ところ|はず|よう"
    r"|[いうくすつぬむるぐぶたてばりれけねきちせ])$"
)
_FIRM = re.compile(r"(?:株式|有限|合同)会社|\((?:株|有)\)")
ADDRESSED = re.compile(r".{1,24}(?:御中|各位|(?:様|さま|さん|殿|先生)(?:へ)?)")
_WHO = r"[a-z]{2,14}(?: [a-z]{2,14})?"
_ENGLISH = re.compile(
    rf"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: (?:there|all|team|everyone|support))? )?"
    rf"(?:(?:this is|i am|it is) (?P<a>{_WHO} (?:from|at|of|with) .{{2,40}})|my name is (?P<b>{_WHO}(?: (?:from|at|of"
    rf"|with) .{{2,40}})?)"
    rf"|(?P<c>{_WHO} (?:from|at|of) .{{2,40}}?|[a-z]{{2,14}})(?: speaking)? here)"
)
_NOBODY_WORDS = """
same error problem issue nobody anyone someone everyone still not nothing right over down up click look see again back
customer user yes no ok me you we it is and wrong bug new help done works broken sign log waiting stuck out in i am
logged working they from getting coming calling writing trouble there what where file button
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())


def introduced(folded: str, shown: str, greeted: bool) -> str:
    """How the sender introduces themselves in this sentence; "" when it is none. `greeted`: a greeting is beside it."""
    if "を" in folded or "に" in folded or not folded.endswith(_ENDS):
        return ""
    found = _SELF.fullmatch(folded)
    if not found:
        return ""
    name = shown[found.start("name") : found.end("name")]
    org = found["org"] or ""
    if found["end"].startswith("と"):
        sure = not _NO_NAME.search(name)
    elif greeted:
        sure = (name[-1] not in _THINGS and not _NO_NAME.search(name)) or _ORGANISATION.search(name) is not None
    else:
        sure = (
            name[-1] not in _THINGS
            and _KANJI_NAME.fullmatch(name) is not None
            and _ORGANISATION.search(org) is not None
        )
    return _FIRM.sub("", f"{org}の{name}" if org else name) if sure else ""


def introduced_in_english(bare: str, text: str) -> str:
    """The same of an English sentence; `text` is the message as written, in which a name has a capital."""
    found = _ENGLISH.fullmatch(bare)
    who = found and (found["a"] or found["b"] or found["c"])
    if not who or who.split()[0] in _NOBODY:
        return ""
    name = who.split()[0]
    return who if name.capitalize() in text or name.upper() in text or text.islower() else ""
