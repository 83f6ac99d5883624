"""How Discord says no: the error body, and the form errors of code 50035."""

from .guild import Json

TEXTS = {
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10011: "Unknown Role",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    20028: "The write action you are performing on the channel has hit the write rate limit.",
    30046: "Maximum number of edits to messages older than 1 hour reached. Try again later",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50008: "Cannot send messages in a non-text channel",
    50013: "Missing Permissions",
    50021: "Cannot execute action on a system message",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    160004: "A thread has already been created for this message",
    40005: "Request entity too large",
    0: "401: Unauthorized",
}


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, code: int, message: str = "", **more: object) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.body: Json = {"message": message or TEXTS.get(code, "Error"), "code": code, **more}


class Form:
    """Collects what is wrong with a body; `done` refuses all of it at once, as Discord does."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def must(self, true: object, path: str, message: str, code: str = "BASE_TYPE_BAD") -> bool:
        """Note an error at a dotted path unless it is true."""
        if not true:
            place = self.errors
            for step in path.split("."):
                place = place.setdefault(step, {})
            place.setdefault("_errors", []).append({"code": code, "message": message})
        return bool(true)

    def length(self, text: object, path: str, least: int, most: int) -> None:
        """A text of so many characters (Unicode characters, also in Japanese)."""
        if self.must(isinstance(text, str), path, "This field is required"):
            long = len(str(text))
            self.must(
                least <= long <= most, path, f"Must be between {least} and {most} in length.", "BASE_TYPE_BAD_LENGTH"
            )

    def done(self) -> None:
        if self.errors:
            raise Refused(400, 50035, errors=self.errors)
