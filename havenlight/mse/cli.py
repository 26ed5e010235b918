"""The command `havenlight estimate`: a table of lists in, estimates and a verdict out."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from havenlight.mse.analysis import METHODS, estimate
from havenlight.mse.classical import RESAMPLES, Settings
from havenlight.mse.errors import MseError
from havenlight.mse.plots import all_plots
from havenlight.mse.read import read_counts, read_records, read_strata
from havenlight.mse.strata import StrataAnalysis, estimate_strata
from havenlight.mse.wording import report_text, rounded

REFUSED = 2


def build_parser(prog: str = "havenlight estimate") -> argparse.ArgumentParser:
    """Return the arguments of the command, so that a longer command can take them over."""
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    add_arguments(parser)
    return parser


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("file", type=Path, help="CSV: one 0/1 column a list, last column count")
    parser.add_argument("--json", action="store_true", help="print everything, for programs")
    parser.add_argument(
        "--method", action="append", choices=sorted(METHODS), help="repeat for several"
    )
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal numbers")
    parser.add_argument(
        "--bootstrap", type=int, default=RESAMPLES, metavar="N", help="resamples; 0 for none"
    )
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals, 0 to 1")
    parser.add_argument("--max-order", type=int, help="the most lists in one term of a model")
    parser.add_argument("--lists", help="the columns that are lists, with commas")
    parser.add_argument("--strata", help="the columns that tell strata apart, with commas")
    parser.add_argument("--records", action="store_true", help="one line a person, no counts")
    parser.add_argument("--person", help="with --records: the column with each person's code")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="write the plots there, SVG")


def check_arguments(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End with a message when arguments do not fit each other."""
    if not 0 < args.level < 1:
        parser.error(f"--level {args.level} is not between 0 and 1")
    if args.bootstrap < 0:
        parser.error(f"--bootstrap {args.bootstrap} is negative")
    if args.max_order is not None and args.max_order < 1:
        parser.error(f"--max-order {args.max_order} is below 1")
    if args.strata and args.records:
        parser.error("--strata needs counts; it cannot be used with --records")
    if args.strata and (args.bootstrap == 0 or args.plots):
        parser.error("--strata needs --bootstrap above 0, and draws no plots")
    if args.strata and set(args.method or ()) - {"stepwise", "aic", "aicc", "bic"}:
        parser.error("--strata is for the methods stepwise, aic, aicc and bic")
    if args.strata and len(args.method or ()) > 1:
        parser.error("--strata takes one --method")


def run(args: argparse.Namespace) -> int:
    """Run the command; return 0, or 2 when the table was refused, with the reason on stderr."""
    settings = Settings(args.level, args.bootstrap, args.seed, args.max_order, _report)
    try:
        text = _strata(args, settings) if args.strata else _table(args, settings)
    except OSError as failure:
        sys.stderr.write(f"{failure.filename}: {failure.strerror}\n")
        return REFUSED
    except MseError as refusal:
        sys.stderr.write(f"{args.file}: {refusal}\n")
        return REFUSED
    sys.stdout.write(text + "\n")
    return 0


def main(argv: Sequence[str] | None = None, prog: str = "python -m havenlight.mse") -> int:
    """Read the arguments and run the command."""
    parser = build_parser(prog)
    args = parser.parse_args(argv)
    check_arguments(parser, args)
    return run(args)


def _table(args: argparse.Namespace, settings: Settings) -> str:
    lists = _columns(args.lists)
    if args.records:
        table = read_records(args.file, lists, args.person)
    else:
        table = read_counts(args.file, lists)
    analysis = estimate(table, args.method, settings)
    if args.plots:
        args.plots.mkdir(parents=True, exist_ok=True)
        for name, svg in all_plots(analysis).items():
            (args.plots / f"{name}.svg").write_text(svg, encoding="utf-8")
    return _json(analysis.as_json()) if args.json else report_text(analysis)


def _strata(args: argparse.Namespace, settings: Settings) -> str:
    tables = read_strata(args.file, _columns(args.strata) or (), _columns(args.lists))
    method = args.method[0] if args.method else "stepwise"
    analysis = estimate_strata(tables, method, settings)
    return _json(analysis.as_json()) if args.json else strata_text(analysis)


def strata_text(analysis: StrataAnalysis) -> str:
    """Return the text for a report: each stratum, their total, the verdict and its reasons."""
    lines = [f"{analysis.n_observed:,} persons were seen, each in one stratum."]
    named = {" ".join(stratum): one for stratum, one in analysis.strata.items()}
    for name, one in (*named.items(), ("total", analysis.total)):
        if one.estimate is None:
            lines.append(f"{name}: no number: {one.reason}")
        else:
            upper = rounded(one.upper) if one.upper is not None else "no upper limit"
            ends = f"{rounded(one.lower or 0)} to {upper}"
            lines.append(f"{name}: {rounded(one.estimate)} ({one.level:.0%} interval {ends})")
    lines.append(f"verdict: {str(analysis.judgement.verdict).replace('_', ' ')}")
    return "\n".join([*lines, *(reason.text for reason in analysis.judgement.reasons)])


def _columns(text: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in text.split(",")) if text else None


def _json(answer: object) -> str:
    return json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False)


def _report(what: str, share: float) -> None:
    """Say on stderr what is being done; on a terminal the line is written over."""
    end = "\r" if sys.stderr.isatty() else "\n"
    sys.stderr.write(f"{what:<40} {share:4.0%}{end}")
    sys.stderr.flush()
