"""Nobody's chat is closed by grace for what the server did not know."""

from havenlight.live.rounds import Silence


def test_silence_means_absence_when_who_is_there_was_noted_twice() -> None:
    silence = Silence(clocks=1_000)
    assert [silence.noted(1_000 + drift) for drift in (0, 1, 2)] == [False, True, True]


def test_a_clock_set_ahead_or_back_makes_nobody_absent_who_is_not_noted_again() -> None:
    for set_by in (3_600, -3_600):
        silence = Silence(clocks=0)
        assert [silence.noted(clocks) for clocks in (0, 0)] == [False, True]
        assert [silence.noted(set_by) for _ in range(3)] == [False, False, True]


def test_while_the_database_is_away_nobody_is_absent() -> None:
    silence = Silence(clocks=0)
    assert [silence.noted(0), silence.noted(0)] == [False, True]
    silence.unknown()
    assert [silence.noted(0), silence.noted(0)] == [False, True]
