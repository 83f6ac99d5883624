"""Whether two messages have the same content: fingerprints and the comparison of two of them."""

from bot.domain.likeness.fingerprint import BITS, Fingerprint, Fingerprinter
from bot.domain.likeness.sameness import FLOOR, same_content

__all__ = ["BITS", "FLOOR", "Fingerprint", "Fingerprinter", "same_content"]
