"""Facts become words here and nowhere else: sentences stand in words/*.toml, cards are what platforms draw."""

from adapters.wording.answers import answer_card
from adapters.wording.card import Button, Card, Field, Quote, Section, Style, Tone
from adapters.wording.plain import text_of
from adapters.wording.posted import card_of
from adapters.wording.say import LANGUAGES, fault, say

__all__ = [
    "LANGUAGES",
    "Button",
    "Card",
    "Field",
    "Quote",
    "Section",
    "Style",
    "Tone",
    "answer_card",
    "card_of",
    "fault",
    "say",
    "text_of",
]
