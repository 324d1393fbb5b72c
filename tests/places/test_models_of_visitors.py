"""What the database itself refuses of reports and counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from places.models import (
    CongestionProfile,
    FactConfidence,
    KindCongestion,
    PlaceCongestionDaily,
    PlaceReport,
    RefusedVisit,
)
from places.visits.types import HOURS
from tests.builders.places import make_city, make_place
from tests.builders.reports import make_report
from tests.builders.users import make_user
from tests.builders.visits import make_day

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVEN = [1 / HOURS] * HOURS


def refuses(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


def broken(model: type[models.Model], fields: dict[str, Any]) -> None:
    defaults: dict[type[models.Model], dict[str, Any]] = {
        FactConfidence: {
            "fact": "hours", "confidence": 0.5, "reporters": 2, "is_doubted": True,
            "last_seen_at": NOW, "judged_at": NOW,
        },
        CongestionProfile: {
            "day_class": "weekday", "visits": 30, "factors": [1.0] * HOURS,
            "waits": [None] * HOURS, "computed_at": NOW,
        },
        KindCongestion: {
            "category": "cafe", "day_class": "weekday", "places": 1, "visits": 30,
            "shares": EVEN, "strength": 50.0, "computed_at": NOW,
        },
    }  # fmt: skip
    whose = {"city": make_city()} if model is KindCongestion else {"place": make_place()}
    with transaction.atomic():
        models.QuerySet(model).create(**whose, **(defaults[model] | fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "haunted"}, "place_report_kind_is_known"),
        ({"status": "lost", "ended_at": NOW}, "place_report_ends_with_its_status"),
        ({"status": "accepted"}, "place_report_ends_with_its_status"),
        ({"ended_at": NOW}, "place_report_ends_with_its_status"),
        ({"weight": 1.1}, "place_report_weight_within_unit"),
        ({"said_at": NOW - timedelta(seconds=1)}, "place_report_said_in_order"),
    ],
)
def test_a_broken_report_is_refused(fields: dict[str, Any], constraint: str) -> None:
    with refuses(constraint), transaction.atomic():
        make_report(user=make_user(), now=NOW, **fields)

    assert not PlaceReport.objects.exists()


def test_of_one_person_one_report_of_a_kind_is_open_at_a_place() -> None:
    user, place = make_user(), make_place()
    make_report(user=user, place=place, status="withdrawn", ended_at=NOW)
    make_report(user=user, place=place)

    with refuses("place_report_one_open_a_kind"), transaction.atomic():
        make_report(user=user, place=place)

    assert PlaceReport.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"hour_profile": [1] * 23}, "place_congestion_daily_has_its_hours"),
        ({"stays_count": 5}, "place_congestion_daily_stays_are_visits"),
        ({"wait_time_estimate": 5}, "place_congestion_daily_wait_is_honest"),
        ({"wait_time_estimate": 241, "is_complete": True}, "place_congestion_daily_wait_is_honest"),
        ({"stays_min": -1}, "stays_min_check"),
    ],
)
def test_a_broken_day_is_refused(fields: dict[str, Any], constraint: str) -> None:
    with refuses(constraint), transaction.atomic():
        make_day(place=make_place(), hours={15: 4}, **fields)

    assert not PlaceCongestionDaily.objects.exists()


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (FactConfidence, {"fact": "taste"}, "fact_confidence_fact_is_known"),
        (FactConfidence, {"confidence": -0.1}, "fact_confidence_within_unit"),
        (CongestionProfile, {"visits": 9}, "congestion_profile_of_ten_at_least"),
        (CongestionProfile, {"day_class": "feast"}, "congestion_profile_class_is_known"),
        (CongestionProfile, {"factors": [1.0]}, "congestion_profile_has_its_hours"),
        (CongestionProfile, {"waits": []}, "congestion_profile_waits_by_the_hour"),
        (KindCongestion, {"shares": [1.0]}, "kind_congestion_has_its_hours"),
        (KindCongestion, {"strength": 0.0}, "kind_congestion_has_a_strength"),
    ],
)
def test_broken_conclusions_are_refused(
    model: type[models.Model], fields: dict[str, Any], constraint: str
) -> None:
    with refuses(constraint):
        broken(model, fields)

    assert not models.QuerySet(model).exists()


def test_of_each_place_day_fact_and_line_there_is_one() -> None:
    day = make_day(place=make_place(), hours={15: 4})
    RefusedVisit.objects.create(file="f", line=1, reason="no_time", refused_at=NOW)

    with refuses("place_congestion_daily_one_a_day"), transaction.atomic():
        make_day(place=day.place, hours={})
    with refuses("refused_visit_one_a_line"), transaction.atomic():
        RefusedVisit.objects.create(file="f", line=1, reason="no_json", refused_at=NOW)
