"""How far a fact is believed: the formula by itself, with the numbers that are shipped."""

from datetime import UTC, datetime, timedelta

import pytest

from places.reports.types import Belief, Claim, PlaceFact, Reporter, ReportKind
from places.services.believing import belief_rules, believe, weigh_reporter

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = belief_rules()


def claim(reporter: int, **fields: object) -> Claim:
    defaults = {"kind": ReportKind.WRONG_HOURS, "weight": 0.5, "seen_at": NOW}
    return Claim(reporter=reporter, **(defaults | fields))  # type: ignore[arg-type] # filled in


def judge(*told: Claim, record_at: datetime | None = None) -> Belief:
    belief = believe(fact=PlaceFact.HOURS, claims=told, record_at=record_at, now=NOW, rules=RULES)
    assert belief is not None
    return belief


def weigh(**fields: object) -> float:
    defaults = {"account_age_days": 365.0, "has_confirmed_email": True}
    return weigh_reporter(Reporter(**(defaults | fields)), rules=RULES)  # type: ignore[arg-type] # filled in


def test_each_independent_report_lowers_the_belief() -> None:
    one, two, three = (
        judge(claim(1)),
        judge(claim(1), claim(2)),
        judge(claim(1), claim(2), claim(3)),
    )

    assert [belief.confidence for belief in (one, two, three)] == pytest.approx([0.75, 0.6, 0.5])
    assert [belief.is_doubted for belief in (one, two, three)] == [False, True, True]


def test_one_person_alone_casts_no_doubt_however_trusted_and_often() -> None:
    told = [
        claim(1, weight=1.0, kind=kind, seen_at=NOW - hours * timedelta(hours=1))
        for kind in (ReportKind.CLOSED_NOW, ReportKind.WRONG_HOURS)
        for hours in range(5)
    ]

    belief = judge(*told)

    assert belief.confidence == pytest.approx(0.6)
    assert (belief.reporters, belief.is_doubted) == (1, False)


def test_a_burst_of_fresh_accounts_weighs_as_one_ordinary_reporter() -> None:
    burst = [claim(number, weight=0.05) for number in range(200)]

    belief = judge(*burst)

    assert belief.confidence == judge(claim(1)).confidence
    assert (belief.reporters, belief.is_doubted) == (0, False)


def test_a_report_fades_by_half_in_its_half_life() -> None:
    half_life = RULES.half_life_days["wrong_hours"] * DAY

    belief = judge(claim(1, weight=1.0, seen_at=NOW - half_life))

    assert belief.confidence == judge(claim(1, weight=0.5)).confidence


def test_what_has_faded_is_forgotten() -> None:
    old = claim(1, seen_at=NOW - 3650 * DAY)

    assert believe(fact=PlaceFact.HOURS, claims=[old], record_at=None, now=NOW, rules=RULES) is None


def test_a_newer_record_restores_belief_as_time_passes() -> None:
    told = [claim(number, seen_at=NOW - 30 * DAY) for number in range(3)]

    unanswered = judge(*told)
    just_now = judge(*told, record_at=NOW)
    a_week_ago = judge(*told, record_at=NOW - 7 * DAY)
    older = judge(*told, record_at=NOW - 31 * DAY)

    assert just_now.confidence == unanswered.confidence == older.confidence
    assert unanswered.is_doubted
    assert a_week_ago.confidence > unanswered.confidence
    assert not a_week_ago.is_doubted


def test_a_record_of_the_future_restores_nothing() -> None:
    told = [claim(1, seen_at=NOW - 30 * DAY)]

    assert judge(*told, record_at=NOW + DAY) == judge(*told)


@pytest.mark.parametrize(
    ("fields", "weight"),
    [
        ({}, 0.5),
        ({"accepted": 3}, 0.8),
        ({"dismissed": 3}, 0.2),
        ({"account_age_days": 0.0}, 0.05),
        ({"account_age_days": 7.0}, 0.275),
        ({"account_age_days": -1.0}, 0.05),
        ({"has_confirmed_email": False}, 0.2),
    ],
)
def test_a_word_weighs_by_record_age_and_confirmed_address(
    fields: dict[str, object], weight: float
) -> None:
    assert weigh(**fields) == pytest.approx(weight)
