"""The command line speaks one language: no mistake and no help is left in argparse's own English."""

import re

import pytest

from adapters.cli.parser import parser_for

WRONG = {
    "": "COMMAND", "repaly": "もしかして: replay", "team": "WHAT", "replay": "EXPORT", "run --bad": "--bad",
    "replay x --customers q": "author", "replay x --ack": "値を一つ", "replay x --ack 9999": "1440",
    "replay x --team a --staff b": "--team", "run --replay=3": "3", "customers split 3": "PLATFORM",
    "customers merge 1 --into": "--into", "playground --port high": "high", "replay x --s=1 --j": "--j",
    "slack manifest --shortcut": "--shortcut", "--lang fr run": "ja",
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(usage|error|argument|arguments|options|positional|invalid|choice|required|expected|unrecognized|ambiguous|"
    r"show|exit|message|allowed|not|following|help message)\b"
)
PAGES = ("", "run", "playground", "replay", "team apply", "customers", "customers merge", "keys", "slack manifest")


def said(line: str, language: str, capsys: pytest.CaptureFixture[str], status: int) -> str:
    with pytest.raises(SystemExit) as ended:
        parser_for(language).parse_args(line.split())
    assert ended.value.code == status
    shown = capsys.readouterr()
    return shown.err if status else shown.out


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_is_told_in_japanese_with_what_to_do(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(line, "ja", capsys, 2)
    assert not ENGLISH.findall(told), told
    assert told.startswith("使い方: kasuhara") and WRONG[line] in told and "--help で見られます" in told


@pytest.mark.parametrize("page", PAGES)
def test_help_is_japanese_throughout(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(f"{page} --help", "ja", capsys, 0)
    assert not ENGLISH.findall(told), told
    assert "この説明を表示して終わる" in told


def test_english_says_what_to_do_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    told = said("policy chekc", "en", capsys, 2)
    assert "Did you mean check?" in told and "kasuhara policy --help" in told and "argument WHAT" not in told
