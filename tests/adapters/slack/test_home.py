"""The home tab, by role; outsiders find an empty page; what is pressed there is answered there."""

from conftest import ON_SOCKETS, Town
from screens import buttons_of, keys_of, words_of
from slack.views import View

from bot.domain.model import PingState


async def home(here: Town, who: str) -> View:
    person = here.slack.user(who)
    before = person.home.version if person.home else 0
    await person.opens_home()
    await here.slack.until(lambda: person.home is not None and person.home.version > before)
    assert person.home is not None
    return person.home


@ON_SOCKETS
async def test_each_role_finds_its_own(here: Town) -> None:
    await here.company.reports("無能と言われた", place="slack:TOWN:CSUPPORT")
    agent, other, leads = [words_of(await home(here, who)) for who in ("UAGENT", "USUPER1", "ULEAD")]
    assert "続いている呼び出し" in agent and "鈴木" in agent and "佐藤" not in agent + other + leads
    assert "応答を待っている" in other and "応答を待っている" not in agent
    assert "週のまとめ" in leads and "週のまとめ" not in other
    assert "ack" not in dict(buttons_of((await home(here, "UAGENT")).blocks))
    assert "Support log" in words_of(await home(here, "UAGENT2"))
    assert not here.slack.record.refusals


@ON_SOCKETS
async def test_outsiders_find_an_empty_page(here: Town) -> None:
    await here.company.reports("無能と言われた", place="slack:TOWN:CSUPPORT")
    for outsider in ("UGUEST", "UGUEST1", "UCUST"):
        page = await home(here, outsider)
        assert len(page.blocks) == 1 and not buttons_of(page.blocks)
        assert "行うことはありません" in words_of(page)


async def test_what_is_pressed_there_is_answered_there(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    await agent.presses("now", await home(here, "UAGENT"))
    await here.slack.until(lambda: here.slack.views.top("UAGENT") is not None)
    assert "鈴木" in words_of(agent.modal)
    supervisor = here.slack.user("USUPER1")
    page = await home(here, "USUPER1")
    twice = [action for action, _ in buttons_of(page.blocks) if action.startswith("ack")]
    assert len(twice) == len(set(twice)) == 2, "an id stands once in a view"
    await supervisor.presses(twice[-1], page)
    await here.slack.until(lambda: here.company.ping().state is PingState.ACKNOWLEDGED)
    await here.slack.until(lambda: here.slack.views.top("USUPER1") is not None)
    await agent.presses("form", await home(here, "UAGENT"))
    await here.slack.until(lambda: "text" in keys_of(agent.modal))
    await agent.submits({"text": "怒鳴られた"})
    await agent.presses("detail", agent.modal)
    await here.slack.until(lambda: agent.modal.content["callback_id"] == "detail")
    await agent.submits({"quote": "ばか"})
    assert here.company.report(2).quote == "ばか"
    assert not here.slack.troubles and not here.slack.record.refusals
