"""The production door against timelines that somebody else labelled: what it finds, and that it stays quiet."""

import json
from pathlib import Path

import pytest

from adapters import pack, wiring
from adapters.evaluate import predict, read_timelines
from adapters.replay.watch import FollowingClock
from bot.domain.errors import BadInput

DATA = Path(__file__).parent.parent / "data" / "repeats"


async def predicted(path: Path) -> dict[str, list[dict[str, object]]]:
    clock = FollowingClock()
    async with wiring.throw_away(pack.load(None), clock) as house:
        found = await predict(read_timelines(path), house.intake, clock, lambda _: None)
    return {str(line["customer"]): line["alerts"] for line in found}  # type: ignore[misc]


@pytest.mark.req("S0-16")
@pytest.mark.parametrize(("name", "near_recall"), [("check.jsonl", 0.90), ("tune.jsonl", 0.90)])
async def test_repeats_are_found_and_ordinary_customers_left_alone(name: str, near_recall: float) -> None:
    gold = [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
    alerts = await predicted(DATA / name)
    found: dict[str, list[bool]] = {"exact": [], "near": []}
    for timeline in gold:
        own = alerts[timeline["customer"]]
        wanted = [e for e in timeline["expected"] if e["kind"] != "paraphrase"]
        assert timeline["expected"] or not own, timeline["note"]
        for expected in wanted:
            hit = any(
                a["message_indexes"] == expected["message_indexes"]
                and (a["window"], a["count"]) == (expected["window"], expected["count"])
                for a in own
            )
            found[expected["kind"]].append(hit)
    assert all(found["exact"])
    assert sum(found["near"]) / len(found["near"]) >= near_recall


def test_every_line_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "repeats.jsonl"
    message = {"t": "2026-01-05T10:00:00+09:00", "text": "x", "channel": "c", "platform": "slack"}
    lines = [
        json.dumps({"customer": "a", "messages": [message]}),
        "not json",
        json.dumps({"customer": "a", "messages": []}),
        json.dumps({"customer": "b", "messages": [{**message, "t": "2026-01-05T10:00:00"}]}),
        json.dumps({"customer": "c", "messages": [{**message, "platform": "fax"}]}),
    ]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(BadInput) as caught:
        read_timelines(path)
    assert [(f.line, f.key) for f in caught.value.faults] == [
        (2, "eval_line"),
        (3, "eval_twice"),
        (4, "eval_line"),
        (5, "eval_line"),
    ]
