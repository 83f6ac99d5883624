"""Invented support traffic: 500 customers by Zipf, 30 simulated days, 5 % of the messages said before."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.domain.events import MessagePosted
from bot.domain.model import Platform

CUSTOMERS = 500
DAYS = 30
REPEATS = 0.05
START = datetime(2026, 10, 1, tzinfo=UTC)
WHO = (
    "経理部",
    "倉庫",
    "受付",
    "店舗",
    "本社",
    "工場",
    "支店",
    "営業所",
    "担当者",
    "新人",
    "派遣の方",
    "取引先",
    "社長",
    "看護師",
    "先生",
    "保護者",
    "窓口",
    "配送業者",
)
WHAT = (
    "請求書",
    "在庫表",
    "予約台帳",
    "会員証",
    "見積書",
    "勤怠表",
    "検査結果",
    "納品書",
    "契約書",
    "領収書",
    "棚卸表",
    "診察券",
    "時間割",
    "座席表",
    "伝票",
    "目録",
    "名簿",
    "送り状",
    "処方箋",
    "図面",
    "発注書",
    "明細",
    "履歴",
    "写真",
    "動画",
    "音声",
    "地図",
    "暦",
    "通知",
    "広告",
    "看板",
    "回覧板",
)
WHERE = (
    "画面",
    "一覧",
    "検索欄",
    "印刷",
    "帳票",
    "設定",
    "集計",
    "取込",
    "出力",
    "連携",
    "携帯版",
    "管理画面",
    "初期表示",
    "詳細",
    "入力欄",
    "地図表示",
    "予定表",
    "掲示板",
)
HOW = (
    "が開かずに困っています",
    "が二重に出てきます",
    "が文字化けしています",
    "の並び順がおかしいです",
    "が途中で止まってしまいます",
    "の色が薄くて読めません",
    "に古い内容が残っています",
    "がいつまでも終わりません",
    "の合計が合っていません",
    "を増やす方法が分かりません",
    "が勝手に閉じてしまいます",
    "の権限が足りないと出ます",
    "がほかの人に見えてしまいます",
    "の幅が狭すぎて切れます",
    "を昔の形に戻せますか",
    "を毎朝自動で送れますか",
    "の読み上げができません",
    "を紙に出すと白紙になります",
    "がまだ届いていないようです",
    "の締めを延ばせますか",
)
WHEN = (
    "今朝から",
    "昨日の夕方から",
    "更新したあと",
    "引っ越しのあと",
    "夜になると",
    "雨の日だけ",
    "月初めに",
    "電話のあと",
    "会議中に",
    "出張先で",
    "休み明けに",
    "昼休みに",
)


def texts(random: random.Random) -> Iterator[str]:
    """Different contents of one domain, 34 characters on average: real customers' turns have 31 (asdc)."""
    while True:
        parts = [
            f"{random.choice(WHEN)}{random.choice(WHO)}の{random.choice(WHAT)}の{random.choice(WHERE)}{random.choice(HOW)}。"
            for _ in range(random.choice((1, 1, 1, 2)))
        ]
        yield "".join(parts)


def traffic(messages: int, seed: int = 1, days: float = DAYS) -> Iterator[MessagePosted]:
    """Messages in order of time."""
    rng = random.Random(seed)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, CUSTOMERS + 1)))
    said: dict[int, str] = {}
    fresh = texts(rng)
    step = timedelta(days=days) / messages
    for number in range(messages):
        customer = rng.choices(range(CUSTOMERS), cum_weights=weights)[0]
        text = said[customer] if customer in said and rng.random() < REPEATS else next(fresh)
        said[customer] = text
        yield MessagePosted(
            platform=Platform.SLACK,
            workspace="T1",
            channel=f"C{customer % 40}",
            message_id=f"{1_700_000_000 + number}.000001",
            author=f"U{customer}",
            home="T2",
            text=text,
            sent_at=START + step * number,
        )
