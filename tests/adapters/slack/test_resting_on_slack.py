"""A grave call to somebody in Slack's Do Not Disturb goes on to the next person at once."""

from company import account
from conftest import Town
from screens import words_of

from bot.domain.model import Severity


async def test_do_not_disturb_brings_the_next_person(here: Town) -> None:
    on_call, second = (here.slack.user(name) for name in ("USUPER1", "USUPER2"))
    on_call.rests(3600)
    await here.company.reports("殴るぞと言われた", place="slack:TOWN:CSUPPORT", severity=Severity.HIGH)
    await here.slack.until(lambda: len(here.slack.cards("alert")) == 2)
    first, then = here.slack.cards("alert")
    assert first.pings == {"@USUPER1"} and then.pings == {"@USUPER2"}
    assert "おやすみモード" in words_of(then) and "おやすみモード" not in words_of(first)
    assert here.company.called() == [on_call.id, second.id]
    assert here.slack.record.of("dnd.info")
    await here.slack.until(lambda: here.house.one("SELECT count(*) FROM outbox WHERE state = 'waiting'") == 0)
    assert not [one for one in here.company.posts() if one.to.people == (account("UADMIN"),)], "nothing was lost"
