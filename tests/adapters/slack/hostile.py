"""Texts that somebody writes to do harm: calls, markup, direction, width and length; and what they must not do."""

import json
from random import Random

from slack import LocalSlack, Message

CALLS = (
    "<!channel>", "<!here>", "<!everyone>", "<!subteam^S0SUPPORT>", "<!subteam^S0LEADS|@leads>", "<@UBOSS>",
    "<@UADMIN|山本>", "<#CSUPPORT|support>", "@channel", "@here", "@everyone", "＠channel", "<@UAGENT2", "<<!here>>",
    "&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "<!date^1^{date}|x>", "<!channel|見て>", "<\u200b!channel>",
)  # fmt: skip
LINKS = (
    "<mailto:a@b.example|a>", "<https://evil.example|見て>", "https://evil.example/a_b*c", "http://evil.example?x=<y>",
    "evil.example", "www.evil.example/ばか", "<tel:110|110>", "slack://user?team=T&id=UAGENT2", "javascript:alert(1)",
)  # fmt: skip
MARKS = (
    "*_~`", "```", "```\n<!here>\n```", "> quoted", ">>> all", "&<>", "{name}", "{0}", "%s %(x)s", "\\u202e", "${x}",
    "'; DROP TABLE reports;--", "\\", "*太字*", "_斜め_", "~消し~", "`<!here>`", "- list", "1. one", "# head", "---",
    ":rotating_light:", ":a:" * 40, "null", "[]", '{"type":"section"}', "True", "0", "-1", "NaN",
)  # fmt: skip
SIGNS = (
    "\u202eabc", "\u2066a\u2069", "\u200b\u200bx", "\ufeffx", "a\u0301" * 40, "x\u0000y", "\x1b[31mx", "\r\n\r\nx",
    "x\u2028y", "x\u2029y", "x\u0085y", "\u200fא", "ب\u202dabc", "\U000e0041x", "\ue000x", "x\ufffe", "\x07x", "x\ty",
)  # fmt: skip
WIDE = (
    "👩‍👩‍👧‍👦" * 30, "🇯🇵" * 50, "𠮷野家", "ｶﾞｶﾞ", "Ａ" * 200, "ｅ\u0308", "한국어", "العربية", "\U0001f600", "ﷺ" * 20,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́O", "ไทย", "नमस्ते", "x" * 75, "あ" * 76, "𒐫" * 30,
)  # fmt: skip
LONG = (
    "x" * 2_900, "あ" * 2_900, "<!channel>" * 200, "&" * 1_400, "\n" * 200 + "a", "早くしろ。" * 400, "a " * 1_400,
    "<@UAGENT2>" * 250, "*" * 2_000, "😀" * 1_400, "返事しろ。<!here>\n" * 150, "あ" * 20_000, "<!channel> " * 1_800,
)  # fmt: skip
WORDS = (
    "#暴言 !重大", "顧客:誰か", "負担:99", "いつ:明日", "引用:「", "重さ:", "key:value #", "報告 報告", "取り消し 99",
    "判定 1 確定", "いますぐ", "/kasuhara now", "ping:1", "incident:1", "setup", "顧客:<!here> 負担:５",
)  # fmt: skip
PARTS = (CALLS, LINKS, MARKS, SIGNS, WIDE, WORDS)
FEW = 9
"""Enough for a look: some of each sort, the worst among them."""


def hostile(count: int = 200, seed: int = 8) -> list[str]:
    """So many texts: every one from above, then mixtures of them."""
    random, all = Random(seed), [text for part in (*PARTS, LONG) for text in part]
    while len(all) < count:
        chosen = [random.choice(random.choice(PARTS)) for _ in range(random.randint(2, 5))]
        all.append(random.choice(("", " ", "\n", "　")).join(chosen))
    return all[:count]


def some(seed: int, count: int = FEW) -> list[str]:
    """A few texts, one of each sort at least."""
    random = Random(seed)
    first = [random.choice(part) for part in (*PARTS, LONG[:12])]
    return [*first, *random.sample(hostile(), count - len(first))]


def unintended(message: Message, called: set[str]) -> set[str]:
    """Whom Slack would notify beyond those whom we call."""
    return message.pings - called


def forbidden(slack: LocalSlack) -> list[str]:
    """Calls that ask Slack to find names or links in a text."""
    asked = ("link_names", "parse", "as_user", "mrkdwn")
    return [call.method for call in slack.record.calls if any(call.arguments.get(name) for name in asked)]


def whispers(slack: LocalSlack) -> list[Message]:
    """Everything that the bot said for one person alone."""
    return [message for channel in slack.workspace.channels.values() for message in channel.ephemerals]


def raw(message: Message) -> str:
    return json.dumps([message.blocks, message.attachments], ensure_ascii=False)
