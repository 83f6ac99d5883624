"""Writing and rewriting messages: checked, mentions worked out, told to the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import checks
from .channel import Channel
from .files import File
from .guild import Json, User
from .mentions import PLAIN, mentioned
from .message import COMPONENTS_V2, EPHEMERAL, LOADING, Kind, Message, parts
from .permissions import May
from .refused import Refused

if TYPE_CHECKING:
    from .server import LocalDiscord

KEPT_FLAGS = EPHEMERAL | LOADING | (1 << 2) | (1 << 12) | (1 << 15)


@dataclass
class Draft:
    """A message to be: the body as it came, its files by name, and what is known besides."""

    channel: Channel
    author: User
    body: Json
    files: Sequence[tuple[str, bytes]] = ()
    default: frozenset[str] = PLAIN
    kind: Kind = Kind.DEFAULT
    reference: Message | None = None
    viewer: int = 0
    webhook: int = 0
    application: int = 0
    interaction: Json | None = None
    sender: int = 0
    """Whose permissions decide about @everyone and roles; the author's by default."""
    forwarded: Message | None = None
    stickers: Sequence[Json] = ()
    empty: bool = False
    ago: float = 0.0
    id: int = 0


def post(discord: "LocalDiscord", draft: Draft, *, tell: bool = True) -> Message:
    """Write it into its channel; every limit of the platform holds, also for people."""
    checks.message(draft.body, list(draft.files), empty=draft.empty)
    world, body, channel = discord.world, draft.body, draft.channel
    message = Message(
        channel, draft.id or world.clock.snowflake(draft.ago), draft.author, draft.body.get("content") or ""
    )
    message.kind, message.reference, message.viewer = draft.kind, draft.reference, draft.viewer
    message.webhook, message.application, message.interaction = draft.webhook, draft.application, draft.interaction
    message.forwarded, message.stickers = draft.forwarded, list(draft.stickers)
    message.embeds = [_embed(embed) for embed in body.get("embeds") or []]
    message.components = _numbered(body.get("components") or [])
    message.flags = int(body.get("flags") or 0) & KEPT_FLAGS | (EPHEMERAL if draft.viewer else 0)
    message.nonce = str(body["nonce"]) if body.get("nonce") is not None else ""
    message.attachments = _files(discord, channel, body, draft.files)
    replied = draft.reference.author if draft.reference and draft.kind is Kind.REPLY else None
    message.mentions = _mentions(discord, message, body, draft.default, draft.sender or draft.author.id, replied)
    message.pings = set() if draft.viewer else set(message.mentions)
    discord.written.append(message)
    if draft.viewer:
        channel.ephemerals.append(message)
    else:
        channel.messages[message.id] = message
        if channel.archived:
            channel.archived = False
            discord.news.place("UPDATE", channel)
        if channel.is_thread:
            channel.joined.add(draft.author.id)
    return discord.news.posted(message) if tell else message


def rewrite(
    discord: "LocalDiscord", message: Message, body: Json, files: Sequence[tuple[str, bytes]] = (),
    default: frozenset[str] = PLAIN, *, filled: bool = False,
) -> Message:  # fmt: skip
    """Edit a message. New content is parsed anew with the given or the default allowances (rule discord-14).

    `filled`: the placeholder of a deferred answer becomes the answer, which is no edit in the reader's eyes.
    """
    whole = message.shown() | {name: value for name, value in body.items() if value is not None}
    whole["flags"] = message.flags | int(body.get("flags") or 0)
    whole.pop("nonce", None)
    kept = message.attachments if "attachments" not in body else _kept(message, body)
    checks.message(whole, list(files), empty=True)
    if not (kept or files or _stands(message, body)):
        raise Refused(400, 50006)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = [_embed(embed) for embed in body["embeds"] or []]
    if "components" in body:
        message.components = _numbered(body["components"] or [])
    if "content" in body or ("components" in body and message.flags & COMPONENTS_V2):
        message.mentions = _mentions(discord, message, body, default, message.author.id, None)
        message.pings |= set() if message.viewer else message.mentions
    message.attachments = [*kept, *_files(discord, message.channel, body, files)]
    message.flags = (message.flags | int(body.get("flags") or 0)) & ~(LOADING if filled else 0) & KEPT_FLAGS
    if not filled:
        message.edited = discord.clock.now()
        message.edits += 1
    return discord.news.changed(message)


def remove(discord: "LocalDiscord", *messages: Message) -> None:
    """Take messages of one channel away."""
    for message in messages:
        message.deleted = True
        if message.viewer:
            message.channel.ephemerals.remove(message)
        else:
            message.channel.messages.pop(message.id, None)
    discord.news.removed(*messages)


def _stands(message: Message, body: Json) -> bool:
    """Whether anything is left after this edit."""
    now = {"content": message.content, "embeds": message.embeds, "components": message.components}
    return any((now | {name: body[name] for name in now if name in body}).values())


def _mentions(
    discord: "LocalDiscord", message: Message, body: Json, default: frozenset[str], sender: int, replied: User | None
) -> set[str]:
    channel = message.channel
    rings = channel.guild is not None and bool(discord.world.may(sender, channel) & May.MENTION_EVERYONE)
    # The text of the new layout is parsed like content; embeds and labels never are.
    text = "\n".join([message.content, *(part["content"] for part in parts(message.components) if part["type"] == 10)])
    found = mentioned(text, body.get("allowed_mentions"), default, channel.guild, rings=rings, replied=replied)
    known = discord.world.users
    return {name for name in found if not name[1:].isdigit() or int(name[1:]) in known}


def _files(discord: "LocalDiscord", channel: Channel, body: Json, files: Sequence[tuple[str, bytes]]) -> list[File]:
    about = {str(one.get("id")): one for one in body.get("attachments") or [] if isinstance(one, dict)}
    kept = []
    for number, (name, data) in enumerate(files):
        told = about.get(str(number), {})
        words = told.get("description") or ""
        kept.append(discord.files.keep(told.get("filename") or name, data, channel.id, words))
    return kept


def _kept(message: Message, body: Json) -> list[File]:
    ids = {str(one.get("id")) for one in body["attachments"] or []}
    return [file for file in message.attachments if str(file.id) in ids]


def _embed(embed: Json) -> Json:
    return {"type": "rich"} | {name: value for name, value in embed.items() if value is not None}


def _numbered(components: list[Json]) -> list[Json]:
    """Components without an id get one, as Discord gives them."""
    for number, part in enumerate(parts(components), start=1):
        part.setdefault("id", number)
    return components
