"""Charts of safe figures: bars with their numbers, drawn by Vega-Lite, with a table of the same beside them."""

import re
import textwrap
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import altair as alt
import vl_convert

from amends.disclosure.tables import MARKER, Safe

COLOUR: Final = "#12436d"
"""Of the Government Analysis Function's palette for charts."""
_WIDE: Final = 210
"""Pixels, of the longest bar and of a curve: with its words no drawing is wider than the page of a telephone."""
_SIZE: Final = 16
"""Of every word, in pixels; no page shows a drawing smaller than it is drawn, on a telephone of 360 pixels."""
_LETTERS: Final = 30
"""Of a label in a line; the rest is in further ones."""
_LINE, _BAR, _GAP = 19, 20, 14
"""Pixels: how high a line of a label is, a bar below it, and what is left free below that."""


def bars(table: Safe, rows: Sequence[tuple[str, int | str]], title: str, withheld: str) -> str:
    """An SVG of *rows*, each a label and a count of *table* or its marker; a withheld one has no bar, and says so.

    Raises TypeError where *table* is not `Safe`, or a row tells a figure that it does not.
    """
    check(table, rows)
    labels, values, down = list[dict[str, object]](), list[dict[str, object]](), 0
    for label, value in rows:
        # A label stands above its bar, so that the two share the width of a telephone.
        for line in textwrap.wrap(label, _LETTERS):
            labels.append({"y": down + _LINE / 2, "text": line})
            down += _LINE
        at = value if isinstance(value, int) else 0
        values.append({"y": down + _BAR / 2, "at": at, "text": _said(value, withheld)})
        down += _BAR + _GAP
    x, y = alt.X("at:Q", axis=None), alt.Y("y:Q", scale=None, axis=None)
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y)
    drawn = base.mark_bar(color=COLOUR, size=_BAR, orient="horizontal")
    words = base.mark_text(align="left", dx=5).encode(text="text:N")
    above = alt.Chart(alt.Data(values=labels)).mark_text(align="left")
    above = above.encode(x=alt.value(0), y=y, text="text:N")
    chart: Any = (drawn + words + above).properties(width=_WIDE, height=down)
    chart = chart.configure(font="Arial", background="white").configure_view(stroke=None)
    chart = chart.configure_text(fontSize=_SIZE)
    return _named(vl_convert.vegalite_to_svg(chart.to_dict()), title)


def steps(points: Sequence[tuple[int, float, float, float]], title: str, below: str) -> str:
    """An SVG of a curve from the whole down: after how many months, which share is left, and its interval.

    The shares go from 0 to 1, and so does the axis; *below* says what stands along the other.
    """
    data = [
        {"at": at, "share": share, "low": low, "high": high}
        for at, share, low, high in ((0, 1.0, 1.0, 1.0), *points)
    ]
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X("at:Q", title=below, axis=alt.Axis(values=[one["at"] for one in data], grid=False))
    )
    whole = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", tickCount=5)
    band = base.mark_area(color=COLOUR, opacity=0.25, interpolate="step-after").encode(
        y=alt.Y("low:Q", title=None, scale=whole, axis=axis), y2="high:Q"
    )
    line = base.mark_line(color=COLOUR, interpolate="step-after").encode(y="share:Q")
    chart: Any = (band + line).properties(width=_WIDE, height=_WIDE)
    chart = chart.configure(font="Arial", background="white").configure_view(stroke=None)
    chart = chart.configure_axis(labelFontSize=_SIZE, titleFontSize=_SIZE, titleFontWeight="normal")
    return _named(vl_convert.vegalite_to_svg(chart.to_dict()), title)


def check(table: Safe, rows: Sequence[tuple[str, int | str]]) -> None:
    """Raise TypeError where *rows* are not figures of a `Safe` table."""
    if type(table) is not Safe:
        raise TypeError("A page shows figures of Safe tables, and of nothing else.")
    told = {row[-1] for row in table.rows}
    for label, value in rows:
        if value not in told:
            raise TypeError(f"{label}: {value} is no figure of {table.title}.")


def _said(value: int | str, withheld: str) -> str:
    if value == MARKER:
        return withheld
    return f"{value:,}" if isinstance(value, int) else value


def _named(svg: str, title: str) -> str:
    """The drawing with its name for whoever hears it; whatever else describes it is left out."""
    plain = re.sub(r' (aria-[\w-]+|role)="[^"]*"', "", svg)
    return plain.replace("<svg ", '<svg role="img" ', 1).replace(
        "><rect", f"><title>{escape(title)}</title><rect", 1
    )
