"""What platforms put around a text (mentions, links, entities, emoji codes), taken off."""

import re

_TAG = re.compile(r"<(?:[@#!][^<>|\n]{0,80}(?:\|[^<>\n]{0,120})?|a?:\w{1,64}:\d{1,24})>")
_LINK = re.compile(r"<((?:https?|mailto|tel|ftp):[^<>|\s]{1,1000})(?:\|([^<>\n]{0,300}))?>")
_NAME = re.compile(r"(?<![\w.@])[@＠](?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,40}|[一-龠々ァ-ヶー]{1,12}(?:さん|様|さま|氏)?)")
_SHORTCODE = re.compile(r"(?<![A-Za-z0-9:]):(?:[+-]1|[a-z][a-z0-9_'+-]{1,40}):(?::skin-tone-\d:)?(?![0-9A-Za-z])")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|nbsp|#39|#x27);")
_MEANING = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "#39": "'", "#x27": "'"}
# A face is bracketed, short, holds a sign no sentence needs and never two letters of a word or a digit.
_FACE = re.compile(
    r"[ヽヾ\\<o]?\((?=[^()\n]{0,11}[^\w\s(),.:/&+\-'\"#、。])"
    r"(?![^()\n]*(?:[ぁ-んァ-ヶ一-龠々a-zA-Z]{2}|[0-9]))[^()\n]{1,12}\)[ノシゞo/>]?"
    r"|\([^\w()\n]{0,2}[tTqQТ;][_.oO0uUwωдД^-]?[tTqQТ;][^\w()\n]{0,2}\)"
    r"|\((?:笑|泣|怒|汗|涙|爆|苦笑|ノД`)\)|m\(_+ ?_+\)m|(?<![a-z])(?:orz|OTL)(?![a-z])"
    r"|(?<![A-Za-z0-9])(?:[TQ][_.^-][TQ]|[tq]_[tq]|ToT|QAQ|[xX]D+|[>＞][_.][<＜]|-_-|\^[_.-]?\^"
    r"|[=8:;]'[()])[;:']*(?![A-Za-z0-9])"
    r"|>?[:;]['^-]?[()DPp](?![a-z0-9])"
)
_MAY_FACE = re.compile(r"[(:;^_=>A-Za-z]")
_LAUGH = re.compile(r"(?<=[ぁ-んァ-ヶ一-龠々ー。!?])(?:w+|笑+|草)(?=[\s。!?]|$)", re.MULTILINE)


def unwrapped(raw: str) -> str:
    """The text as people read it: markup gone, links by their label, entities resolved."""
    text = raw
    if "<" in text:
        text = _LINK.sub(lambda m: m[2] or m[1], text)
        text = _TAG.sub(" ", text)
    if "@" in text or "＠" in text:
        text = _NAME.sub(" ", text)
    if "&" in text:
        text = _ENTITY.sub(lambda m: _MEANING[m[1]], text)
    if ":" in text:
        text = _SHORTCODE.sub(" ", text)
    return text


def faceless(text: str) -> str:
    """The (NFKC) text without drawn faces and laughter."""
    if _MAY_FACE.search(text):
        text = _FACE.sub(" ", text)
    return _LAUGH.sub("", text) if "w" in text or "笑" in text or "草" in text else text
