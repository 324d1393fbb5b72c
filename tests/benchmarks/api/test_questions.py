import itertools
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from benchmarks.api.questions import Account, Asked, draw_questions
from benchmarks.api.synthesising import Neighbourhood
from trips.api.serializers import RecommendationQuestion

TODAY = datetime(2026, 11, 21, tzinfo=UTC)
PLACES = (
    Neighbourhood(city="seoul", latitude=37.55, longitude=126.92, weight=2, name="홍대"),
    Neighbourhood(city="prague", latitude=50.08, longitude=14.43, weight=1),
)


def draw(count: int, seed: int = 1) -> list[Asked]:
    drawn = draw_questions(neighbourhoods=PLACES, today=TODAY, seed=seed)
    return list(itertools.islice(drawn, count))


def test_the_api_takes_every_question() -> None:
    for question in draw(200):
        reader = RecommendationQuestion(data=question.parameters)
        assert reader.is_valid(), reader.errors


def test_no_two_questions_are_alike_and_a_seed_draws_the_same_again() -> None:
    questions = draw(300)

    assert len({str(question.parameters) for question in questions}) == 300
    assert questions == draw(300)
    assert questions != draw(300, seed=2)


def test_most_questions_are_of_two_to_four_hours() -> None:
    lengths = Counter(question.parameters["time_budget_min"] for question in draw(2_000))

    assert 0.7 < sum(lengths[minutes] for minutes in (120, 150, 180, 240)) / 2_000 < 0.9
    assert 0.05 < (lengths[420] + lengths[540]) / 2_000 < 0.15


def test_a_request_carries_the_token_and_what_a_proxy_adds() -> None:
    question = Asked({"q": "조용한 카페", "lat": 37.5, "lon": 127.0}, "ko")

    head = question.request(account=Account(uuid4(), "a.b.c"), port=8000).decode()

    method, target, _ = head.splitlines()[0].split()
    assert method == "GET"
    assert parse_qs(urlsplit(target).query) == {
        "q": ["조용한 카페"],
        "lat": ["37.5"],
        "lon": ["127.0"],
    }
    assert "Authorization: Bearer a.b.c" in head
    assert "X-Forwarded-Proto: https" in head
    assert head.endswith("\r\n\r\n")
