"""A sheet of paper measured in pixels from its upper left corner: the only place that knows how to draw."""

import io
import math
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Rectangle
from matplotlib.patheffects import Normal, Stroke
from PIL import Image

from adapters.charts.lettering import clean, cut

DPI: Final = 100
POINT: Final = 72 / DPI
"""One pixel in points, matplotlib's measure of letters and lines."""
SMALLEST: Final = 0.8
"""Letters shrink this far to fit before they are cut."""
PAPER: Final = "#ffffff"

Side = Literal["left", "center", "right"]


class Sheet:
    """A white card with round corners; everything around the corners is transparent. Later things lie on top."""

    def __init__(self, width: int, height: int) -> None:
        self._figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="none")
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._layer = 1.0
        self.pill(2, 2, width - 4, height - 4, PAPER, radius=22, edge="#d5dbe1")

    def text(self, x: float, y: float, text: str, size: float, colour: str, *, side: Side = "left",
             room: float = 1e6, bold: bool = False) -> float:  # fmt: skip
        """One line around the height `y`, at most `room` wide; returns how wide it became."""
        text = clean(text, _drawable())
        size = math.floor(max(size * min(1.0, room / max(self._measure(text, size), 1.0)), size * SMALLEST))
        text = cut(text, room, lambda part: self._measure(part, size))
        drawn = self._axes.text(x, y, text, color=colour, ha=side, va="center_baseline", fontproperties=_font(size))
        drawn.set_parse_math(False)
        if bold:
            # The Japanese font has no bold face: a thin outline of the same colour stands in for one.
            drawn.set_path_effects([Stroke(linewidth=size / 22 * POINT, foreground=colour), Normal()])
        self._on_top(drawn)
        return self._measure(text, size)

    def width(self, text: str, size: float) -> float:
        """How many pixels `text` becomes wide in letters of `size` pixels."""
        return self._measure(clean(text, _drawable()), size)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))

    def pill(self, x: float, y: float, width: float, height: float, colour: str, *, radius: float,
             edge: str = "none") -> None:  # fmt: skip
        """A box with round corners."""
        shape = f"round,pad=0,rounding_size={min(radius, width / 2, height / 2)}"
        self._patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, facecolor=colour, edgecolor=edge))

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, *, thick: float) -> None:
        line = Line2D([x1, x2], [y1, y2], color=colour, linewidth=thick * POINT, solid_capstyle="butt")
        self._axes.add_line(line)
        self._on_top(line)

    def ring(self, x: float, y: float, radius: float, colour: str, *, thick: float) -> None:
        """A circle with a white middle."""
        self._patch(Circle((x, y), radius, facecolor=PAPER, edgecolor=colour, linewidth=thick * POINT))

    def png(self) -> bytes:
        """In a palette of 256 colours: a quarter of the bytes, and no eye sees it."""
        self._figure.draw(self._renderer)
        picture = Image.fromarray(np.asarray(self._renderer.buffer_rgba()))
        kept = io.BytesIO()
        few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(kept, "PNG", optimize=True)
        return kept.getvalue()

    def _measure(self, text: str, size: float) -> float:
        width, _, _ = self._renderer.get_text_width_height_descent(text, _font(size), False)
        return float(width)

    def _patch(self, patch: Patch) -> None:
        self._axes.add_patch(patch)
        self._on_top(patch)

    def _on_top(self, artist: Artist) -> None:
        self._layer += 1
        artist.set_zorder(self._layer)


@cache
def _families() -> dict[str, Path]:
    """The Japanese font, then the one that matplotlib brings; neither depends on what the machine has installed."""
    package = find_spec("matplotlib_fontja")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("matplotlib-fontja is not installed")
    files = (
        Path(package.submodule_search_locations[0], "fonts", "ipaexg.ttf"),
        Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"),
    )
    fontManager.addfont(files[0])
    return {FT2Font(file).family_name: file for file in files}


@cache
def _font(size: float) -> FontProperties:
    return FontProperties(family=list(_families()), size=size * POINT)


@cache
def _drawable() -> frozenset[int]:
    return frozenset(code for file in _families().values() for code in FT2Font(file).get_charmap())
