from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from structlog.testing import capture_logs

from engine.types import Mode, Point, Window
from places import selectors
from places.candidate_rows import near_query, reach_m
from places.models import Place
from places.opening.closures import WeekdayClosure
from places.opening.types import ALL_DAY, OpeningHours, every_day
from places.types import CandidateQuery
from tests.builders.places import make_place
from tests.database.owning import as_owner
from tests.places.candidates import (
    HONGDAE,
    SEOUL,
    TEN_TO_TEN,
    find,
    make_constraints,
    names,
    stated,
    vector,
)

pytestmark = pytest.mark.django_db


def test_a_candidate_carries_every_fact() -> None:
    make_place(
        name="책방",
        names={"ko": "책방", "en": "Chaekbang"},
        category="bookstore",
        source_class="books",
        chain="연쇄",
        site="건물",
        cost_low=1000,
        cost_high=3000,
        cost_provenance="stated",
        stay_min=35,
        stay_provenance="measured",
        hours_as_of=date(2026, 1, 2),
        mood_scores={"quiet": {"confidence": 0.7, "evidence": "library"}},
        indoor=True,
        pets_allowed=False,
        wheelchair=True,
        quality=0.6,
        popularity=0.7,
        freshness=0.8,
        congestion_score=0.2,
        address="서울 마포구",
        as_of=date(2026, 3, 4),
        embedding=vector(3),
        **stated(OpeningHours(week=TEN_TO_TEN)),
    )

    (place,) = find().places

    candidate = place.candidate
    assert (candidate.name_ko, candidate.name_en) == ("책방", "Chaekbang")
    assert (candidate.category, candidate.source_class) == ("bookstore", "books")
    assert (candidate.chain, candidate.site) == ("연쇄", "건물")
    assert candidate.position == HONGDAE
    assert candidate.windows == (Window(0, 480, 465),)
    assert (candidate.hours_known, candidate.hours_source) == (True, "osm")
    assert candidate.hours_as_of == date(2026, 1, 2)
    assert (candidate.cost_low, candidate.cost_high, candidate.cost_provenance) == (
        1000,
        3000,
        "stated",
    )
    assert (candidate.stay_min, candidate.stay_provenance) == (35, "measured")
    assert (candidate.moods, candidate.mood_evidence) == ({"quiet": 0.7}, {"quiet": "library"})
    assert (candidate.indoor, candidate.pets_allowed, candidate.wheelchair) == (True, False, True)
    assert candidate.parking is None
    assert (candidate.quality, candidate.popularity, candidate.freshness) == (0.6, 0.7, 0.8)
    assert (candidate.congestion, candidate.as_of) == (0.2, date(2026, 3, 4))
    assert candidate.embedding is not None
    assert candidate.embedding.dtype == np.float32
    assert candidate.embedding.tolist() == vector(3).tolist()
    assert place.address == "서울 마포구"
    assert place.public_id == Place.objects.get(pk=place.pk).public_id
    assert place.closes == {480: datetime(2026, 11, 21, 22, tzinfo=SEOUL)}


def test_unknown_hours_are_the_core_of_the_category_and_say_so() -> None:
    make_place()

    (place,) = find().places

    assert place.candidate.windows == (Window(0, 360, 340),)
    assert not place.candidate.hours_known


def test_closing_days_hold_for_assumed_hours_too() -> None:
    make_place(**stated(OpeningHours(week=None, closures=(WeekdayClosure(5),))))

    found = find()

    assert (found.places, found.dropped["closed"]) == ((), 1)


def test_what_is_closed_all_the_time_is_dropped_and_counted() -> None:
    make_place(name="닫힘", **stated(OpeningHours(week=TEN_TO_TEN, closures=(WeekdayClosure(5),))))
    make_place(name="열림", **stated(OpeningHours(week=TEN_TO_TEN)))
    make_place(name="곧 닫힘", **stated(OpeningHours(week=every_day(((600, 860),)))))

    found = find()

    assert names(found) == ["열림"]
    assert found.dropped == {"closed": 2}


