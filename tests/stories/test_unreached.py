"""Whoever is on call cannot be reached: the next one is called at the next look (T12, reliability.md D7)."""

from dataclasses import dataclass, field
from random import Random

import pytest
from aftermath import told
from company import ALERT, Company, account, team
from harness import Harness
from scripted_chat import How, ScriptedChat

from bot.delivery import Courier, Courtesy
from bot.domain.errors import DeliveryFailed
from bot.domain.events import EscalationsDue
from bot.domain.model import MessageRef, Severity, Team
from bot.domain.notices import Letter

LOOK = 30.0
"""Seconds until somebody else has to be called."""


class Deaf(ScriptedChat):
    """A chat in which some places and people can never be reached."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, str] = {}

    async def post(self, letter: Letter) -> MessageRef:
        to = letter.post.to
        reason = self.gone.get(to.channel or to.people[0])
        if reason:
            self.calls.append((letter.post.key, How.CLOSED))
            raise DeliveryFailed(reason, permanent=True)
        return await super().post(letter)

    def reached(self, ping: int) -> list[str]:
        """Whom the calls of a ping reached, in order: people directly, or in a channel."""
        calls = [
            shown.letter.post for shown in self.shown if shown.letter and shown.letter.post.round == f"ping:{ping}"
        ]
        return [person.rpartition(":")[2] for call in calls for person in call.to.people or (call.to.channel,)]


@dataclass
class Case:
    """Why nobody can be reached at first; `after` minutes of steps that all went well, who is to come next."""

    name: str
    team: Team
    gone: dict[str, str]
    comes: tuple[str, ...]
    after: int = 0
    severity: Severity = Severity.MEDIUM


def cases() -> list[Case]:
    direct, alert = team(name="直接", alert="", leads=""), team(name="警報")
    one, two, lead = account("USUPER1"), account("USUPER2"), account("ULEAD")
    people = ("UAGENT", "USUPER1", "USUPER2", "ULEAD", "UADMIN")
    bare = team(*people, name="当番なし", rota=None, alert="")
    alone = team("UAGENT", "USUPER1", "ULEAD", name="一人", rota=("USUPER1",), alert="")
    led = team("UAGENT", "ULEAD", "UADMIN", name="責任者だけ", rota=None, alert="")
    grave = Severity.CRITICAL
    return [
        Case("deactivated", direct, {one: "user_deactivated"}, ("USUPER2",)),
        Case("direct messages closed", direct, {one: "dm_closed"}, ("USUPER2",), severity=Severity.HIGH),
        Case("the second too", direct, {one: "dm_closed", two: "user_deactivated"}, ("ULEAD",)),
        Case("the second alone", direct, {two: "dm_closed"}, ("ULEAD",), after=5),
        Case("only a decision maker is left", direct, {one: "x", two: "x", lead: "x"}, ("UBOSS",)),
        Case("critical", direct, {one: "dm_closed", two: "dm_closed"}, ("ULEAD",), severity=grave),
        Case("critical, and all are gone", direct, {one: "x", two: "x", lead: "x"}, ("UBOSS",), severity=grave),
        Case("channel archived", alert, {ALERT: "is_archived"}, ("USUPER1",)),
        Case("channel and person", alert, {ALERT: "is_archived", one: "dm_closed"}, ("USUPER2",)),
        Case("nobody on shift", bare, {}, ("USUPER1", "USUPER2")),
        Case("nobody on shift, one is gone", bare, {one: "dm_closed"}, ("USUPER2",)),
        Case("nobody on shift, both are gone", bare, {one: "dm_closed", two: "dm_closed"}, ("ULEAD",)),
        Case("nobody on shift but a lead", led, {}, ("ULEAD",)),
        Case("no second", alone, {}, ("ULEAD",), after=5),
        Case("no second, the first is gone", alone, {one: "dm_closed"}, ("ULEAD",)),
    ]


@dataclass
class Unreached:
    """A house whose Courier meets closed doors."""

    house: Harness
    chat: Deaf = field(default_factory=Deaf)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        intake = self.house.intake
        self.courier = Courier(intake.write, {"slack": self.chat}, self.house.clock, intake.submit, Courtesy())

    async def look(self) -> None:
        await self.house.submit(EscalationsDue())
        while await self.courier.run_once():
            pass

    async def meets(self, case: Case, number: int, random: Random) -> None:
        """File, let the steps before go well, close the doors; whoever is next is called within one look each."""
        company = await Company(self.house).opens(case.team)
        self.chat.gone = {} if case.after else case.gone
        report = await company.reports(f"怒鳴られた {number}", severity=case.severity)
        ping = report.ping_id or 0
        await self.look()
        for left in range(case.after - 1, -1, -1):
            self.house.clock.advance(minutes=1)
            self.chat.gone = {} if left else case.gone
            await self.look()
        began, looks = self.house.clock.now, 0
        while not set(case.comes) <= set(self.chat.reached(ping)) and looks < 60:
            self.house.clock.advance(seconds=random.uniform(1, LOOK))
            looks += 1
            await self.look()
        reached = self.chat.reached(ping)
        assert set(case.comes) <= set(reached), f"{case.name}: {case.comes} never came, only {reached}"
        missing = len(case.gone) if case.severity is not Severity.CRITICAL else 1
        self.waits.append((self.house.clock.now - began).total_seconds() / max(1, missing))
        assert looks <= missing, f"{case.name}: {looks} looks"
        assert len(reached) == len(set(reached)), f"{case.name}: somebody was called twice in one round: {reached}"
        await company.resolves("ULEAD", ping)
        await self.look()
        self.house.clock.advance(minutes=3)


async def unreached(house: Harness, seed: int, many: int) -> None:
    random, story = Random(seed), Unreached(house)
    every = cases()
    for number in range(many):
        await story.meets(every[number % len(every)], number, random)
    told("T12", seed=seed, cases=many, next_target_called=len(story.waits), longest_wait=f"{max(story.waits):.1f} s")
    assert max(story.waits) <= LOOK


async def test_whoever_cannot_be_reached_the_next_one_is_called(house: Harness) -> None:
    await unreached(house, seed=12, many=len(cases()))


@pytest.mark.soak
async def test_two_hundred_times_somebody_cannot_be_reached(house: Harness) -> None:
    """T12 of reliability.md, as issue 3 has it."""
    await unreached(house, seed=120, many=200)
