"""What the matrix suggests, and when a verdict counts (rules.md 5)."""

from itertools import product

import pytest

from bot.domain.model import Finding, Opinion, ReviewState, Severity, Suggestion
from bot.domain.verdict import state_of, suggestion

YES, NO, UNCLEAR = Opinion.YES, Opinion.NO, Opinion.UNCLEAR


@pytest.mark.req("S1-18", "S1-19")
@pytest.mark.parametrize(
    ("demand", "means", "harmed", "expected"),
    [
        (NO, YES, YES, Suggestion.LIKELY),
        (NO, NO, YES, Suggestion.LIKELY),
        (NO, NO, UNCLEAR, Suggestion.LIKELY),
        (UNCLEAR, NO, YES, Suggestion.LIKELY),
        (NO, UNCLEAR, YES, Suggestion.LIKELY),
        (YES, NO, YES, Suggestion.POSSIBLE),
        (YES, YES, YES, Suggestion.LEGITIMATE),
        (YES, YES, NO, Suggestion.LEGITIMATE),
        (NO, NO, NO, Suggestion.OPEN),
        (YES, UNCLEAR, YES, Suggestion.OPEN),
        (UNCLEAR, UNCLEAR, UNCLEAR, Suggestion.OPEN),
    ],
)
def test_the_matrix(demand: Opinion, means: Opinion, harmed: Opinion, expected: Suggestion) -> None:
    assert suggestion(demand, means, harmed) is expected


@pytest.mark.req("S1-19")
def test_whoever_asks_rightly_and_acceptably_never_harasses_however_hard_it_was_for_us() -> None:
    assert {suggestion(YES, YES, harmed) for harmed in Opinion} == {Suggestion.LEGITIMATE}


def test_a_valid_demand_is_never_called_likely() -> None:
    found = {suggestion(YES, means, harmed) for means, harmed in product(Opinion, Opinion)}
    assert Suggestion.LIKELY not in found


def test_only_a_grave_confirmed_verdict_waits_for_a_second_person() -> None:
    for finding, severity, seconds in product(Finding, Severity, (0, 1, 5)):
        state = state_of(finding, severity, involved=False, seconds=seconds)
        grave = finding is Finding.CONFIRMED and severity >= Severity.HIGH
        assert (state is ReviewState.FINAL) is not grave
        if grave:
            assert state is (ReviewState.AWAITING_SECOND if seconds else ReviewState.PROVISIONAL)


def test_whoever_is_involved_decides_nothing_for_good() -> None:
    for finding, severity, seconds in product(Finding, Severity, (0, 1)):
        assert state_of(finding, severity, involved=True, seconds=seconds) is ReviewState.PROVISIONAL
