from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from places.models import CleanPlace, MergeDecision, Place, Verdict
from places.services.editing import PlaceEdits
from places.services.ingestion.deciding import Rulership
from places.services.ingestion.publishing import Publisher, Queue, queue_all
from places.services.ingestion.references import load_references
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city, versions
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db

HOUSE = {"category": "museum", "source_class": "museum"}
ROAD = "서울특별시 마포구 와우산로 1"


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


def publish() -> None:
    for _ in Publisher(references=load_references(city="seoul")).publish(origin="test", now=NOW):
        pass


def museum(**fields: Any) -> dict[str, Any]:
    return {"id": 1, "name": "달빛박물관", **HOUSE, **fields}


def test_records_of_two_sources_make_one_place_and_the_reason_is_kept() -> None:
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)

    ingest(ListedPlaces([museum(name="달빛 박물관", latitude=37.5573)], slug="two"), now=NOW)

    place = Place.objects.get()
    decision = MergeDecision.objects.get()
    assert sorted(row.source_id for row in place.sources.all()) == ["one", "two"]
    assert (decision.verdict, decision.rule, decision.decided_by) == ("same", "same name", "")
    assert decision.scores == {
        "names": 1.0, "metres": 111.3, "categories": ["museum", "museum"],
        "same_address": False, "identifiers": [],
    }  # fmt: skip


def test_a_day_that_is_yet_to_come_makes_no_other_place_old() -> None:
    ingest(ListedPlaces([museum(as_of=date(2026, 11, 1))], slug="one"), now=NOW)
    typo = museum(id=2, name="별빛박물관", latitude=37.5663, as_of=date(9999, 12, 31))

    ingest(ListedPlaces([typo], slug="two"), now=NOW)

    places = Place.objects.order_by("pk").values_list("name", "freshness", "as_of")
    assert list(places) == [
        ("달빛박물관", 1.0, date(2026, 11, 1)),
        ("별빛박물관", 0.0, None),
    ]


def test_a_part_of_a_city_imported_over_a_sample_of_the_whole_closes_nothing() -> None:
    rows = [
        museum(id=at, name=f"달빛박물관 {at}호", latitude=37.541 + at / 3_000) for at in range(101)
    ]
    ingest(ListedPlaces(rows), now=NOW)
    with connection.cursor() as cursor:  # a sample city has its places and sources alone
        cursor.execute("DELETE FROM raw_ingestion.clean_places")
        cursor.execute("DELETE FROM raw_ingestion.records")

    ingest(ListedPlaces(rows[:1]), now=NOW)

    assert Place.objects.filter(is_active=True).count() == 101


def test_what_waits_is_reckoned_and_counted_where_it_nears_its_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO raw_ingestion.pending (raw_id, city) SELECT n, 'seoul' FROM generate_series(1, 25) AS n"
        )
        queue = Queue(city="seoul")
        cursor.execute("DELETE FROM raw_ingestion.pending WHERE raw_id <= 22")

    assert [queue.leave(10), queue.leave(10)] == [15, 5]
    assert queue.leave(10) == 3


