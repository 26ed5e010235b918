"""The text for a report: the numbers with their uncertainty, never one of them alone."""

from havenlight.mse.analysis import Analysis
from havenlight.mse.result import Estimate, Status, Verdict

_VERDICTS = {
    Verdict.ESTIMABLE: "The methods agree, and no single choice decides the answer: estimable.",
    Verdict.FRAGILE: "The number is fragile: choices that the data cannot settle move it.",
    Verdict.NOT_ESTIMABLE: "The number cannot be estimated from these lists.",
}

_NAMES = {
    "stepwise": "Stepwise choice",
    "bic": "Best BIC",
    "aic": "Best AIC",
    "aicc": "Best AICc",
    "independent": "Independent lists",
    "bayes_threshold": "Bayesian threshold",
    "dga": "Average over decomposable graphs",
    "latent_classes": "Latent classes",
    "chapman": "Two lists (Chapman)",
}


def rounded(value: float) -> str:
    """Write persons with three significant figures, which is more than any of them deserves."""
    size = max(0, len(str(int(value))) - 3)
    return f"{round(value, -size):,.0f}"


def report_text(analysis: Analysis) -> str:
    """Return the text for a report: unit, level, every method, the verdict and its reasons."""
    lists = f"{len(analysis.lists)} lists ({', '.join(analysis.lists)})"
    sentences = [f"{analysis.n_observed:,} persons were seen by at least one of {lists}."]
    given = [one for one in analysis.methods if one.status is Status.ESTIMATED]
    sentences += [_method(one) for one in given]
    sentences += [
        f"{_NAMES[one.name]} gives no number: {one.reason}."
        for one in analysis.methods
        if one.status is not Status.ESTIMATED
    ]
    sentences.append(_VERDICTS[analysis.verdict])
    sentences += [f"{_sentence(reason.text)}." for reason in analysis.judgement.reasons]
    return "\n".join(sentences)


def _method(one: Estimate) -> str:
    ends = f"{rounded(one.lower)}" if one.lower is not None else "no lower limit"
    ends += f" to {rounded(one.upper)}" if one.upper is not None else " and no upper limit"
    total = rounded(one.estimate) if one.estimate is not None else ""
    model = f", model {one.model}" if one.model.startswith("[") else ""
    name = _NAMES[one.name]
    warning = f" {_sentence(one.reason)}." if one.reason else ""
    return f"{name}: {total} persons in all ({one.level:.0%} interval {ends}){model}.{warning}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
