"""`GET /api/v1/places` and what hangs on it, from outside."""

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from places.models import Place, PlaceSource
from places.opening.types import OpeningHours, every_day
from places.services.encoding import Encodings
from tests.builders.places import make_city, make_place, make_source
from tests.builders.reports import make_doubt

pytestmark = pytest.mark.django_db

URL = "/api/v1/places"
HONGDAE = "37.5563,126.9236"
TEN_TO_TEN = OpeningHours(week=every_day(((600, 1320),))).to_json()


def make_named(ko: str, en: str, **fields: Any) -> Any:
    return make_place(name=ko, names={"ko": ko, "en": en}, **fields)


def find(**query: Any) -> list[str]:
    response = APIClient().get(URL, query)
    assert response.status_code == 200, response.content
    return [place["name"] for place in response.json()["results"]]


@pytest.mark.parametrize(
    "text",
    [
        "경복궁",
        "복궁",
        "경북궁",
        "경복굼",
        "gyeongbokgung",
        "GYEONGBOK",
        "gyeongbokgng",
        "ㄱㅂㄱ",
        "ㅂㄱ",
    ],
)
def test_a_name_is_found_however_it_is_typed(text: str) -> None:
    make_named("경복궁", "Gyeongbokgung")
    make_named("달빛다방", "Dalbit Dabang")

    assert find(q=text) == ["경복궁"]


@pytest.mark.parametrize("text", ["창덕궁", "%", "_", "' OR 1=1 --", "ㅎㅎㅎ", "\\"])
def test_what_no_name_resembles_is_not_found(text: str) -> None:
    make_named("달빛다방", "Dalbit Dabang")

    assert find(q=text) == []


def test_a_percent_sign_is_a_character_like_any_other() -> None:
    make_named("커피 100%", "Coffee 100%")
    make_named("커피 100잔", "A Hundred Coffees")

    assert find(q="100%")[0] == "커피 100%"


def test_the_very_name_comes_before_names_that_hold_it() -> None:
    make_named("미술관 옆 카페", "Cafe by the Museum", popularity=0.9)
    make_named("미술관", "Art Museum", popularity=0.1)

    assert find(q="미술관") == ["미술관", "미술관 옆 카페"]


def make_encoded(ko: str, en: str, **fields: Any) -> None:
    make_named(ko, en, **fields)
    Encodings().run()


def test_a_text_finds_what_it_means_behind_names_that_it_spells() -> None:
    quiet = {"quiet": {"confidence": 0.9, "evidence": "library"}}
    make_encoded("달빛다방", "Dalbit Dabang", category="cafe", mood_scores=quiet)
    make_encoded("조용한 카페", "Joyonghan Kape", category="restaurant", popularity=0.1)
    make_encoded("불꽃노래방", "Bulkkot Karaoke", category="activity")

    make_encoded("고요갤러리", "Goyo Gallery", category="gallery", mood_scores=quiet)

    assert find(q="조용한 카페") == ["조용한 카페", "달빛다방"]
    assert find(q="a quiet cafe") == ["달빛다방"]  # a quiet gallery is none
    assert sorted(find(q="조용한 곳")) == ["고요갤러리", "달빛다방", "조용한 카페"]
    assert find(q="조용한 카페", category="cafe") == ["달빛다방"]
    assert find(q="조용한 곳", category="cafe") == ["달빛다방"]  # the text names no kind
    assert find(q="zzzzqq") == []  # says nothing, though letters have vectors too


def test_a_place_asked_for_by_its_name_brings_no_others_of_its_kind() -> None:
    make_encoded("달빛 미술관", "Dalbit Museum", category="gallery")
    make_encoded("고요화랑", "Goyo Hwarang", category="gallery")

    assert find(q="달빛 미술관") == ["달빛 미술관"]
    assert find(q="미술관") == ["달빛 미술관", "고요화랑"]


def test_vectors_of_another_encoder_mean_nothing() -> None:
    make_encoded("달빛다방", "Dalbit Dabang", category="cafe")
    Place.objects.update(encoder="another/1")

    assert find(q="아늑한 카페") == []


def test_facets_count_all_that_matches_and_not_the_page() -> None:
    quiet = {"quiet": {"confidence": 0.9, "evidence": "library"}}
    stated: dict[str, Any] = {"hours": TEN_TO_TEN, "hours_provenance": "stated"}
    make_place(name="하나", mood_scores=quiet, **stated)
    make_place(name="둘", **stated)
    make_place(name="셋", category="museum", mood_scores=quiet)
    make_place(name="멀리", category="park", latitude=37.7)
    asked = {"near": HONGDAE, "facets": "category,mood", "limit": "1"}

    body = APIClient(headers={"accept-language": "en"}).get(URL, asked).json()
    open_then = APIClient().get(URL, {**asked, "open_at": "2026-11-23T12:00:00+09:00"}).json()
    alone = APIClient().get(URL, {**asked, "facets": "mood"}).json()

    assert len(body["results"]) == 1
    assert body["facets"]["of"] == 3
    assert body["facets"]["capped"] is False
    assert [(one["name"], one["count"]) for one in body["facets"]["category"]] == [
        ("cafe", 2), ("museum", 1),
    ]  # fmt: skip
    assert body["facets"]["mood"] == [{"name": "quiet", "label": "quiet", "count": 2}]
    assert (open_then["facets"]["of"], len(open_then["facets"]["category"])) == (2, 1)
    assert "category" not in alone["facets"]
    assert "facets" not in APIClient().get(URL, {"near": HONGDAE}).json()


