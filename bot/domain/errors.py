"""The one family of errors; each says whether trying again can help."""

from dataclasses import dataclass


class KasuharaError(Exception):
    """Base of every error that a user may meet; `retry` says whether the same call may succeed later."""

    retry = False


class Stale(KasuharaError):
    """Somebody else changed what this batch was based on; the batch is rolled back and done again."""

    retry = True


class StorageGone(KasuharaError):
    """The database cannot be reached or written (disk full, server gone); nothing of the batch was kept."""

    retry = True


class NewerDatabase(KasuharaError):
    """The database was written by a newer version of kasuhara; this version must not touch it."""


class KeyMissing(KasuharaError):
    """No key, or not the key, that opens the sealed columns."""


class NotFound(KasuharaError):
    """What was named does not exist."""


class Refused(KasuharaError):
    """What was asked is understood and not allowed; the message says what to do instead."""


class DeliveryFailed(KasuharaError):
    """A chat did not take a post. `reason` is a key of words; exactly one of the three kinds:

    permanent: it never will (deactivated, closed, archived, forbidden, an outsider could read it);
    retry_after: not before these seconds (rate limit);
    neither: try again with back-off. `doubtful`: it may have got through all the same.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after: float | None = None, doubtful: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry = not permanent
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.doubtful = doubtful


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file that a person wrote; `key` and `fields` are put into words at the door (wording.py)."""

    path: str
    line: int
    """1-based; 0 when the file as a whole is meant."""
    key: str
    fields: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.key} " + " ".join(f"{name}={value!r}" for name, value in self.fields)


class BadInput(KasuharaError):
    """A file or argument that cannot be used; carries every mistake found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
