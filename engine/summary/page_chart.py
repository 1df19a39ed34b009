"""Page chart: the clean-claim rate by month of service as a line, and below it how many claims there were, in SVG.

In:   figures of months.        Out: SVG; what it says in words.
Uses: summary.figures, words.   Used by: summary.as_html.
Not here: the chart of what was narrowed: page_chart.js draws it, in the same way.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from attrs import frozen

from sequela.engine.summary.axes import NOT_KNOWN
from sequela.engine.summary.figures import Split
from sequela.engine.summary.words import share

_WIDTH: Final = 860
_LEFT: Final = 44
_RIGHT: Final = 52
_TOP: Final = 18
_PLOT: Final = 210
_GAP: Final = 30
_VOLUME: Final = 34
_FOOT: Final = 22
_LABEL: Final = 62
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@frozen
class _Scale:
    """From where to where the percent axis goes, and the distance of its lines."""

    low: int
    high: int
    step: int

    def y(self, percent: float) -> float:
        return _TOP + _PLOT * (1 - (percent - self.low) / (self.high - self.low))


@frozen
class _Line:
    """A line of the chart: what its class adds, and the counts of each month that it is the share of."""

    mark: str
    parts: Sequence[int]


def dated(months: Sequence[Split]) -> list[Split]:
    """The months that have a place in time."""
    return [one for one in months if one.name != NOT_KNOWN and not one.name.startswith("other ")]


def scale_of(percents: Sequence[float]) -> tuple[int, int, int]:
    """The axis for some percents: it need not begin at 0, because a line shows change and not size."""
    low = max(0, int((min(percents) - 2) // 10 * 10))
    high = min(100, int(-((-max(percents) - 2) // 10) * 10))
    high = max(high, low + 10)
    return low, high, 5 if high - low <= 20 else 10 if high - low <= 50 else 20


def month_label(name: str) -> str:
    """A month as a chart calls it.

    >>> month_label("2026-03")
    'Mar 2026'
    """
    year, _, month = name.partition("-")
    return f"{_NAMES[int(month) - 1]} {year}"


def trend_words(months: Sequence[Split]) -> str:
    """What the chart shows, in a sentence or two; empty where there is too little to draw."""
    shown = [one for one in dated(months) if one.judged]
    if len(shown) < 2:
        return ""
    worst = min(shown, key=lambda one: one.rate or 0)
    said = (
        f"From {share(shown[0].clean, shown[0].judged)} in {month_label(shown[0].name)} to "
        f"{share(shown[-1].clean, shown[-1].judged)} in {month_label(shown[-1].name)}"
    )
    if worst not in (shown[0], shown[-1]):
        said += f"; lowest in {month_label(worst.name)} with {share(worst.clean, worst.judged)}"
    said += "."
    if any(one.open for one in shown):
        said += " The broken line also counts claims on which nothing failed but something was left open."
    return said


def trend_svg(months: Sequence[Split]) -> str:
    """The chart; empty where there are less than two months to draw.

    The line is the share of clean claims; a broken one, where some were left open, that of claims on which nothing failed.
    """
    shown = [one for one in dated(months) if one.judged]
    if len(shown) < 2:
        return ""
    lines = [_Line("", [one.clean for one in shown])]
    if any(one.open for one in shown):
        lines.append(_Line(" whole", [one.judged - one.failing for one in shown]))
    percents = [100 * part / one.judged for line in lines for part, one in zip(line.parts, shown, strict=True)]
    scale = _Scale(*scale_of(percents))
    step = (_WIDTH - _LEFT - _RIGHT) / len(shown)
    x = [_LEFT + step * (place + 0.5) for place in range(len(shown))]
    height = _TOP + _PLOT + _GAP + _VOLUME + _FOOT
    parts = [
        f'<svg class="trend" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(trend_words(months))}">'
    ]
    parts += [*_grid(scale), *_volume(shown, x, step)]
    for line in reversed(lines):
        parts += _drawn(line, shown, x, scale)
    parts += [*_month_names(shown, x, step, height), "</svg>"]
    return "".join(parts)


def _grid(scale: _Scale) -> list[str]:
    return [
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{scale.y(tick):.1f}" y2="{scale.y(tick):.1f}"></line>'
        f'<text class="tick" x="{_LEFT - 8}" y="{scale.y(tick) + 4:.1f}" text-anchor="end">{tick}%</text>'
        for tick in range(scale.low, scale.high + 1, scale.step)
    ]


def _volume(shown: Sequence[Split], x: Sequence[float], step: float) -> list[str]:
    most = max(one.claims for one in shown)
    foot = _TOP + _PLOT + _GAP + _VOLUME
    bars = [
        f'<rect class="volume" x="{x[place] - step * 0.3:.1f}" width="{step * 0.6:.1f}" '
        f'y="{foot - _VOLUME * one.claims / most:.1f}" height="{_VOLUME * one.claims / most:.1f}"></rect>'
        for place, one in enumerate(shown)
    ]
    bars.append(f'<text class="tick" x="{_LEFT}" y="{foot - _VOLUME - 6}">Claims per month, at most {most:,}</text>')
    return bars


def _drawn(line: _Line, shown: Sequence[Split], x: Sequence[float], scale: _Scale) -> list[str]:
    """A line with its points; its lowest and its last one say how much they are."""
    y = [scale.y(100 * part / one.judged) for part, one in zip(line.parts, shown, strict=True)]
    made = [f'<path class="line{line.mark}" d="{_path(shown, x, y)}"></path>']
    lowest = max(range(len(shown)), key=lambda place: y[place])
    what = "without a failure" if line.mark else "clean"
    for place, one in enumerate(shown):
        part = share(line.parts[place], one.judged)
        said = f"{month_label(one.name)}: {part} of {one.judged:,} claims {what}"
        made.append(
            f'<circle class="point{line.mark}" cx="{x[place]:.1f}" cy="{y[place]:.1f}" r="{3 if line.mark else 4}">'
            f"<title>{escape(said)}</title></circle>"
        )
        if place == len(shown) - 1:
            made.append(f'<text class="said" x="{x[place] + 9:.1f}" y="{y[place] + 4:.1f}">{part}</text>')
        elif place == lowest and not line.mark:
            made.append(
                f'<text class="said" x="{x[place]:.1f}" y="{_beside(y[place]):.1f}" text-anchor="middle">{part}</text>'
            )
    return made


def _beside(y: float) -> float:
    """Where the words of a point stand: below it, or above where that is the foot of the chart."""
    return y + 18 if y + 18 < _TOP + _PLOT else y - 10


def _month_names(shown: Sequence[Split], x: Sequence[float], step: float, height: int) -> list[str]:
    every = max(1, -int(-_LABEL // step))
    return [
        f'<text class="tick" x="{x[place]:.1f}" y="{height - 6}" text-anchor="middle">{month_label(one.name)}</text>'
        for place, one in enumerate(shown)
        if place % every == 0
    ]


def _path(shown: Sequence[Split], x: Sequence[float], y: Sequence[float]) -> str:
    """A line through the points, with a gap where months have no claims."""
    parts = []
    for place in range(len(shown)):
        joined = place > 0 and _place(shown[place].name) == _place(shown[place - 1].name) + 1
        parts.append(f"{'L' if joined else 'M'}{x[place]:.1f} {y[place]:.1f}")
    return " ".join(parts)


def _place(name: str) -> int:
    year, _, month = name.partition("-")
    return int(year) * 12 + int(month)
