"""A practice call on Slack: asked for by a command, seen by a button, and the asker is told how fast."""

import re

from conftest import Town
from screens import buttons_of, words_of


async def test_oncall_test_from_end_to_end(here: Town) -> None:
    slack = here.slack
    lead, on_call = slack.user("ULEAD"), slack.user("USUPER1")
    await lead.types("/kasuhara", "当番 練習", "random")
    (begun,) = lead.private("random")
    assert "練習" in words_of(begun) and "鈴木さん" in words_of(begun)
    await slack.until(lambda: bool(slack.cards("alert")))
    (card,) = slack.cards("alert")
    assert card.pings == {"@USUPER1"} and dict(buttons_of(card.blocks)).keys() == {"seen"}
    await slack.until(lambda: bool(slack.posts(slack.direct("USUPER1").id)))
    slack.clock.passes(12)
    await on_call.presses("seen", card)
    await slack.until(lambda: bool(slack.cards(slack.direct("ULEAD").id)))
    (told,) = slack.cards(slack.direct("ULEAD").id)
    assert re.search(r"鈴木さんが\d+秒で見ました", words_of(told))
    await slack.until(lambda: "見ました" in words_of(slack.cards("alert")[0]))
    assert here.company.pings() == [] and here.company.incidents() == []
    assert not slack.troubles and not slack.record.refusals
