"""`kasuhara …`: reads the words of the command line and hands them to the command."""

import io
import os
import sys
from collections.abc import Sequence

from adapters import settings
from adapters.cli.parser import language_of, parser_for
from adapters.wording import fault, say
from bot.domain.errors import BadInput, KasuharaError, KeyMissing, NewerDatabase, NotFound, Refused, StorageGone


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 refused or failed, 2 wrong words or a file with mistakes, 3 done but something skipped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if argv is None else argv)
    language = language_of(words)
    args = parser_for(language).parse_args(words)
    try:
        settings.check(settings.read())
        status: int = args.run(args, language)
    except BadInput as error:
        for mistake in error.faults:
            sys.stderr.write(fault(language, mistake) + "\n")
        return 2
    except KasuharaError as error:
        sys.stderr.write(explained(error, language) + "\n")
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        sys.stderr.write(say(language, "error.system", detail=error.strerror or str(error)) + "\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n" + say(language, "error.interrupted") + "\n")
        return 130
    return status


def explained(error: KasuharaError, language: str) -> str:
    """What happened, where, and what to do."""
    detail = str(error)
    match error:
        case NewerDatabase():
            return say(language, "error.newer_database", revision=detail)
        case StorageGone():
            return say(language, "error.storage_gone", detail=detail.splitlines()[0] if detail else "")
        case KeyMissing() | Refused():
            return say(language, f"error.{detail}")
        case NotFound():
            return say(language, "error.not_found", what=error.args[-1])
    return say(language, "error.other", detail=f"{type(error).__name__}: {detail}")
