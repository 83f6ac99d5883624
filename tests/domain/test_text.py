"""What of a message is its content: what is taken off, what stays, what never counts."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text import MAX_CHARS, Content, content_of

EQUAL = [
    ("全角と半角", "ＦＡＸが届かない", "FAXが届かない"),
    ("half-width kana", "ﾃﾞｰﾀが消えました", "データが消えました"),
    ("kana form", "レシートが出ません", "れしーとが出ません"),
    ("case and marks", "Stop the batch!", "stop the batch"),
    ("order of sentences", "鍵を失くしました。部屋に入れません。", "部屋に入れません。鍵を失くしました。"),
    ("quote marks", "> 鍵を失くしました\nまだでしょうか", "鍵を失くしました"),
    ("deep quote", ">> 鍵を失くしました", "鍵を失くしました"),
    ("mail history", "Any news?\n\nOn Tue, Jan 6 Bo Ek wrote:\n> The lift is stuck.", "The lift is stuck."),
    ("resend mark", "(再)鍵を失くしました", "鍵を失くしました"),
    ("subject marks", "RE: FW: 鍵を失くしました", "鍵を失くしました"),
    ("slack mention", "<@U0AB12|desk> 鍵を失くしました", "鍵を失くしました"),
    ("discord mention", "<@!123456> 鍵を失くしました <:cry:99887>", "鍵を失くしました"),
    ("slack link", "<https://example.com/x|手順書>が開けない", "手順書が開けない"),
    ("entities", "A &amp; B の請求", "A & B の請求"),
    (
        "greeting and closing",
        "お世話になっております。\n鍵を失くしました。\n何卒よろしくお願い申し上げます。",
        "鍵を失くしました",
    ),
    ("signature", "鍵を失くしました\n-- \n椿旅館 仲居\nTEL 00-0000-0000", "鍵を失くしました"),
    ("names after a closing", "The lift is stuck.\n\nKind regards,\nBo Ek\nEk & Co", "The lift is stuck"),
    ("opening", "あの、すみません、鍵を失くしました", "鍵を失くしました"),
    ("counter", "6通目になりますが、鍵を失くしました", "鍵を失くしました"),
    ("nag behind", "鍵を失くしました。至急対応してください。", "鍵を失くしました"),
    ("politeness", "鍵が抜けませんでした", "鍵が抜けなかったです"),
    ("request", "鍵を作り直していただけませんでしょうか", "鍵を作り直してください"),
    ("stretched", "たすけてーーー", "たすけて"),
    ("thousands", "12,500円でした", "12500円でした"),
    ("said twice in one message", "鍵を返して!鍵を返して!鍵を返して!", "鍵を返して"),
]

NUMBERS = [
    ("伝票 K-0412 を再送", "伝票 K-0413 を再送"),
    ("9:30に来て", "9:45に来て"),
    ("土曜に来て", "日曜に来て"),
    ("五名です", "六名です"),
    ("区画Dの照明", "区画Fの照明"),
    ("build 7.10.2 fails", "build 7.1.02 fails"),
    ("see you in April", "see you in May 2"),
    ("3名から5名へ", "5名から3名へ"),
]

NOTHING = [
    "",
    " ",
    "\n\n",
    "😀",
    "!!!",
    "...",
    "<@U1>",
    "はいはい",
    "ok!!",
    "thx",
    "ﾊｲ",
    "了解です🙆",
    "ありがとーーー",
    "\ud800",
    "\x00",
]


@pytest.mark.parametrize(("a", "b"), [pair[1:] for pair in EQUAL], ids=[pair[0] for pair in EQUAL])
def test_writing_is_not_content(a: str, b: str) -> None:
    assert content_of(a).canonical == content_of(b).canonical != ""


@pytest.mark.parametrize(("a", "b"), NUMBERS)
def test_numbers_distinguish(a: str, b: str) -> None:
    assert content_of(a).numbers != content_of(b).numbers


def test_a_letter_inside_a_word_is_no_label() -> None:
    assert content_of("戸がしmらない").numbers == content_of("戸がしまらない").numbers == ""
    assert content_of("棚bの鍵").numbers == "b"
    assert content_of("Tシャツの色").numbers == "t"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("浜名商店の児玉です。戸が閉まらない", "浜名商店の児玉"),
        ("戸が閉まらない。お世話になります。浜名商店の児玉です", ""),
        ("お世話になります。児玉です。戸が閉まらない", "児玉"),
        ("株式会社浜名商店の児玉と申します。戸が閉まらない", "浜名商店の児玉"),
        ("児玉です。いつもお世話になっております。戸が閉まらない", "児玉"),
        ("お世話になります。検品の結果です。戸が閉まらない", ""),
        ("お世話になります。戸が真っ黒です。閉まらない", ""),
        ("This is Ada from Kern Tools. The door sticks.", "ada from kern tools"),
        ("Hello, Ada here, the door sticks", "ada"),
        ("The door sticks.\nAda", "ada"),
        ("The door sticks.\n\nBest regards,\nAda", ""),
        ("The door sticks\nThanks, Ada", ""),
    ],
)
def test_who_writes_is_told_from_what_is_written(text: str, who: str) -> None:
    assert content_of(text).who == who


def test_what_is_asked_of_us_is_no_resend_mark() -> None:
    for text in ("もう一度送ってください", "何度も送られてきます", "please send it again", "同じ内容が送信できません"):
        assert content_of(f"戸が閉まらない。{text}").canonical != content_of("戸が閉まらない").canonical


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_nothing_does_not_count(text: str) -> None:
    assert not content_of(text).counts
    assert content_of(text) == Content("", "")


def test_an_answer_to_a_quote_does_not_repeat_the_quote() -> None:
    assert not content_of("> 鍵は受付にあります\nありがとうございます").counts
    assert content_of("> 鍵は受付にあります\n何時までですか").canonical == content_of("何時までですか").canonical


def test_a_lone_nag_is_its_own_content() -> None:
    assert content_of("早くして!").counts
    assert content_of("still waiting").counts
    assert not content_of("まだです").counts


def test_only_the_first_characters_are_read() -> None:
    assert content_of("返して" + "あか" * MAX_CHARS) == content_of("返して" + "あか" * (2 * MAX_CHARS))
    assert len(content_of("\ufdfa" * MAX_CHARS).canonical) <= MAX_CHARS


@given(st.one_of(st.text(), st.text(st.characters(categories=["Cs", "Cc", "Mn", "Zs", "Ps", "Po"]))))
@settings(max_examples=500, deadline=None)
def test_total_and_deterministic(raw: str) -> None:
    found = content_of(raw)
    assert found == content_of(raw)
    assert found.counts == bool(found.canonical) == bool(found.sentences)
    assert found.counts or not found.numbers


HEADS = ["上記", "まだ", "先ほど言い", "3回目の連絡です", "still waiting", "はい", "再送", "返事が", "見て", "状況は"]
TAILS = ["よね", "んです", "の連絡です", "お願いします", "ああ", " ok", "まだ", "いただい", "送り", "ました"]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("tail", TAILS)
def test_no_phrase_makes_matching_explode(head: str, tail: str) -> None:
    begun = time.perf_counter()
    for length in (47, MAX_CHARS):
        content_of((head + tail * length)[: length - 1] + "鬱")
    assert time.perf_counter() - begun < 0.1  # 6 ms on a quiet machine; without care it is seconds
