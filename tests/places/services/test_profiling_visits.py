"""The formulas by themselves."""

import numpy as np
import pytest

from places.services.profiling_visits import (
    estimate_waits,
    own_factors,
    profile_kind,
    shrink,
    usual_shares,
)
from places.visits.types import HOURS, DayClass, KindCounts, KindProfile, visit_rules

RULES = visit_rules()
EVEN = [1 / HOURS] * HOURS


def peak(hour: int, share: float) -> list[float]:
    rest = (1 - share) / (HOURS - 1)
    return [share if one == hour else rest for one in range(HOURS)]


def draw(*, places: int, visits: int, strength: float) -> KindCounts:
    """Draw places whose hours scatter about a common shape by a known strength."""
    random = np.random.default_rng(7)
    shape = np.array(usual_shares("cafe", DayClass.WEEKEND))
    own = random.dirichlet(strength * shape, size=places)
    counts = np.array([random.multinomial(visits, shares) for shares in own])
    return KindCounts(shares=(counts / visits).tolist(), visits=[float(visits)] * places)


def test_few_visits_leave_a_place_like_its_kind_and_many_like_itself() -> None:
    kind = KindProfile(EVEN, 50.0)

    few, even, many = (
        shrink(shares=peak(15, 1.0), visits=visits, kind=kind)[15] for visits in (0, 50, 1e9)
    )

    assert few == pytest.approx(1 / 24)
    assert even == pytest.approx((1 + 1 / 24) / 2)
    assert many == pytest.approx(1.0)


def factors(present: list[int]) -> list[float]:
    shares = np.array(present, dtype=np.float64) / sum(present)
    return own_factors(
        shares=shares,
        visits=sum(present),
        present=present,
        kind=KindProfile(EVEN, 50.0),
        rules=RULES,
    )


def test_factors_are_bounded_and_rounded() -> None:
    told = factors([10] * 15 + [200] + [10] * 8)

    assert told[15] == 2.0
    assert told[3] == 0.6


def test_of_an_hour_in_which_fewer_than_ten_were_nothing_is_told() -> None:
    """The promise of aggregates: comparing two profiles tells of no single visit."""
    busy = [0] * 10 + [12] * 8 + [0] * 6
    nobody, one, nine = ([*[early], *busy[1:]] for early in (0, 1, 9))
    here, there = [6, 0, 6, *busy[3:]], [5, 1, 6, *busy[3:]]

    assert factors(nobody) == factors(one) == factors(nine)
    assert factors(here) == factors(there)
    assert factors(here) != factors(nobody)


def test_a_place_with_few_in_every_hour_is_like_its_kind() -> None:
    assert factors([9] * 24) == [1.0] * 24


def test_places_like_each_other_draw_more_than_places_that_differ() -> None:
    usual = usual_shares("cafe", DayClass.WEEKEND)

    alike = profile_kind(
        counts=draw(places=60, visits=200, strength=400.0), usual=usual, rules=RULES
    )
    differing = profile_kind(
        counts=draw(places=60, visits=200, strength=20.0), usual=usual, rules=RULES
    )

    assert alike.strength == pytest.approx(400, rel=0.35)
    assert differing.strength == pytest.approx(20, rel=0.35)


def test_without_visits_a_kind_is_as_usual() -> None:
    usual = usual_shares("museum", DayClass.WEEKDAY)

    kind = profile_kind(counts=KindCounts(shares=[], visits=[]), usual=usual, rules=RULES)

    assert kind.shares == pytest.approx(usual, abs=1e-3)
    assert kind.strength == pytest.approx(RULES.profile["strength"])


def test_one_place_with_all_the_visits_is_not_its_whole_kind() -> None:
    usual = usual_shares("cafe", DayClass.WEEKEND)
    shares, visits = [peak(3, 0.9), *[list(usual)] * 9], [100_000.0, *[200.0] * 9]

    kind = profile_kind(counts=KindCounts(shares=shares, visits=visits), usual=usual, rules=RULES)

    assert kind.shares[3] < 0.25


@pytest.mark.parametrize("category", ["cafe", "museum", "club"])
def test_usual_hours_are_shares_of_a_day(category: str) -> None:
    shares = usual_shares(category, DayClass.WEEKDAY)

    assert len(shares) == HOURS
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_a_wait_grows_as_the_seats_fill() -> None:
    presence = [0, 20, 45, 60, 200, *[0] * 19]

    waits = estimate_waits(
        category="cafe", presence=presence, stays=100, stays_min=6000, rules=RULES
    )

    # Who stays an hour is counted in two: 10, 22.5, 30 and 100 are there at once, on 30 seats.
    assert waits[:3] == [0, 0, 1]
    assert 60 < (waits[3] or 0) <= (waits[4] or 0) <= 240


@pytest.mark.parametrize(
    ("category", "stays"),
    [("park", 100), ("cafe", 29)],
    ids=["nobody waits in a park", "too few stays are known"],
)
def test_no_wait_is_told_where_none_can_be_known(category: str, stays: int) -> None:
    waits = estimate_waits(
        category=category, presence=[60] * 24, stays=stays, stays_min=stays * 60, rules=RULES
    )

    assert waits == [None] * HOURS
