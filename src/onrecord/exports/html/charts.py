"""Charts as SVG that stands in a page: the geometry is pygal's, colours and letters are the page's style sheet's.

So they follow the page into the dark and onto paper, need no script, and every bar says in words what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

from onrecord.exports.display import visible

__all__ = ["Chart", "columns", "rows"]

_WIDTH = 900
_LETTER = 13
_COLUMN = 110
"""A column with what is around it is at most so wide."""
_LONGEST = 34
"""A row's label is cut at this many characters; its bars say it whole."""
_FEW = 6
_SERIES = 8
"""So many colours a chart has."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it shows, the names of its series in the order of their colours (none for one), the drawing."""

    title: str
    legend: tuple[str, ...]
    svg: Markup


def columns(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], *, unit: str = "") -> Chart:
    """Upright bars, one on top of the other for each label; ``unit`` stands behind the values (``%``)."""
    free = max(8, _WIDTH - 60 - _COLUMN * len(labels))
    chart = pygal.StackedBar(height=300, show_legend=False, margin_right=free, **_common(unit))
    longest = max((len(label) for label in labels), default=1)
    step = max(1, -(-len(labels) * (longest + 2) * _LETTER * 2 // (3 * _WIDTH)))  # a label's room, two thirds a letter
    chart.x_labels = list(labels)
    chart.x_labels_major = list(labels)[::step]
    chart.show_minor_x_labels = False
    return _drawn(chart, title, labels, series, unit)


def rows(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], *, unit: str = "") -> Chart:
    """Lying bars, one behind the other for each label, the first on top."""
    chart = pygal.HorizontalStackedBar(height=70 + 26 * len(labels), show_legend=False, **_common(unit))
    chart.x_labels = [_cut(label) for label in reversed(labels)]
    turned = {name: list(reversed(values)) for name, values in series.items()}
    return _drawn(chart, title, list(reversed(labels)), turned, unit)


def _common(unit: str) -> dict[str, Any]:
    style = Style(label_font_size=_LETTER, major_label_font_size=_LETTER, font_family="sans-serif")
    return {
        "width": _WIDTH, "style": style, "css": [], "js": [], "margin": 8, "spacing": 8, "max_scale": 6, "min_scale": 2,
        "disable_xml_declaration": True, "no_prefix": True, "truncate_label": -1,
        "range": (0, 100) if unit == "%" else None,
        "value_formatter": lambda value: f"{value:,.0f}{unit}", "include_x_axis": True, "no_data_text": "",
    }  # fmt: skip


def _drawn(chart: Any, title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], unit: str) -> Chart:
    if len(series) > _SERIES:
        raise ValueError(f"{len(series)} series: there are {_SERIES} colours")
    for name, values in series.items():
        chart.add(name, list(values))
    most = max((sum(values) for values in zip(*series.values(), strict=True)), default=0.0)
    if not unit and most <= _FEW:
        chart.y_labels = list(range(int(most) + 1))  # no halves of statements
    root = chart.render_tree()
    _bare(root, title)
    for (name, values), group in zip(series.items(), _groups(root), strict=True):
        bars = [node for node in group.iter() if node.get("class") == "bar"]
        for label, value, bar in zip(labels, values, bars, strict=True):
            said = etree.SubElement(bar, "title")
            of = f", {name}" if len(series) > 1 else ""
            said.text = visible(f"{label}{of}: {value:,.0f}{unit}")
    svg = etree.tostring(root, encoding="unicode", with_tail=False)
    return Chart(title, tuple(series) if len(series) > 1 else (), Markup(_short(svg)))


def _groups(root: Any) -> Iterator[Any]:
    """The series with their bars, in order."""
    for node in root.iter():
        if (node.get("class") or "").startswith("series ") and any(c.get("class") == "bars" for c in node):
            yield node


def _bare(root: Any, title: str) -> None:
    """Leave the geometry alone: no style, no script, no layer for pointing, nothing that tells when it was made."""
    for node in list(root.iter()):
        name = (node.get("class") or "") if isinstance(node.tag, str) else "overlay"  # a comment
        gone = node.tag in ("defs", "style", "script", "desc", "title") or "background" in name.split()
        if (gone or name.endswith("overlay")) and node.getparent() is not None:
            node.getparent().remove(node)
    root.attrib.pop("id", None)
    root.attrib.update({"role": "img", "aria-label": visible(title), "class": "chart"})


def _short(svg: str) -> str:
    """Coordinates to a tenth of a unit."""
    return re.sub(r"(?<=[ \"(,MLhv-])(\d+\.\d{2,})", lambda match: f"{float(match[1]):.1f}", svg)


def _cut(label: str) -> str:
    shown = visible(label)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
