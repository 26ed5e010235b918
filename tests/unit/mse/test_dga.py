"""Averaging over decomposable graphs: R's answers, brute force, simulation and refusals."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, logsumexp

from havenlight.mse.dga import decomposable_average, decomposable_posterior, over_priors
from havenlight.mse.graph_weights import SizePrior
from havenlight.mse.graphs import decomposable_graphs
from havenlight.mse.result import Status
from havenlight.mse.table import CaptureTable, cells_of
from tests.unit.mse.bayesian_tables import dense_table, public_table, reference


@pytest.mark.parametrize(("n_lists", "graphs"), [(3, 8), (4, 61), (5, 822)])
def test_every_decomposable_graph_is_found_once(n_lists, graphs):
    found = decomposable_graphs(n_lists)
    assert len(found.names) == len(set(found.names)) == graphs
    assert (found.signs[:, 1:].sum(axis=1) + found.signs[:, 0] == 0).all()


@pytest.mark.long
def test_six_lists_have_the_published_number_of_graphs():
    assert len(decomposable_graphs(6).names) == 18_154


@pytest.mark.parametrize("n_lists", [2, 7])
def test_other_numbers_of_lists_have_no_enumeration(n_lists):
    with pytest.raises(ValueError, match="outside 3 to 6"):
        decomposable_graphs(n_lists)


def test_a_graph_is_named_by_its_cliques_and_signed_by_cliques_and_separators():
    graphs = decomposable_graphs(4)
    signs = graphs.signs[graphs.names.index("[12,23,4]")]
    assert {m: s for m, s in enumerate(signs) if s} == {
        0: -2,
        0b10: -1,
        0b11: 1,
        0b110: 1,
        0b1000: 1,
    }


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_the_posterior_agrees_with_dga_to_six_digits(name):
    theirs = reference(name)["dga"]
    missing = np.unique(np.rint(np.linspace(1, theirs["Nmissing_max"], theirs["Nmissing_grid"])))
    ours = decomposable_posterior(
        public_table(name), prior_count=theirs["delta"], prior=SizePrior.MISSING, missing=missing
    )
    assert ours.mean() == pytest.approx(theirs["mean"], rel=1e-9)
    assert ours.weights[0] == pytest.approx(theirs["top_model_weight"], abs=1e-8)
    assert [ours.quantile(p) for p in (0.025, 0.5, 0.975)] == list(theirs["q"].values())


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_the_grid_that_is_laid_by_itself_loses_nothing(name):
    wide = np.arange(1.0, 3_000_001, 100)
    given_grid = decomposable_posterior(public_table(name), missing=wide)
    own_grid = decomposable_posterior(public_table(name))
    assert own_grid.mean() == pytest.approx(given_grid.mean(), rel=1e-4)
    assert own_grid.weights[:5] == pytest.approx(given_grid.weights[:5], abs=1e-5)


def brute_force(table: CaptureTable, missing: np.ndarray, each: float) -> np.ndarray:
    """Return the log-probability of counts and size by summing Dirichlet integrals directly.

    Only graphs whose complement of edges is easy to write by hand: those on three lists.
    """
    cells = np.vstack([np.zeros((1, 3), dtype=bool), cells_of(3)])

    def marginal(members: tuple[int, ...], counts: np.ndarray) -> float:
        key = cells[:, members] @ (1 << np.arange(len(members))) if members else np.zeros(8, int)
        sums = np.bincount(key, counts, minlength=1 << len(members))
        prior = each * 8 / len(sums)
        return (
            gammaln(sums + prior).sum()
            - len(sums) * gammaln(prior)
            + gammaln(each * 8)
            - gammaln(counts.sum() + each * 8)
        )

    answer = []
    for size in missing:
        counts = np.concatenate([[size], table.dense()])
        one = [marginal((j,), counts) for j in range(3)]
        two = {pair: marginal(pair, counts) for pair in combinations(range(3), 2)}
        graphs = [sum(one), marginal((0, 1, 2), counts)]
        graphs += [two[a, b] + one[3 - a - b] for a, b in two]
        graphs += [two[p] + two[q] - one[(set(p) & set(q)).pop()] for p, q in combinations(two, 2)]
        ways = gammaln(counts.sum() + 1) - gammaln(counts + 1).sum()
        answer.append(logsumexp(graphs) + ways - np.log(counts.sum()))
    return np.array(answer)


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 30), min_size=7, max_size=7), st.sampled_from([0.125, 0.5, 1.0]))
def test_three_lists_agree_with_the_integrals_written_out(counts, each):
    table = dense_table(*[count + 1 for count in counts])
    missing = np.arange(1.0, 60)
    posterior = decomposable_posterior(table, prior_count=each, missing=missing)
    logs = brute_force(table, missing, each)
    assert posterior.probability == pytest.approx(np.exp(logs - logsumexp(logs)), rel=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_the_order_of_the_lists_does_not_matter(order, seed):
    counts = np.random.default_rng(seed).poisson(9, 15) + 1
    table = CaptureTable(tuple("ABCD"), cells_of(4), counts)
    turned = CaptureTable(tuple("ABCD"), cells_of(4)[:, order], counts)
    first, second = decomposable_posterior(table), decomposable_posterior(turned)
    assert second.mean() == pytest.approx(first.mean(), rel=1e-9)
    assert second.weights == pytest.approx(first.weights, rel=1e-6, abs=1e-12)


def simulated(rng: np.random.Generator, size: int, chances: list[float]) -> CaptureTable:
    seen = rng.random((size, len(chances))) < chances
    cells = seen @ (1 << np.arange(len(chances)))
    dense = np.bincount(cells, minlength=1 << len(chances))[1:]
    return CaptureTable.from_dense(tuple("ABCD"[: len(chances)]), dense)


def test_independent_lists_are_covered_as_often_as_claimed():
    rng = np.random.default_rng(7)
    answers = [decomposable_average(simulated(rng, 800, [0.3, 0.25, 0.2, 0.3])) for _ in range(30)]
    covered = sum(a.lower <= 800 <= a.upper for a in answers)
    assert covered >= 25  # 95% of 30 is 28.5; fewer than 25 has a chance of 1 in 300
    assert np.median([a.estimate for a in answers]) == pytest.approx(800, rel=0.04)


def test_the_estimate_says_when_likely_graphs_contradict_each_other():
    answer = decomposable_average(public_table("UKdat_5"))
    assert answer.model == "[123,25,34]"
    assert "graphs with over 5% of the weight each say 12,130 to 28,465 persons" in answer.reason
    assert answer.details["graphs"][0]["weight"] == pytest.approx(0.44343, abs=1e-5)


def test_two_lists_are_refused_because_their_dependence_cannot_show():
    answer = decomposable_average(dense_table(10, 20, 5))
    assert answer.status is Status.NOT_APPLICABLE
    assert answer.estimate is None


def test_seven_lists_are_refused():
    table = CaptureTable.from_dense(tuple("ABCDEFG"), np.ones(127, dtype=np.int64))
    assert decomposable_average(table).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("overlap", [1, 2])
def test_lists_that_hardly_overlap_are_refused_since_the_prior_would_answer(overlap):
    """Left alone, the average would say that hardly anybody is missing."""
    answer = decomposable_average(dense_table(400, 500, overlap, 600, overlap, overlap, 0))
    assert answer.status is Status.NOT_ESTIMABLE
    assert "say nothing about the persons that no list saw" in answer.reason


def test_a_list_that_shares_nobody_is_refused_by_name():
    answer = decomposable_average(dense_table(40, 50, 9, 60, 0, 0, 0))
    assert answer.status is Status.NOT_ESTIMABLE
    assert answer.reason == "list 'C' has no person in common with any other list"


def test_the_answer_warns_when_the_complete_graph_has_some_weight():
    answer = decomposable_average(dense_table(400, 500, 9, 600, 9, 9, 0))
    assert answer.status is Status.ESTIMATED
    assert "ties all lists together has 8%" in answer.reason


def test_a_prior_or_grid_outside_its_range_is_refused():
    table = dense_table(9, 8, 3, 7, 2, 2, 1)
    with pytest.raises(ValueError, match="prior count 0 is not over 0"):
        decomposable_posterior(table, prior_count=0)
    with pytest.raises(ValueError, match="do not rise"):
        decomposable_posterior(table, missing=np.array([5.0, 5.0]))


def test_other_priors_are_answered_beside_each_other_or_refused():
    """Four times the prior persons a cell nearly halve the UK's estimate."""
    answers = over_priors(public_table("UKdat_5"))
    usual, by_missing, fewer, more = answers.values()
    assert next(iter(answers)) == "0.03125 prior persons a cell, size 1/N"
    assert usual == decomposable_average(public_table("UKdat_5"))
    assert by_missing.estimate == pytest.approx(usual.estimate, rel=0.03)
    assert fewer.status is Status.ESTIMATED
    assert more.estimate < 0.6 * usual.estimate
