"""Cards on Discord: within every limit, nothing lost, nobody called or linked by a customer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
import test_wording as posted
import test_wording_answers as answered
from discord_town import checks
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.links import linked
from adapters.chat.pages import TONES
from adapters.discord.boxes import BLANK, deed_of
from adapters.discord.layout import Message, body_of, message_of, messages_of
from adapters.discord.marks import mark, marked
from adapters.discord.markup import cost, escaped, fitting, size
from adapters.wording import LANGUAGES, Button, Card, Field, Quote, Section, Style, Tone, answer_card, card_of, digest
from adapters.wording.clean import clean
from bot.domain.notices import IncidentNoted, PingOpened, PingSettled

BOTH = pytest.mark.parametrize("language", LANGUAGES)
CARDS = {
    **{f"{name} {language}": posted.card(name, language) for name in posted.NOTICES for language in LANGUAGES},
    **{f"{name} {language}": answered.card(name, language) for name in answered.ANSWERS for language in LANGUAGES},
}
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
ALIVE = re.compile(r"(?<!\\)(?:<[@#/:ta]|@(?:everyone|here)|https?://|\[[^\]]*\]\(|:\w+:)")
"""What Discord would make a mention, a link or a picture of."""


@dataclass
class Seen:
    """What a person reads, in order."""

    titles: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    pressed: list[tuple[str, str]] = field(default_factory=list)


def read(text: str) -> str:
    """As it stands on the screen, with bold marks of ours taken off."""
    if text.startswith("**") and text.endswith("**"):
        text = text[2:-2]
    return ESCAPE.sub(lambda found: found[1], text)


def payload(page: Message) -> dict[str, object]:
    body = body_of(page)
    return {
        "content": body["content"], "embeds": [embed.to_dict() for embed in body["embeds"]],
        "components": body["view"].to_components(), "allowed_mentions": body["allowed_mentions"].to_dict(),
    }  # fmt: skip


def seen(*pages: Message) -> Seen:
    """All messages of one card together; what Discord would refuse raises."""
    shown = Seen()
    for page in pages:
        checks.message(payload(page), [])
        for box in page.boxes:
            shown.titles += [read(box.title)] if box.title else []
            for line in box.lines:
                if line.startswith("> "):
                    shown.quotes.append(read(line[2:]))
                elif line:
                    shown.lines.append(read(line))
            shown.lines += [f"{read(name)}: {read(value)}" for name, value in box.fields]
            shown.footers += [box.footer] if box.footer else []
        for row in payload(page)["components"]:  # type: ignore[attr-defined]
            shown.labels += [button["label"] for button in row["components"]]
            shown.pressed += [
                deed_of(button["custom_id"]) if "custom_id" in button else ("open", button["url"])
                for button in row["components"]
            ]
    return shown


def told(card: Card) -> Iterator[str]:
    for section in card.sections:
        yield from filter(None, (section.heading, *section.lines))
        yield from (f"{entry.label}: {entry.value}" for entry in section.fields)
        yield from (quote.source for quote in section.quotes)


@pytest.mark.rule("discord-10", "discord-11", "discord-12")
@BOTH
async def test_every_card_is_taken_and_says_all_it_has_to_say(language: str) -> None:
    for name in (name for name in CARDS if name.endswith(language)):
        card = linked(CARDS[name])
        messages = messages_of(card, ("discord:1:2",))
        shown = seen(*(marked(page, f"key/{number}") for number, page in enumerate(messages)))
        assert len(messages) == 1 or name.startswith("digest-full"), name
        assert shown.titles[0].startswith(card.title), name
        headings = {section.heading for section in card.sections}
        lines = [line for line in shown.lines if line not in headings]
        assert sorted(lines) == sorted(clean(line).strip() for line in told(card) if line not in headings), name
        assert headings <= {*shown.lines, ""}, name
        quotes = [quote.text.split("\n") for part in card.sections for quote in part.quotes if not quote.gone]
        assert shown.quotes == [line for quote in quotes for line in quote], name
        assert all(footer.startswith(card.footer) for footer in shown.footers), name
        assert shown.pressed == [(button.action, button.subject) for button in card.buttons], name
        assert shown.labels == [button.label for button in card.buttons], name
        assert {page.colour for page in messages} == {TONES[card.tone]}, name
        assert [page.content for page in messages] == ["<@2>", *[""] * (len(messages) - 1)], name
        assert all("flags" not in body_of(page) for page in messages), "the new layout takes neither content nor embeds"


@BOTH
@pytest.mark.rule("discord-10")
async def test_a_digest_of_sixty_customers_goes_on_below(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "SHOWN", 60)
    card = posted.card("digest-full", language)
    messages = messages_of(card)
    assert 3 <= len(messages) <= 8
    shown = seen(*messages)
    headings = {section.heading for section in card.sections}
    assert [line for line in shown.lines if line not in headings] == [
        line for line in told(card) if line not in headings
    ]
    assert all(any(f"第{number}クリニック" in line for line in shown.lines) for number in range(60))
    assert shown.titles == [f"{card.title} ({number}/{len(messages)})" for number in range(1, len(messages) + 1)]
    assert all(read(page.boxes[0].lines[0]) in headings for page in messages[1:]), "what goes on says its heading again"
    assert message_of(card) == messages[0] and not any(page.buttons for page in messages[1:])


async def test_five_buttons_of_one_kind_and_one_that_stands_twice_have_ids_of_their_own() -> None:
    shown = seen(message_of(CARDS["bundle ja"]))
    assert [subject for _, subject in shown.pressed] == [f"ping:{20 + number}" for number in range(5)]
    twice = Card("題", Tone.CALM, buttons=(Button("ack", "ping:7", "あ"), Button("ack", "ping:7", "い")))
    assert seen(message_of(twice)).pressed == [("ack", "ping:7")] * 2


@pytest.mark.rule("discord-14")
async def test_only_the_people_and_roles_that_are_meant_may_be_called() -> None:
    strange = ("slack:T1:U7", "discord:1:x", "discord:1:2>", "discord:1:@everyone", "2", "", "discord:1:3\n")
    assert (message_of(CARDS["help ja"], strange).content, message_of(CARDS["help ja"], strange).users) == ("", ())
    page = message_of(CARDS["opened-0 ja"], (*strange, "discord:1:5", "discord:1:group:9", "discord:1:5"))
    allowed = payload(page)["allowed_mentions"]
    assert page.content == "<@&9> <@5>" and allowed == {"parse": [], "users": [5], "roles": [9]}
    assert payload(message_of(CARDS["opened-0 ja"]))["allowed_mentions"] == {"parse": [], "users": [], "roles": []}
    many = messages_of(CARDS["opened-0 ja"], [f"discord:1:{10**18 + number}" for number in range(150)])
    seen(*many)
    assert sum(len(page.users) for page in many) == 150, "nobody is left out"


BASES = (
    "@everyone", "@here", "<@4001>", "<@!4001>", "<@&2001>", "<#3001>", "</kasuhara:1>", "<t:1700000000:R>",
    "<id:customize>",
    "<a:x:1>", "<:x:1>", ":fire:", "https://evil.example/?a=1&b=2", "http://evil.example", "[x](https://evil.example)",
    "<https://evil.example>", "**bold**", "*it*", "__u__", "_it_", "~~no~~", "`code`", "```py\nblock```", "||spoiler||",
    "> quote", ">>> quote", "# head", "### head", "-# small", "- list", "* list", "1. list", "+ list", "\\@everyone",
    "\\", "\\\\<@4001>", "<@\u202e4001>", "<\u200b@4001>", "@\u200beveryone", "\u202eevil\u202c", "\u2066x\u2069",
    "\u0000\u001b[31mred", "a\r\nb\u2028c\u2029d", "\ud800", "مرحبا @here שלום", "e\u0301" * 9, "🔥" * 20, "{0}%s",
)  # fmt: skip
FRAMES = ("{}", "{} 様", "株式会社{}", "a{}b", "{0}{0}", "\n{}\n", "\\{}", "*{}*", "<{}>", "」{}「")
PAYLOADS = [frame.replace("{0}", base).replace("{}", base) for base, frame in product(BASES, FRAMES)]


def hostile(text: str) -> Card:
    """The text in every place there is."""
    return Card(
        text, Tone.DANGER,
        (Section(text, (text, text), (Field(text, text),), (Quote(text, text),)),
         Section(lines=("x",), quotes=(Quote(text, text),))),
        (Button("ack", "ping:7", text, Style.PRIMARY), Button("why", "ping:7", text)), text,
    )  # fmt: skip


def alive(page: Message) -> list[str]:
    """Whatever in a parsed text would be more than text. Contents hold our own mentions alone."""
    texts = [
        text for box in page.boxes for text in (box.title, *box.lines, *(part for pair in box.fields for part in pair))
    ]
    return [text for text in texts if ALIVE.search(text.replace("\\\\", ""))]


@pytest.mark.rule("discord-14")
async def test_no_text_calls_or_links_and_quotes_are_read_as_they_were_written() -> None:
    assert len(PAYLOADS) >= 450
    for text in PAYLOADS:
        pages = messages_of(hostile(text), ("discord:1:7",))
        shown = seen(*pages)
        assert [page.content for page in pages] == ["<@7>"] and not any(map(alive, pages)), repr(text)
        literal = [clean(line).rstrip() for line in "\n".join(text.splitlines()).strip("\n").split("\n")]
        assert shown.quotes in (literal * 2, []), repr(text)
        if name := clean(text).strip():
            assert shown.titles[0] == name and shown.lines.count(name) >= 3 and shown.footers == [name], repr(text)


@pytest.mark.parametrize("place", ["customer", "team", "staff", "quote"])
@BOTH
async def test_hostile_customers_and_colleagues_call_nobody(language: str, place: str) -> None:
    """Through the words of the real cards."""
    for text in PAYLOADS[::13]:
        for card in cards_with(text, place, language):
            pages = messages_of(card, ("discord:1:7",))
            seen(*pages)
            assert not any(map(alive, pages)) and {user for page in pages for user in page.users} == {7}, repr(text)


def cards_with(text: str, place: str, language: str) -> Iterator[Card]:
    names = {"customer": text} if place == "customer" else {"team": text} if place == "team" else {}
    facts = replace(posted.THREAT, **names)
    staff = text if place == "staff" else "鈴木"
    quotes = dict.fromkeys(posted.QUOTES, text) if place == "quote" else posted.QUOTES
    called = replace(posted.CALLED, incident=facts, called=(staff,))
    taken = replace(posted.ACKED, incident=facts, acked_by=staff)
    for notice in (PingOpened(called), PingSettled(taken), IncidentNoted(facts, other_team=True)):
        yield card_of(notice, language, posted.POLICY, quotes)
    told = replace(answered.TAKEN, customer=facts.customer, by=staff, helped=("slack:T1:U9",))
    yield answer_card(told, language, answered.POLICY, {"slack:T1:U9": staff})


@pytest.mark.parametrize("text", ["長" * 9_000, "*" * 6_000, "🔥" * 3_000, "a\u0301" * 3_000, "x y " * 1_500])
async def test_nothing_is_cut_silently(text: str) -> None:
    """Up to 9,000 characters in every text that can hold them; the others end in …"""
    card = Card(
        text, Tone.NOTICE, (Section(text, (text,), (Field(text, text),), (Quote(text, text),)),),
        (Button("ack", "ping:7", text, Style.PRIMARY),), text,
    )  # fmt: skip
    shown = seen(*messages_of(card))
    text = text.strip()
    assert "".join(shown.quotes).replace(" ", "") == text.replace(" ", "")
    assert "".join(shown.lines).count(text[:1]) >= 5 * text.count(text[:1])
    assert all("…" in title for title in shown.titles)
    assert all(end.endswith(BLANK) for end in (*shown.footers, *shown.labels))


TEXTS = st.text(st.characters() | st.sampled_from("\\*_@<>:/#.-\n\u200b\u202e\u0301"), max_size=60)
SECTIONS = st.builds(
    Section,
    TEXTS,
    st.lists(TEXTS, max_size=4).map(tuple),
    st.lists(st.builds(Field, TEXTS, TEXTS), max_size=3).map(tuple),
    st.lists(st.builds(Quote, TEXTS, TEXTS), max_size=3).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(SECTIONS, max_size=60).map(tuple), TEXTS)
async def test_whatever_a_card_says_fits(sections: tuple[Section, ...], text: str) -> None:
    pages = messages_of(Card(text, Tone.CALM, sections, (Button("ack", "ping:7", text),), text))
    seen(*(marked(page, f"k/{number}") for number, page in enumerate(pages)))
    assert not any(map(alive, pages))


@given(st.text(max_size=80), st.integers(40, 90))
def test_escaping_changes_nothing_that_is_read_and_never_costs_more_than_said(text: str, longest: int) -> None:
    assert ESCAPE.sub(lambda found: found[1], escaped(text)) == ESCAPE.sub(lambda found: found[0], text)
    assert size(escaped(text)) <= cost(text)
    assert size(fitting(text, longest)) <= longest


@pytest.mark.rule("discord-15")
def test_a_mark_is_short_and_of_its_own_for_every_page() -> None:
    keys = [f"ping:{ping}:{step}{page}" for ping in range(500) for step in range(4) for page in ("", "/2", "/3")]
    assert len({mark(key) for key in keys}) == len(keys)
    assert max(len(mark(key)) for key in keys) <= 25
