import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from places.models import Place, PlaceSyncLog
from tests.builders.places import make_area, make_place
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator@example.com", "a long password"))
    return client


@pytest.mark.parametrize("said", ["달빛", "moonlight", "MOONLIGHT"])
def test_a_place_is_found_by_either_name(operator: Client, said: str) -> None:
    make_place(name="달빛다락", names={"ko": "달빛다락", "en": "Moonlight Attic"})
    make_place(name="별빛다락")

    page = operator.get(reverse("admin:places_place_changelist"), {"q": said}).content.decode()

    assert "달빛다락" in page
    assert "별빛다락" not in page


def test_the_page_of_a_place_shows_its_provenance_and_an_own_map(operator: Client) -> None:
    fact = {"from": "museums-standard:7", "provenance": "stated"}
    place = make_place(facts={"cost": fact})

    page = operator.get(reverse("admin:places_place_change", args=[place.pk])).content.decode()

    assert "museums-standard:7" in page
    assert "/static/places/outline_map.js" in page
    assert "openstreetmap.org" not in page


def post(operator: Client, place: Place, **fields: Any) -> Any:
    """Send the page of `place` as it is filled in, but for `fields`."""
    url = reverse("admin:places_place_change", args=[place.pk])
    form = operator.get(url).context["adminform"].form
    said = {name: form[name].value() for name in form.fields}
    said["location"] = place.location.geojson
    hidden = {f"initial-{n}": said[n] for n, f in form.fields.items() if f.show_hidden_initial}
    sent = {
        name: value
        for name, value in (hidden | said | fields).items()
        if value not in (None, False)
    }
    for inline in ("sources", "sync_logs"):
        sent |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    return operator.post(url, sent)


def test_what_is_corrected_is_stored_and_the_rest_is_left(operator: Client) -> None:
    place = make_place(quality=0.7, indoor=True)
    moods = {"quiet": {"confidence": 0.8, "evidence": "library"}}
    hours = {"v": 1, "week": [[[540, 1080]]] * 7}

    answer = post(
        operator, place, cost_high=9000, mood_scores=json.dumps(moods), hours=json.dumps(hours)
    )

    after = Place.objects.get(pk=place.pk)
    assert answer.status_code == 302
    assert (after.cost_high, after.mood_scores, after.hours) == (9000, moods, hours)
    assert (after.cost_provenance, after.hours_provenance) == ("stated", "stated")
    assert (after.quality, after.indoor) == (0.7, True)
    assert PlaceSyncLog.objects.get().diff == {
        "cost_high": [8000, 9000],
        "mood_scores": [{}, moods],
        "hours": [None, hours],
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "hours",
            '{"mon": "9-18"}',
            "The hours cannot be read: hours of version None are not known here.",
        ),
        (
            "mood_scores",
            '{"quiet": 0.8}',
            "quiet needs a confidence and an evidence, and nothing else.",
        ),
        ("names", '{"ko": "찻집"}', "Each of these needs a text: en."),
        ("valid_from", "tomorrow", "올바른 날짜를 입력하세요."),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    operator: Client, field: str, value: str, message: str
) -> None:
    place = make_place(hours_text="9-18")

    answer = post(operator, place, **{field: value})

    assert answer.status_code == 200
    assert answer.context["errors"] == [[message]]
    assert answer.context["adminform"].form.errors == {field: [message]}
    assert not PlaceSyncLog.objects.exists()


def test_emptied_moods_and_hours_are_none(operator: Client) -> None:
    place = make_place(
        hours={"v": 1, "week": [[]] * 7},
        hours_provenance="stated",
        mood_scores={"quiet": {"confidence": 0.8, "evidence": "library"}},
    )

    answer = post(operator, place, hours="", mood_scores="")

    after = Place.objects.get(pk=place.pk)
    assert answer.status_code == 302
    assert (after.hours, after.hours_provenance, after.mood_scores) == (None, "prior", {})


def test_a_place_is_neither_made_nor_deleted_here(operator: Client) -> None:
    place = make_place()

    added = operator.get(reverse("admin:places_place_add"))
    deleted = operator.post(reverse("admin:places_place_delete", args=[place.pk]), {"post": "yes"})

    assert (added.status_code, deleted.status_code) == (403, 403)
    assert Place.objects.filter(pk=place.pk).exists()
    assert not PlaceSyncLog.objects.exists()


def test_the_map_is_drawn_from_the_loaded_areas(operator: Client) -> None:
    make_area(slug="moon", name_ko="달빛", kind="station", latitude=37.55, longitude=126.92)

    answer = operator.get(reverse("admin:places_outlines"))

    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.json()["features"] == [
        {
            "type": "Feature",
            "id": "station/moon",
            "properties": {"name_ko": "달빛", "name_en": "Hongdae"},
            "geometry": {"type": "Point", "coordinates": [126.92, 37.55]},
        }
    ]


def test_the_outlines_are_for_operators_only(client: Client) -> None:
    answer = client.get(reverse("admin:places_outlines"))

    assert answer.status_code == 302


@pytest.mark.parametrize("model", ["area", "city"])
def test_areas_and_cities_are_shown_on_the_map(operator: Client, model: str) -> None:
    area = make_area()
    shown = {"area": area.pk, "city": area.city.pk}

    answer = operator.get(reverse(f"admin:places_{model}_change", args=[shown[model]]))

    assert answer.status_code == 200
    assert "outline_map.js" in answer.content.decode()
