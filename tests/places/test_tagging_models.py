from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from places.models import PlaceReading, PlaceTag, Tag, TagReview
from places.tagging_selectors import QueueFilter, list_queue
from tests.builders.places import make_place
from tests.builders.tagging import TAGGED_AT, make_place_tag, make_review, make_tag

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"type": "smell"}, "tag_type_is_known"),
        ({"name_ko": ""}, "tag_named_in_both_languages"),
        ({"name_en": ""}, "tag_named_in_both_languages"),
    ],
)
def test_the_database_refuses_a_broken_tag(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_tag("quiet", **fields)

    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"source": "rumour"}, "place_tag_source_is_known"),
        ({"weight": 1.1}, "place_tag_weight_within_unit"),
        ({"confidence": 0.0}, "place_tag_confidence_is_a_share"),
        ({"confidence": 1.1}, "place_tag_confidence_is_a_share"),
        ({"evidence": ""}, "place_tag_names_its_evidence"),
        ({"source": "operator"}, "place_tag_of_an_operator_is_reviewed"),
    ],
)
def test_the_database_refuses_a_broken_tag_of_a_place(
    fields: dict[str, Any], constraint: str
) -> None:
    place = make_place()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_place_tag(place, **fields)

    assert not PlaceTag.objects.exists()


def test_a_source_says_a_tag_of_a_place_once() -> None:
    place = make_place()
    make_place_tag(place)
    make_place_tag(place, source="people")

    with pytest.raises(IntegrityError, match="place_tag_once_a_source"), transaction.atomic():
        make_place_tag(place)

    assert PlaceTag.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"decision": "perhaps"}, "tag_review_decision_is_known"),
        ({"source": "rumour"}, "tag_review_source_is_known"),
        ({"confidence": 0.0}, "tag_review_confidence_is_a_share"),
        ({"evidence": ""}, "tag_review_names_its_evidence"),
        ({"decision": "accepted"}, "tag_review_says_who_decided"),
        ({"decided_by": "7"}, "tag_review_says_who_decided"),
        ({"decided_at": TAGGED_AT}, "tag_review_says_who_decided"),
    ],
)
def test_the_database_refuses_a_broken_review(fields: dict[str, Any], constraint: str) -> None:
    place = make_place()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_review(place, **fields)

    assert not TagReview.objects.exists()


@pytest.mark.parametrize("decision", ["pending", "accepted", "rejected"])
def test_of_one_place_and_tag_one_review_stands(decision: str) -> None:
    place = make_place()
    by: dict[str, Any] = (
        {} if decision == "pending" else {"decided_by": "7", "decided_at": TAGGED_AT}
    )
    make_review(place, decision=decision, **by)
    make_review(place, decision="taken_back", decided_by="7", decided_at=TAGGED_AT)

    with pytest.raises(IntegrityError, match="tag_review_stands_once"), transaction.atomic():
        make_review(place)

    assert TagReview.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"source": "rumour"}, "place_reading_source_is_known"),
        ({"cost_low": 5000}, "place_reading_cost_is_whole"),
        (
            {"cost_low": 9, "cost_high": 8, "cost_confidence": 0.9},
            "place_reading_cost_is_whole",
        ),
        (
            {"cost_low": 8, "cost_high": 9, "cost_confidence": 1.1},
            "place_reading_cost_is_whole",
        ),
        ({"stay_min": 30}, "place_reading_stay_is_whole"),
        ({"stay_min": 721, "stay_confidence": 0.9}, "place_reading_stay_is_whole"),
        ({"stay_confidence": 0.9}, "place_reading_stay_is_whole"),
    ],
)
def test_the_database_refuses_a_broken_reading(fields: dict[str, Any], constraint: str) -> None:
    said = {"source": "text", "checksum": "", "tagger": "told/1", "read_at": TAGGED_AT} | fields
    place = make_place()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlaceReading.objects.create(place=place, **said)

    assert not PlaceReading.objects.exists()


def test_a_place_is_read_once_by_each_way() -> None:
    said = {"source": "text", "checksum": "", "tagger": "told/1", "read_at": TAGGED_AT}
    place = make_place()
    PlaceReading.objects.create(place=place, **said)

    with pytest.raises(IntegrityError, match="place_reading_once_a_source"), transaction.atomic():
        PlaceReading.objects.create(place=place, **said)


@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("tag_review_queue", list_queue(which=QueueFilter(confidence_low=0.9))[:1]),
        (
            "tag_review_by_operator",
            TagReview.objects.exclude(decision="pending").filter(decided_by="7"),
        ),
    ],
)
def test_each_index_serves_the_query_it_is_for(index: str, query: QuerySet[TagReview]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert index in query.explain()
