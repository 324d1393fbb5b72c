import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from engine.catalogue import MOODS
from engine.embedding.encoding import default_encoder
from places.models import Place, PlaceSyncLog
from places.services.describing import describe_row, label_of_vectors
from places.services.editing import PlaceEdits, check_hours, check_moods, check_names
from tests.builders.places import make_place

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)  # already the 21st in Seoul
READ = {"from": "osm:node/7", "provenance": "measured"}
SAID = {"from": "operator", "provenance": "stated"}
WEEK = [[[540, 1080]]] * 7
QUIET = {"quiet": {"confidence": 0.8, "evidence": "library"}}


def wait_for_a_lock() -> None:
    """Return once another connection waits for a row of this transaction; give up after 10 s."""
    patience = time.monotonic() + 10
    with connection.cursor() as cursor:
        while not cursor.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        ).fetchone():
            assert time.monotonic() < patience, "nothing waits"
            time.sleep(0.01)


def edit(place: Place, **fields: Any) -> Place:
    """Return the place as it is stored after `fields` were corrected."""
    for name, value in fields.items():
        setattr(place, name, value)
    PlaceEdits().save(place=place, changed=list(fields), now=NOW)
    return Place.objects.get(pk=place.pk)


def test_a_correction_is_stored_with_what_it_was_before() -> None:
    place = make_place(stay_min=50)

    after = edit(place, stay_min=70)

    log = PlaceSyncLog.objects.get()
    assert after.stay_min == 70
    assert (log.place_id, log.source, log.diff) == (place.pk, "operator", {"stay_min": [50, 70]})
    assert log.at == NOW


def test_nothing_corrected_is_nothing_logged() -> None:
    place = make_place()

    after = edit(place)

    assert after.updated_at == place.updated_at
    assert not PlaceSyncLog.objects.exists()


def test_what_an_import_stored_meanwhile_stays() -> None:
    place = make_place(quality=0.5, address="옛 주소")
    Place.objects.filter(pk=place.pk).update(quality=0.9, address="새 주소", content_hash="new")

    after = edit(place, stay_min=70)

    assert (after.quality, after.address, after.content_hash) == (0.9, "새 주소", "new")
    assert after.stay_min == 70


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_waits_for_an_import_keeps_what_the_import_stored() -> None:
    place = make_place(stay_min=50, quality=0.5, facts={"location": READ})

    def correct() -> None:
        try:
            edit(place, stay_min=70)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as threads:
        with transaction.atomic():
            Place.objects.filter(pk=place.pk).update(
                quality=0.9, stay_min=60, facts={"location": SAID}
            )
            correcting = threads.submit(correct)
            wait_for_a_lock()
        correcting.result(timeout=10)

    after = Place.objects.get(pk=place.pk)
    assert (after.quality, after.stay_min) == (0.9, 70)
    assert after.facts == {"location": SAID, "stay": SAID}
    assert PlaceSyncLog.objects.get().diff == {"stay_min": [60, 70]}


def test_the_operator_stands_for_a_cost() -> None:
    place = make_place(cost_high=8000, facts={"cost": READ, "location": READ})

    after = edit(place, cost_high=9000)

    assert (after.cost_high, after.cost_provenance, after.stay_provenance) == (
        9000,
        "stated",
        "prior",
    )
    assert after.facts == {"cost": SAID, "location": READ}


def test_the_operator_stands_for_a_stay() -> None:
    after = edit(make_place(), stay_min=70)

    assert (after.stay_provenance, after.cost_provenance) == ("stated", "prior")
    assert after.facts == {"stay": SAID}


def test_the_operator_stands_for_hours_from_the_day_in_their_city() -> None:
    after = edit(make_place(), hours={"v": 1, "week": WEEK})

    assert after.hours == {"v": 1, "week": WEEK}
    assert (after.hours_provenance, after.hours_source) == ("stated", "operator")
    assert after.hours_as_of == date(2026, 11, 21)
    assert after.facts == {"hours": SAID}


def test_hours_taken_back_are_nobodys() -> None:
    place = make_place(
        hours={"v": 1, "week": WEEK},
        hours_provenance="stated",
        hours_source="osm",
        hours_as_of=date(2026, 1, 1),
        facts={"hours": READ},
    )

    after = edit(place, hours=None)

    assert (after.hours, after.hours_provenance) == (None, "prior")
    assert (after.hours_source, after.hours_as_of, after.facts) == ("", None, {})


