from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from places.models import Place
from tests.builders.places import make_area, make_place

pytestmark = pytest.mark.django_db


def test_a_place_keeps_its_point_in_planar_metres_too() -> None:
    place = make_place(latitude=37.5, longitude=127.0)

    place.refresh_from_db()

    assert place.planar.srid == 3857
    assert place.planar.x == pytest.approx(14_137_575.33, abs=0.01)
    assert place.planar.y == pytest.approx(4_509_031.39, abs=0.01)


def test_a_place_is_searched_by_both_of_its_names() -> None:
    place = make_place(name="경복궁", names={"ko": "경복궁", "en": "Gyeongbokgung"})

    place.refresh_from_db()

    assert place.name_search == "경복궁 gyeongbokgung"


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"name": "", "names": {"ko": "", "en": ""}}, "place_has_a_name"),
        ({"names": {"ko": "찻집"}}, "place_named_in_both_languages"),
        ({"category": "bank"}, "place_category_is_known"),
        ({"cost_low": 9, "cost_high": 8}, "place_cost_low_up_to_high"),
        ({"currency": "won"}, "place_currency_is_iso_4217"),
        ({"cost_band": "dear"}, "place_cost_band_is_known"),
        ({"stay_min": 0}, "place_stay_within_bounds"),
        ({"cost_provenance": "rumour"}, "place_provenance_is_known"),
        ({"hours": {}}, "place_hours_are_read_or_prior"),
        ({"hours_provenance": "stated"}, "place_hours_are_read_or_prior"),
        ({"names": ["ko", "en"]}, "place_names_is_an_object"),
        ({"hours": [], "hours_provenance": "stated"}, "place_hours_is_an_object"),
        ({"mood_scores": ["quiet"]}, "place_mood_scores_is_an_object"),
        ({"facts": "cost"}, "place_facts_is_an_object"),
        ({"quality": 1.1}, "place_quality_within_unit"),
        ({"popularity": -0.1}, "place_popularity_within_unit"),
        ({"freshness": 2.0}, "place_freshness_within_unit"),
        ({"congestion_score": 2.0}, "place_congestion_score_within_unit"),
    ],
)
def test_the_database_refuses_a_broken_place(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_place(**fields)

    assert not Place.objects.exists()


def test_the_database_refuses_two_areas_of_one_slug_in_a_city() -> None:
    make_area(slug="hongdae")

    with pytest.raises(IntegrityError, match="area_slug_unique_in_its_city"), transaction.atomic():
        make_area(slug="hongdae")


def test_the_database_refuses_an_area_without_extent() -> None:
    with pytest.raises(IntegrityError, match="area_radius_within_bounds"), transaction.atomic():
        make_area(radius_m=0)


@pytest.mark.parametrize(
    ("index", "table", "condition"),
    [
        (
            "place_planar_gist",
            "place",
            "ST_DWithin(planar, ST_SetSRID(ST_MakePoint(0, 0), 3857), 1000)",
        ),
        ("place_name_trigram", "place", "name_search LIKE '%달빛다락%'"),
        ("listing_words", "placelisting", "place_words(names, popularity) @@ '0달'::tsquery"),
        (
            "brief_vector_hnsw",
            "placebrief",
            "true ORDER BY vector <=> (SELECT vector FROM one) LIMIT 5",
        ),
    ],
)
def test_each_index_serves_the_query_it_is_for(index: str, table: str, condition: str) -> None:
    zeros = "[" + ",".join(["0.1"] * 256) + "]"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN WITH one AS (SELECT '{zeros}'::halfvec AS vector) "
            f"SELECT 1 FROM places_{table} WHERE {condition}"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert index in plan