def test_round_the_clock_has_no_closing_time() -> None:
    make_place(**stated(OpeningHours(week=every_day(ALL_DAY))))

    (place,) = find().places

    assert list(place.closes.values()) == [None]


def test_what_costs_more_than_the_budget_is_dropped_and_counted() -> None:
    make_place(name="싼", cost_low=0, cost_high=8000)
    make_place(name="비싼", cost_low=0, cost_high=8001)

    found = find(budget=8000)

    assert names(found) == ["싼"]
    assert found.dropped == {"too_dear": 1}


def test_what_lies_out_of_reach_is_dropped_and_counted() -> None:
    make_place(name="가까움", latitude=37.5563 + 1_900 / 111_195)
    make_place(name="멂", latitude=37.5563 + 2_100 / 111_195)

    found = find()

    assert names(found) == ["가까움"]
    assert found.dropped == {"out_of_reach": 1}


def test_a_faster_mode_reaches_further() -> None:
    make_place(latitude=37.5563 + 5_000 / 111_195)

    assert len(find(mode=Mode.WALK).places) == 0
    assert len(find(mode=Mode.TRANSIT).places) == 1


@pytest.mark.parametrize(
    ("mode", "minutes", "metres"),
    [
        (Mode.WALK, 180, 2000.0),
        (Mode.WALK, 41, 26 * 70 / 1.39),
        (Mode.WALK, 10, 150.0),
        (Mode.TRANSIT, 45, 21 * 330 / 1.35),
        (Mode.TRANSIT, 20, 5 * 70 / 1.39),
        (Mode.CAR, 960, 15000.0),
    ],
)
def test_reach_is_what_the_mode_and_the_time_allow(
    mode: Mode, minutes: float, metres: float
) -> None:
    constraints = make_constraints(mode=mode, time_budget_min=minutes)

    assert reach_m(constraints) == pytest.approx(metres)


def test_excluded_places_and_avoided_categories_stay_away() -> None:
    excluded = make_place(name="제외")
    make_place(name="술집", category="bar")
    make_place(name="카페")

    found = find(excluded=(excluded.public_id,), avoid=("bar", "crowded"))

    assert names(found) == ["카페"]
    assert found.dropped == {"excluded": 2}


def test_places_in_another_currency_stay_away() -> None:
    make_place(currency="JPY")

    assert find().places == ()


def test_inactive_places_stay_away() -> None:
    make_place(is_active=False)

    assert find().places == ()


def test_a_category_that_is_no_stop_comes_only_when_asked_for() -> None:
    make_place(category="library")

    assert find().places == ()
    assert len(find(categories=("library",)).places) == 1


def test_an_included_place_comes_whatever_the_rules_say() -> None:
    far = make_place(
        name="먼 곳",
        latitude=37.6,
        cost_low=0,
        cost_high=90_000,
        **stated(OpeningHours(week=every_day(()))),
    )

    found = find(included=(far.public_id,), budget=1000)

    (place,) = found.places
    assert (place.public_id, place.candidate.windows) == (far.public_id, ())


def test_the_limit_is_shared_among_categories() -> None:
    for i in range(12):
        make_place(name=f"카페{i}")
        make_place(name=f"공원{i}", category="park")

    found = find(limit=10)

    counts = Counter(place.candidate.category for place in found.places)
    assert counts == {"cafe": 6, "park": 4}


def test_looks_again_when_the_best_places_are_closed() -> None:
    for i in range(selectors.FIRST_LOOK):
        make_place(
            name=f"닫힘{i}",
            popularity=0.9,
            **stated(OpeningHours(week=TEN_TO_TEN, closures=(WeekdayClosure(5),))),
        )
    make_place(name="열림", popularity=0.1)

    found = find()

    assert names(found) == ["열림"]
    assert found.dropped == {"closed": selectors.FIRST_LOOK}


