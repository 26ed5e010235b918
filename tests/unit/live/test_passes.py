"""A group is cut so that each statement writes once to a conversation."""

from hypothesis import given
from hypothesis import strategies as st

from havenlight.live.jobs import Append, passes

jobs = st.builds(
    Append,
    conv=st.sampled_from(["one", "two", "three"]),
    id=st.sampled_from(["a", "b", "c", "d"]),
    sender=st.sampled_from(["v", "c:1", "c:2"]),
    subject=st.just("one"),
    n=st.integers(1, 9),
    env=st.just(b"\x01"),
    text=st.just("AQ"),
)
groups = st.lists(jobs, max_size=12).map(lambda group: list(enumerate(group)))


@given(groups)
def test_every_job_is_in_one_pass_at_its_place(group: list[tuple[int, Append]]) -> None:
    cut = [one for some in passes(group) for one in some]
    assert sorted(cut) == sorted(group)


@given(groups)
def test_in_a_pass_no_conversation_stands_twice(group: list[tuple[int, Append]]) -> None:
    for some in passes(group):
        assert some
        convs = [job.conv for _, job in some]
        assert len(set(convs)) == len(convs)


@given(groups)
def test_what_stands_in_another_s_way_comes_after_it(group: list[tuple[int, Append]]) -> None:
    pass_of = {place: number for number, some in enumerate(passes(group)) for place, _ in some}
    for first, one in group:
        for second, other in group[first + 1 :]:
            if one.conv == other.conv:
                assert pass_of[first] < pass_of[second]


def test_a_group_in_which_nothing_meets_is_one_pass() -> None:
    group = list(
        enumerate(Append(str(n), str(n), "v", str(n), 1, b"\x01", "AQ") for n in range(100))
    )
    assert list(passes(group)) == [group]
