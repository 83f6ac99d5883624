"""The one table of /kasuhara: Slack parses with it, Discord registers from it, help is made from it.

How a line is read (documented for people in the help): the first word says what to do. `key:value` with a known key,
`#group` and `!severity` are tags; they may stand anywhere between spaces and are taken out of the text. Everything
else is the text, kept to the letter: quotes, @names and a time at its beginning are read and stay in it.
"""

from dataclasses import dataclass
from typing import Final

from adapters.commands import choices
from adapters.commands.choices import Choice
from adapters.commands.names import folded, nearest
from bot.domain import events, questions
from bot.domain.access import RIGHTS
from bot.domain.model import Role

COMMAND: Final = "/kasuhara"


@dataclass(frozen=True, slots=True)
class Argument:
    """What a word may be told. The first name of each language is the one that is shown and registered."""

    key: str
    ja: tuple[str, ...]
    en: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    tag: bool = True
    """May be written as name:value; else it has its place in the line."""

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.ja, *self.en, self.key)

    def shown(self, language: str) -> str:
        return (self.ja if language == "ja" else self.en)[0]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the top level: its names, what may follow, and the deeds that it can lead to."""

    key: str
    ja: tuple[str, ...]
    en: tuple[str, ...]
    arguments: tuple[Argument, ...] = ()
    actions: tuple[Choice, ...] = ()
    """Words that may follow and make another deed of it."""
    deeds: tuple[type, ...] = ()
    """Events and questions; who may is decided by bot.domain.access alone."""
    glued: bool = False
    """A Japanese name may be followed by text without a space."""
    more: tuple[str, ...] = ()
    """Keys of further examples, besides the word's own and one for each action."""

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.ja, *self.en)

    def shown(self, language: str) -> str:
        return (self.ja if language == "ja" else self.en)[0]

    def argument(self, key: str) -> Argument:
        return next(argument for argument in self.arguments if argument.key == key)

    def open_to(self, roles: frozenset[Role]) -> bool:
        """Whether somebody of these roles may do any of it; help for everybody is open to everybody."""
        return not self.deeds or any(RIGHTS[deed].roles & roles for deed in self.deeds)


def _text(ja: str, en: str) -> Argument:
    return Argument("text", (ja,), (en,), tag=False)


CUSTOMER: Final = Argument("customer", ("顧客", "お客様", "客"), ("customer", "client"))
GROUP: Final = Argument("group", ("種類", "種別"), ("kind", "type", "group"))
SEVERITY: Final = Argument("severity", ("深刻度", "重さ", "重大度"), ("severity",), choices.SEVERITIES)
BURDEN: Final = Argument("burden", ("負担", "負担度"), ("burden",), choices.BURDENS)
MEDIUM: Final = Argument("medium", ("方法", "経路"), ("medium", "via"), choices.MEDIA)
WHEN: Final = Argument("when", ("いつ", "日時", "時刻"), ("when", "time"))
QUOTE: Final = Argument("quote", ("引用",), ("quote",))
TEAM: Final = Argument("team", ("チーム",), ("team",))
DEMAND: Final = Argument("demand", ("要求",), ("demand",), choices.DEMANDS)
MEANS: Final = Argument("means", ("手段",), ("means",), choices.MEANS)
ENVIRONMENT: Final = Argument("environment", ("環境",), ("environment", "env"), choices.ENVIRONMENTS)
CATEGORY: Final = Argument("category", ("区分",), ("category",))
NUMBER: Final = Argument("number", ("番号",), ("number",), tag=False)

FILING: Final = (GROUP, CUSTOMER, SEVERITY, BURDEN, MEDIUM, WHEN, QUOTE)
_SPAN: Final = Argument("span", ("時間",), ("span",), tag=False)

