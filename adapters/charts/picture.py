"""How the chart looks: a card for a phone, a bar for each customer, the three bounds marked at each."""

from typing import Final

from adapters.charts.chart import HEAD, ROW, WIDTH, Chart, Row, Words, nearest_first
from adapters.charts.sheet import Sheet
from adapters.wording.standing import cut
from bot.domain.model.standing import Level

LEFT: Final = 44
RIGHT: Final = WIDTH - 44
BAR: Final = 24

INK: Final = "#1f2933"
QUIET: Final = "#52606d"
RULE: Final = "#c3ccd5"
PAPER: Final = "#ffffff"
ALARM: Final = "#8f2d0c"
BEYOND: Final = "#fcefe8"
"""The ground behind everything from review on, and the way there."""
COLOURS: Final = {Level.CLEAR: "#b9c2cb", Level.WATCH: "#84bbe2", Level.CONCERN: "#d9961a", Level.REVIEW: "#b8430f"}
"""Told apart also by readers who see no red or green (after Okabe and Ito), and darker level by level in grey."""


def paint(chart: Chart) -> bytes:
    """The chart as PNG."""
    return _Picture(chart).png()


class _Picture:
    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._words = chart.words
        self._bottom = HEAD + ROW * len(chart.rows)
        self._sheet = Sheet(*chart.size)
        most = max(max(row.points, row.before) for row in chart.rows)
        review = chart.bounds.review
        # A customer far beyond review must not make all others look harmless.
        self._scale = min(max(most * 1.04, review * 1.25), review * 2)

    def png(self) -> bytes:
        self._head()
        self._bounds()
        for number, row in enumerate(nearest_first(self._chart.rows)):
            self._row(HEAD + number * ROW, row)
        self._foot()
        return self._sheet.png()

    def _x(self, points: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(points / self._scale, 1.0)

    def _head(self) -> None:
        self._sheet.text(LEFT, 52, self._chart.title, 38, INK, room=RIGHT - LEFT, bold=True)
        self._sheet.text(LEFT, 100, self._chart.subtitle, 27, QUIET, room=RIGHT - LEFT)

    def _bounds(self) -> None:
        bounds, words = self._chart.bounds, self._words
        top, bottom = HEAD - 18, self._bottom - 12
        self._sheet.box(self._x(bounds.review), top, RIGHT - self._x(bounds.review), bottom - top, BEYOND)
        places = [(bounds.watch, words.watch), (bounds.concern, words.concern), (bounds.review, words.review)]
        below = self._x(bounds.concern) - self._x(bounds.watch) - 10
        above = self._x(bounds.review) - self._x(bounds.concern) - 10
        for (bound, word), room in zip(places, (below, min(below, above), above), strict=True):
            self._sheet.line(self._x(bound), top, self._x(bound), top + 12, RULE, thick=2.5)
            self._sheet.text(self._x(bound), HEAD - 38, f"{word} {bound:g}", 26, INK, side="center", room=room)

    def _row(self, top: float, row: Row) -> None:
        text, y = self._sheet.text, top + 20
        figure = text(RIGHT, y, f"{cut(row.points):.1f}", 40, INK, side="right", room=260, bold=True)
        taken = figure + 16 + text(RIGHT - figure - 16, y + 2, _change(row), 27, QUIET, side="right", room=200)
        text(LEFT, y, row.name, 33, INK, room=RIGHT - LEFT - taken - 24)
        self._bar(top + 46, row)
        ends = self._words.ends.replace("{date}", str(row.ends_on)) if row.ends_on else self._words.no_end
        text(LEFT, top + 94, ends, 26, QUIET, room=430)
        self._state(top + 94, row)

    def _bar(self, top: float, row: Row) -> None:
        """With the bounds marked at it only: through names and dates nobody could read these."""
        sheet, bounds = self._sheet, self._chart.bounds
        sheet.box(LEFT, top, self._x(bounds.review) - LEFT, BAR, BEYOND)
        for x in map(self._x, (bounds.watch, bounds.concern, bounds.review)):
            sheet.line(x, top - 3, x, top + BAR + 3, RULE, thick=2.5)
        sheet.box(LEFT, top, self._x(row.points) - LEFT, BAR, COLOURS[row.level])
        if row.points > self._scale:
            for x in (RIGHT - 44, RIGHT - 30):
                sheet.line(x - 5, top + BAR + 2, x + 5, top - 2, PAPER, thick=6)
        sheet.ring(self._x(row.before), top + BAR / 2, 10, INK, thick=4)

    def _state(self, y: float, row: Row) -> None:
        """What to know beside the points: reached in words and shape, else the day of crossing, else the level."""
        room = 360
        if row.threshold:
            text = f"◆ {self._words.threshold}"
            wide = min(self._sheet.width(text, 26), room)
            self._sheet.pill(RIGHT - wide - 28, y - 20, wide + 28, 40, ALARM, radius=20)
            self._sheet.text(RIGHT - 14, y, text, 26, PAPER, side="right", room=room)
        elif row.crosses_on:
            text = self._words.crosses.replace("{date}", str(row.crosses_on))
            self._sheet.text(RIGHT, y, text, 26, INK, side="right", room=room)
        else:
            self._sheet.text(RIGHT, y, _level(self._words, row.level), 26, QUIET, side="right", room=room)

    def _foot(self) -> None:
        y = self._bottom + 20
        self._sheet.ring(LEFT + 10, y, 10, INK, thick=4)
        used = self._sheet.text(LEFT + 30, y, self._words.last_week, 26, QUIET, room=260)
        if self._words.more:
            self._sheet.text(LEFT + 30 + used + 40, y, self._words.more, 26, INK, room=240)
        self._sheet.text(RIGHT, y, self._words.points, 26, QUIET, side="right", room=260)


def _level(words: Words, level: Level) -> str:
    return {
        Level.CLEAR: words.clear,
        Level.WATCH: words.watch,
        Level.CONCERN: words.concern,
        Level.REVIEW: words.review,
    }[level]


def _change(row: Row) -> str:
    change = round(cut(row.points) - cut(row.before), 1)
    if not change:
        return "±0"
    return f"+{change:.1f}" if change > 0 else f"−{-change:.1f}"