def test_a_moved_place_moves_in_the_search_too() -> None:
    after = edit(make_place(), location=Point(127.0, 37.5, srid=4326))

    assert after.planar.x == pytest.approx(14_137_575.33, abs=0.01)
    assert after.facts == {"location": SAID}
    assert PlaceSyncLog.objects.get().diff == {
        "location": ["POINT (126.9236 37.5563)", "POINT (127 37.5)"]
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"names": {"ko": "찻집", "en": "Tea"}},
        {"category": "park"},
        {"source_class": "사적"},
        {"description": "마포구 카페 · 야외 좌석"},
        {"mood_scores": QUIET},
    ],
)
def test_what_is_encoded_is_encoded_anew(fields: dict[str, Any]) -> None:
    place = make_place(name="달빛")
    (before,) = default_encoder().encode([describe_row(place).text])
    Place.objects.update(embedding=before, encoder="other/1")

    after = edit(place, **fields)

    (expected,) = default_encoder().encode([describe_row(after).text])
    assert list(after.embedding) == pytest.approx(expected.tolist(), abs=1e-6)
    assert list(after.embedding) != pytest.approx(before.tolist(), abs=1e-3)
    assert after.encoder == label_of_vectors(default_encoder())


def test_what_is_not_encoded_leaves_the_vector() -> None:
    place = make_place(embedding=[0.0] * 255 + [1.0])

    after = edit(place, stay_min=70)

    assert list(after.embedding) == [0.0] * 255 + [1.0]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["ko", "en"], 'Names are an object: {"ko": "…", "en": "…"}.'),
        ({"ko": "찻집"}, "Each of these needs a text: en."),
        ({"ko": " ", "en": 5, "ja": None}, "Each of these needs a text: en, ja, ko."),
    ],
)
def test_names_that_cannot_be_shown_are_refused(value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_names(value)

    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1], 'Hours are an object: {"v": 1, "week": […]}.'),
        (
            {"mon": "9-18"},
            "The hours cannot be read: hours of version None are not known here.",
        ),
        (
            {"v": 1, "week": [[[540, 1080]]]},
            "The hours cannot be read: hours are malformed: a week has seven days, not 1.",
        ),
        (
            {"v": 1, "week": WEEK, "last_entry_at": "17:00"},
            "last_entry_at is a number of minutes from midnight.",
        ),
        (
            {"v": 1, "expression": "Mo-Fr from nine"},
            "expression is not an OpenStreetMap opening_hours value.",
        ),
        ({"v": 1, "expression": 9}, "expression is not an OpenStreetMap opening_hours value."),
    ],
)
def test_hours_that_cannot_be_read_are_refused(value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_hours(value)

    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1], 'Moods are an object: {"quiet": {"confidence": 0.8, "evidence": "…"}}.'),
        ({"quiet": 0.8}, "quiet needs a confidence and an evidence, and nothing else."),
        (
            {"quiet": {"confidence": 0, "evidence": "library"}},
            "The confidence of quiet must be a number above 0, up to 1.",
        ),
        (
            {"quiet": {"confidence": 1.1, "evidence": "library"}},
            "The confidence of quiet must be a number above 0, up to 1.",
        ),
        (
            {"quiet": {"confidence": True, "evidence": "library"}},
            "The confidence of quiet must be a number above 0, up to 1.",
        ),
        (
            {"quiet": {"confidence": float("nan"), "evidence": "library"}},
            "The confidence of quiet must be a number above 0, up to 1.",
        ),
        (
            {"quiet": {"confidence": 0.8, "evidence": ""}},
            "The evidence of quiet must be a text.",
        ),
        (
            {"calm": {"confidence": 0.8, "evidence": "library"}},
            f"calm is no mood; the moods are {', '.join(MOODS)}.",
        ),
    ],
)
def test_moods_that_cannot_be_ranked_are_refused(value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_moods(value)

    assert refusal.value.messages == [message]


def test_what_an_import_writes_is_taken() -> None:
    check_names({"ko": "찻집", "en": "Tea"})
    check_hours(None)
    check_hours({"v": 1, "week": WEEK, "last_entry_at": 1020, "expression": "Mo-Fr 09:00-18:00"})
    check_moods(QUIET | {"hidden": {"confidence": 1, "evidence": "alley"}})
    check_moods({})
