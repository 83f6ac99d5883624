"""Whom a step of a ping calls: the rota, who stands in, and what happens when nobody is left (rules.md 7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Override, Role, Rota, Staff, Team
from bot.domain.policy import StepTarget
from bot.domain.roster import Called, Roster, called, instead

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
NOBODY: frozenset[str] = frozenset()
ROLES = {"a": Role.AGENT, "s": Role.SUPERVISOR, "l": Role.LEAD, "d": Role.DECISION_MAKER, "g": Role.LEGAL}


def team(*people: str, rota: tuple[str, ...] = ()) -> Team:
    """People such as s1 or l1; the first of the rota has the turn of today."""
    staff = tuple(Staff(person, person.upper(), (ROLES[person[0]],)) for person in people)
    turns = Rota("Asia/Tokyo", rota, date(2026, 11, 16)) if rota else None
    return Team("t", "Asia/Tokyo", (), staff, rota=turns)


def override(who: str, made: int = 0, start: int = -1, end: int = 1) -> Override:
    hour = timedelta(hours=1)
    return Override(made, "t", who, NOW + start * hour, NOW + end * hour, "l1", NOW - timedelta(days=1) + made * hour)


FULL = team("a1", "s1", "s2", "s3", "l1", "d1", "g1", rota=("s1", "s2", "s3"))


def who(step: StepTarget, of: Team = FULL, *overrides: Override, asking: frozenset[str] = NOBODY) -> tuple[str, ...]:
    return called(of, step, overrides, NOW, asking).people


def test_the_steps_of_a_full_team() -> None:
    found = [who(step) for step in StepTarget]
    assert dict(zip(StepTarget, found, strict=True)) == {
        StepTarget.ON_CALL: ("s1",), StepTarget.SECOND: ("s2",), StepTarget.SUPERVISORS: ("s1", "s2", "s3"),
        StepTarget.LEADS: ("l1",), StepTarget.DECISION_MAKERS: ("d1",), StepTarget.LEGAL: ("g1",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (("a1", "s1", "s2", "l1"), ("s1", "s2")),
        (("a1", "l1", "d1"), ("l1", "d1")),
        (("a1", "d1"), ("d1",)),
        (("a1", "g1"), ()),
        ((), ()),
    ],
)
def test_nobody_on_call(people: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """All supervisors, else leads, else the alert channel alone."""
    lone = team(*people)
    assert called(lone, StepTarget.ON_CALL, (), NOW, NOBODY) == Called(expected, nobody_on_call=True)
    assert who(StepTarget.SECOND, lone) == (), "they were all called by the first step"
    assert instead(lone) == expected


def test_whoever_asks_for_help_is_not_called_to_help() -> None:
    """The next in line is, and the second step calls the one after: nobody is called twice for nothing."""
    asking = frozenset({"s1"})
    assert who(StepTarget.ON_CALL, asking=asking) == ("s2",)
    assert who(StepTarget.SECOND, asking=asking) == ("s3",)
    assert who(StepTarget.SECOND, asking=frozenset({"s2"})) == ("s3",)
    two = team("s1", "s2", "s9", "l1", rota=("s1", "s2"))
    assert who(StepTarget.ON_CALL, two, asking=asking) == ("s2",)
    assert who(StepTarget.SECOND, two, asking=asking) == ("s9",)
    assert who(StepTarget.ON_CALL, two, asking=frozenset({"s1", "s2"})) == ("s9",)
    assert who(StepTarget.LEADS, two, asking=frozenset({"l1"})) == ()
    alone = team("s1", "l1", rota=("s1",))
    assert called(alone, StepTarget.ON_CALL, (), NOW, asking) == Called(("l1",))
    assert called(team("s1", rota=("s1",)), StepTarget.ON_CALL, (), NOW, asking) == Called(())


def test_the_override_made_last_wins() -> None:
    first, last = override("s2", 1), override("s3", 2)
    assert who(StepTarget.ON_CALL, FULL, last, first) == ("s3",)
    assert who(StepTarget.SECOND, FULL, last, first) == ("s1",)
    over = override("s3", 3, start=-2, end=0)
    assert who(StepTarget.ON_CALL, FULL, first, over) == ("s2",), "the end belongs to the next"


@pytest.mark.req("T20")
@pytest.mark.parametrize("gone", [("s1", "s2"), ("s1", "s2", "a9")])
def test_who_left_the_team_or_lost_the_role_stands_in_for_nobody(gone: tuple[str, ...]) -> None:
    smaller = team(*gone, rota=("s1", "s2"))
    assert who(StepTarget.ON_CALL, smaller, override("s9", 1), override("a9", 2)) == ("s1",)
    assert called(team("s1"), StepTarget.ON_CALL, (override("s9"),), NOW, NOBODY) == Called(("s1",), True)


def test_an_override_carries_a_team_without_a_rota() -> None:
    assert called(team("s1", "l1"), StepTarget.ON_CALL, (override("l1"),), NOW, NOBODY) == Called(("l1",))
    assert who(StepTarget.SECOND, team("s1", "l1"), override("l1")) == ("s1",)


PERSON = st.sampled_from(["a1", "s1", "s2", "s3", "l1", "l2", "d1", "g1"])


@given(
    people=st.lists(PERSON, unique=True), turns=st.lists(PERSON, unique=True), asking=st.frozensets(PERSON),
    stand_ins=st.lists(PERSON, max_size=3), step=st.sampled_from(StepTarget),
)  # fmt: skip
def test_only_our_own_people_are_called_once_and_never_the_one_who_asks(
    people: list[str], turns: list[str], asking: frozenset[str], stand_ins: list[str], step: StepTarget
) -> None:
    of = team(*people, rota=tuple(p for p in turns if p in people and p[0] in "sld"))
    found = called(of, step, [override(p, n) for n, p in enumerate(stand_ins)], NOW, asking)
    assert set(found.people) <= set(people) - asking
    assert len(found.people) == len(set(found.people))
    first = called(of, StepTarget.ON_CALL, [override(p, n) for n, p in enumerate(stand_ins)], NOW, asking)
    if step is StepTarget.SECOND and not first.nobody_on_call:
        assert not set(first.people) & set(found.people)
    able = {p for p in people if p[0] in "sld"} - asking
    assert bool(first.people) == bool(able), "while anybody can help, somebody is called"


def test_an_account_is_whoever_the_teams_say() -> None:
    roster = Roster((FULL, replace(FULL, name="u", staff=(Staff("s1", "", (Role.LEAD,)),))))
    actor = roster.actor("s1")
    assert (actor.name, actor.team) == ("S1", "t")
    assert actor.roles == {"t": frozenset({Role.SUPERVISOR}), "u": frozenset({Role.LEAD})}
    assert not roster.actor("slack:TCUST:s1").inside
    assert not roster.actor("cl i:x").inside
    assert roster.actor("cli:x").operator
    assert roster.judges("u") == ("s1",)
