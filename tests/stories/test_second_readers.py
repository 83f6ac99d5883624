"""The second person reads what the first decided, in a place that they can read, once (rules.md 5)."""

import pytest
from company import ALERT, LEADS, Company, account, team
from harness import Harness

from adapters.wording import answer_card, card_of
from bot.domain.model import PingState, ReviewState, Severity
from bot.domain.notices import PingExhausted, Post, SecondWanted, VerdictRecorded
from bot.domain.questions import NextAsked, ReviewAsked


async def judged(house: Harness, **changes: str) -> Company:
    """A verdict of high severity on what was suspected to be medium, by a supervisor."""
    company = await Company(house).opens(team(**changes))
    report = await company.reports("無能と言われた", group="insult", severity=Severity.MEDIUM)
    await company.delivers()
    await company.judges(report.incident_id, severity=Severity.HIGH)
    return company


def words(house: Harness, post: Post) -> str:
    card = card_of(post.notice, "ja", house.policy, {})
    return "\n".join([card.title, *(line for section in card.sections for line in section.lines)])


async def test_every_card_about_a_verdict_says_its_severity(house: Harness) -> None:
    company = await judged(house)
    for post in company.cards(SecondWanted):
        assert "深刻度 高" in words(house, post).partition("からの事案")[0]
        assert "暴言・侮辱" in words(house, post).partition("からの事案")[0]
    await company.delivers()
    done = company.took(await company.seconds(1), VerdictRecorded)
    assert (done.state, done.severity, done.points) == (ReviewState.FINAL, Severity.HIGH, 8)
    settled = company.cards(SecondWanted)
    assert settled and all("深刻度 高" in words(house, post).partition("からの事案")[0] for post in settled)


async def test_what_waits_for_the_second_person_reads_the_same_everywhere(house: Harness) -> None:
    company = await judged(house)
    for question in (NextAsked(actor=account("ULEAD")), ReviewAsked(actor=account("ULEAD"), incident_id=1)):
        card = answer_card(await house.intake.ask(question), "ja", house.policy)
        said = "\n".join([card.title, *card.sections[0].lines])
        assert "高" in said
        assert "【中】" not in said and "深刻度 中" not in said
    shown = answer_card(await house.intake.ask(question), "ja", house.policy)
    (asked,) = [post for post in company.cards(SecondWanted) if post.to.channel]
    first = next(line for line in words(house, asked).splitlines() if line.startswith("一人目の判定"))
    assert shown.sections[0].lines[0].rpartition("、")[0] == first.rpartition("、")[0]


async def test_a_supervisor_gets_the_card_directly_and_leads_in_their_channel(house: Harness) -> None:
    company = await judged(house)
    asked = {(post.to.channel, post.to.people) for post in company.cards(SecondWanted)}
    assert asked == {(LEADS, (account("ULEAD"), account("UBOSS"))), ("", (account("USUPER2"),))}
    await company.delivers()
    await company.seconds(1, "USUPER2")
    changed = {(post.to.channel, post.to.people, post.edits) for post in company.cards(SecondWanted)}
    own = account("USUPER2")
    assert changed == {(LEADS, (), "second:1:0"), ("", (own,), f"second:1:0:{own}")}


@pytest.mark.parametrize("channel", (ALERT, ""))
async def test_without_a_channel_of_the_leads_nobody_is_asked_twice(house: Harness, channel: str) -> None:
    company = await judged(house, leads="", alert=channel)
    posts = company.cards(SecondWanted)
    people = [person for post in posts for person in post.to.people]
    assert sorted(people) == sorted(map(account, ("USUPER2", "ULEAD", "UBOSS")))
    assert {post.to.channel for post in posts} == {channel}
    assert len(posts) == (1 if channel else 3)


async def test_a_verdict_that_only_leads_may_confirm_calls_nobody_else(house: Harness) -> None:
    company = await Company(house).opens()
    report = await company.reports("無能と言われた", group="insult")
    await company.judges(report.incident_id)
    await company.delivers()
    await company.tells(report, named=(account("USUPER1"),))
    (post,) = company.cards(SecondWanted)
    assert post.to.people == (account("ULEAD"), account("UBOSS"))


async def test_who_judged_turns_out_to_be_named_and_leads_are_asked_anew(house: Harness) -> None:
    company = await Company(house).opens()
    report = await company.reports("無能と言われた", severity=Severity.HIGH)
    await company.judges(report.incident_id)
    await company.delivers()
    await company.tells(report, named=(account("USUPER1"),))
    wanted = company.cards(SecondWanted)
    assert all(isinstance(post.notice, SecondWanted) and post.notice.provisional for post in wanted)
    assert [(p.key, p.to.people) for p in wanted if not p.edits] == [
        ("second:1:1", (account("ULEAD"), account("UBOSS")))
    ]
    assert {p.edits for p in wanted if p.edits} == {"second:1:0", f"second:1:0:{account('USUPER2')}"}


async def test_the_leads_read_when_they_are_called_again(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("殴ると言われた", severity=Severity.HIGH)
    while company.ping().state is not PingState.EXHAUSTED:
        await company.delivers()
        await company.passes(minutes=1)
    (post,) = company.cards(PingExhausted)
    assert isinstance(post.notice, PingExhausted)
    assert post.notice.ping.next_at == company.ping().due_at != None  # noqa: E711
    card = card_of(post.notice, "ja", house.policy, {})
    (after,) = [field.value for section in card.sections for field in section.fields if field.label == "この後"]
    assert "責任者をもう一度呼びます" in after
