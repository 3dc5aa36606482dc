"""Charts of the board, drawn on the server; calm colours, figures on the bars."""

from collections.abc import Sequence
from datetime import date

import pygal
from pygal.style import Style

CALM = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#57606a",
    foreground_strong="#1f2328",
    foreground_subtle="#d8dde3",
    colors=("#1f5fa8",),
    font_family="system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif",
    label_font_size=13,
    value_font_size=13,
    value_label_font_size=13,
)


def intake(days: Sequence[tuple[date, int]]) -> bytes:
    """Draw what came in day by day (受理趋势) as bars."""
    chart = pygal.Bar(
        style=CALM,
        width=620,
        height=300,
        show_legend=False,
        print_values=True,
        print_values_position="top",
        show_y_labels=False,
        show_y_guides=False,
        margin=4,
        truncate_label=-1,
        js=(),
    )
    chart.x_labels = [f"{day.month}/{day.day}" for day, _ in days]
    chart.add("受理", [count for _, count in days])
    drawn: bytes = chart.render()
    return drawn
