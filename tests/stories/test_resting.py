"""Whoever is in Do Not Disturb hears nothing: while it is grave the next one is called at once (issue 4, part 6)."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from company import Company, account, team
from harness import Harness
from scripted_chat import ScriptedChat

from adapters.wording import card_of, text_of
from bot.delivery import Courier
from bot.domain.events import EscalationsDue, PersonUnheard
from bot.domain.model import MessageRef, PingState, Severity
from bot.domain.notices import Letter, PingEscalated

ONE, TWO = account("USUPER1"), account("USUPER2")


class Resting(ScriptedChat):
    """A chat that knows who rests, if it can be asked."""

    def __init__(self, *people: str) -> None:
        super().__init__()
        self.people = people
        self.asked: list[str] = []
        self.fails = False

    async def unheard(self, letter: Letter, ref: MessageRef) -> tuple[str, ...]:
        assert ref.id, "asked only after the platform has it"
        self.asked.append(letter.post.key)
        if self.fails:
            raise ValueError(letter.post.key)
        return tuple(person for person in letter.post.to.people if person in self.people)


@dataclass
class Night:
    """A company on call whose Courier brings everything to a chat in which some people rest."""

    house: Harness
    chat: Resting
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        intake = self.house.intake
        self.company = Company(self.house)
        self.courier = Courier(intake.write, {"slack": self.chat}, self.house.clock, intake.submit)

    async def looks(self) -> None:
        """Bring what waits and take what is due, until nothing moves at this instant."""
        for _ in range(6):
            await self.house.submit(EscalationsDue())
            while await self.courier.run_once():
                pass

    async def reports(self, severity: Severity = Severity.HIGH) -> None:
        await self.company.reports("殴るぞと言われた", severity=severity)
        await self.looks()


async def test_a_grave_call_that_rings_for_nobody_brings_the_next_at_once(house: Harness) -> None:
    night = Night(house, Resting(ONE))
    await night.company.opens()
    await night.reports()
    assert night.company.called() == ["USUPER1", "USUPER2"], "within the same instant"
    ping = night.company.ping()
    assert ping.state is PingState.TRIGGERED and ping.due_at == house.clock.now + timedelta(minutes=10)
    escalated = night.chat.shown[1].letter
    assert escalated is not None and isinstance(escalated.post.notice, PingEscalated)
    assert escalated.post.notice.ping.unheard == ("鈴木",)
    words = text_of(card_of(escalated.post.notice, "ja", house.policy, {}), 400)
    assert "おやすみモード" in words and "鈴木さんには鳴っていません" in words
    assert night.chat.keys == ["ping:1:0", "ping:1:1"], "no copies, and nobody is told that something was lost"
    assert (await house.audit()).count("call.unheard") == 1
    await night.company.passes(minutes=9)
    assert night.company.called() == ["USUPER1", "USUPER2"], "whoever hears it has their time"


async def test_below_high_the_record_alone_says_so(house: Harness) -> None:
    night = Night(house, Resting(ONE))
    await night.company.opens()
    await night.reports(Severity.MEDIUM)
    assert night.company.called() == ["USUPER1"]
    assert [call.unheard for call in night.company.calls()] == [True]
    assert (await house.audit()).count("call.unheard") == 1


async def test_all_who_were_called_have_to_rest_before_the_next_is_called(house: Harness) -> None:
    """Without a channel everybody has a card of their own, and each is told of by itself."""
    night = Night(house, Resting(ONE))
    await night.company.opens(team(rota=None, alert="", leads=""))
    await night.reports()
    assert night.company.called() == ["USUPER1", "USUPER2"]
    night.chat.people = (ONE, TWO)
    await house.submit(PersonUnheard(key="ping:1:1", people=(TWO,)))
    await night.looks()
    assert night.company.called()[2:] == ["ULEAD"]


async def test_everybody_rests_and_it_still_ends_with_the_leads(house: Harness) -> None:
    night = Night(house, Resting(*(account(name) for name in ("USUPER1", "USUPER2", "ULEAD", "UBOSS"))))
    await night.company.opens()
    await night.reports()
    assert night.company.called()[:3] == ["USUPER1", "USUPER2", "ULEAD"]
    assert night.company.ping().state is PingState.EXHAUSTED
    calls = len(night.company.called())
    await night.looks()
    assert len(night.company.called()) == calls, "nobody is called again before their time"


async def test_what_is_told_late_hurries_nobody(house: Harness) -> None:
    night = Night(house, Resting())
    await night.company.opens()
    await night.reports()
    await night.company.acknowledges()
    await house.submit(PersonUnheard(key="ping:1:0", people=(ONE,)))
    assert night.company.ping().state is PingState.ACKNOWLEDGED
    await night.looks()
    assert "ping:1:0@1" in night.chat.shown[0].edits and night.chat.asked == ["ping:1:0"], "of no edit it is asked"
    await night.company.resolves()
    await night.company.reports("また殴るぞと言われた", severity=Severity.HIGH)
    await night.company.passes(minutes=5)
    due = night.company.ping().due_at
    second = night.company.ping().id
    await house.submit(PersonUnheard(key=f"ping:{second}:0", people=(ONE,)))
    assert night.company.ping().due_at == due, "the next step was taken meanwhile"


@pytest.mark.parametrize("fails", [True, False])
async def test_not_knowing_harms_no_call(house: Harness, *, fails: bool) -> None:
    night = Night(house, Resting(ONE if fails else ""))
    night.chat.fails = fails
    await night.company.opens()
    await night.reports()
    assert night.chat.keys == ["ping:1:0"] and night.company.called() == ["USUPER1"]
    assert night.chat.asked == ["ping:1:0"]
    with house.database.read() as uow:
        assert not uow.outbox.waiting() and uow.outbox.ref("ping:1:0") is not None
