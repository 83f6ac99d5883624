"""One decision about rights, against a table written from the requirements and not from the code (T20)."""

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import pytest

from bot.domain import events, questions
from bot.domain.access import RIGHTS, Facts, decide
from bot.domain.model import Actor, Role

ROOT = Path(__file__).parent.parent.parent
HERE, THERE = "サポート1課", "サポート2課"
LETTERS = {
    "a": Role.AGENT, "s": Role.SUPERVISOR, "l": Role.LEAD, "d": Role.DECISION_MAKER, "g": Role.LEGAL,
    "h": Role.HR_CARE, "m": Role.ADMIN,
}  # fmt: skip
EVERYBODY = "asldghm"
TABLE = {
    # deed: (roles, only in the matter's own team, also the operator at the machine)
    "ReportFiled": (EVERYBODY, False, False),  # anyone may file; a report is a person's word
    "ReportDetailed": (EVERYBODY, False, False),
    "ReportWithdrawn": (EVERYBODY, False, False),
    "PingAcknowledged": ("sld", True, False),  # only on-call and escalated roles acknowledge
    "PingResolved": ("sld", True, False),
    "DrillWanted": ("slm", True, False),
    "DrillSeen": ("sld", True, False),
    "IncidentReviewed": ("sld", True, False),  # verdict by a person
    "ReviewSeconded": ("sld", True, False),
    "DigestWanted": ("sld", True, True),
    "OverrideSet": ("sldm", True, True),
    "ModeSet": ("m", True, True),
    "TeamsApplied": ("m", False, True),
    "TeamSetUp": ("ldm", True, True),  # in a chat; the first team of all also by an admin of the workspace
    "CustomersImported": ("m", False, True),
    "ContactAssigned": ("slm", False, True),
    "CustomersMerged": ("slm", False, True),
    "CustomerSplit": ("slm", False, True),
    "OutageEnded": ("slm", False, True),
    "MessageRedacted": ("ldm", False, True),
    "OnCallAsked": (EVERYBODY, False, True),
    "NextAsked": (EVERYBODY, False, True),
    "StatusAsked": (EVERYBODY, True, True),
    "WhyAsked": (EVERYBODY, True, True),
    "DigestAsked": ("sldg", True, True),
    "StandingAsked": ("sldg", False, True),
    "ReviewAsked": ("sldg", True, True),
}
RECORDED = {"WhyAsked", "DigestAsked", "StandingAsked", "ReviewAsked"}
DEEDS = {kind.__name__: kind for kind in (*get_args(events.Event), *get_args(questions.Question))}
OUTSIDER = Actor("slack:TCUST:UEVIL")
OPERATOR = Actor("cli:x", "x", operator=True)


def one(role: Role, team: str = HERE) -> Actor:
    return Actor(f"slack:TOWN:{role.value}", role.value, {team: frozenset({role})})


def own(name: str) -> Facts:
    """A matter of HERE in which nothing of the state stands in the way."""
    return Facts(team=HERE, reporter=name.startswith("Report"))


@pytest.mark.req("T20")
@pytest.mark.parametrize("name", TABLE)
def test_every_deed_by_every_role_and_team(name: str) -> None:
    letters, scoped, operator = TABLE[name]
    deed, facts = DEEDS[name], own(name)
    if name == "OverrideSet":
        facts = replace(facts, own=True)
    for letter, role in LETTERS.items():
        may = letter in letters
        assert decide(one(role), deed, facts) == ("" if may else "role"), role
        elsewhere = decide(one(role, THERE), deed, facts)
        assert elsewhere == ("role" if not may else "team" if scoped else ""), role
    assert decide(OUTSIDER, deed, replace(facts, called=True, own=True)) == "outsider"
    assert decide(Actor("slack:TCUST:supervisor"), deed, facts) == "outsider"
    assert decide(OPERATOR, deed, facts) == ("" if operator else "person")


