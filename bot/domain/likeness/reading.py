"""Kanji on one side, kana on the other: whether the kana may be how the kanji are read."""

import re
from enum import Enum

from bot.domain.likeness.kana import plain, unvoiced
from bot.domain.likeness.readings import READINGS, SOUNDS

_HAN = re.compile(r"[一-龠々]")
_KANA = re.compile(r"[ぁ-ゖー]*")
_LEFT_OUT = frozenset("りみしきちいけせれえひ")  # may be written behind a kanji or not: 取消, 取り消し
_OKURIGANA = re.compile(r"[うくすつぬむるえけせねへめれいきしちりかさたなまらわっんげべぎび]")
_MOST = 4  # kana of one kanji whose reading is not listed
_COMMON = """まだ もう やっと ずっと すぐ また とても かなり ちょっと これ それ あれ どれ ここ そこ いつ なぜ なに
どう どこ だれ はい いま ぜんぶ すべて たまに いつも"""
_WORDS = frozenset(_COMMON.split())
# Words that are not read kanji by kanji.
_IRREGULAR = """
今日きょう 文字もじ 明日あした/あす 昨日きのう 一昨日おととい 明後日あさって 今朝けさ 今年ことし 昨夜ゆうべ 大人おとな
部屋へや 時計とけい 上手じょうず 下手へた 友達ともだち 果物くだもの 眼鏡めがね 手伝てつだ 土産みやげ 息子むすこ
景色けしき 為替かわせ 田舎いなか 笑顔えがお 迷子まいご 真面目まじめ 一日ついたち 二日ふつか 三日みっか 四日よっか
五日いつか 六日むいか 七日なのか 八日ようか 九日ここのか 十日とおか 二十日はつか 一人ひとり 二人ふたり 何時いつ 何処どこ
何故なぜ 此処ここ 一寸ちょっと 相応ふさわ 行方ゆくえ 心地ここち 名残なごり 足袋たび 浴衣ゆかた 台詞せりふ 雪崩なだれ
吹雪ふぶき 梅雨つゆ 日和ひより 神社じんじゃ 反応はんのう 天皇てんのう 因縁いんねん 煙草たばこ 素人しろうと 玄人くろうと
仲人なこうど 老舗しにせ
"""
_SPLIT = re.compile(r"([一-龠々]+)(.+)")
_IRREGULARS: dict[str, tuple[tuple[str, str], ...]] = {}
for _word, _sounds in (found.groups() for found in map(_SPLIT.fullmatch, _IRREGULAR.split()) if found):
    _IRREGULARS[_word[0]] = _IRREGULARS.get(_word[0], ()) + tuple((_word, plain(sound)) for sound in _sounds.split("/"))
_LONGEST = 80
_REST = 6  # a word is believed to be misconverted where so much around it is the same
_MOST_STATES = 64
# Next to these a kanji is part of a name; and these stand in names, or mean the opposite of what sounds alike.
_BY_NAMES = frozenset("様氏殿君店駅区市町村県郡社課部科係班校園院寺線号さ株")
_IN_NAMES = frozenset(
    "藤東伊佐斎斉田村川河山本木樹林野原井崎島嶋沢澤谷岡丘橋石松竹梅森阿安部辺港湊坂阪高隆吉良西北南"
    "市私前後全停開閉始終有無増減入出受送発着売買男女父母左右上下一二三四五六七八九十百千万"
)


_VOICED = dict(zip("かきくけこさしすせそたちつてとはひふへほ", "がぎぐげござじずぜぞだぢづでどばびぶべぼ", strict=True))


class Read(Enum):
    """How sure it is that the one is read as the other."""

    NOT = 0
    PERHAPS = 1
    SURELY = 2


def read_as(x: str, y: str) -> Read:
    """Whether one of the two is the reading of the other; PERHAPS when that rests on a kanji without known reading."""
    if _HAN.search(y):
        x, y = y, x
    if _HAN.search(y) or not y or not _KANA.fullmatch(y):
        return Read.NOT
    sound = plain(y)
    if len(sound) > 4 * len(x):
        return Read.NOT
    states: dict[int, bool] = {0: False}  # kana used -> a guess was needed
    for kanji in x:
        reached: dict[int, bool] = {}
        for at, guessed in states.items():
            for to, guess in _steps(kanji, sound, at):
                reached[to] = reached.get(to, True) and (guessed or guess)
        states = reached
        if not states:
            return Read.NOT
    end = states.get(len(sound))
    if end is None:
        return Read.NOT
    return Read.SURELY if not end else (Read.PERHAPS if y not in _WORDS else Read.NOT)


