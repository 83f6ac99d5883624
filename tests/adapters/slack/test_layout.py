"""Cards on Slack: valid in every state, pressed where people look first, nothing lost, nobody called by a customer."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
import test_wording as posted
import test_wording_answers as answered
from block_kit import STEERING, Seen, faults, seen
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.buttons import bare
from adapters.chat.cutting import parts_of
from adapters.chat.links import linked
from adapters.slack.layout import COLOURS, Message, message_of, messages_of
from adapters.slack.markup import cost, escaped, fitting, unparsed
from adapters.wording import LANGUAGES, Button, Card, Field, Quote, Section, Style, Tone, answer_card, card_of, digest
from adapters.wording.clean import clean
from bot.domain.notices import IncidentNoted, PingOpened, PingSettled

BOTH = pytest.mark.parametrize("language", LANGUAGES)
CARDS = {
    **{f"{name} {language}": posted.card(name, language) for name in posted.NOTICES for language in LANGUAGES},
    **{f"{name} {language}": answered.card(name, language) for name in answered.ANSWERS for language in LANGUAGES},
}


def faults_of(message: Message) -> list[str]:
    return faults(message.text, message.blocks, message.attachments)


def seen_of(*messages: Message) -> Seen:
    """All messages of one card together."""
    whole = Seen()
    for message in messages:
        one = seen(message.text, message.blocks, message.attachments)
        for name in Seen.__slots__:
            getattr(whole, name).extend(getattr(one, name))
    return whole


def lines_of(card: Card) -> Iterator[str]:
    for section in card.sections:
        yield from filter(None, (section.heading, *section.lines))
        yield from (f"{entry.label}: {entry.value}" for entry in section.fields)
        yield from (quote.source for quote in section.quotes)


@pytest.mark.rule("slack-13")
@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_taken_and_says_all_it_has_to_say(name: str) -> None:
    card = linked(CARDS[name])
    messages = messages_of(card, ("slack:T1:U1",))
    assert [faults_of(message) for message in messages] == [[]] * len(messages)
    assert len(messages) == 1 or name.startswith("digest-full")
    shown = seen_of(*messages)
    assert shown.titles[0].startswith(card.title)
    headings = {section.heading for section in card.sections}
    told = list(lines_of(card))
    assert [line for line in shown.lines if line not in headings and line != "[@U1]"] == [
        line for line in told if line not in headings
    ]
    assert headings <= {*shown.lines, ""}
    assert shown.quotes == [quote.text for section in card.sections for quote in section.quotes if not quote.gone]
    assert shown.footers == [card.footer] * len(messages) if card.footer else not shown.footers
    assert len({action for action, _, _ in shown.pressed}) == len(shown.pressed), "no id twice in one message"
    assert [(bare(action), value) for action, value, _ in shown.pressed] == [
        (b.action, "open" if b.action == "open" else b.subject) for b in card.buttons
    ]
    assert shown.labels == [button.label for button in card.buttons]
    assert set(shown.calls) == {"@U1"}
    assert shown.links == []
    assert all(bar["color"] == COLOURS[card.tone] for message in messages for bar in message.attachments)


def test_the_big_button_stands_right_under_what_to_do() -> None:
    ping = message_of(CARDS["opened-0 ja"], ("slack:T1:U1",))
    assert [block["type"] for block in ping.blocks[:4]] == ["header", "section", "rich_text", "actions"]
    assert seen_of(ping).pressed[0] == ("ack", "ping:7", "primary")
    assert len({block["type"] for block in ping.blocks[4:]}) == 1, "the rest is only to be read"
    verdict = message_of(CARDS["second-False ja"])
    assert verdict.blocks[-1]["type"] == "actions", "who judges reads before they press"
    assert {style for _, _, style in seen_of(verdict).pressed} == {""}


def test_five_buttons_of_one_kind_stand_in_rows_of_their_own() -> None:
    bundle = message_of(CARDS["bundle ja"])
    assert faults_of(bundle) == []
    assert [value for _, value, _ in seen_of(bundle).pressed] == [f"ping:{20 + number}" for number in range(5)]


@BOTH
def test_a_notification_begins_with_what_it_is_and_whom_it_calls(language: str) -> None:
    card = CARDS[f"opened-0 {language}"]
    first, *rest = message_of(card, ("slack:T1:U1", "slack:T1:W2", "slack:T1:U1")).text.split("\n")
    assert first == f"{card.title} <@U1> <@W2>"
    assert rest[0] == card.sections[0].lines[0]
    assert any(line.startswith("│ ") for line in rest)


@pytest.mark.rule("slack-16")
def test_only_people_of_slack_are_called_and_only_in_the_first_message() -> None:
    strange = ("discord:1:2", "slack:T1:C7", "slack:T1:U1>", "slack:T1:!here", "U1", "", "slack:T1:U1\n", "slack:T1:S9")
    card = replace(CARDS["digest-full ja"], title="題")
    assert seen_of(message_of(card, strange)).calls == []
    first, *rest = messages_of(card, (*strange, "slack:T1:U5"))
    assert set(seen_of(first).calls) == {"@U5"}
    assert seen_of(*rest).calls == []
    many = message_of(card, [f"slack:T1:U{number}" for number in range(50)])
    assert faults_of(many) == []
    assert len(set(seen_of(many).calls)) == 50


@BOTH
def test_a_digest_of_sixty_customers_goes_on_in_the_thread(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "SHOWN", 60)
    card = posted.card("digest-full", language)
    messages = messages_of(card)
    assert 3 <= len(messages) <= 8
    assert all(faults_of(message) == [] for message in messages)
    shown = seen_of(*messages)
    told, headings = list(lines_of(card)), {section.heading for section in card.sections}
    assert [line for line in shown.lines if line not in headings] == [line for line in told if line not in headings]
    assert all(any(f"第{number}クリニック" in line for line in shown.lines) for number in range(60))
    assert shown.titles == [f"{card.title} ({number}/{len(messages)})" for number in range(1, len(messages) + 1)]
    assert all(seen_of(message).lines[0] in headings for message in messages[1:]), "what goes on says its heading again"
    assert shown.footers == [card.footer] * len(messages)
    assert message_of(card) == messages[0]


def test_a_card_of_many_short_parts_keeps_to_fifty_blocks() -> None:
    parts = tuple(Section(f"頭{number}", (f"行{number}",)) for number in range(120))
    messages = messages_of(
        Card("題", Tone.CALM, parts, tuple(Button("ack", f"ping:{n}", "対応") for n in range(10)), "末")
    )
    assert [fault for message in messages for fault in faults_of(message)] == []
    assert seen_of(*messages).lines == [line for part in parts for line in (part.heading, *part.lines)]


BASES = (
    "<!channel>", "<!here>", "<!everyone>", "<!subteam^S0123>", "<!subteam^S0123|@leads>", "<@U0123>", "<@U0123|ken>",
    "<#C0123>", "<#C0123|general>", "@channel", "@here", "@everyone", "@ken", "#general", "<https://evil.example/a|ok>",
    "https://evil.example/?a=1&b=2", "http://evil.example", "www.evil.example", "evil.example", "slack://open",
    "a@evil.example", "<mailto:a@evil.example|mail>", "<!date^1392734382^{date}^https://evil.example|x>", "main.py",
    "*bold*", "_it_", "~no~", "`code`", "```block```", "> quote", ">>> quote", "&lt;!channel&gt;", "&amp;lt;", "&",
    "[x](https://evil.example)", ":fire:", "<", ">", "<<@U1>>", "<@U1", "{0}%s", "\\u003c!channel\\u003e",
    "\u202eevil\u202c", "\u2066x\u2069", "\u200f\u200e", "\u200bzero\u200cwidth\u200d\ufeff", "<\u200b!channel>",
    "<!\u2060here>", "\u0000\u001b[31mred", "a\r\nb\u2028c\u2029d", "\ud800", "مرحبا <!here> שלום", "<@\u202eU0123>",
    "e\u0301" * 9, "e" + "\u0301" * 200,
)  # fmt: skip
FRAMES = ("{}", "{} 様", "株式会社{}", "a{}b", "{0}{0}", "\n{}\n", "&{};", "*{}*", "<{}>", "」{}「")
PAYLOADS = [frame.replace("{0}", base).replace("{}", base) for base, frame in product(BASES, FRAMES)]


def hostile(payload: str) -> Card:
    """The payload in every text there is."""
    return Card(
        payload,
        Tone.DANGER,
        (
            Section(payload, (payload, payload), (Field(payload, payload),), (Quote(payload, payload),)),
            Section(lines=("x",), quotes=(Quote(payload, payload),)),
        ),
        (Button("ack", "ping:7", payload, Style.PRIMARY), Button("why", "ping:7", payload)),
        payload,
    )


def literal(payload: str) -> str:
    """What of a quote is to be read: every sign that is seen, in its lines."""
    return "\n".join(clean(line).rstrip() for line in payload.splitlines()).strip("\n")


@pytest.mark.rule("slack-15", "slack-16")
def test_no_text_calls_or_links_and_quotes_are_read_as_they_were_written() -> None:
    assert len(PAYLOADS) >= 500
    for payload in PAYLOADS:
        messages = messages_of(hostile(payload), ("slack:T1:U7",))
        assert [fault for message in messages for fault in faults_of(message)] == [], repr(payload)
        shown = seen_of(*messages)
        assert set(shown.calls) == {"@U7"}, repr(payload)
        assert shown.links == [], repr(payload)
        assert shown.quotes == [literal(payload)] * 2 or not literal(payload).strip()
        assert not any(STEERING.search(text) for text in shown.texts), repr(payload)
        if name := clean(payload).strip():
            assert shown.titles[0] == name or (shown.titles[0].endswith("…") and name in shown.lines)
            assert name in shown.lines
            assert shown.footers == [name]


def test_a_quote_keeps_every_sign_that_can_be_seen() -> None:
    words = "*今すぐ* <!channel> &lt;b&gt; :fire: `rm` > 返事\n  https://example.com/?a=1&b=2 _まだ_?"
    shown = seen_of(message_of(Card("題", Tone.CALM, (Section(quotes=(Quote(words, "出"),)),))))
    assert shown.quotes == [words]


@pytest.mark.parametrize("place", ["customer", "team", "staff", "quote"])
@BOTH
def test_hostile_customers_and_colleagues_call_nobody(language: str, place: str) -> None:
    """Through the words of the real cards."""
    for payload in PAYLOADS[::3]:
        for card in cards_with(payload, place, language):
            messages = messages_of(card, ("slack:T1:U7",))
            shown = seen_of(*messages)
            assert [fault for message in messages for fault in faults_of(message)] == [], repr(payload)
            assert (set(shown.calls), shown.links) == ({"@U7"}, []), repr(payload)
            assert not any(STEERING.search(text) for text in shown.texts), repr(payload)


def cards_with(payload: str, place: str, language: str) -> Iterator[Card]:
    names = {"customer": payload} if place == "customer" else {"team": payload} if place == "team" else {}
    facts = replace(posted.THREAT, **names)
    staff = payload if place == "staff" else "鈴木"
    quotes = dict.fromkeys(posted.QUOTES, payload) if place == "quote" else posted.QUOTES
    called = replace(posted.CALLED, incident=facts, called=(staff,))
    taken = replace(posted.ACKED, incident=facts, acked_by=staff)
    for notice in (PingOpened(called), PingSettled(taken), IncidentNoted(facts, other_team=True)):
        yield card_of(notice, language, posted.POLICY, quotes)
    told = replace(answered.TAKEN, customer=facts.customer, by=staff, helped=("slack:T1:U9",))
    yield answer_card(told, language, answered.POLICY, {"slack:T1:U9": staff})


@pytest.mark.parametrize("text", ["長" * 20_000, "&" * 6_000, '"\\' * 3_000, "a\u0301" * 3_000, "x y " * 1_500])
def test_nothing_is_cut_silently(text: str) -> None:
    """Up to 20,000 characters in every text that can hold them; the others end in …"""
    card = Card(
        text,
        Tone.NOTICE,
        (Section(text, (text,), (Field(text, text),), (Quote(text, text),)),),
        (Button("ack", "ping:7", text, Style.PRIMARY),),
        text,
    )
    messages = messages_of(card)
    assert [fault for message in messages for fault in faults_of(message)] == []
    shown = seen_of(*messages)
    text = text.strip()
    assert "".join(shown.quotes) == text
    told = "".join(shown.lines)
    assert told.count(text[:1]) >= 5 * text.count(text[:1])
    assert all("…" in title for title in shown.titles)
    assert all(end.endswith("…") for end in (*shown.footers, *shown.labels))
    assert all(message.text.endswith("…") for message in messages)


TEXTS = st.text(st.characters() | st.sampled_from("&<>@#*.\n\u200b\u202e\u0301"), max_size=60)
SECTIONS = st.builds(
    Section,
    TEXTS,
    st.lists(TEXTS, max_size=4).map(tuple),
    st.lists(st.builds(Field, TEXTS, TEXTS), max_size=3).map(tuple),
    st.lists(st.builds(Quote, TEXTS, TEXTS), max_size=3).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Card,
        TEXTS,
        st.sampled_from(Tone),
        st.lists(SECTIONS, max_size=60).map(tuple),
        st.lists(st.builds(Button, st.sampled_from(["ack", "why"]), st.just("ping:7"), TEXTS), max_size=5).map(tuple),
        TEXTS,
    )
)
def test_whatever_a_card_holds_is_taken_and_calls_nobody(card: Card) -> None:
    messages = messages_of(card)
    assert [fault for message in messages for fault in faults_of(message)] == []
    shown = seen_of(*messages)
    assert (shown.calls, shown.links) == ([], [])
    told = "".join("".join(shown.lines).split())
    for section in card.sections:
        for line in section.lines:
            assert "".join(clean(line).split()) in told
    assert len(shown.pressed) == len(card.buttons)


@given(TEXTS, st.integers(40, 90))
def test_a_text_is_never_cut_inside_an_escape_or_a_character(text: str, longest: int) -> None:
    text = clean(text)
    assert "".join(parts_of(text, longest, cost)) == text
    assert all(len(escaped(part)) <= longest for part in parts_of(text, longest, cost))
    assert all(part.startswith("e") for part in parts_of("e\u0301" * 100, longest, cost))
    cut = fitting(text, longest)
    assert len(cut) <= longest
    assert not re.search(r"&(?!(?:amp|lt|gt);)", cut)
    assert unparsed(unparsed(text)) == unparsed(text)
