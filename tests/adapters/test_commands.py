"""The table of /kasuhara: what people type in two languages, what the help promises, and slips that lose nothing."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example as given_example
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.commands import (
    TABLE,
    Ambiguous,
    Ask,
    Asker,
    Do,
    Form,
    Help,
    Parsed,
    SetUp,
    ShowPolicy,
    Wrong,
    describe,
    example,
    help_card,
    help_card_of,
    parse,
    word_of,
    wrong_card,
)
from adapters.commands.help import examples
from adapters.commands.moments import coming, length, past, said
from adapters.commands.names import folded, nearest
from adapters.commands.table import BY_NAME, FILING
from adapters.wording import LANGUAGES, Card
from bot.domain.calendar import SupportCalendar
from bot.domain.events import (
    DigestWanted,
    DrillWanted,
    IncidentReviewed,
    ModeSet,
    OutageEnded,
    OverrideSet,
    PingAcknowledged,
    PingResolved,
    ReportFiled,
    ReportWithdrawn,
    ReviewSeconded,
)
from bot.domain.model import Finding, Medium, Mode, Opinion, ReportKind, Role, Severity
from bot.domain.policy import Category, GroupChoice, PlainGroup, Policy
from bot.domain.questions import DigestAsked, NextAsked, OnCallAsked, ReviewAsked, StatusAsked, WhyAsked

ME = "slack:T1:U1"
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
"""16:00 in Tokyo, a Saturday."""
GROUPS = (
    PlainGroup("insult", "暴言・侮辱", "abuse or insult", "insult_or_abuse"),
    PlainGroup(
        "threat",
        "脅し",
        "threat",
        "violence_threat",
        "body",
        (
            GroupChoice("body", "身体への危害", "harm to somebody", "violence_threat", "body"),
            GroupChoice("authority", "法的・公的機関", "court or authorities", "legal_threat", "authority"),
        ),
    ),
    PlainGroup("repeat", "同じ連絡のくり返し", "the same again and again", "repeated"),
    PlainGroup("off_hours", "時間外・範囲外", "out of hours or scope", "off_hours"),
    PlainGroup("long", "長時間", "very long", "detention"),
    PlainGroup("sexual", "性的・差別", "sexual or discriminating", "sexual"),
    PlainGroup("money", "金銭・謝罪", "money or apologies", "money"),
    PlainGroup("other", "その他", "other", "other"),
)
POLICY = Policy(
    edition="test",
    as_of=date(2026, 11, 1),
    issuer="",
    hash="",
    calendar=SupportCalendar("Asia/Tokyo", ((),) * 7),
    windows=(),
    groups=GROUPS,
    categories=(Category("repeated", "反復", "repetition", (), 1, "medium", ()),),
)


@dataclass
class Rows:
    """A lookup over a few names."""

    names: dict[str, tuple[int, ...]] = field(
        default_factory=lambda: {
            "北田商店": (5,), "Kitada": (5,), "北田 商店": (5,), "@kitada": (5,), "<@U9|kita>": (5,), "5": (5,),
            "佐藤": (6, 7),
        }
    )  # fmt: skip
    waiting: tuple[int, ...] = (3,)
    taken: tuple[int, ...] = (4,)

    def customer(self, name: str) -> tuple[int, ...]:
        return self.names.get(name, ())

    def to_acknowledge(self, account: str) -> tuple[int, ...]:
        return self.waiting if account == ME else ()

    def to_resolve(self, account: str) -> tuple[int, ...]:
        return self.taken if account == ME else ()


def asker(language: str = "ja", zone: str = "Asia/Tokyo", now: datetime = NOW) -> Asker:
    return Asker(account=ME, language=language, zone=zone, now=now, place="slack:T1:C1", team="第一")


def read(line: str, language: str = "ja", rows: Rows | None = None, who: Asker | None = None) -> Parsed:
    return parse(line, who or asker(language), rows or Rows(), POLICY)


def filed(text: str = "", kind: ReportKind = ReportKind.REPORT, **more: object) -> Do:
    return Do(replace(ReportFiled(actor=ME, kind=kind, text=text, place="slack:T1:C1"), **more))


def tokyo(hour: int, minute: int, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def phoned(text: str = "", begin: datetime | None = None, end: datetime | None = None, **more: object) -> Do:
    return filed(text, **CALLED, occurred_at=begin, call_from=begin, call_to=end, **more)


def stands_in(start: datetime, end: datetime, team: str = "第一") -> Do:
    return Do(OverrideSet(actor=ME, team=team, account=ME, start=start, end=end))


def judged(finding: Finding, reason: str, *categories: str) -> Do:
    return Do(IncidentReviewed(actor=ME, incident_id=12, finding=finding, reason=reason, categories=categories))


BOTH = ("violence_threat", "repeated")
CALLED = {"kind": ReportKind.CALL, "medium": Medium.PHONE}
YESTERDAY = {"occurred_at": tokyo(14, 5, 20), "call_from": tokyo(14, 5, 20), "call_to": tokyo(14, 40, 20)}
JUDGED = IncidentReviewed(
    actor=ME,
    incident_id=12,
    finding=Finding.CONFIRMED,
    reason="",
    demand_valid=Opinion.YES,
    means_acceptable=Opinion.NO,
    environment_harmed=Opinion.YES,
    severity=Severity.HIGH,
)
PROMISED: dict[str, tuple[Parsed, Parsed]] = {
    "report": (
        filed("「ばかやろう」と電話で3回怒鳴られました", group="insult", burden=4, quote="ばかやろう"),
        filed('shouted "you idiot" at me three times on the phone', group="insult", burden=4, quote="you idiot"),
    ),
    "report_withdraw": (Do(ReportWithdrawn(actor=ME)),) * 2,
    "now": (filed(kind=ReportKind.NOW),) * 2,
    "call": (
        filed("返金の件", customer_id=5, **CALLED, **YESTERDAY),
        filed("about a refund", customer_id=5, **CALLED, **YESTERDAY),
    ),
    "ack": (Do(PingAcknowledged(actor=ME, ping_id=3)),) * 2,
    "resolve": (
        Do(PingResolved(actor=ME, ping_id=4, note="電話を代わり、お客様は納得されました")),
        Do(PingResolved(actor=ME, ping_id=4, note="I took over the call and the customer was content")),
    ),
    "status": (Ask(StatusAsked(ME, "", 5)),) * 2,
    "next": (Ask(NextAsked(ME)),) * 2,
    "why": (Ask(WhyAsked(ME, "detection:4")),) * 2,
    "why_customer": (Ask(WhyAsked(ME, "customer:5")),) * 2,
    "oncall": (Ask(OnCallAsked(ME)),) * 2,
    "oncall_test": (Do(DrillWanted(actor=ME, team="第一")),) * 2,
    "oncall_take": (
        stands_in(NOW, NOW + timedelta(hours=2)),
    ) * 2,
    "verify": (
        Do(replace(JUDGED, reason="3回お願いしても暴言が続いた")),
        Do(replace(JUDGED, reason="the abuse went on after three requests")),
    ),
    "verify_look": (Ask(ReviewAsked(ME, 12)),) * 2,
    "verify_second": (
        Do(ReviewSeconded(actor=ME, incident_id=12, agrees=True, reason="記録を読みました")),
        Do(ReviewSeconded(actor=ME, incident_id=12, agrees=True, reason="I have read the record")),
    ),
    "digest": (Ask(DigestAsked(ME)),) * 2,
    "digest_post": (Do(DigestWanted(actor=ME, team="第一")),) * 2,
    "policy": (ShowPolicy(),) * 2,
    "admin": (Do(ModeSet(actor=ME, team="第一", mode=Mode.LIVE)),) * 2,
    "admin_mode_monitor": (Do(ModeSet(actor=ME, team="第一", mode=Mode.MONITOR)),) * 2,
    "admin_mode_live": (Do(ModeSet(actor=ME, team="第一", mode=Mode.LIVE)),) * 2,
    "admin_outage_end": (Do(OutageEnded(actor=ME)),) * 2,
    "admin_setup": (SetUp(""), SetUp("")),
    "help": (Help("", "ja"), Help("", "en")),
    "help_word": (Help("report", "ja"), Help("report", "en")),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for word in TABLE for key in examples(word)])
def test_every_example_of_the_help_does_what_it_says(key: str, language: str) -> None:
    assert read(example(key, language), language) == PROMISED[key][LANGUAGES.index(language)]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("ｒｅｐｏｒｔ　怒鳴られた", filed("怒鳴られた")),
        ("REPORT  怒鳴られた ", filed("怒鳴られた")),
        ("/kasuhara 報告 怒鳴られた", filed("怒鳴られた")),
        ("報告：怒鳴られた", filed("怒鳴られた")),
        ("報告「ばか」と言われた", filed("「ばか」と言われた", quote="ばか")),
        ("ホウコク 怒鳴られた", filed("怒鳴られた")),
        ("れぽrt 怒鳴られた", filed("怒鳴られた")),
        ("報告 ｶﾞﾗｽを\n割られた  2枚", filed("ｶﾞﾗｽを\n割られた  2枚")),
        ("報告 ＃脅し 来ると言われた", filed("来ると言われた", group="threat")),
        ("報告 来ると言われた #身体への危害", filed("来ると言われた", group="threat.body")),
        ("報告 種類：法的 訴えると言われた", filed("訴えると言われた", group="threat.authority")),
        ("報告 #threat #support を見て", filed("#support を見て", group="threat")),
        ("報告 ！高 怒鳴られた", filed("怒鳴られた", severity=Severity.HIGH)),
        ("report !critical he has a knife", filed("he has a knife", severity=Severity.CRITICAL)),
        ("報告 怒鳴られた 負担： ５ です", filed("怒鳴られた です", burden=5)),
        ("報告 怒鳴られた 方法:メール", filed("怒鳴られた", medium=Medium.MAIL)),
        ("report in the shop via:in_person", filed("in the shop", medium=Medium.IN_PERSON)),
        ("報告 いつ:14:30 怒鳴られた", filed("怒鳴られた", occurred_at=tokyo(14, 30))),
        ("報告 いつ:昨日 14:30 怒鳴られた", filed("怒鳴られた", occurred_at=tokyo(14, 30, 20))),
        ("報告 いつ:11/19 9時半 怒鳴られた", filed("怒鳴られた", occurred_at=tokyo(9, 30, 19))),
        ("報告 14:30 怒鳴られた", filed("14:30 怒鳴られた", occurred_at=tokyo(14, 30))),
        ("report 2:30 pm he shouted", filed("2:30 pm he shouted", occurred_at=tokyo(14, 30))),
        ("report he shouted when:yesterday 2:30 pm twice", filed("he shouted twice", occurred_at=tokyo(14, 30, 20))),
        ("報告 いつ:昨日午後2時半 怒鳴られた", filed("怒鳴られた", occurred_at=tokyo(14, 30, 20))),
        ("報告 いつ:12:15am 怒鳴られた", filed("怒鳴られた", occurred_at=tokyo(0, 15))),
        ("report 14:30pm he shouted", filed("14:30pm he shouted")),
        ("報告 23:00 に来いと言われた", filed("23:00 に来いと言われた")),
        ("報告 約束の 15:00 に来ない", filed("約束の 15:00 に来ない")),
        ("報告 顧客:北田商店 怒鳴られた", filed("怒鳴られた", customer_id=5)),
        ("報告 お客様：「北田 商店」 怒鳴られた", filed("怒鳴られた", customer_id=5)),
        ("報告 @kitada に怒鳴られた", filed("@kitada に怒鳴られた", customer_id=5)),
        ("報告 <@U9|kita>さんに怒鳴られた", filed("<@U9|kita>さんに怒鳴られた", customer_id=5)),
        ("報告 @同僚 も聞いた", filed("@同僚 も聞いた")),
        ("報告 引用:「ばか。 死ね」 と電話で", filed("と電話で", quote="ばか。 死ね")),
        ("報告 「ばか」「死ね」と言われた", filed("「ばか」「死ね」と言われた", quote="ばか\n死ね")),
        ("報告 「はい 負担:9」と言う", filed("「はい 負担:9」と言う", quote="はい 負担:9")),
        ("報告 件名:返金 https://example.com/?a:b", filed("件名:返金 https://example.com/?a:b")),
        ("報告 取り消し", Do(ReportWithdrawn(actor=ME))),
        ("報告取り消し 7", Do(ReportWithdrawn(actor=ME, report_id=7))),
        ("report WITHDRAW #7", Do(ReportWithdrawn(actor=ME, report_id=7))),
        ("報告 取り消し を迫られた", filed("取り消し を迫られた")),
        ("報告", Form("report", filed().event)),
        ("報告 負担:2", Form("report", replace(filed().event, burden=2))),
        ("電話", Form("call", filed(**CALLED).event)),
        ("いますぐ助けて", filed("助けて", ReportKind.NOW)),
        ("今すぐ、来て", filed("来て", ReportKind.NOW)),
        ("ｲﾏｽｸﾞ", filed(kind=ReportKind.NOW)),
        ("のw", filed(kind=ReportKind.NOW)),
        ("now 負担:9 顧客:誰か いつ:99:99 #暴言", filed("負担:9 顧客:誰か いつ:99:99", ReportKind.NOW, group="insult")),
        ("now 顧客:佐藤 !high !low", filed("顧客:佐藤 !low", ReportKind.NOW, severity=Severity.HIGH)),
        ("call 14:05-14:40 北田商店 返金の件", phoned("返金の件", tokyo(14, 5), tokyo(14, 40), customer_id=5)),
        ("電話14:05〜14:40 返金の件", phoned("返金の件", tokyo(14, 5), tokyo(14, 40))),
        ("電話 14時5分から14時半まで 北田商店", phoned("", tokyo(14, 5), tokyo(14, 30), customer_id=5)),
        ("call 2pm - 2:20pm about a refund", phoned("about a refund", tokyo(14, 0), tokyo(14, 20))),
        ("call 昨日 14:05 - 14:40 返金", phoned("返金", tokyo(14, 5, 20), tokyo(14, 40, 20))),
        ("call 14:05 about a refund", phoned("about a refund", tokyo(14, 5))),
        ("call 18:00 に折り返せと言う", filed("18:00 に折り返せと言う", **CALLED)),
        ("call 返金の件 #暴言 客:北田商店", filed("返金の件", customer_id=5, group="insult", **CALLED)),
        ("ack 12", Do(PingAcknowledged(actor=ME, ping_id=12))),
        ("対応します12", Do(PingAcknowledged(actor=ME, ping_id=12))),
        ("ack I am on it", Do(PingAcknowledged(actor=ME, ping_id=3))),
        ("完了 呼び出し12 終わりました", Do(PingResolved(actor=ME, ping_id=12, note="終わりました"))),
        ("resolve ping 12", Do(PingResolved(actor=ME, ping_id=12))),
        ("完了", Do(PingResolved(actor=ME, ping_id=4))),
        ("完了 3回電話しました", Do(PingResolved(actor=ME, ping_id=4, note="3回電話しました"))),
        ("状況", Ask(StatusAsked(ME))),
        ("status team:第二 ", Ask(StatusAsked(ME, "第二"))),
        ("次は?", Ask(NextAsked(ME))),
        ("つぎ?", Ask(NextAsked(ME))),
        ("なぜ検知4", Ask(WhyAsked(ME, "detection:4"))),
        ("why incident:9", Ask(WhyAsked(ME, "incident:9"))),
        ("why ping 3", Ask(WhyAsked(ME, "ping:3"))),
        ("なぜ 顧客:北田商店", Ask(WhyAsked(ME, "customer:5"))),
        ("why customer Kitada", Ask(WhyAsked(ME, "customer:5"))),
        ("why customer:5", Ask(WhyAsked(ME, "customer:5"))),
        ("oncall team:第二", Ask(OnCallAsked(ME, "第二"))),
        ("当番 代わる 18:00-22:00", stands_in(tokyo(18, 0), tokyo(22, 0))),
        ("当番代わる 90分", stands_in(NOW, NOW + timedelta(minutes=90))),
        ("oncall take 9:00-12:00", stands_in(tokyo(9, 0, 22), tokyo(12, 0, 22))),
        ("oncall cover 15:00-17:00 team:x", stands_in(NOW, tokyo(17, 0), "x")),
        ("verify", Ask(ReviewAsked(ME))),
        ("判定12 却下：思い違いでした", judged(Finding.DISMISSED, "思い違いでした")),
        ("判定 事案12 正当 遅れは当社 区分:脅し、反復", judged(Finding.LEGITIMATE, "遅れは当社", *BOTH)),
        ("verify 12 disagree", Do(ReviewSeconded(actor=ME, incident_id=12, agrees=False))),
        ("digest team:第二", Ask(DigestAsked(ME, "第二"))),
        ("ADMIN　MODE　LIVE", Do(ModeSet(actor=ME, team="第一", mode=Mode.LIVE))),
        ("", Help("", "ja")),
        ("へるぷ en", Help("", "en")),
        ("help 呼び出し english", Help("", "en")),
        ("help vrify 英語", Help("verify", "en")),
    ],
)  # fmt: skip
@pytest.mark.req("S0-6", "S0-26", "S3-2", "S4-19", "S4-37")
def test_what_people_type(line: str, meant: Parsed) -> None:
    assert read(line) == meant


@pytest.mark.parametrize(
    ("line", "key", "word"),
    [
        ("報告 怒鳴られた 負担:9", "burden", "report"),
        ("report shouted burden:x", "burden", "report"),
        ("報告 怒鳴られた 重さ:5kg", "severity", "report"),
        ("報告 怒鳴られた 種類:挨拶", "group", "report"),
        ("報告 怒鳴られた 方法:手紙", "medium", "report"),
        ("報告 怒鳴られた いつ:昨日", "when", "report"),
        ("報告 怒鳴られた いつ:14:05-14:40", "when", "report"),
        ("報告 怒鳴られた いつ:11/22 10:00", "ahead", "report"),
        ("報告 怒鳴られた いつ:23:00", "ahead", "report"),
        ("報告 怒鳴られた いつ:2026-11-31 10:00", "ahead", "report"),
        ("報告 怒鳴られた 顧客:誰か", "customer", "report"),
        ("報告 怒鳴られた 負担:3 負担:4", "twice", "report"),
        ("call 18:00-18:30 北田商店", "ahead", "call"),
        ("verify confirmed because", "incident", "verify"),
        ("判定 12 確定", "reason", "verify"),
        ("verify 12 confirmd because", "finding_near", "verify"),
        ("判定 12 わるい人だ", "finding", "verify"),
        ("判定 12 確定 理由 要求:高い", "opinion", "verify"),
        ("判定 12 確定 理由 区分:挨拶", "category", "verify"),
        ("判定 12 同意 重さ:高", "second_alone", "verify"),
        ("why", "subject", "why"),
        ("why 3", "subject", "why"),
        ("なぜ 検知四", "subject", "why"),
        ("why 誰か", "customer", "why"),
        ("状況 誰か", "customer", "status"),
        ("oncall take", "span", "oncall"),
        ("oncall take soon", "span", "oncall"),
        ("oncall take 0h", "span", "oncall"),
        ("oncall take 昨日 18:00-22:00", "span", "oncall"),
        ("oncall take 200h", "too_long", "oncall"),
        ("当番 かえる", "action", "oncall"),
        ("digest pst", "action", "digest"),
        ("admin", "action", "admin"),
        ("管理 モード 本気", "action", "admin"),
        ("reprot he shouted", "unknown_near", "report"),
        ("hlep", "unknown_near", "help"),
        ("なせ", "unknown_near", "why"),
        ("とうばm", "unknown_near", "oncall"),
        ("お客様に3時間怒鳴られ続けています", "unknown", "report"),
        ("電話で怒鳴られた", "unknown", "report"),
        ("対応が遅いと言われた", "unknown", "report"),
        ("対応、遅いと怒鳴られた", "unknown", "report"),
        ("対応します3日後にと言われた", "unknown", "report"),
        ("対応が 遅い", "unknown", "report"),
        ("対応", "unknown_near", "ack"),
        ("stat", "unknown_near", "status"),
        ("電話2回で怒鳴られた", "unknown", "report"),
        ("いま", "unknown_near", "now"),
        ("報告書がほしい", "unknown", "report"),
        ("なせ?", "unknown_near", "why"),
    ],
)
def test_a_slip_gets_the_nearest_word_an_example_and_everything_back(line: str, key: str, word: str) -> None:
    for language in LANGUAGES:
        wrong = read(line, language)
        assert isinstance(wrong, Wrong)
        assert (wrong.key, wrong.nearest, wrong.text) == (key, word, line)
        assert not isinstance(read(example(wrong.example, language), language), Wrong)
        card = wrong_card(wrong, language)
        assert "{" not in words_of(card) and card.sections[0].quotes[0].text == line


@pytest.mark.parametrize(
    ("line", "word"),
    [("れぽrt", "report"), ("のw", "now"), ("あck", "ack"), ("sたつs", "status"), ("ねxt", "next"), ("へlp", "help")]
    + [("ゔぇりfy", "verify"), ("ヴェリfy", "verify"), ("ぢげst", "digest"), ("ぽぃcy", "policy"), ("あdみn", "admin")],
)
def test_english_words_typed_in_kana_mode(line: str, word: str) -> None:
    meant, found = read(word), read(line)
    assert found == (replace(meant, text=line) if isinstance(meant, Wrong) else meant)


def test_a_word_in_kana_alone_is_never_taken_for_an_english_one() -> None:
    assert read("どね") == Wrong("unknown_near", (("value", "どね"),), "resolve", "resolve", "どね")


@pytest.mark.parametrize("name", [name for word in TABLE for name in word.en])
def test_two_letters_changed_places(name: str) -> None:
    slips = [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)]
    keys = {known: word.key for known, word in BY_NAME.items()}
    for slip in slips:
        assert nearest(slip, keys) == BY_NAME[folded(name)].key or slip in BY_NAME or len(name) < 4


def test_several_are_asked_back_and_nobody_is_guessed() -> None:
    line = "報告 顧客:佐藤 怒鳴られた"
    assert read(line) == Ambiguous("customer", "佐藤", (6, 7), "report", line)
    assert read("報告 @佐藤 と @kitada", rows=Rows({"@佐藤": (6,), "@kitada": (5,)})) == filed("@佐藤 と @kitada")
    assert read("ack", rows=Rows(waiting=(3, 8))) == Ambiguous("ping", "", (3, 8), "ack", "ack")
    for line in ("ack", "完了 終わり"):
        wrong = read(line, rows=Rows(waiting=(), taken=()))
        assert isinstance(wrong, Wrong) and wrong.key == "no_ping"


SIGNS = ' \n:#!"「」『』“”@<>-/、。\u3000\uff1a\uff03\uff01\uff20'
TEXT = st.text(st.sampled_from(f"報告電話あア aB3{SIGNS}負担顧客種類いつ暴言高14:30") | st.characters(), max_size=40)
PIECES = st.lists(
    st.sampled_from(
        [
            "負担:3",
            "burden:9",
            "#暴言",
            "#x",
            "!高",
            "顧客:北田商店",
            "顧客:誰か",
            "いつ:昨日",
            "14:30",
            "「ばか",
            "ばか」",
        ]
        + ['"', "12", "確定", "検知", "take", "モード", "11/31", "0:00-0:00", "@kitada", "要求:妥当", "方法:"]
    )
    | TEXT,
    max_size=6,
    unique=True,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["", *BY_NAME]),
    st.sampled_from(["", " ", "\u3000", ":", "\uff1a"]),
    PIECES,
    st.sampled_from(LANGUAGES),
)
def test_no_line_raises_and_what_cannot_be_read_comes_back(word: str, gap: str, rest: list[str], language: str) -> None:
    line = word + gap + " ".join(rest)
    found = read(line, language)
    if isinstance(found, Wrong | Ambiguous):
        assert "".join(found.text.split()) in "".join(line.split())
        assert not isinstance(found, Wrong) or words_of(wrong_card(found, language))


KNOWN_TAG = re.compile(
    "|".join([*(f"{re.escape(folded(name))}:.*" for one in FILING for name in one.names), "#.+", "!.+"]), re.DOTALL
)


@settings(max_examples=300, deadline=None)
@given(PIECES, st.sampled_from(["report", "now"]))
@given_example(["「a 負担:3", "x」", "負担:4"], "now")
def test_no_word_of_a_report_is_lost(rest: list[str], word: str) -> None:
    line = " ".join(rest)
    found = read(f"{word} {line}")
    if not isinstance(found, Do | Form):
        return
    event = found.event if isinstance(found, Do) else found.filled
    if isinstance(event, ReportWithdrawn):
        return
    assert isinstance(event, ReportFiled)
    words, kept = line.split(), event.text.split()
    in_tag, at = False, 0
    for one in words:
        if at < len(kept) and kept[at] == one:
            at, in_tag = at + 1, False
        else:
            in_tag = in_tag or KNOWN_TAG.fullmatch(folded(one)) is not None
            assert in_tag, f"{one!r} is lost"
    assert at == len(kept)
    if len(kept) == len(words):
        assert event.text == line.strip()


START = datetime(2024, 1, 1)  # noqa: DTZ001  hypothesis adds the zone
MOMENTS = st.datetimes(START, START + timedelta(days=2200), timezones=st.just(UTC))
ZONES = st.sampled_from(["Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"])
CLOCKS = st.times().map(lambda t: t.strftime("%H:%M"))
DAYS = st.sampled_from(["", "今日 ", "昨日 ", "yesterday ", "11/20 ", "2/29 ", "2025-03-09 ", "11月1日の", "一昨日"])


@settings(max_examples=300, deadline=None)
@given(MOMENTS, ZONES, DAYS, CLOCKS, CLOCKS)
def test_what_happened_never_lies_ahead_and_what_comes_never_behind(
    now: datetime, zone: str, day: str, one: str, two: str
) -> None:
    span = said(f"{day}{one}-{two}")
    assert span is not None
    was = past(span, zone, now)
    assert was is None or (was[1] is not None and was[0] <= was[1] <= now)
    will = coming(span, zone, now)
    assert will is None or now <= will[0] < will[1]
    assert day or will is not None
    alone = said(f"{day}{one}")
    assert alone is not None
    at = past(alone, zone, now)
    assert at is None or at[0] <= now


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h", 120),
        ("90m", 90),
        ("2時間30分", 150),
        ("２時間半", 150),
        ("1.5h", 90),
        ("30分間", 30),
        ("半", 0),
        ("5", 0),
    ],
)
def test_lengths(text: str, minutes: int) -> None:
    assert length(text) == (timedelta(minutes=minutes) or None)


def test_a_call_over_midnight_began_yesterday_and_the_autumn_hour_is_the_later_one() -> None:
    early = asker(now=tokyo(0, 30))
    found = read("call 23:50-0:20 長い電話", who=early)
    assert isinstance(found, Do) and isinstance(found.event, ReportFiled)
    assert (found.event.call_from, found.event.call_to) == (tokyo(23, 50, 20), tokyo(0, 20))
    twice = said("01:30")
    assert twice is not None
    after = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    assert past(twice, "America/New_York", after) == (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), None)
    between = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    assert past(twice, "America/New_York", between) == (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), None)


def words_of(card: Card) -> str:
    parts = [card.title, card.footer]
    for section in card.sections:
        parts += [section.heading, *section.lines, *(x for f in section.fields for x in (f.label, f.value))]
    return "\n".join(parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_word_with_an_example(language: str) -> None:
    told = words_of(help_card(language))
    for word in TABLE:
        assert example(word.key, language) in told and word.ja[0] in told and word.en[0] in told
        card = help_card_of(word.key, language)
        assert all(example(key, language) in words_of(card) for key in examples(word))
        assert "{" not in words_of(card) and "{" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_shows_what_the_roles_may_do(language: str) -> None:
    agent = words_of(help_card(language, frozenset({Role.AGENT})))
    assert example("report", language) in agent and example("help", language) in agent
    assert example("admin", language) not in agent and example("digest", language) not in agent
    assert example("admin", language) in words_of(help_card(language, frozenset({Role.ADMIN})))
    nobody = words_of(help_card(language, frozenset()))
    assert example("report", language) not in nobody and example("help", language) in nobody


def test_no_name_stands_for_two_words() -> None:
    names = [folded(name) for word in TABLE for name in {*map(folded, word.names), word.key}]
    assert len(names) == len(set(names)) and len(TABLE) <= 16
    assert all(word_of(word.key) is word for word in TABLE)
    for word in TABLE:
        tags = [folded(name) for argument in word.arguments for name in {*map(folded, argument.names)}]
        assert len(tags) == len(set(tags)), word.key


@pytest.mark.rule("discord-6", "discord-7")
def test_what_is_registered_keeps_to_discords_limits() -> None:
    described = describe(GROUPS)
    name = re.compile(r"[-_'\w]{1,32}")
    assert len(described) <= 16
    total = 0
    for word in described:
        options = word.options
        assert len(options) <= 25 and sorted(options, key=lambda o: not o.required) == list(options)
        named = [word, *options]
        for both in (one.name for one in named):
            for text in (both.en, both.ja):
                assert name.fullmatch(text) and text == text.lower()
        assert all(1 <= len(text) <= 100 for one in named for text in (one.description.en, one.description.ja))
        for language in LANGUAGES:
            assert len({getattr(option.name, language) for option in options}) == len(options)
        picks = [pick for option in options for pick in option.picks]
        assert all(len(option.picks) <= 25 for option in options)
        assert all(1 <= len(t) <= 100 for p in picks for t in (p.name.en, p.name.ja, p.value))
        total += sum(max(map(len, (b.en, b.ja))) for one in named for b in (one.name, one.description))
        total += sum(max(len(p.name.en), len(p.name.ja)) + len(p.value) for p in picks)
    assert total <= 8000


def test_a_group_is_named_by_its_parts_too() -> None:
    for said_as in ("insult", "暴言・侮辱", "侮辱", "ABUSE", "「abuse or insult」"):
        found = read(f"report 種類:{said_as} x")
        assert found == filed("x", group="insult")
