"""A practice call: it reaches whoever is on call like a real one, and counts nowhere (issue 4, part 6)."""

import pytest
from company import ALERT, Company, account, team
from harness import Harness

from adapters.wording import card_of, text_of
from bot.domain.errors import Refused
from bot.domain.events import DrillSeen, DrillWanted, EscalationsDue, OverrideSet, RetentionDue
from bot.domain.model import Destination
from bot.domain.notices import Denied, DrillAnswered, DrillBegun, DrillCalled, DrillEnded, Notice, Post

TEAM = "サポート1課"


async def wants(house: Harness, who: str = "ULEAD", name: str = TEAM) -> Notice:
    return await house.submit(DrillWanted(actor=account(who), team=name))


async def sees(house: Harness, who: str = "USUPER1", drill: int = 1) -> Notice:
    return await house.submit(DrillSeen(actor=account(who), drill_id=drill))


def words(post: Post, house: Harness) -> str:
    return text_of(card_of(post.notice, "ja", house.policy, {}), 400)


async def test_who_is_on_call_sees_it_and_the_asker_learns_how_fast(house: Harness) -> None:
    company = await Company(house).opens()
    begun = company.took(await wants(house), DrillBegun)
    assert (begun.called, begun.nobody_on_call) == (("鈴木",), False)
    (post,) = company.cards(DrillCalled)
    assert post.to == Destination(ALERT, (account("USUPER1"),)), "mentioned where a real one would be"
    assert "練習" in words(post, house) and "見えました" in words(post, house)
    await company.delivers()
    house.clock.advance(seconds=48)
    seen = company.took(await sees(house), DrillAnswered)
    assert (seen.first, seen.by, seen.seconds) == (True, "鈴木", 48)
    changed, told = company.cards(DrillEnded)
    assert changed.edits == post.key and told.to == Destination("", (account("ULEAD"),))
    assert "鈴木さんが48秒で見ました" in words(told, house) and "練習" in words(told, house)
    again = company.took(await sees(house, "USUPER2"), DrillAnswered)
    assert (again.first, again.by, again.seconds) == (False, "鈴木", 48)
    assert len(company.cards(DrillEnded)) == 2, "told once"


async def test_nobody_sees_it_in_the_time_of_the_first_step(house: Harness) -> None:
    company = await Company(house).opens()
    await wants(house, "UADMIN")
    await company.delivers()
    await company.passes(minutes=4)
    assert company.cards(DrillEnded) == []
    await house.reopened()
    await company.passes(minutes=1)
    changed, told = company.cards(DrillEnded)
    assert changed.edits == "drill:1:0" and told.to.people == (account("UADMIN"),)
    assert "誰も「見えました」を押しませんでした" in words(told, house)
    late = company.took(await sees(house), DrillAnswered)
    assert (late.first, late.by, late.seconds) == (False, "", 300)
    await company.passes(minutes=10)
    assert len(company.cards(DrillEnded)) == 2
    actions = await house.audit()
    assert (actions.count("drill.begun"), actions.count("drill.unseen"), actions.count("drill.seen")) == (1, 1, 0)
    house.clock.advance(days=32)
    await house.submit(RetentionDue())
    assert house.one("SELECT count(*) FROM drills") == 0, "forgotten like the trace of a message"


async def test_it_counts_nowhere(house: Harness) -> None:
    company = await Company(house).opens()
    await wants(house)
    await sees(house)
    assert company.pings() == [] and company.incidents() == []
    await company.passes(minutes=30)
    assert company.pings() == []
    for table in ("pings", "notifications", "incidents", "reports", "signs", "points", "detections"):
        assert house.one(f"SELECT count(*) FROM {table}") == 0, table


async def test_it_goes_directly_where_there_is_no_channel_and_to_who_stands_in(house: Harness) -> None:
    company = await Company(house).opens(team(alert="", leads=""))
    now = house.clock.now
    stands_in = OverrideSet(
        actor=account("ULEAD"), team=TEAM, account=account("USUPER2"), start=now, end=now.replace(hour=9)
    )
    await house.submit(stands_in)
    await wants(house, "USUPER2")
    (post,) = company.cards(DrillCalled)
    assert post.to == Destination("", (account("USUPER2"),))
    await sees(house, "USUPER2")
    assert [one.to.people for one in company.cards(DrillEnded)] == [], "never went out, and who asked saw it themselves"
    assert company.cards(DrillCalled) == [], "what was not sent yet is not sent any more"


async def test_nobody_on_call_calls_those_who_would_be_called(house: Harness) -> None:
    company = await Company(house).opens(team(rota=None, alert=""))
    begun = company.took(await wants(house), DrillBegun)
    assert begun.nobody_on_call and begun.called == ("鈴木", "高橋")
    assert [post.key for post in company.cards(DrillCalled)] == ["drill:1:0", "drill:1:1"]
    await company.delivers()
    await sees(house, "USUPER2")
    assert {post.edits for post in company.cards(DrillEnded)} == {"drill:1:0", "drill:1:1", ""}
    await company.opens(team("UAGENT", "UADMIN", rota=None, alert="", leads=""), live=False)
    with pytest.raises(Refused, match=r"drill\.nobody"):
        await wants(house, "UADMIN")


async def test_who_may(house: Harness) -> None:
    company = await Company(house).opens()
    for who in ("UAGENT", "UBOSS", "USTRANGER"):
        assert isinstance(await wants(house, who), Denied)
    assert isinstance(await house.submit(DrillWanted(actor="cli:x", team=TEAM)), Denied), "nobody there to be told"
    await wants(house, "USUPER2")
    assert isinstance(await sees(house, "UAGENT"), Denied) and isinstance(await sees(house, "USTRANGER"), Denied)
    assert company.took(await sees(house, "ULEAD"), DrillAnswered).first
    await house.submit(EscalationsDue())
    assert (await house.audit()).count("access.refused") == 6


async def test_the_number_of_a_forgotten_one_is_never_given_again(house: Harness) -> None:
    company = await Company(house).opens()
    await wants(house)
    await company.delivers()
    await company.passes(minutes=6)
    await company.delivers()
    house.clock.advance(days=32)
    await house.submit(RetentionDue())
    begun = company.took(await wants(house), DrillBegun)
    assert begun.drill_id == 2 and [post.key for post in company.cards(DrillCalled)] == ["drill:2:0"], "it is called"
