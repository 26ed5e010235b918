"""What was found, as the rows and words that the page shows."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from havenlight.figures.wording import method, plot, say
from havenlight.figures.work import Done

_MODELS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate: what it is of, and persons in all with the ends of its interval.

    The numbers are text, rounded to whole persons, empty where there is none.
    """

    name: str
    persons: str
    lower: str
    upper: str
    remark: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as SVG, its file, and its numbers as a table unless they stand on the page already."""

    name: str
    svg: SafeString
    file: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def found(done: Done) -> dict[str, Any]:
    """The context of the part of the page that shows a result."""
    analysis = done.analysis
    return {
        "verdict": analysis["verdict"],
        "seen": _persons(analysis["n_observed"]),
        "lists": ", ".join(analysis.get("lists", ())),
        "reasons": [_sentence(reason["text"]) for reason in analysis["reasons"]],
        "rows": _rows(analysis),
        "pooled": _pooled(analysis.get("pooled")),
        "strata": "strata" in analysis,
        "levels": f"{_of(analysis)[0]['level']:.0%}",
        "plots": [_plot(name, svg, analysis) for name, svg in done.plots.items()],
        "report": "\n".join(say(line) for line in done.report.splitlines()),
        "check": _check(analysis.get("check")),
        "file": _file("application/json", json.dumps(analysis, indent=2, ensure_ascii=False)),
    }


def _of(analysis: dict[str, Any]) -> list[dict[str, Any]]:
    """The estimates of an analysis: of each method, or of each stratum and their total."""
    if "strata" in analysis:
        return [*analysis["strata"], analysis["total"]]
    methods: list[dict[str, Any]] = analysis["methods"]
    return methods


def _rows(analysis: dict[str, Any]) -> list[Row]:
    return [_row(one, _name(one)) for one in _of(analysis)]


def _name(one: dict[str, Any]) -> str:
    stratum = one.get("stratum")
    return " ".join(stratum.values()) if stratum else method(one["name"])


def _row(one: dict[str, Any], name: str) -> Row:
    upper = _persons(one["upper"])
    if one["lower"] is not None and not upper:
        upper = _("no upper limit")
    remark = _sentence(one["reason"]) if one["reason"] else ""
    return Row(name, _persons(one["estimate"]), _persons(one["lower"]), upper, remark, one["model"])


def _pooled(pooled: dict[str, Any] | None) -> list[Row]:
    """The strata after they have borrowed from each other."""
    if pooled is None:
        return []
    rows = [_row(one, name) for name, one in pooled["strata"].items()]
    return [*rows, _row(pooled["total"], _("total"))]


def _plot(name: str, svg: str, analysis: dict[str, Any]) -> Plot:
    said = plot(svg)
    head, rows = _table(name, analysis["sensitivity"])
    # Drawn by `havenlight.mse.plots`, which escapes what a table brought; `wording` does so again.
    trusted = mark_safe(said)  # noqa: S308 -- see above
    return Plot(name, trusted, _file("image/svg+xml", said), head, rows)


def _table(
    name: str, around: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The numbers of a plot, for those who cannot see it or want them exactly."""
    if name == "models":
        return (_("Model"), _("Persons"), _("From"), _("To"), _("Weight")), tuple(
            (
                row["model"],
                *(_persons(row[key]) for key in ("estimate", "lower", "upper")),
                _share(row["weight"]),
            )
            for row in around["models"][:_MODELS_SHOWN]
        )
    if name == "sensitivity":
        return (_("Left out"), _("Method"), _("Persons"), _("Remark")), tuple(
            (
                row["left_out"],
                method(row["method"]),
                _persons(row["estimate"]),
                say(row["reason"]) if row["reason"] else "",
            )
            for row in around["left_out"]
        )
    if name == "thresholds":
        return (_("p over"), _("Model"), _("Persons")), tuple(
            (say(f"{row['above']:.2g}"), row["model"], _persons(row["estimate"]))
            for row in around["threshold_path"]
        )
    return (), ()


def _check(check: dict[str, Any] | None) -> dict[str, str] | None:
    if check is None:
        return None
    return {"model": check["model"], "share": _share(check["p_value"])}


def _file(kind: str, content: str) -> str:
    """The address of a file that is in the page itself, so that nothing is kept to fetch it."""
    return f"data:{kind};base64,{b64encode(content.encode()).decode()}"


def _persons(number: float | None) -> str:
    return "" if number is None else number_format(round(number), force_grouping=True)


def _share(share: float) -> str:
    return f"{number_format(round(100 * share, 1), 1)}%"


def _sentence(text: str) -> str:
    said = say(text)
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}"
