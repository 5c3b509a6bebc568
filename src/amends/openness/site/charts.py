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
_WIDE: Final = 200
"""So narrow that its words can still be read on a telephone."""
_LETTERS: Final = 22
"""Of a label in a line; the rest is in further ones."""
_LINE: Final = 20


def bars(table: Safe, rows: Sequence[tuple[str, int | str]], title: str, withheld: str) -> str:
    """An SVG of *rows*, each a label and a count of *table* or its marker; a withheld one has no bar, and says so.

    Raises TypeError where *table* is not `Safe`, or a row tells a figure that it does not.
    """
    check(table, rows)
    lines = [textwrap.wrap(label, _LETTERS) for label, _ in rows]
    step = 10 + _LINE * max(map(len, lines), default=1)
    data = [
        {
            "label": "\n".join(wrapped),
            "at": value if isinstance(value, int) else 0,
            "text": _said(value, withheld),
        }
        for wrapped, (_, value) in zip(lines, rows, strict=True)
    ]
    axis = alt.Axis(labelLimit=300, ticks=False, labelExpr="split(datum.label, '\\n')")
    y = alt.Y("label:N", sort=None, title=None, axis=axis)
    base = alt.Chart(alt.Data(values=data)).encode(y=y)
    drawn = base.mark_bar(color=COLOUR).encode(x=alt.X("at:Q", title=None, axis=None))
    words = base.mark_text(align="left", dx=5).encode(x="at:Q", text="text:N")
    chart: Any = (drawn + words).properties(width=_WIDE, height=alt.Step(step))
    chart = chart.configure(font="Arial", background="white").configure_view(stroke=None)
    chart = chart.configure_axis(labelFontSize=15, domain=False).configure_text(fontSize=15)
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
    chart = chart.configure_axis(labelFontSize=15, titleFontSize=15, titleFontWeight="normal")
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
