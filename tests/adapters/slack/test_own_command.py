"""Where customers are guests the command has a neutral name: whatever is answered calls it by that name."""

import re

import pytest
from conftest import ON_SOCKETS, Town
from screens import words_of
from test_home import home

from adapters.commands import COMMAND, called
from adapters.slack.founding import done_card
from adapters.wording import Card, Quote, Section, Tone, say, text_of
from adapters.wording.say import LANGUAGES, all_of

OWN = "/support-log"


@ON_SOCKETS
async def test_help_hints_and_refusals_name_the_command_that_was_typed(here: Town) -> None:
    person = here.slack.user("UAGENT")
    for line, words in (
        ("ヘルプ", f"{OWN} 報告"),
        ("ヘルプ 報告", OWN),
        ("repotr", OWN),
        ("管理 モード 本番", f"{OWN} ヘルプ"),
    ):
        await person.types(OWN, line, "random")
        told = words_of(person.private("random")[-1])
        assert words in told and COMMAND not in told, line
    assert COMMAND not in words_of(await home(here, "UAGENT"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_set_up_names_it_too(language: str) -> None:
    card = called(done_card("導入", [say(language, "doctor.monitor_do")], True, language), OWN)
    told = text_of(card)
    assert COMMAND not in told and told.count(OWN) >= 4
    assert "{command}" in all_of(language, "slack.")["setup_text"]


def test_peoples_own_words_and_other_paths_stay() -> None:
    words = "docs/kasuhara /kasuhara.sh https://x/kasuhara/ /kasuhara-old"
    card = Card("/kasuhara", Tone.CALM, (Section(lines=(words, f"`{COMMAND} x`"), quotes=(Quote(COMMAND, "x"),)),))
    shown = called(card, OWN)
    assert (shown.title, shown.sections[0].lines) == (OWN, (words, f"`{OWN} x`"))
    assert shown.sections[0].quotes == card.sections[0].quotes and called(card, COMMAND) is card


def test_what_is_posted_names_no_command() -> None:
    """Posts are read by people of every platform: what to type stands only in answers."""
    for language in LANGUAGES:
        assert not [key for key, told in all_of(language, "card.").items() if re.search(rf"{COMMAND}\b", told)]