def _steps(kanji: str, sound: str, at: int) -> list[tuple[int, bool]]:
    """Where in the kana one character of the other side may end; with whether that is a guess."""
    if not _HAN.match(kanji):
        kana = plain(kanji)
        return [(at + len(kana), False)] if sound.startswith(kana, at) else []
    readings = READINGS.get(kanji)
    if readings is None:
        return [(to, True) for to in range(at + 1, min(len(sound), at + _MOST) + 1)]
    ends = [
        at + len(reading)
        for reading in readings
        if sound.startswith(reading, at)
        or (len(reading) > 1 and reading[-1] in "くちつき" and sound.startswith(reading[:-1] + "つ", at))
    ]
    return [(end, False) for end in ends] + [(end + 1, False) for end in ends if sound[end : end + 1] in _LEFT_OUT]


def typed_for(x: str, y: str, after: str) -> bool:
    """Whether one kanji may have been typed for another that sounds alike, before the same verb ending `after`."""
    shared = set(READINGS.get(x, ())) & set(READINGS.get(y, ()))
    return bool(shared) and _OKURIGANA.match(after) is not None


def sounds_like(one: str, two: str) -> bool:
    """Whether two sentences are read alike, whichever words of either are written in kana."""
    if not (len(one) <= _LONGEST and len(two) <= _LONGEST and _HAN.search(one + two)):
        return False
    sounds = unvoiced(one), unvoiced(two)
    states, seen = [(0, 0)], {(0, 0)}
    end = (len(one), len(two))
    while states:
        i, j = states.pop()
        for state in _moves(one, two, *sounds, i, j):
            if state == end:
                return True
            if state not in seen and len(seen) < _MOST_STATES * 8:
                seen.add(state)
                states.append(state)
    return False


def _moves(one: str, two: str, sound: str, other: str, i: int, j: int) -> list[tuple[int, int]]:
    """Where reading on may lead from a place in both: one character of each, or a kanji and its kana."""
    x, y = one[i : i + 1], two[j : j + 1]
    if x == y:
        return [(i + 1, j + 1)] if x else []
    found: list[tuple[int, int]] = []
    if x and _HAN.match(x):
        found += [(i + 1, to) for to, guess in _steps(x, other, j) if not guess]
        found += _irregular(one, other, i, j)
    elif y and _HAN.match(y):
        found += [(to, j + 1) for to, guess in _steps(y, sound, i) if not guess]
        found += [(to, at) for at, to in _irregular(two, sound, j, i)]
    return found


def _irregular(written: str, sound: str, i: int, j: int) -> list[tuple[int, int]]:
    return [
        (i + len(word), j + len(read))
        for word, read in _IRREGULARS.get(written[i], ())
        if written.startswith(word, i) and sound.startswith(read, j)
    ]


def converted_for(one: str, two: str) -> bool:
    """Whether all that differs is one word of kanji typed for another that sounds alike; never in a name."""
    head = 0
    while head < len(one) and head < len(two) and one[head] == two[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(two)) - head and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    x, y = one[head : len(one) - tail], two[head : len(two) - tail]
    after = one[len(one) - tail :]
    if not (x and y and _HAN.match(x) and _HAN.match(y)) or len(x) > 3 or len(y) > 3:
        return False
    beside = after[:1] + one[max(0, head - 1) : head]
    if head + tail < _REST or not _IN_NAMES.isdisjoint(x + y) or not _BY_NAMES.isdisjoint(beside):
        return False
    left, right = head, 0
    while left and _HAN.match(one[left - 1]):
        left -= 1
    while right < len(after) and _HAN.match(after[right]):
        right += 1
    words = one[left:head] + x + after[:right], two[left:head] + y + after[:right]
    if not _BY_NAMES.isdisjoint(after[right : right + 1]) or min(map(_han_in, words)) < 2 or max(map(len, words)) > 5:
        return False
    return not _soundings(words[0]).isdisjoint(_soundings(words[1]))


def _han_in(word: str) -> int:
    return len(_HAN.findall(word))


def _soundings(word: str) -> set[str]:
    """All ways to read a word whose kanji are all known."""
    found = {""}
    for char in word:
        sounds = SOUNDS.get(char, ()) if _HAN.match(char) else (char,)
        found = {before + sound for before in found for sound in sounds}
        if len(found) > _MOST_STATES:
            return set()
    return found


def sounds_of(kanji: str) -> tuple[str, ...]:
    """The listed readings of a kanji, voiced either way at their beginning."""
    found = READINGS.get(kanji, ())
    return found + tuple(voiced + sound[1:] for sound in found if (voiced := _VOICED.get(sound[:1], "")))