def test_an_unknown_facet_is_refused() -> None:
    refused = APIClient().get(URL, {"facets": "category,price"})

    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == ["facets.1"]


def test_the_nearest_come_first_and_say_how_far() -> None:
    make_place(name="셋", latitude=37.5590)
    make_place(name="하나", latitude=37.5565)
    make_place(name="둘", latitude=37.5575)
    make_place(name="멀리", latitude=37.5700)

    body = APIClient().get(URL, {"near": HONGDAE, "radius": "500"}).json()

    assert [place["name"] for place in body["results"]] == ["하나", "둘", "셋"]
    assert [place["distance_m"] for place in body["results"]] == [22, 133, 300]


def test_a_box_shows_the_best_known_inside() -> None:
    make_place(name="안", popularity=0.2)
    make_place(name="안 유명", popularity=0.9)
    make_place(name="밖", longitude=127.05)

    assert find(bbox="126.92,37.55,126.93,37.56") == ["안 유명", "안"]


def test_a_box_over_the_antimeridian_has_both_sides() -> None:
    make_place(name="서쪽", latitude=-17.0, longitude=179.9)
    make_place(name="동쪽", latitude=-17.0, longitude=-179.9)
    make_place(name="반대편", latitude=-17.0, longitude=0.0)

    assert sorted(find(bbox="179.5,-18,-179.5,-16")) == ["동쪽", "서쪽"]


def test_categories_are_any_and_moods_are_all() -> None:
    quiet = {"quiet": {"confidence": 0.8, "evidence": "library"}}
    both = {**quiet, "romantic": {"confidence": 0.6, "evidence": "palace"}}
    make_place(name="카페", mood_scores=both)
    make_place(name="바", category="bar", mood_scores=quiet)
    make_place(name="공원", category="park")

    assert sorted(find(category="cafe,bar")) == ["바", "카페"]
    assert find(mood="quiet,romantic") == ["카페"]


def test_open_at_keeps_those_whose_own_hours_say_so() -> None:
    make_place(name="낮", hours=TEN_TO_TEN, hours_provenance="stated")
    make_place(name="모름")

    assert find(open_at="2026-03-04T15:00:00+09:00") == ["낮"]
    assert find(open_at="2026-03-04T15:00:00Z") == []  # midnight in Seoul


def test_open_at_leaves_out_hours_that_visitors_doubt_as_it_does_unknown_ones() -> None:
    place = make_place(name="낮", hours=TEN_TO_TEN, hours_provenance="stated")
    make_place(name="밤", hours=TEN_TO_TEN, hours_provenance="stated")
    other_fact = make_place(name="값", hours=TEN_TO_TEN, hours_provenance="stated")
    then = "2026-03-04T15:00:00+09:00"
    make_doubt(place=place, fact="hours")
    make_doubt(place=other_fact, fact="price")

    asked = {"open_at": then, "facets": "category"}
    answer = APIClient().get(URL, asked).json()
    detail = APIClient().get(f"{URL}/{place.public_id}").json()

    assert sorted(one["name"] for one in answer["results"]) == ["값", "밤"]
    assert [(one["name"], one["count"]) for one in answer["facets"]["category"]] == [("cafe", 2)]
    assert detail["hours"]["status"] == "doubted"
    assert sorted(find()) == ["값", "낮", "밤"]


def test_a_closed_place_is_not_shown() -> None:
    make_place(is_active=False)

    assert find() == []


def test_pages_follow_one_another_without_gap_or_repetition() -> None:
    for index in range(5):
        make_place(name=f"{index}", popularity=0.9 - index / 10)
    client = APIClient()

    address, names = f"{URL}?limit=2", []
    while address:
        body = client.get(address).json()
        names += [place["name"] for place in body["results"]]
        address = body["next"]

    assert names == ["0", "1", "2", "3", "4"]


def test_pages_of_open_places_go_on_where_the_last_ended() -> None:
    for index in range(5):
        known: dict[str, Any] = {"hours": TEN_TO_TEN, "hours_provenance": "stated"}
        fields = known if index % 2 == 0 else {}
        make_place(name=f"{index}", popularity=0.9 - index / 10, **fields)
    client = APIClient()

    first = client.get(URL, {"open_at": "2026-03-04T06:00:00Z", "limit": "2"}).json()
    second = client.get(first["next"]).json()

    assert [place["name"] for place in first["results"]] == ["0", "2"]
    assert [place["name"] for place in second["results"]] == ["4"]
    assert second["next"] is None


