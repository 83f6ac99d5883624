"""What of a message is marked in an explanation stands in the message that it was compared with, too."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.wording.matching import matching


@given(st.text("返金してくださいaあ。\u200b🙂", max_size=40), st.text("返金してくださいaあ。\u200b🙂", max_size=40))
def test_what_is_marked_stands_in_the_other_in_the_same_order(text: str, model: str) -> None:
    spans = matching(text, model)
    places = iter(model)
    assert all(character in places for start, end in spans for character in text[start:end])
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))


def test_the_rewritten_part_is_left_unmarked() -> None:
    text = "在庫の数がおかしいです!!至急"
    spans = matching(text, "在庫の数がおかしいです")
    assert [text[start:end] for start, end in spans] == ["在庫の数がおかしいです"]
    assert matching("同じ", "同じ") == ((0, 2),)
    assert matching("", "") == matching("あ", "い") == ()
