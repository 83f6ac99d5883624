"""A chart as JSON and back: what is passed to the process that draws."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from adapters.charts.chart import Bounds, Chart, Row, Words
from bot.domain.model.standing import Level


def to_json(chart: Chart) -> bytes:
    """Pure ASCII, so that no locale and no lone surrogate in a name matters."""
    return json.dumps(asdict(chart), default=date.isoformat).encode("ascii")


def from_json(data: bytes) -> Chart:
    """The chart that `to_json` was given."""
    found = json.loads(data)
    return Chart(
        title=found["title"],
        subtitle=found["subtitle"],
        rows=tuple(_row(row) for row in found["rows"]),
        bounds=Bounds(**found["bounds"]),
        words=Words(**found["words"]),
    )


def _row(found: dict[str, Any]) -> Row:
    days = {key: date.fromisoformat(found[key]) if found[key] else None for key in ("ends_on", "crosses_on")}
    return Row(**{**found, **days, "level": Level(found["level"])})