def test_geojson_for_who_accepts_it() -> None:
    place = make_place()

    response = APIClient().get(URL, headers={"Accept": "application/geo+json"})

    assert response["Content-Type"] == "application/geo+json"
    (feature,) = response.json()["features"]
    assert feature["id"] == str(place.public_id)
    assert feature["geometry"] == {"type": "Point", "coordinates": [126.9236, 37.5563]}
    assert feature["properties"]["name_ko"] == "조용한카페"


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ({"near": "nan,126"}, 400, "geometry_malformed", "near"),
        ({"near": "126.9,37.5"}, 422, "position_swapped", "near"),
        ({"bbox": "1,2,3"}, 400, "geometry_malformed", "bbox"),
        ({"bbox": "126,38,127,37"}, 422, "box_empty", "bbox"),
        ({"bbox": "1,2,3,4", "near": HONGDAE}, 422, "incomplete", "bbox"),
        ({"radius": "100"}, 422, "incomplete", "radius"),
        ({"near": HONGDAE, "radius": "1000000"}, 422, "max_value", "radius"),
        ({"category": "casino"}, 400, "invalid_choice", "category.0"),
        ({"mood": "angry"}, 400, "invalid_choice", "mood.0"),
        ({"open_at": "2026-03-04T15:00:00"}, 400, "naive_time", "open_at"),
        ({"q": "a" * 81}, 400, "max_length", "q"),
        ({"q": " "}, 400, "blank", "q"),
        ({"limit": "0"}, 422, "min_value", "limit"),
        ({"cursor": "1000000:forged"}, 400, "bad_cursor", "cursor"),
        ({"page": "2"}, 400, "unknown", "page"),
    ],
)
def test_refuses_what_cannot_be_meant(
    query: dict[str, str], status: int, code: str, field: str
) -> None:
    response = APIClient().get(URL, query)

    body = response.json()
    told = [(body.get("field"), body["code"])] + [
        (error["field"], error["code"]) for error in body.get("errors", [])
    ]
    assert response.status_code == status, body
    assert (field, code) in told, body


def test_a_source_of_several_records_is_named_once() -> None:
    place = make_place()
    make_source(slug="osm")
    for ref, day in (("w1", date(2024, 5, 17)), ("w2", date(2025, 1, 2)), ("w3", None)):
        PlaceSource.objects.create(place=place, source_id="osm", external_ref=ref, as_of=day)

    body = APIClient().get(f"{URL}/{place.public_id}").json()

    (source,) = body["sources"]
    assert (source["id"], source["as_of"], source["records"]) == ("osm", "2025-01-02", 3)


def test_one_place_tells_its_hours_today_and_its_sources() -> None:
    hours = OpeningHours(week=every_day(((0, 1440),))).to_json()
    place = make_place(
        hours=hours, hours_provenance="stated", hours_source="osm", hours_text="24/7",
        mood_scores={"quiet": {"confidence": 0.7, "evidence": "library"}}, indoor=True,
    )  # fmt: skip

    body = APIClient().get(f"{URL}/{place.public_id}").json()

    assert (body["name"], body["indoor"], body["sources"]) == ("조용한카페", True, [])
    assert (body["hours"]["status"], body["hours"]["open_now"]) == ("known", True)
    assert (body["hours"]["source"], body["hours"]["text"]) == ("osm", "24/7")
    assert body["mood_evidence"] == [{"mood": "quiet", "confidence": 0.7, "evidence": "library"}]
    assert body["congestion"]["basis"] == "usual"
    assert 0 <= body["congestion"]["level"] <= 1


def test_hours_that_nobody_states_are_called_assumed() -> None:
    place = make_place()

    body = APIClient().get(f"{URL}/{place.public_id}").json()

    (today,) = body["hours"]["today"]
    assert body["hours"]["status"] == "assumed"
    assert (today["opens"][11:16], today["closes"][11:16]) == ("11:00", "20:00")  # of any café


@pytest.mark.parametrize("kind", ["unknown", "closed"])
def test_a_place_that_may_not_be_shown_is_not_found(kind: str) -> None:
    place = make_place(is_active=kind != "closed")
    public_id = "01932c07-30a0-7bd8-bf9c-6f3e2a2b5a11" if kind == "unknown" else place.public_id

    response = APIClient().get(f"{URL}/{public_id}")

    assert (response.status_code, response.json()["code"]) == (404, "places/place-not-found")


def test_tags_are_told_in_both_languages() -> None:
    korean = APIClient().get("/api/v1/tags").json()["results"]
    english = APIClient().get("/api/v1/tags", headers={"Accept-Language": "en"}).json()["results"]

    labels = {tag["name"]: tag["label"] for tag in korean}
    assert {tag["type"] for tag in korean} == {"category", "mood"}
    assert labels["cafe"] == "카페"
    assert {tag["name"]: tag["label"] for tag in english}["cafe"] == "cafe"


def test_cities_do_not_stand_in_each_others_way() -> None:
    prague = make_city(slug="prague", country="CZ", currency="CZK", time_zone="Europe/Prague")
    make_place(name="Kavárna", city=prague, latitude=50.08, longitude=14.42, currency="CZK")

    (place,) = APIClient().get(URL, {"near": "50.08,14.42"}).json()["results"]

    assert (place["city"], place["cost"]["currency"]) == ("prague", "CZK")
