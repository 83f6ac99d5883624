"""The digest's picture in words: customers toward the threshold become rows, in the reader's language."""

from collections.abc import Sequence

from adapters.charts.chart import LONGEST, Bounds, Chart, Row, Words, nearest_first
from adapters.wording import say
from adapters.wording.clean import clipped
from adapters.wording.standing import number
from bot.domain.model import CustomerLine, Digest
from bot.domain.model.standing import Level
from bot.domain.policy import Policy


def digest_chart(digest: Digest, policy: Policy, language: str) -> Chart:
    """The picture that goes with a digest; it has customers toward the threshold."""
    title = say(language, "chart.title", team=digest.team)
    return chart_of(digest.toward, title, digest.week, policy, language)


def chart_of(lines: Sequence[CustomerLine], title: str, subtitle: str, policy: Policy, language: str) -> Chart:
    """At most LONGEST customers, nearest to the threshold first; the rest is counted in the last line."""
    rows = nearest_first(_row(line) for line in lines)
    left = len(rows) - LONGEST
    more = say(language, "chart.more", count=left) if left > 0 else ""
    bounds = Bounds(policy.standing.watch, policy.standing.concern, policy.standing.review)
    return Chart(title, subtitle, rows[:LONGEST], bounds, _words(language, more))


def _row(line: CustomerLine) -> Row:
    standing = line.standing
    return Row(
        line.name, standing.points, line.before, standing.level, line.end.last_day if line.end.at else None,
        standing.pace.crosses_on, standing.threshold,
    )  # fmt: skip


def _words(language: str, more: str) -> Words:
    """The placeholder {date} is left for the row's own date."""
    keys = ("clear", "watch", "concern", "review", "points", "last_week", "ends", "no_end", "crosses", "threshold")
    said = {key: say(language, f"chart.{key}", date="{date}") for key in keys}
    return Words(**said, more=more)


def alternative(chart: Chart, longest: int = 1_000) -> str:
    """The picture in words, customer by customer, nearest to the threshold first; at most `longest` characters."""
    words = chart.words
    levels = {Level.CLEAR: words.clear, Level.WATCH: words.watch, Level.CONCERN: words.concern}
    rows = [
        f"{row.name} {number(row.points)} {words.threshold if row.threshold else levels.get(row.level, words.review)}"
        for row in chart.rows
    ]
    return clipped("; ".join([f"{chart.title} {chart.subtitle}", *rows, *filter(None, [words.more])]), longest)