def test_places_near_the_destination_come_too() -> None:
    make_place(name="목적지 옆", latitude=37.5563 + 1_500 / 111_195)

    found = find(destination=Point(37.5563 + 1_500 / 111_195, 126.9236))

    assert names(found) == ["목적지 옆"]


def test_hours_of_another_version_count_as_unknown_and_are_logged() -> None:
    stored = make_place(hours={"v": 99}, hours_provenance="stated")

    with capture_logs() as logs:
        (place,) = find().places

    assert not place.candidate.hours_known
    assert logs == [{"event": "place_hours_malformed", "place": stored.pk, "log_level": "warning"}]


def test_times_are_those_of_the_city_of_the_place() -> None:
    make_place(**stated(OpeningHours(week=TEN_TO_TEN)))

    (place,) = find(starts_at=datetime(2026, 11, 21, 5, tzinfo=ZoneInfo("UTC"))).places

    assert place.candidate.windows == (Window(0, 480, 460),)


def test_two_queries_find_the_candidates_beside_the_cities(
    django_assert_num_queries: Any,
) -> None:
    for i in range(selectors.FEW):
        make_place(name=f"카페{i}")

    with django_assert_num_queries(3):
        found = find()

    assert len(found.places) == selectors.FEW


@pytest.mark.django_db(transaction=True)
def test_candidates_are_found_on_the_spatial_indexes_nearest_first() -> None:
    indexes = ["brief_spot", "brief_sights_spot", "brief_category_spot"]
    for i, category in enumerate(["cafe", "restaurant", "museum", "park"] * 25):
        make_place(name=f"장소{i}", category=category, latitude=37.55 + i / 10_000)
    sql, parameters = near_query(constraints=make_constraints(categories=("cafe",)))

    with as_owner() as cursor:
        # As many as tell the indexes apart, without what others' rollbacks left in them.
        cursor.execute(
            "INSERT INTO places_placebrief SELECT b.place_id + 1000000 * n, b.spot, b.city, b.category,"
            " b.is_active, b.valid_from, b.valid_until, b.moods, b.encoder, b.vector, b.packed"
            " FROM places_placebrief b, generate_series(1, 30) AS n"
        )
        cursor.execute("REINDEX TABLE places_placebrief")
        cursor.execute("ANALYZE places_placebrief")
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_sort = off")
        cursor.execute("EXPLAIN " + sql, parameters)
        plan = [line.strip() for (line,) in cursor.fetchall()]

    scans = {
        line.partition("Index Scan using ")[2].split(" ")[0]
        for line, *below in zip(plan, plan[1:], plan[2:], strict=False)
        if any(one.startswith("Order By: (spot <->") for one in below)
    }
    assert scans >= set(indexes)


def test_a_place_near_both_ends_comes_once() -> None:
    make_place(name="가운데", latitude=37.5563 + 500 / 111_195)

    found = find(destination=Point(37.5563 + 1_000 / 111_195, 126.9236))

    assert names(found) == ["가운데"]


def test_a_place_that_is_included_comes_once_and_from_anywhere() -> None:
    near = make_place(name="옆")
    far = make_place(name="먼 곳", latitude=38.5)

    found = find(included=(near.public_id, far.public_id))

    assert names(found) == ["먼 곳", "옆"]


def test_finds_places_by_their_public_ids_in_order() -> None:
    first, second, gone = make_place(name="가"), make_place(name="나"), make_place(is_active=False)

    ids = (second.public_id, gone.public_id, first.public_id)
    assert selectors.list_places_by_public_id(public_ids=ids) == (second, first)
    assert selectors.get_place(public_id=first.public_id) == first


def test_a_place_that_is_not_there_is_not_found() -> None:
    with pytest.raises(selectors.PlaceNotFound):
        selectors.get_place(public_id=uuid4())


@pytest.mark.parametrize("limit", [0, 201])
def test_a_limit_out_of_bounds_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        CandidateQuery(city="seoul", constraints=make_constraints(), limit=limit)
