"""What the answer offers when too little fits holds when it is asked for."""

from typing import Any

import pytest

from places.models import Place
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.users import make_client
from tests.trips.api.asking import ask, next_saturday

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("question", "code", "taken"),
    [
        ({"start_at": next_saturday(5), "time_budget_min": 60}, "later_start", "start_at"),
        ({"time_budget_min": 180, "budget": 0, "exclude": "park,bookstore,heritage"}, "more_money", "budget"),
        ({"time_budget_min": 25}, "more_time", "time_budget_min"),
    ],
)  # fmt: skip
def test_what_is_offered_gives_what_it_says(
    question: dict[str, Any], code: str, taken: str
) -> None:
    make_neighbourhood()
    client = make_client()
    asked = {"area": "홍대", **question}
    first = ask(client, **asked).json()

    offered = first["relaxation"]
    second = ask(client, **{**asked, taken: offered["values"][taken]}).json()

    assert offered["code"] == code
    assert len(first["cards"]) < 3
    assert len(second["cards"]) == offered["values"]["cards"] > len(first["cards"])


def test_what_was_asked_for_and_is_on_no_card_comes_with_the_step_that_adds_it() -> None:
    make_neighbourhood()
    Place.objects.filter(category="museum").update(cost_low=30_000, cost_high=30_000)
    client = make_client()

    body = ask(client, q="홍대에서 3시간 박물관", budget=22_000).json()
    more = ask(client, q="홍대에서 3시간 박물관", budget=body["relaxation"]["values"]["budget"])

    assert (len(body["cards"]), body["why_fewer"]) == (3, None)
    assert body["relaxation"]["code"] == "more_money_adds"
    assert body["relaxation"]["detail"] == "예산이 10,000원 더 있으면 박물관을 넣을 수 있어요."
    categories = {n["place"]["category"] for c in more.json()["cards"] for n in c["nodes"]}
    assert "museum" in categories
