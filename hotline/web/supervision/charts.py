"""Charts of the board, drawn on the server; calm colours, figures on the bars."""

from collections.abc import Sequence
from datetime import date, datetime

import pygal
from pygal.style import Style

from tickets.assessment.answers import Rates
from tickets.routing.backtest import Bin

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

PLOT = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#57606a",
    foreground_strong="#1f2328",
    foreground_subtle="#d8dde3",
    colors=("#8c959f", "#1f5fa8", "#b35900"),
    font_family=CALM.font_family,
    label_font_size=13,
    legend_font_size=13,
    title_font_size=13,
)


NIGHT = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#c5d0db",
    foreground_strong="#eef2f6",
    foreground_subtle="#33424f",
    colors=("#6aa9f0", "#f0b429", "#6fcf97"),
    font_family=CALM.font_family,
    label_font_size=12,
    legend_font_size=16,
    value_font_size=15,
    value_label_font_size=15,
    value_colors=("#eef2f6",),
)


def intake(days: Sequence[tuple[date, int]], *, height: int = 300, style: Style = CALM) -> bytes:
    """Draw what came in day by day (受理趋势) as bars."""
    chart = pygal.Bar(
        style=style,
        width=620,
        height=height,
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


def sparkline(days: Sequence[tuple[date, int]]) -> bytes:
    """Draw the same as a small line for a row of a table (趋势线)."""
    counts = [count for _, count in days]
    return _small(counts, lowest=0, highest=max(1, *counts))


def rate(shares: Sequence[float | None]) -> bytes:
    """Draw a share in per cent week by week as a small line (三率走势); None where nobody spoke."""
    known = [share for share in shares if share is not None]
    return _small(shares, lowest=min(known, default=100) - 5, highest=100)


def three_rates(weeks: Sequence[tuple[datetime, Rates]]) -> bytes:
    """Draw 三率 week by week (三率走势) as three lines, for the wall."""
    chart = pygal.Line(
        style=NIGHT,
        width=620,
        height=420,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        margin=8,
        margin_right=24,
        stroke_style={"width": 4},
        js=(),
    )
    chart.x_labels = [f"{day.month}/{day.day}" for day, _ in weeks]
    for name, label in (("contacted", "响应率"), ("solved", "解决率"), ("satisfied", "满意率")):
        chart.add(label, [getattr(rates, name) for _, rates in weeks])
    drawn: bytes = chart.render()
    return drawn


def _small(values: Sequence[float | None], *, lowest: float, highest: float) -> bytes:
    chart = pygal.Line(style=CALM, fill=True, js=())
    chart.add("", values)
    drawn: bytes = chart.render(
        is_sparkline=True,
        width=140,
        height=28,
        show_dots=False,
        show_legend=False,
        show_x_labels=False,
        show_y_labels=False,
        margin=2,
        explicit_size=True,
        show_y_guides=False,
        show_x_guides=False,
        range=(lowest, highest),
    )
    return drawn


def calibration(real: Sequence[Bin], unseen: Sequence[Bin]) -> bytes:
    """Draw the share that was right against the confidence (校准图); the diagonal is ideal."""
    chart = pygal.XY(
        style=PLOT,
        width=480,
        height=360,
        range=(0, 1),
        xrange=(0, 1),
        x_title="把握",
        y_title="正确率",
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        margin=4,
        margin_bottom=18,
        js=(),
    )
    chart.add("理想", [(0, 0), (1, 1)], show_dots=False, stroke_style={"dasharray": "4 4"})
    chart.add("近 30 天实际", [(sure, right) for sure, right, _ in real])
    chart.add("训练时未见的说法", [(sure, right) for sure, right, _ in unseen])
    drawn: bytes = chart.render()
    return drawn
