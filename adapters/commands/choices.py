"""The words for every answer that can be chosen, in both languages; the first of each is the one that is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from adapters.commands.names import folded
from bot.domain.model import Finding, Medium, Mode, Opinion, Severity
from bot.domain.policy import Category, PlainGroup


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen, and every way to write it."""

    value: str
    ja: tuple[str, ...]
    en: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.ja, *self.en, self.value)

    def shown(self, language: str) -> str:
        return (self.ja if language == "ja" else self.en)[0]


def chosen(choices: Iterable[Choice], said: str) -> str | None:
    """The value of the choice that `said` names, in any width, case and kana; None if it names none."""
    word = folded(said).strip()
    return next((choice.value for choice in choices if word in map(folded, choice.names)), None)


SEVERITIES: Final = (
    Choice(Severity.LOW.key, ("低", "軽い", "軽"), ("low", "minor")),
    Choice(Severity.MEDIUM.key, ("中", "中くらい", "普通", "ふつう"), ("medium", "normal")),
    Choice(Severity.HIGH.key, ("高", "重い", "重"), ("high", "serious")),
    Choice(Severity.CRITICAL.key, ("重大", "緊急", "危険", "身の危険"), ("critical", "danger")),
)
BURDENS: Final = tuple(Choice(str(n), (str(n),), (str(n),)) for n in range(1, 6))
MEDIA: Final = (
    Choice(Medium.PHONE.value, ("電話", "でんわ"), ("phone", "telephone", "tel")),
    Choice(Medium.MAIL.value, ("メール",), ("mail", "email", "e-mail")),
    Choice(Medium.CHAT.value, ("チャット",), ("chat",)),
    Choice(Medium.IN_PERSON.value, ("対面", "来店", "訪問"), ("in_person", "in-person", "face")),
)
FINDINGS: Final = (
    Choice(
        Finding.CONFIRMED.value,
        ("確定", "認定", "該当", "ハラスメントに当たる"),
        ("confirmed", "confirm", "harassment"),
    ),
    Choice(
        Finding.LEGITIMATE.value,
        ("正当", "正当なご意見", "正当なクレーム", "正当な苦情"),
        ("legitimate", "complaint", "legitimate complaint"),
    ),
    Choice(Finding.MISUNDERSTANDING.value, ("誤解", "行き違い"), ("misunderstanding",)),
    Choice(Finding.UNDETERMINED.value, ("不明", "判断できない", "判断できず"), ("undetermined", "unknown")),
    Choice(Finding.DISMISSED.value, ("却下", "不該当", "該当せず"), ("dismissed", "dismiss")),
)
SECONDS: Final = (
    Choice("agree", ("同意", "同意します"), ("agree", "agreed")),
    Choice("disagree", ("不同意", "同意しない", "同意しません"), ("disagree",)),
)
_UNCLEAR: Final = Choice(Opinion.UNCLEAR.value, ("不明", "わからない"), ("unclear", "unknown"))
DEMANDS: Final = (
    Choice(Opinion.YES.value, ("妥当", "正当", "はい"), ("valid", "yes")),
    Choice(Opinion.NO.value, ("不当", "いいえ"), ("invalid", "no")),
    _UNCLEAR,
)
MEANS: Final = (
    Choice(Opinion.YES.value, ("相当", "妥当", "はい"), ("acceptable", "yes")),
    Choice(Opinion.NO.value, ("不相当", "不当", "いいえ"), ("unacceptable", "no")),
    _UNCLEAR,
)
ENVIRONMENTS: Final = (
    Choice(Opinion.YES.value, ("害された", "害", "あり", "はい"), ("harmed", "yes")),
    Choice(Opinion.NO.value, ("害されない", "害されていない", "なし", "いいえ"), ("unharmed", "no")),
    _UNCLEAR,
)
MODES: Final = (
    Choice(Mode.MONITOR.value, ("見守り", "監視"), ("monitor",)),
    Choice(Mode.LIVE.value, ("本番", "稼働"), ("live",)),
)
SUBJECTS: Final = (
    Choice("detection", ("検知",), ("detection",)),
    Choice("incident", ("事案", "出来事"), ("incident",)),
    Choice("ping", ("呼び出し", "呼出", "よびだし"), ("ping",)),
    Choice("customer", ("顧客", "お客様", "客"), ("customer",)),
)
LANGUAGES: Final = (Choice("ja", ("日本語",), ("japanese", "ja")), Choice("en", ("英語",), ("english", "en")))


def groups(plain: Iterable[PlainGroup]) -> tuple[Choice, ...]:
    """The plain groups, each under its whole name, its parts (暴言・侮辱: 暴言, 侮辱) and its finer answers."""
    found = [Choice(group.key, _parts(group.ja), _parts(group.en)) for group in plain]
    for group in plain:
        found += [Choice(f"{group.key}.{one.key}", _parts(one.ja), _parts(one.en)) for one in group.asks]
    return tuple(found)


def categories(known: Iterable[Category], plain: Iterable[PlainGroup]) -> tuple[Choice, ...]:
    """The pack's categories, also under the plain groups that stand for them."""
    found = [Choice(category.key, (category.ja,), (category.en,)) for category in known]
    for group in plain:
        found.append(Choice(group.category, (*_parts(group.ja), group.key), _parts(group.en)))
        found += [Choice(one.category, _parts(one.ja), _parts(one.en)) for one in group.asks]
    return tuple(found)


def _parts(name: str) -> tuple[str, ...]:
    parts = [name]
    for mark in ("・", "/", ", ", " or ", " and "):
        parts += [part.strip() for part in name.split(mark) if mark in name and part.strip()]
    return tuple(dict.fromkeys(parts))