TABLE: Final[tuple[Word, ...]] = (
    Word(
        "report",
        ("報告", "ほうこく", "報告する", "報告します", "通報"),
        ("report",),
        (_text("内容", "text"), *FILING),
        (Choice("withdraw", ("取り消し", "取消", "取消し", "取り消す", "取り下げ", "撤回"), ("withdraw", "undo")),),
        (events.ReportFiled, events.ReportWithdrawn),
    ),
    Word(
        "now",
        ("いますぐ", "今すぐ", "至急", "助けて"),
        ("now", "sos", "urgent"),
        (_text("内容", "text"), *FILING),
        deeds=(events.ReportFiled,),
        glued=True,
    ),
    Word(
        "call",
        ("電話", "でんわ", "通話"),
        ("call", "phone"),
        (_SPAN, _text("内容", "text"), *(a for a in FILING if a not in (MEDIUM, WHEN))),
        deeds=(events.ReportFiled,),
    ),
    Word(
        "ack",
        ("対応します", "対応する", "対応中", "向かいます", "たいおうします"),
        ("ack", "acknowledge"),
        (NUMBER,),
        deeds=(events.PingAcknowledged,),
    ),
    Word(
        "resolve",
        ("完了", "かんりょう", "完了しました", "解決しました", "対応済み"),
        ("resolve", "resolved", "done"),
        (NUMBER, _text("結果", "note")),
        deeds=(events.PingResolved,),
    ),
    Word("status", ("状況", "じょうきょう"), ("status",), (CUSTOMER, TEAM), deeds=(questions.StatusAsked,)),
    Word("next", ("つぎ", "次", "つぎは", "次は"), ("next", "todo"), deeds=(questions.NextAsked,)),
    Word(
        "why",
        ("なぜ", "何故"),
        ("why", "explain"),
        (
            Argument("subject", ("対象",), ("subject",), choices.SUBJECTS, tag=False),
            NUMBER,
            CUSTOMER,
        ),
        deeds=(questions.WhyAsked,),
        more=("why_customer",),
    ),
    Word(
        "oncall",
        ("当番", "とうばん"),
        ("oncall", "on-call", "duty"),
        (_SPAN, TEAM),
        (
            Choice("take", ("代わる", "代わります", "かわる", "交代", "交代します"), ("take", "cover")),
            Choice("test", ("練習", "れんしゅう", "テスト"), ("test", "practice", "drill")),
        ),
        (questions.OnCallAsked, events.OverrideSet, events.DrillWanted),
    ),
    Word(
        "verify",
        ("判定", "はんてい", "検証"),
        ("verify", "verdict", "review"),
        (
            NUMBER,
            Argument("finding", ("結論",), ("finding",), (*choices.FINDINGS, *choices.SECONDS), tag=False),
            _text("理由", "reason"),
            DEMAND,
            MEANS,
            ENVIRONMENT,
            SEVERITY,
            CATEGORY,
        ),
        deeds=(questions.ReviewAsked, events.IncidentReviewed, events.ReviewSeconded),
        more=("verify_look", "verify_second"),
    ),
    Word(
        "digest",
        ("まとめ", "週報"),
        ("digest", "weekly"),
        (TEAM,),
        (Choice("post", ("送る", "送信", "投稿", "出す"), ("post", "send")),),
        (questions.DigestAsked, events.DigestWanted),
    ),
    Word("policy", ("方針", "ほうしん", "規程"), ("policy", "rules")),
    Word(
        "admin",
        ("管理", "かんり"),
        ("admin",),
        (TEAM,),
        (
            Choice("mode monitor", ("モード 見守り", "モード 監視"), ("mode monitor",)),
            Choice("mode live", ("モード 本番", "モード 稼働"), ("mode live",)),
            Choice("outage end", ("障害 終了", "障害 おわり"), ("outage end",)),
            Choice("setup", ("設定", "初期設定", "セットアップ"), ("setup", "set up")),
        ),
        (events.ModeSet, events.OutageEnded, events.TeamSetUp),
    ),
    Word(
        "help",
        ("ヘルプ", "使い方", "つかいかた"),
        ("help",),
        (
            Argument("word", ("ことば",), ("word",), tag=False),
            Argument("language", ("言語",), ("language",), choices.LANGUAGES, tag=False),
        ),
        more=("help_word",),
    ),
)

BY_NAME: Final = {folded(name): word for word in TABLE for name in (*word.names, word.key)}


def nearest_word(said: str) -> str:
    """The key of the word that was probably meant; "" for none."""
    return nearest(said, {name: word.key for name, word in BY_NAME.items()})


def word_of(key: str) -> Word:
    """The word of a key; KeyError for another."""
    return next(word for word in TABLE if word.key == key)
