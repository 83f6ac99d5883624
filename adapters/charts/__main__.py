"""The process that draws: a chart as JSON on stdin, a PNG on stdout; the one argument is a folder it may write into."""

import os
import sys

from adapters.charts.passing import from_json


def main() -> None:
    folder = sys.argv[1]
    # matplotlib reads these when it is imported: its cache goes into `folder`, and neither a setting of the machine's
    # user, nor a file in the current folder, nor an installed font changes the picture.
    os.environ.update(MPLCONFIGDIR=folder, MPLBACKEND="agg", MPL_IGNORE_SYSTEM_FONTS="1")
    os.environ.pop("MATPLOTLIBRC", None)
    os.chdir(folder)
    from adapters.charts.picture import paint

    # Left in place, it would also hide the Japanese font, which does not lie in matplotlib's own folder.
    del os.environ["MPL_IGNORE_SYSTEM_FONTS"]
    sys.stdout.buffer.write(paint(from_json(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