@pytest.mark.req("T20")
def test_whatever_names_an_actor_stands_in_the_table() -> None:
    with_actor = {n for n, kind in DEEDS.items() if "actor" in {f.name for f in fields(kind)}}
    assert with_actor - set(TABLE) == {"Looked"}, "Looked is the house's own note of who was shown what"
    assert {kind.__name__ for kind in RIGHTS} == set(TABLE) == with_actor - {"Looked"}
    assert {kind.__name__ for kind, right in RIGHTS.items() if right.restricted} == RECORDED


@pytest.mark.req("T20")
def test_what_time_platforms_and_the_house_do_is_no_command() -> None:
    """No word that a person can type becomes a deed that nobody's right was looked up for."""
    typed = " ".join(path.read_text("utf-8") for path in (ROOT / "adapters" / "commands").glob("*.py"))
    assert "ReportFiled" in typed
    unguarded = [name for name in DEEDS if name not in TABLE and re.search(rf"\b{name}\b", typed)]
    assert unguarded == []


@pytest.mark.req("T20")
@pytest.mark.parametrize("deed", [events.PingAcknowledged, events.PingResolved, events.DrillSeen])
def test_whoever_was_called_may_answer_whatever_their_role(deed: type) -> None:
    for role in Role:
        for team in (HERE, THERE):
            assert decide(one(role, team), deed, Facts(team=HERE, called=True)) == ""
    assert decide(OUTSIDER, deed, Facts(team=HERE, called=True)) == "outsider", "who left the company was called once"
    assert decide(one(Role.AGENT), events.IncidentReviewed, Facts(team=HERE, called=True)) == "role"


@pytest.mark.req("S4-30")
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEAD, Role.DECISION_MAKER])
def test_nobody_judges_what_they_are_part_of(role: Role) -> None:
    who, review, second = one(role), events.IncidentReviewed, events.ReviewSeconded
    assert decide(who, review, Facts(team=HERE, involved=True)) == "involved"
    assert decide(who, review, Facts(team=HERE, involved=True, alone=True)) == "", "provisionally, rules.md 5"
    assert decide(who, second, Facts(team=HERE, involved=True)) == "involved"
    assert decide(who, second, Facts(team=HERE, reviewer=True)) == "own_verdict"
    assert decide(who, second, Facts(team=HERE, reviewer=True, provisional=True)) == "own_verdict"
    assert decide(who, second, Facts(team=HERE, waiting=False)) == "nothing_to_second"
    confirms = decide(who, second, Facts(team=HERE, provisional=True))
    assert confirms == ("lead_only" if role is Role.SUPERVISOR else "")


def test_a_report_belongs_to_its_reporter_for_ten_minutes() -> None:
    for role in Role:
        for deed in (events.ReportDetailed, events.ReportWithdrawn):
            assert decide(one(role), deed, Facts(team=HERE)) == "not_yours"
        assert decide(one(role), events.ReportWithdrawn, Facts(reporter=True, late=True)) == "withdraw_late"
        assert decide(one(role), events.ReportDetailed, Facts(reporter=True, late=True)) == ""


def test_who_sets_who_stands_in() -> None:
    deed = events.OverrideSet
    for role in (Role.SUPERVISOR, Role.LEAD, Role.DECISION_MAKER, Role.ADMIN):
        others = decide(one(role), deed, Facts(team=HERE))
        assert others == ("for_others" if role is Role.SUPERVISOR else "")
        assert decide(one(role), deed, Facts(team=HERE, eligible=False)) == "stand_in"
    assert decide(OPERATOR, deed, Facts(team=HERE, eligible=False)) == "stand_in", "nor can the machine call a stranger"
    here_and_there = Actor("slack:TOWN:U1", "", {HERE: frozenset({Role.SUPERVISOR}), THERE: frozenset({Role.LEAD})})
    assert decide(here_and_there, deed, Facts(team=HERE)) == "for_others", "a lead of another team is none here"


def test_why_shows_a_standing_to_those_who_may_ask_for_it() -> None:
    for letter, role in LETTERS.items():
        shown = decide(one(role), questions.WhyAsked, Facts(standing=True))
        assert shown == decide(one(role), questions.StandingAsked, Facts()) == ("" if letter in "sldg" else "role")
