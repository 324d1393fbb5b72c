"""Another city than Seoul: the sample that is shipped, from loading to cards."""

import pytest
from django.core.management import call_command

from places.models import City, Place
from tests.builders.users import make_client
from tests.trips.api.asking import ask, next_saturday

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_shipped_city_is_loaded_with_its_currency_zone_and_areas() -> None:
    call_command("load_city", "prague")

    city = City.objects.get(slug="prague")
    assert (city.currency, city.time_zone, city.country) == ("CZK", "Europe/Prague", "CZ")
    assert Place.objects.active().of_city("prague").count() == 2_945
    assert city.areas.filter(name_ko="비노흐라디", name_en="Vinohrady").exists()


SAID = {
    "비노흐라디에서 3시간 조용한 카페랑 공원": "vinohrady",
    "3 hours around Zizkov, a cafe and a park": "zizkov",
    "Malá Strana, 3 hours, cafe and park": "mala-strana",
    "프라하성 근처에서 세 시간 카페": "prague-castle",
}


def test_its_neighbourhoods_are_understood_in_both_languages() -> None:
    call_command("load_city", "prague")
    noon_there = next_saturday(20)

    answers = {
        sentence: ask(make_client(), q=sentence, budget=60_000, start_at=noon_there).json()
        for sentence in SAID
    }

    for sentence, body in answers.items():
        area = body["interpretation"]["area_resolved"]
        assert (area["id"], area["city"]) == (SAID[sentence], "prague")
        assert [card["currency"] for card in body["cards"]] == ["CZK"] * 3
        assert all(card["cost_high"] <= 60_000 for card in body["cards"])