def test_related_rows_are_asked_for_by_their_keys_where_nobody_has_counted_the_rows() -> None:
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    queue_all(city="seoul")
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
        if "keys @>" in str(sql):
            asked.append((str(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        publish()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a table with one row it is best
        cursor.execute(f"EXPLAIN {asked[0][0]}", asked[0][1])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Bitmap Index Scan on clean_place_by_keys" in plan
    assert "clean_place_by_day" not in plan
    assert "records" not in plan


def test_what_an_operator_parts_stays_parted_and_can_be_joined_again() -> None:
    one, two = ListedPlaces([museum()], slug="one"), ListedPlaces([museum()], slug="two")
    ingest(one, now=NOW)
    ingest(two, now=NOW)
    kept = Place.objects.get()
    pair = {"a": ("one", "1"), "b": ("two", "1")}

    Rulership().rule(**pair, verdict=Verdict.DIFFERENT, operator="kim", now=NOW)
    publish()
    parted = Place.objects.active().count()
    changed = museum(parking=True)
    ingest(ListedPlaces([changed], slug="two"), now=NOW)
    still = Place.objects.active().count()
    Rulership().take_back(**pair)
    publish()

    assert (parted, still) == (2, 2)
    assert Place.objects.active().get().pk == kept.pk


def test_what_an_operator_joins_is_one_though_no_rule_says_so() -> None:
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    ingest(ListedPlaces([museum(name="옛 물건의 집", latitude=37.57)], slug="two"), now=NOW)

    Rulership().rule(a=("two", "1"), b=("one", "1"), verdict=Verdict.SAME, operator="kim", now=NOW)
    publish()

    assert Place.objects.active().get().sources.count() == 2
    assert Place.objects.filter(closed_at=NOW).count() == 1


def test_what_an_operator_corrected_no_sync_changes() -> None:
    ingest(ListedPlaces([museum()]), now=NOW)
    place = Place.objects.get()
    place.names, place.cost_low, place.cost_high = {"ko": "달", "en": "Moon"}, 700, 900
    PlaceEdits().save(place=place, changed=["names", "cost_low", "cost_high"], now=NOW)

    ingest(ListedPlaces([museum(cost=[3000, 3000], wheelchair=True)]), now=NOW)

    place.refresh_from_db()
    assert (place.names, place.name) == ({"ko": "달", "en": "Moon"}, "달빛박물관")
    assert (place.cost_low, place.cost_high, place.cost_provenance) == (700, 900, "stated")
    assert place.facts["cost"]["from"] == "operator"
    assert place.wheelchair is True  # what he did not correct goes on


def test_what_an_operator_closed_no_sync_opens() -> None:
    ingest(ListedPlaces([museum()]), now=NOW)
    place = Place.objects.get()
    place.is_active = False
    PlaceEdits().save(place=place, changed=["is_active"], now=NOW)
    ingest(ListedPlaces([museum(wheelchair=True)]), now=NOW)
    before = versions()

    ingest(ListedPlaces([museum(wheelchair=True)]), now=NOW)

    place.refresh_from_db()
    assert (place.is_active, place.wheelchair) == (False, True)
    assert versions() == before


def test_only_what_a_change_concerns_is_judged_anew() -> None:
    rows = [{"id": n, "name": f"다락{n}", "latitude": 37.55 + n / 1_000} for n in range(30)]
    ingest(ListedPlaces(rows), now=NOW)
    rows[7]["name"] = "새다락"

    job = ingest(ListedPlaces(rows), now=NOW)

    assert job.counts["published"] == {
        "created": 0, "updated": 1, "unchanged": 0, "deactivated": 0,
    }  # fmt: skip


NAMES = (
    ("달빛박물관", "museum"), ("달빛 박물관", "museum"), ("달빛박물관(본관)", "museum"),
    ("구립달빛박물관", "museum"), ("별빛갤러리", "gallery"), ("달빛시장", "market"),
    ("달빛시장 입구", "restaurant"), ("달빛다락", "cafe"), ("달빛다락 홍대점", "cafe"),
    ("봉은사", "heritage"), ("봉은사 판전", "heritage"), ("봉은사 대웅전", "heritage"),
    ("달빛공원", "park"), ("달빛근린공원", "park"),
)  # fmt: skip
SOURCES = ("osm", "museums-standard", "seoul-heritage", "listed")
row_sets = st.lists(
    st.fixed_dictionaries(
        {
            "what": st.sampled_from(NAMES),
            "north": st.sampled_from((0, 0, 3, 12, 80, 250, 600)),
            "address": st.sampled_from(("", "", ROAD, "서울특별시 마포구 와우산로 2")),
            "day": st.integers(1, 3),
            "third": st.sampled_from(({}, {}, {"third": "a"})),
        }
    ),
    max_size=7,
)
steps = st.lists(st.tuples(st.sampled_from(SOURCES), row_sets), min_size=2, max_size=5)


def listed(slug: str, rows: Sequence[dict[str, Any]]) -> ListedPlaces:
    made = [
        {
            "id": at,
            "name": row["what"][0],
            "category": row["what"][1],
            "source_class": "보물" if slug == "seoul-heritage" else row["what"][1],
            "latitude": 37.5563 + row["north"] / 111_320,
            "address": row["address"],
            "area_m2": float(row["day"]),
            "identifiers": row.get("third", {}),
        }
        for at, row in enumerate(rows)
    ]
    return ListedPlaces(made, slug=slug)


def world() -> dict[str, list[tuple[Any, ...]]]:
    """Return what stands of all that was judged, whichever way it came about."""
    return {
        "places": sorted(Place.objects.active().values_list("content_hash", "site")),
        "rows": sorted(
            CleanPlace.objects.filter(is_gone=False).values_list("raw_id", "role", "refusal")
        ),
        "decisions": sorted(
            MergeDecision.objects.values_list(
                "source_a", "ref_a", "source_b", "ref_b", "verdict", "rule"
            )
        ),
    }


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
@example(  # what heritage keeps may be of any category
    steps=[
        ("osm", [{"what": ("달빛박물관", "museum"), "north": 0, "address": "", "day": 1}]),
        ("seoul-heritage", [{"what": ("달빛다락", "cafe"), "north": 0, "address": "", "day": 1}]),
    ]
)
@example(  # a hall whose whole name could be that of a school, too
    steps=[
        ("osm", [{"what": ("봉은사", "heritage"), "north": 600, "address": "", "day": 1}]),
        ("listed", [{"what": ("봉은사 대성당", "heritage"), "north": 0, "address": "", "day": 1}]),
    ]
)
def test_increments_end_where_a_rebuild_does(
    steps: list[tuple[str, list[dict[str, Any]]]],
) -> None:
    with transaction.atomic():
        for at, (slug, rows) in enumerate(steps):
            ingest(listed(slug, rows), now=NOW + timedelta(minutes=at))
        grown = world()

        Place.objects.all().delete()
        MergeDecision.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE raw_ingestion.clean_places SET role = '', refusal = ''")
        queue_all(city="seoul")
        publish()

        rebuilt = world()
        transaction.set_rollback(True)
    assert grown == rebuilt
