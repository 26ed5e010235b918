"""How many counsellors an hour needs, by Erlang's delay formula."""

from math import ceil, exp


def share_within(rate: float, length: float, places: int, within: float) -> float:
    """The share of visitors who wait at most `within` when `places` conversations can go on.

    Args:
        rate: visitors per hour, coming independently of each other.
        length: mean length of a conversation, in hours.
        places: conversations that can go on at the same time.
        within: hours.
    Returns 0 when more come than can ever be answered. Assumes that nobody leaves before an answer,
    so that it is at the safe side: who leaves makes the queue shorter for the others.
    Source: Erlang (1917); as in Gans, Koole and Mandelbaum, "Telephone call centers", Manufacturing
    & Service Operations Management 5(2), 2003, section 3: P(wait > t) = C e^(-(n - a) t / length).
    """
    load = rate * length
    if load == 0:
        return 1.0
    if places <= load:
        return 0.0
    return 1 - erlang_c(load, places) * exp(-(places - load) * within / length)


def erlang_c(load: float, places: int) -> float:
    """The probability that who comes has to wait; `load` in erlang, less than `places`.

    By way of the loss formula B, through its recursion on the number of places, which is exact and
    never overflows: B(0) = 1, B(k) = a B(k - 1) / (k + a B(k - 1)); then C = n B / (n - a (1 - B)).
    """
    loss = 1.0
    for number in range(1, places + 1):
        loss = load * loss / (number + load * loss)
    return places * loss / (places - load * (1 - loss))


def counsellors_needed(
    rate: float, length: float, *, at_once: int, share: float, within: float
) -> int:
    """The fewest counsellors with whom at least `share` of visitors wait at most `within`.

    Args:
        rate, length, within: as for `share_within`.
        at_once: conversations that one counsellor has at the same time.
    """
    if rate == 0 or length == 0:
        return 0
    counsellors = max(1, ceil(rate * length / at_once))
    while share_within(rate, length, counsellors * at_once, within) < share:
        counsellors += 1
    return counsellors
