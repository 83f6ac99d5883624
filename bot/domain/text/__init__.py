"""What of a message is its content: one form for all the ways to write the same thing."""

from bot.domain.text.content import LONGEST, MAX_CHARS, Content, Sentence, content_of

__all__ = ["LONGEST", "MAX_CHARS", "Content", "Sentence", "content_of"]
