"""The parts of the docs that are made from the code; `python tests/documents.py` writes them anew, with the pictures.

A made part stands between `<!-- made: NAME -->` and `<!-- end -->`; what stands around it is written by hand.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))  # before tests/, whose folders have the names of packages

import test_wording as posts
import test_wording_answers as told
from discord_drawings import discord_forms
from slack_drawings import slack_forms

from adapters.charts import draw
from adapters.charts.telling import chart_of
from adapters.commands import COMMAND, TABLE, Word, example
from adapters.commands.help import examples
from adapters.pack import load
from adapters.wording import LANGUAGES, Card, answer_card, card_of, say, text_of
from bot.domain import events, questions
from bot.domain.access import ANSWERS, RIGHTS, Right
from bot.domain.contract import earliest_end
from bot.domain.model import Contract, CustomerLine, Points, ReviewState, Role, Severity
from bot.domain.notices import DigestReady, PingOpened, VerdictRecorded
from bot.domain.standing import earned, standing

DOCS: Final = Path(__file__).parent.parent / "docs"
_PART: Final = re.compile(r"(?<=<!-- made: )(\w+) -->\n.*?(?=<!-- end -->)", re.DOTALL)
_WIDTH: Final = 88

DEEDS: Final[dict[type, tuple[str, str]]] = {
    events.ReportFiled: ("報告する、助けを呼ぶ、電話を記録する", "file a report, call for help, note a phone call"),
    events.ReportDetailed: ("自分の報告に書き足す", "add to one's own report"),
    events.ReportWithdrawn: ("自分の報告を取り消す", "withdraw one's own report"),
    events.PingAcknowledged: ("呼び出しを引き受ける", "acknowledge a ping"),
    events.PingResolved: ("呼び出しの対応が済んだと言う", "say that a ping has been dealt with"),
    events.DrillWanted: ("呼び出しを練習する", "practise a call"),
    events.DrillSeen: ("練習の呼び出しが見えたと言う", "say that a practice call was seen"),
    events.IncidentReviewed: ("判定する", "give a verdict"),
    events.ReviewSeconded: ("ほかの人の判定に同意・不同意を言う", "agree or disagree with a verdict"),
    questions.StatusAsked: ("状況を見る", "see what is going on"),
    questions.NextAsked: ("次にすることを見る", "see what waits next"),
    questions.OnCallAsked: ("当番を見る", "see who is on call"),
    questions.WhyAsked: ("理由を見る", "see why"),
    questions.ReviewAsked: ("判定の材料を見る", "see what there is to judge"),
    questions.StandingAsked: ("お客様の状態を見る", "see a customer's standing"),
    questions.DigestAsked: ("週のまとめを見る", "see the digest"),
    events.DigestWanted: ("週のまとめを載せる", "post the digest"),
    events.OverrideSet: ("当番を代わる", "stand in"),
    events.ModeSet: ("見守りと本番を切り替える", "switch between monitor and live"),
    events.OutageEnded: ("障害の終了を言う", "end an outage"),
    events.ContactAssigned: ("連絡先をお客様に割り当てる", "assign a contact to a customer"),
    events.CustomersMerged: ("お客様を統合する・戻す", "merge customers, and part them again"),
    events.CustomerSplit: ("お客様を分ける", "split a customer"),
    events.CustomersImported: ("お客様の一覧を取り込む", "import customers"),
    events.TeamsApplied: ("チームの一覧を適用する", "apply the team file"),
    events.TeamSetUp: ("チームを設定する ³", "set a team up ³"),
    events.MessageRedacted: ("本文を消す", "redact a text"),
}
_ROLES: Final = {
    Role.AGENT: "担当者", Role.SUPERVISOR: "上長", Role.LEAD: "責任者", Role.DECISION_MAKER: "決裁者",
    Role.LEGAL: "法務", Role.HR_CARE: "人事・ケア", Role.ADMIN: "管理者",
}  # fmt: skip

CARDS: Final[dict[tuple[str, str], dict[str, tuple[str, str]]]] = {
    ("呼び出し", "Pings"): {
        "opened-0": ("最初の呼び出し(報告と検知)", "The first call: a report and a detection"),
        "opened-1": ("最初の呼び出し(検知だけ)", "The first call: only a detection"),
        "opened-3": ("最初の呼び出し(「いますぐ」)", "The first call: “now”"),
        "opened-4": ("本文を伏せる区分", "A category whose words are masked"),
        "opened-critical": ("緊急: 全員を一度に", "Critical: everybody at once"),
        "opened-nobody": ("当番がいないとき", "Nobody on call"),
        "round-danger": ("新しい種類の危険で、もう一度", "A new round: a new kind of danger"),
        "escalated": ("次の段", "The next step"),
        "exhausted-1": ("最後の段まで応答がない", "Every step taken, nobody answered"),
        "settled-taken": ("誰かが引き受けた後の同じカード", "The same card after somebody took it"),
        "outcome": ("引き受けた人へ、その後を尋ねる", "The acknowledger is asked how it ended"),
        "settled-handled": ("対応が済んだ", "Dealt with"),
        "settled-confirmed": ("判定で終わった", "Ended by a verdict"),
        "bundle": ("まとめた呼び出し", "A bundle"),
        "help": ("助けを求めた人へ: 誰が来るか", "To whoever asked for help: who comes"),
        "drill": ("呼び出しの練習", "A practice call"),
    },
    ("事案", "Incidents"): {
        "noted-2": ("検知した法的な言葉だけ: 誰も呼ばない", "A detected legal threat alone: nobody is called"),
        "noted-other": ("ほかのチームの事案", "Another team's incident"),
        "morning-1": ("朝のお知らせ", "The morning's card"),
        "outage": ("障害かもしれない", "Perhaps an outage"),
        "outage-ended": ("障害の終わり", "The outage is over"),
        "lost-bundle": ("届けられなかった通知(管理者へ)", "A post that was lost (to admins)"),
        "hearing-words-discord.intent": ("本文が届いていない(管理者へ)", "Messages come without text (to admins)"),
        "hearing-back": ("また届くようになった(管理者へ)", "They come again (to admins)"),
    },
    ("判定", "Verdicts"): {
        "second-False": ("二人目の確認をお願いする", "A second person is asked for"),
        "second-True": ("一人で決めた判定の確認をお願いする", "A verdict by one person waits for confirmation"),
        "threshold-0": ("第16条の目安に達した", "The threshold of article 16 is reached"),
    },
    ("週のまとめ", "The weekly digest"): {
        "digest": ("ある週", "A week"),
        "digest-empty": ("何もなかった週", "A week without anything"),
        "digest-late": ("遅れて送るとき", "A late one"),
    },
    ("本人への返事: 報告", "Answers: reports"): {
        "report-now": ("「いますぐ」", "“now”"),
        "report-nobody": ("「いますぐ」で、当番がいない", "“now” while nobody is on call"),
        "report": ("報告", "A report"),
        "report-joined": ("続いている事案に加わった", "It joined an open incident"),
        "report-again": ("同じ報告が二度届いた", "The same report twice"),
        "report-not-called": ("誰も呼ばなかった", "Nobody was called"),
        "withdrawn": ("取り消し", "Withdrawn"),
    },
    ("本人への返事: 呼び出しと当番", "Answers: pings and duty"): {
        "taken": ("引き受けた", "Taken"),
        "has": ("もう誰かが引き受けている", "Somebody has it already"),
        "resolved": ("対応が済んだ", "Dealt with"),
        "next-ping": ("次にすること", "What waits next"),
        "next-none": ("何も待っていない", "Nothing waits"),
        "status": ("状況", "Status"),
        "oncall": ("当番", "On call"),
        "oncall-instead": ("当番がいない", "Nobody on call"),
        "stand-in": ("代わった", "Standing in"),
        "mode-monitor": ("見守り", "Monitor"),
        "mode-live": ("本番", "Live"),
    },
    ("本人への返事: 判定と状態", "Answers: verdicts and standing"): {
        "review": ("判定の材料", "What there is to judge"),
        "review-judged": ("判定の後", "After a verdict"),
        "verdict": ("確定して点が付いた", "Confirmed, with points"),
        "verdict-legitimate": ("正当なご意見だった", "A legitimate complaint"),
        "verdict-rights": ("権利の行使だけだった", "The use of a right alone"),
        "verdict-state-awaiting_second": ("二人目を待つ", "A second person is awaited"),
        "verdict-state-provisional": ("一人で決めた(仮)", "Decided by one person: provisional"),
        "verdict-changed": ("判定を変えて、点を取り消した", "Changed, with the points taken back"),
        "standing": ("お客様の状態", "A customer's standing"),
    },
    ("本人への返事: なぜ", "Answers: why"): {
        "why-detection": ("検知", "A detection"),
        "why-incident-morning": ("事案", "An incident"),
        "why-ping-asked": ("呼び出し", "A ping"),
        "why-customer": ("お客様の点数", "A customer's points"),
    },
    ("本人への返事: できないとき", "Answers: refusals"): {
        "denied-role": ("役割が違う", "Another role"),
        "denied-team": ("ほかのチーム", "Another team"),
        "denied-involved": ("関係している人", "Somebody involved"),
        "denied-withdraw_late": ("取り消しの時間が過ぎた", "Too late to withdraw"),
        "denied-lead_only": ("責任者だけができる", "Leads only"),
    },
}  # fmt: skip
"""Group → the typical variants, each with what it shows; headings in Japanese and English."""


def _pick(both: tuple[str, str], language: str) -> str:
    return both[language == "en"]


def cards(language: str) -> str:
    """Every kind of card that is posted in its typical variants, as text."""
    return "\n".join(_cards(language, answers=False)).strip()


def answers(language: str) -> str:
    """The same of what one person alone is answered."""
    return "\n".join(_cards(language, answers=True)).strip()


def _cards(language: str, *, answers: bool) -> Iterator[str]:
    for group, variants in CARDS.items():
        if group[1].startswith("Answers: ") is not answers:
            continue
        yield f"## {_pick(group, language).rpartition(': ')[2].capitalize()}\n"
        for name, caption in variants.items():
            yield f"### {_pick(caption, language)}\n\n```text\n{_card(name, language)}\n```\n"


def _card(name: str, language: str) -> str:
    return text_of(shown(name, language), _WIDTH)


def shown(name: str, language: str) -> Card:
    """One of them as a card; fixtures that test more than can happen together are brought into line."""
    if (notice := posts.NOTICES.get(name)) is not None:
        if isinstance(notice, DigestReady):
            notice = DigestReady(replace(notice.digest, toward=notice.digest.toward[:2]))
        if isinstance(notice, PingOpened):
            notice = replace(notice, ping=replace(notice.ping, recovered=False))
        return card_of(notice, language, posts.POLICY, posts.QUOTES)
    answer = told.ANSWERS[name]
    if isinstance(answer, VerdictRecorded) and answer.state is ReviewState.AWAITING_SECOND:
        answer = replace(answer, severity=Severity.HIGH)
    return answer_card(answer, language, told.POLICY, told.NAMES)


def rights(language: str) -> str:
    """Who may do what, from bot.domain.access."""
    head = [_pick(("すること", "deed"), language), *(_pick((_ROLES[r], r.value), language) for r in Role)]
    head.append(_pick(("機械の前", "at the machine"), language))
    rows = [[_pick(words, language) + _marks(deed), *_row(RIGHTS[deed], language)] for deed, words in DEEDS.items()]
    return _table(head, rows)


def _marks(deed: type) -> str:
    return (" ¹" if deed in ANSWERS else "") + (" ²" if RIGHTS[deed].restricted else "")


def _row(right: Right, language: str) -> list[str]:
    may = _pick(("自チーム", "own team"), language) if right.scoped else "○"
    return [*(may if role in right.roles else "" for role in Role), "○" if right.operator else ""]


def commands(language: str) -> str:
    """Every word of /kasuhara: what it does, examples, tags, other names, who may."""
    return "\n".join(part for word in TABLE for part in _word(word, language)).strip()


def _word(word: Word, language: str) -> Iterator[str]:
    lines = [say(language, f"commands.summary.{word.key}"), *say(language, f"commands.more.{word.key}").splitlines()]
    yield f"## {COMMAND} {word.shown(language)}\n"
    yield "  \n".join(lines) + "\n"
    yield "```text"
    yield from dict.fromkeys(example(key, language) for key in examples(word))
    yield "```\n"
    tags = [[_tag(a.key, language), say(language, f"commands.tagged.{a.key}")] for a in word.arguments if a.tag]
    if tags:
        yield _table([_pick(("タグ", "tag"), language), _pick(("意味", "meaning"), language)], tags) + "\n"
    yield say(language, "commands.help.names", names=" / ".join(word.names)) + "  "
    yield _pick(("できる人: ", "Who may: "), language) + _who(word, language) + "\n"


def _tag(key: str, language: str) -> str:
    both = _pick((" または ", " or "), language)
    return both.join(f"`{one}`" for one in say(language, f"commands.tag.{key}").split(both))


def _who(word: Word, language: str) -> str:
    able = [role for role in Role if word.open_to(frozenset({role}))]
    if len(able) == len(Role):
        return _pick(("チームの全員", "everybody a team lists"), language)
    return _pick(("、", ", "), language).join(_pick((_ROLES[role], role.value), language) for role in able)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def slack_rules(language: str) -> str:
    """How each rule of Slack is kept, from slack-rules.toml."""
    return _rules("slack", language)


def discord_rules(language: str) -> str:
    """How each rule of Discord is kept, from discord-rules.toml."""
    return _rules("discord", language)


def _rules(platform: str, language: str) -> str:
    states = {"test": ("テスト", "test"), "document": ("文書", "document"), "open": ("まだ", "open")}
    rules = tomllib.loads((DOCS / f"{platform}-rules.toml").read_text("utf-8"))
    rows = [[number, rule[language], _pick(states[rule["state"]], language)] for number, rule in rules.items()]
    return _table([_pick(("番号", "number"), language), _pick(("決まり", "rule"), language), ""], rows)


MADE: Final[dict[str, Callable[[str], str]]] = {
    "cards": cards, "answers": answers, "rights": rights, "commands": commands, "slack_rules": slack_rules,
    "slack_forms": slack_forms, "discord_rules": discord_rules, "discord_forms": discord_forms,
}  # fmt: skip
FILES: Final = {
    "cards": {"ja": "cards.ja.md", "en": "cards.en.md"},
    "answers": {"ja": "answers.ja.md", "en": "answers.en.md"},
    "rights": {"ja": "pings.ja.md", "en": "pings.md"},
    "commands": {"ja": "commands.ja.md", "en": "commands.md"},
    "slack_rules": {"ja": "slack.ja.md", "en": "slack.md"},
    "slack_forms": {"ja": "slack-forms.ja.md", "en": "slack-forms.md"},
    "discord_rules": {"ja": "discord.ja.md", "en": "discord.md"},
    "discord_forms": {"ja": "discord-forms.ja.md", "en": "discord-forms.md"},
}


def anew(name: str, language: str) -> tuple[Path, str]:
    """The file that holds a made part, and its whole text with that part as it would be made now."""
    path = DOCS / FILES[name][language]
    made = MADE[name](language)
    text = path.read_text("utf-8")
    return path, _PART.sub(lambda found: f"{name} -->\n{made}\n" if found[1] == name else found[0], text)


NAMES: Final = (
    ("北森物産", "Northwood Dental"), ("青葉クリニック", "Greenleaf Clinic"), ("みなと薬局", "Harbour Pharmacy"),
    ("星川設備", "Starbrook Fittings"), ("こもれび歯科", "Komorebi Dental"),
)  # fmt: skip
"""Invented customers of the picture."""
LEDGERS: Final = (
    ((40, 5, 2), (26, 2, 2), (11, 2, 2), (3, 1, 2)),
    ((30, 2, 2), (12, 1, 2), (4, 1, 2)),
    ((18, 2, 2), (2, 2, 2)),
    ((5, 3, 1),),
    ((9, 1, 2), (1, 1, 2)),
)
"""For each of them, incidents: days ago, weight, severity."""
_NOW: Final = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def lines(language: str) -> tuple[CustomerLine, ...]:
    """Invented customers whose standings are really counted."""
    policy, found = load(None), []
    for number, (names, ledger) in enumerate(zip(NAMES, LEDGERS, strict=True)):
        points = [_points(days, weight, Severity(grave)) for days, weight, grave in ledger]
        signs, zone = [one.at for one in points], policy.calendar.zone
        now, before = (standing(points, signs, at, zone, policy.standing) for at in (_NOW, _NOW - timedelta(days=7)))
        paid = date(2026, 11, 30) if number != 2 else None
        contract = Contract(clause="16", paid_through=paid, paid_as_of=date(2026, 11, 20))
        end = earliest_end(contract, zone, _NOW, policy.standing.paid_stale)
        line = CustomerLine(number, _pick(names, language), now, before.points, before.level, end, "16", paid, None, ())
        found.append(line)
    return tuple(found)


def _points(days: int, weight: float, severity: Severity) -> Points:
    rule, at = load(None).standing, _NOW - timedelta(days=days, hours=3)
    factor, points = earned(weight, severity, rule)
    judged = at + timedelta(hours=2)
    return Points(0, days, at, judged, points, "insult_or_abuse", weight, severity, factor, "", "")


def picture(language: str) -> bytes:
    """The chart of a digest of invented customers."""
    title = say(language, "chart.title", team=_pick(("導入サポート", "Onboarding"), language))
    return draw(chart_of(lines(language), title, "2026-W48", load(None), language))


if __name__ == "__main__":
    for language in LANGUAGES:
        for name in MADE:
            path, text = anew(name, language)
            path.write_text(text, "utf-8")
        (DOCS / "images" / f"digest-chart.{language}.png").write_bytes(picture(language))
