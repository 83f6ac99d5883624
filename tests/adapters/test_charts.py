"""The picture of the weekly digest: always a small PNG or a clear error, whatever a customer calls himself."""

import struct
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.charts import LONGEST, Bounds, Chart, ChartFailed, Row, Words, draw, nearest_first
from adapters.charts.lettering import EMPTY, MARKS, MISSING, clean, cut
from adapters.charts.passing import from_json, to_json
from adapters.charts.picture import paint
from bot.domain.model.standing import Level

STRICT = (sys.executable, "-W", "error", "-m", "adapters.charts")
"""The process that draws, in which every warning (a glyph, a font, a cache) is an error."""
WORDS = Words(
    clear="平常",
    watch="注意",
    concern="懸念",
    review="要検討",
    points="点数(先週との差)",
    last_week="先週の点数",
    ends="契約終了は最短 {date} 24:00",
    no_end="契約終了日は不明",
    crosses="このままなら {date} に要検討",
    threshold="しきい値に到達",
    more="… ほか 3件",
)
ROW = Row("株式会社山田製作所", 7.2, 6.5, Level.CONCERN, date(2026, 12, 31), date(2026, 12, 19), False)
HOSTILE = (
    r"$\frac{1}{0}$ & \LaTeX $x^2 _{",
    "\u202egnp.exe\u202c \u2066反転\u2069\u200f",
    "👨\u200d👩\u200d👧\u200d👦😀🇯🇵🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Z̸̢̡͓̱͎͔̎̽̈́͘ä̷́̂̃̄̅̆l̵g̷o" + "\u0301" * 300,
    "\ud800\x00\x1b[31m\x07",
    "",
    "김철수 们 ไทย नमस्ते",
    "محمد العربي 株式会社",
    "行\n替え\r\n\tタブ\u2028\u2029",
    "A" * 5000,
    "\U0010ffff\ue000﷽𒐫",
    "<b>&amp;</b> {date} {0} %s \\n",
)


def chart(*rows: Row) -> Chart:
    return Chart("要検討に近いお客様", "2026年第47週", rows, Bounds(3, 6, 10), WORDS)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n") and png.endswith(b"IEND\xaeB`\x82")
    return struct.unpack(">II", png[16:24])


def test_one_customer_and_as_many_as_a_phone_takes() -> None:
    short, long = paint(chart(ROW)), paint(chart(*[ROW] * LONGEST))
    assert size(short)[0] == size(long)[0] == 900
    assert size(short)[1] < 450 < size(long)[1] < 2000
    assert len(short) < len(long) < 200_000


def test_hostile_names_neither_warn_nor_break() -> None:
    rows = tuple(replace(ROW, name=name, points=place, before=10.0**place) for place, name in enumerate(HOSTILE))
    hostile = replace(
        chart(*rows), title=HOSTILE[0], subtitle="".join(HOSTILE), words=replace(WORDS, more="$ 😀\u202e")
    )
    png = draw(hostile, child=STRICT)
    assert size(png) == size(paint(chart(*[ROW] * len(rows))))
    assert len(png) < 200_000


@pytest.mark.req("S0-43")
def test_every_fact_of_a_row_is_seen() -> None:
    variants = (
        ROW,
        replace(ROW, before=2.0),
        replace(ROW, level=Level.REVIEW),
        replace(ROW, ends_on=None),
        replace(ROW, ends_on=date(2027, 1, 31)),
        replace(ROW, crosses_on=None),
        replace(ROW, threshold=True),
        replace(ROW, name="鈴木 一郎"),
    )
    assert len({paint(chart(row)) for row in variants}) == len(variants)


def test_nothing_stays_on_disk_and_no_setting_of_the_user_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = draw(chart(ROW))
    home, temp = tmp_path / "home", tmp_path / "temp"
    for folder in (home, temp):
        folder.mkdir()
    settings_file = tmp_path / "matplotlibrc"
    settings_file.write_text("text.usetex: true\nfigure.dpi: 30\n")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("MATPLOTLIBRC", str(settings_file))
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    assert draw(chart(ROW), child=STRICT) == plain
    assert [*home.iterdir(), *temp.iterdir()] == []


def test_the_bot_itself_never_loads_matplotlib() -> None:
    code = "import sys, adapters.charts; sys.exit(bool({'matplotlib', 'PIL'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)


def test_a_process_that_hangs_is_ended() -> None:
    with pytest.raises(ChartFailed, match=r"longer than 0\.01 s"):
        draw(chart(ROW), timeout=0.01)
    with pytest.raises(ChartFailed, match=r"longer than 0\.3 s"):
        draw(chart(ROW), timeout=0.3, child=(sys.executable, "-c", "import time; time.sleep(60)"))


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "print('no picture')",
        "import sys; sys.stdin.read(); raise ValueError('株式会社山田製作所')",
        "import os; os._exit(0)",
    ],
)
def test_a_process_that_breaks_is_an_error_without_the_customers_name(code: str) -> None:
    with pytest.raises(ChartFailed) as failed:
        draw(chart(ROW), child=(sys.executable, "-c", code))
    assert "山田" not in str(failed.value)


def test_a_process_that_cannot_start_is_the_same_error() -> None:
    with pytest.raises(ChartFailed):
        draw(chart(ROW), child=("/no/such/program",))


@pytest.mark.parametrize(
    "wrong",
    [
        chart(),
        chart(*[ROW] * (LONGEST + 1)),
        chart(replace(ROW, points=float("nan"))),
        chart(replace(ROW, before=float("inf"))),
        chart(replace(ROW, points=-1.0)),
        replace(chart(ROW), bounds=Bounds(3, 3, 10)),
        replace(chart(ROW), bounds=Bounds(0, 6, 10)),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: Chart) -> None:
    with pytest.raises(ValueError):
        draw(wrong)


def test_nearest_to_the_threshold_stands_first() -> None:
    rows = (
        replace(ROW, name="low", points=1.0),
        replace(ROW, name="later", crosses_on=None),
        replace(ROW, name="sooner"),
        replace(ROW, name="high", points=14.0),
        replace(ROW, name="reached", points=11.0, threshold=True),
    )
    assert [row.name for row in nearest_first(rows)] == ["reached", "high", "sooner", "later", "low"]


@given(st.text(), st.floats(0, 1e300), st.none() | st.dates(), st.none() | st.dates(), st.sampled_from(Level))
@settings(max_examples=50)
def test_a_chart_passes_unchanged(name: str, points: float, ends: date | None, day: date | None, level: Level) -> None:
    row = Row(name, points, points / 2, level, ends, day, bool(day))
    assert from_json(to_json(chart(row, ROW))) == chart(row, ROW)


DRAWABLE = frozenset(map(ord, "abc$\\ \u0301株…" + MISSING + EMPTY))


@given(st.text() | st.text("ab株$\u0301\u0302\u202e\u200d\n😀 "))
def test_cleaned_text_is_one_line_that_can_be_drawn(text: str) -> None:
    cleaned = clean(text, DRAWABLE)
    assert cleaned and cleaned == cleaned.strip() and set(map(ord, cleaned)) <= DRAWABLE
    assert MISSING * 2 not in cleaned and "\u0301" * (MARKS + 1) not in cleaned


@given(st.text("abc株 "), st.integers(1, 30))
def test_cut_text_fits_and_keeps_as_much_as_it_can(text: str, room: int) -> None:
    kept = cut(text, room, len)
    assert len(kept) <= room
    if len(text) <= room:
        assert kept == text
    else:
        assert kept.endswith("…") and text.startswith(kept[:-1])
        assert len(text[: room - 1].rstrip()) == len(kept) - 1
