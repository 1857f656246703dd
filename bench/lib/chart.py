"""Small line charts as SVG, side by side, with both axes from zero on."""

import math
from typing import NamedTuple
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 280, 200, 48
LEAST_GAP = 30  # between what is written below the axis


class Line(NamedTuple):
    title: str
    colour: str
    points: list  # of (x, y)


def chart(title, x_title, panels):
    """`panels` are (title, lines)."""
    parts = [_text(8, 18, title, "start", 14)]
    for number, (panel_title, lines) in enumerate(panels):
        left, top = number * (WIDTH + MARGIN) + MARGIN, 56
        parts.append(f'<g transform="translate({left},{top})">{_panel(panel_title, x_title, lines)}</g>')
    width, height = len(panels) * (WIDTH + MARGIN) + MARGIN, HEIGHT + 120
    style = "font-family:sans-serif;background:#fff"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" style="{style}">'
    return "\n".join([head, *parts, "</svg>", ""])


def _panel(title, x_title, lines):
    xs = sorted({x for line in lines for x, _ in line.points})
    highest = _round_up(max((y for line in lines for _, y in line.points), default=1))

    def place(x, y):
        return x / xs[-1] * WIDTH, HEIGHT - y / highest * HEIGHT

    parts = [_text(0, -12, title, "start", 12)]
    for share in (0, 0.5, 1):
        at = HEIGHT * (1 - share)
        parts.append(f'<line x1="0" x2="{WIDTH}" y1="{at}" y2="{at}" stroke="#ddd"/>')
        parts.append(_text(-6, at + 4, f"{highest * share:g}", "end", 10))
    parts += [_text(place(x, 0)[0], HEIGHT + 16, str(x), "middle", 10) for x in _apart(xs, LEAST_GAP / WIDTH * xs[-1])]
    parts.append(_text(WIDTH / 2, HEIGHT + 32, x_title, "middle", 10))
    for number, line in enumerate(lines):
        places = [place(*point) for point in sorted(line.points)]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{line.colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{line.colour}"/>' for x, y in places]
        parts.append(_text(number * 110, HEIGHT + 50, line.title, "start", 11, line.colour))
    return "".join(parts)


def _apart(xs, gap):
    """Of these values, the greatest and those that are so far apart."""
    chosen = []
    for x in reversed(xs):
        if not chosen or chosen[-1] - x >= gap:
            chosen.append(x)
    return chosen


def _round_up(value):
    step = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(step * factor for factor in (1, 2, 5, 10) if step * factor >= value)


def _text(x, y, text, anchor, size, colour="#222"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
