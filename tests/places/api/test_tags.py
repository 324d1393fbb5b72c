"""What tags do for those who ask for places."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from places.models import Place, TagReview
from places.services.tagging.catalogue import store_tags
from places.services.tagging.reviewing import TagReviews
from tests.builders.places import make_place
from tests.builders.tagging import TAGGED_AT, make_place_tag, make_review, make_tag
from tests.builders.users import make_user

pytestmark = pytest.mark.django_db

URL = "/api/v1/places"
QUIET = {"quiet": {"confidence": 0.8, "evidence": "by its own words"}}


def ask(address: str, *, language: str = "ko", **query: Any) -> Any:
    response = APIClient().get(address, query, headers={"Accept-Language": language})
    assert response.status_code == 200, response.content
    return response.json()


def test_a_place_tells_its_tags_how_sure_they_are_and_that_they_are_guessed() -> None:
    place = make_place(mood_scores=QUIET)
    make_tag("night", type="time", name_ko="밤", name_en="at night")
    make_place_tag(place, "quiet", confidence=0.8)
    make_place_tag(place, "quiet", source="people", confidence=0.76, evidence="#people 3/4")
    make_place_tag(place, "night", source="operator", confidence=0.95, is_reviewed=True)

    korean = ask(f"{URL}/{place.public_id}")["tags"]
    english = ask(f"{URL}/{place.public_id}", language="en")["tags"]

    assert korean == [
        {
            "name": "night",
            "type": "time",
            "label": "밤",
            "confidence": "high",
            "guessed": False,
            "grounds": "operator",
        },
        {
            "name": "quiet",
            "type": "mood",
            "label": "조용한",
            "confidence": "fair",
            "guessed": True,
            "grounds": "text",
        },
    ]
    assert [tag["label"] for tag in english] == ["at night", "quiet"]


def test_a_retired_tag_is_told_no_more() -> None:
    place = make_place(mood_scores=QUIET)
    make_tag("quiet", is_active=False)
    make_place_tag(place, "quiet")

    assert ask(f"{URL}/{place.public_id}")["tags"] == []


def test_a_mood_that_an_operator_struck_out_is_no_tag_either() -> None:
    place = make_place(mood_scores={}, edited_fields=["mood_scores"])
    make_place_tag(place, "quiet")

    assert ask(f"{URL}/{place.public_id}")["tags"] == []


def test_what_an_operator_accepted_is_found_by_its_mood_and_counted() -> None:
    place = make_place()
    make_place(name="별빛")
    review = make_review(place)
    operator = make_user(is_staff=True)

    before = ask(URL, mood="quiet")["results"]
    TagReviews().decide(review_id=review.pk, is_right=True, operator=operator, now=TAGGED_AT)
    after = ask(URL, mood="quiet", facets="mood")
    TagReviews().take_back(review_id=TagReview.objects.get().pk, operator=operator, now=TAGGED_AT)

    assert before == []
    assert [found["name"] for found in after["results"]] == [place.name]
    assert after["facets"]["mood"] == [{"name": "quiet", "label": "조용한", "count": 1}]
    assert ask(URL, mood="quiet")["results"] == []
    assert Place.objects.get(pk=place.pk).mood_scores == {}


def test_the_list_of_tags_is_as_it_was() -> None:
    before = ask("/api/v1/tags")

    store_tags()

    names = {(tag["type"], tag["name"]) for tag in before["results"]}
    assert ask("/api/v1/tags") == before
    assert {("mood", "quiet"), ("category", "cafe")} <= names
