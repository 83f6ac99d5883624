"""Whether two messages have the same content: fingerprints and the comparison of two of them."""

from bot.domain.likeness.fingerprint import BITS, Fingerprint, Fingerprinter
from bot.domain.likeness.sameness import FLOOR, floor_of, same_content

__all__ = ["BITS", "FLOOR", "Fingerprint", "Fingerprinter", "floor_of", "same_content"]
