"""Who stands in, when a team goes live, and what happens when a call cannot be delivered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from company import ALERT, Company, account, team
from harness import Harness

from bot.domain.errors import NotFound, Refused
from bot.domain.events import ModeSet, OverrideSet, PostFailed, TeamsApplied
from bot.domain.model import Mode, PingState, Severity
from bot.domain.notices import Denied, ModeChanged, Notice, OverrideRecorded, PingOpened, PostLost
from bot.domain.questions import OnCallAsked, OnCallShown

TEAM = "サポート1課"
HOUR = timedelta(hours=1)


async def stands_in(
    house: Harness, who: str, by: str = "ULEAD", begins: float = 0, ends: float = 1, name: str = TEAM
) -> Notice | BaseException:
    now = house.clock.now
    event = OverrideSet(
        actor=by if ":" in by else account(by), team=name, account=account(who), start=now + begins * HOUR,
        end=now + ends * HOUR,
    )  # fmt: skip
    (found,) = await house.tried(event)
    return found


async def on_call(house: Harness) -> OnCallShown:
    shown = await house.intake.ask(OnCallAsked(account("UAGENT")))
    assert isinstance(shown, OnCallShown)
    return shown


async def lose(house: Harness, key: str, reason: str = "archived") -> None:
    await house.submit(PostFailed(key=key, reason=reason))


async def test_who_may_let_whom_stand_in(house: Harness) -> None:
    await Company(house).opens()
    for who, by, answer in (
        ("USUPER2", "USUPER2", ""),
        ("USUPER1", "USUPER2", "for_others"),
        ("USUPER1", "ULEAD", ""),
        ("UBOSS", "UADMIN", ""),
        ("USUPER1", "cli:x", ""),
        ("UAGENT", "ULEAD", "stand_in"),
        ("UAGENT", "UAGENT", "role"),
        ("UADMIN", "UADMIN", "stand_in"),
        ("USTRANGER", "ULEAD", "stand_in"),
        ("USTRANGER", "cli:x", "stand_in"),
        ("USUPER1", "USTRANGER", "outsider"),
    ):
        found = await stands_in(house, who, by)
        said = found.reason if isinstance(found, Denied) else "" if isinstance(found, OverrideRecorded) else found
        assert said == answer, (who, by)
    assert isinstance(await stands_in(house, "USUPER1", "cli:x", name="無い課"), NotFound)


async def test_times_that_cannot_be(house: Harness) -> None:
    await Company(house).opens()
    for begins, ends in ((1, 1), (2, 1), (-2, -1), (-1, 0)):
        found = await stands_in(house, "USUPER2", begins=begins, ends=ends)
        assert isinstance(found, Refused)
        assert str(found) == "override.times"
    assert (await on_call(house)).overrides == ()
    assert isinstance(await stands_in(house, "USUPER2", begins=-1), OverrideRecorded), "since an hour ago"


async def test_the_one_made_last_wins_and_ends_when_it_says(house: Harness) -> None:
    await Company(house).opens()
    await stands_in(house, "USUPER2", ends=8)
    await stands_in(house, "ULEAD", begins=1, ends=2)
    assert (await on_call(house)).name == "高橋"
    house.clock.advance(hours=1)
    shown = await on_call(house)
    assert (shown.name, [name for name, _ in shown.following[:3]]) == ("伊藤", ["高橋", "鈴木", "高橋"])
    house.clock.advance(hours=7)
    assert (await on_call(house)).name == "鈴木"


@pytest.mark.req("S3-21")
async def test_whoever_stands_in_by_then_is_called(house: Harness) -> None:
    """On call is looked up when the step is taken, not when the ping opens."""
    company = await Company(house).opens()
    await company.reports("怒鳴られた")
    assert company.called() == ["USUPER1"]
    await stands_in(house, "UBOSS", ends=3)
    other = await house.known("別の客", "slack:TCUST:UB")
    assert (await company.reports("別件", who="UAGENT2", customer_id=other.id)).called == ("渡辺",)
    await company.acknowledges("UBOSS", 2)
    await stands_in(house, "ULEAD", ends=3)
    await company.passes(minutes=5)
    assert company.called(1) == ["USUPER1", "USUPER2"], "the rotation's next, in the place of that moment"
    await house.submit(TeamsApplied(teams=(team(rota=("USUPER2", "UBOSS")),), source="story", actor="cli:test"))
    third = await house.known("三人目", "slack:TCUST:UC")
    assert (await company.reports("三件目", who="UAGENT2", customer_id=third.id)).called == ("伊藤",)
    await company.passes(minutes=5)
    assert company.called(3) == ["ULEAD", "UBOSS"], "the rota of that minute"


async def test_who_left_the_company_is_not_called_any_more(house: Harness) -> None:
    company = await Company(house).opens()
    await stands_in(house, "USUPER2", ends=48)
    left = team("UAGENT", "USUPER1", "ULEAD", "UADMIN", rota=("USUPER1",))
    await house.submit(TeamsApplied(teams=(left,), source="story", actor="cli:test"))
    shown = await on_call(house)
    assert (shown.name, shown.overrides) == ("鈴木", ())
    assert (await company.reports("怒鳴られた")).called == ("鈴木",)


@pytest.mark.req("S4-12")
async def test_live_only_where_somebody_can_be_called(house: Harness) -> None:
    await Company(house).opens(team("UAGENT", "UADMIN", rota=None), live=False)
    (found,) = await house.tried(ModeSet(actor=account("UADMIN"), team=TEAM, mode=Mode.LIVE))
    assert isinstance(found, Refused)
    assert str(found) == "mode.nobody"
    for changed in (False, False):
        same = await house.submit(ModeSet(actor=account("UADMIN"), team=TEAM, mode=Mode.MONITOR))
        assert same == ModeChanged(TEAM, Mode.MONITOR, changed)
    await Company(house).opens(team("UAGENT", "UBOSS", "UADMIN", rota=None), live=False)
    for changed in (True, False):
        live = await house.submit(ModeSet(actor=account("UADMIN"), team=TEAM, mode=Mode.LIVE))
        assert live == ModeChanged(TEAM, Mode.LIVE, changed)
    assert (await house.audit()).count("mode.set") == 1


async def test_a_lost_call_goes_directly_and_brings_the_next_step(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    await company.reports("怒鳴られている")
    await company.delivers()
    await lose(house, "ping:1:0")
    direct = company.cards(PingOpened)
    assert [post.to.people for post in direct if not post.to.channel] == [(account("USUPER1"),)]
    (told,) = company.cards(PostLost)
    assert (told.key, told.to.channel, told.to.people) == ("lost:ping:1:0:0", "", (account("UADMIN"),))
    await company.passes(minutes=1)
    assert company.called() == ["USUPER1"], "reached directly: a channel that failed alarms nobody else"
    await lose(house, "ping:1:0+direct0")
    await company.passes(minutes=1)
    assert company.called() == ["USUPER1", "USUPER2"], "not after five minutes"
    await lose(house, "ping:1:0+direct0")
    await company.passes(minutes=1)
    assert company.called() == ["USUPER1", "USUPER2"], "that call is past"
    assert len(company.cards(PostLost)) == 2
    await company.acknowledges("USUPER2")
    assert not [post for post in company.posts() if post.round], "no call after the answer"


async def test_an_archived_channel_still_ends_at_the_leads(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("怒鳴られている", severity=Severity.HIGH)
    reached: set[str] = set()
    for _ in range(31):
        for post in company.posts():
            if post.to.channel == ALERT and "@" not in post.key:
                await lose(house, post.key)
        reached |= {p for post in company.posts() if not post.to.channel and post.round for p in post.to.people}
        await company.passes(minutes=1)
    assert reached == {account("USUPER1"), account("USUPER2"), account("ULEAD"), account("UBOSS")}


async def test_a_lost_call_that_was_answered_moves_nothing(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("怒鳴られた")
    await company.delivers()
    await company.acknowledges()
    before = company.ping()
    await lose(house, "ping:1:0")
    assert company.ping() == before
    assert not [post for post in company.posts() if "direct" in post.key]
    await company.resolves()
    await lose(house, "ping:1:0")
    assert company.pings()[0].state is PingState.RESOLVED


async def test_a_card_that_cannot_be_changed_is_told_once(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("怒鳴られた")
    due = company.ping().due_at
    for edit in (1, 2, 3):
        await lose(house, f"ping:1:0@{edit}")
    assert company.ping().due_at == due, "an old card brings nobody"
    assert len(company.cards(PostLost)) == 1


LOSABLE = (
    "bundle:9", "help:1:2:0", "digest:サポート1課:2026-W47", "incident:77", "second:5:0", "threshold:3", "outage:2:x",
    "morning:サポート1課:4", "unheard-of", "", "ping:x:1", "ping:", "help:²:1",
)  # fmt: skip


async def test_whatever_is_lost_is_told_to_the_admins_once(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("怒鳴られた")
    for number, key in enumerate(LOSABLE, start=1):
        for _ in range(2):
            await lose(house, key)
        told = company.cards(PostLost)[-1]
        assert told.to.people == (account("UADMIN"),)
        await lose(house, told.key)
        assert len(company.cards(PostLost)) == number, "once, and a lost word of a lost word is not told"
    assert (await house.audit()).count("post.lost") == 3 * len(LOSABLE)


async def test_a_house_without_people_loses_a_post_in_peace(house: Harness) -> None:
    company = Company(house)
    await lose(house, "digest:x:2026-W47")
    assert company.posts() == []
    two = await company.opens(
        team("UAGENT", "USUPER1", "UADMIN"), replace(team("ULEAD", rota=None), name="サポート2課")
    )
    await lose(house, "digest:サポート2課:2026-W47")
    (told,) = two.cards(PostLost)
    assert told.to.people == (account("ULEAD"),), "their own lead, not the other team's admin"
