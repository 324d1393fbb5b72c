"""Operators work through guesses one by one, in bulk, and by the tags that places have."""

import re
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from analytics.models import AuditEntry
from places.models import Place, PlaceTag, Tag, TagReview
from places.services.tagging.reviewing import TagReviews
from tests.builders.places import make_city, make_place
from tests.builders.tagging import TAGGED_AT, make_place_tag, make_review
from tests.builders.users import make_user
from users.authorisation import permissions_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/places/tagreview/queue/"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user(is_staff=True))
    return client


def shown(page: Any) -> str | None:
    """Return the name of the place on the card; None for no card."""
    card = page.context["card"]
    return None if card is None else str(card["place"].name)


def press(client: Client, action: str, review: TagReview, **said: Any) -> Any:
    """Press a button of the page on which `review` is shown, and return the page that follows."""
    fields = {"action": action, "review": review.pk, "revision": review.revision} | said
    return client.post(QUEUE, fields, follow=True)


def messages(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_the_surest_guess_comes_first_with_its_evidence_marked(operator: Client) -> None:
    make_review(make_place(name="달빛 다방"), confidence=0.5)
    place = make_place(name="별빛 찻집", description="중구 카페 · 조용한 골목 <b>")
    make_review(place, confidence=0.7)

    page = operator.get(QUEUE)

    text = page.content.decode()
    assert shown(page) == "별빛 찻집"
    assert "중구 카페 · <mark>조용한</mark> 골목 &lt;b&gt;" in text
    assert "70%" in text
    assert f'href="/admin/places/place/{place.pk}/change/#id_location-map"' in text
    assert re.findall(r'data-key="(\w)"', text) == ["a", "r", "s"]
    assert "<script>" not in text


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("#model", "글 전체의 느낌으로 짐작했어요."),
        ("#people 2/5", "다녀간 사람들의 글에서 나왔어요. (2/5)"),
        ("#image 2/5", "사진에서 나왔어요. (2/5)"),
    ],
)
def test_what_is_no_stretch_of_a_text_is_said_in_words(
    operator: Client, evidence: str, said: str
) -> None:
    make_review(make_place(), evidence=evidence)

    text = operator.get(QUEUE).content.decode()

    assert said in text
    assert "<mark>" not in text


def test_a_decision_leads_to_the_next_card_and_is_shown_to_be_undone(operator: Client) -> None:
    first = make_review(make_place(name="하나"), confidence=0.7)
    make_review(make_place(name="둘"), confidence=0.6)

    page = press(operator, "accept", first)

    assert shown(page) == "둘"
    assert messages(page) == ["하나 · 조용한: 처리했어요."]
    assert page.context["last"] == first
    assert PlaceTag.objects.get().source == "operator"


def test_what_is_skipped_comes_again_behind_the_last(operator: Client) -> None:
    make_review(make_place(name="하나"), confidence=0.6)
    make_review(make_place(name="둘"), confidence=0.6)

    second = operator.get(f"{QUEUE}?{operator.get(QUEUE).context['skip']}")
    third = operator.get(f"{QUEUE}?{second.context['skip']}")

    assert [shown(second), shown(third)] == ["둘", "하나"]


def test_undoing_shows_the_same_card_again_and_goes_back_further(operator: Client) -> None:
    reviews = [make_review(make_place(name=name)) for name in ("하나", "둘")]
    press(operator, "accept", reviews[0])
    last = press(operator, "reject", reviews[1]).context["last"]

    page = press(operator, "undo", last)
    further = press(operator, "undo", page.context["last"])

    assert shown(page) == "둘"
    assert shown(further) == "하나"
    assert further.context["last"] is None
    assert not PlaceTag.objects.exists()
    assert TagReview.objects.filter(decision="pending").count() == 2


def test_the_second_of_two_operators_is_told(operator: Client) -> None:
    review = make_review(make_place(name="하나"))
    other = make_user(is_staff=True)
    TagReviews().decide(review_id=review.pk, is_right=False, operator=other, now=TAGGED_AT)

    page = press(operator, "accept", review)

    review.refresh_from_db()
    assert messages(page) == ["하나 · 조용한: 다른 운영자가 먼저 정했어요."]
    assert review.decision == "rejected"
    assert not PlaceTag.objects.exists()


def test_a_form_sent_twice_decides_once(operator: Client) -> None:
    review = make_review(make_place())

    press(operator, "accept", review)
    press(operator, "accept", review)

    assert AuditEntry.objects.filter(action="tag_review.accepted").count() == 1


def test_on_a_stale_page_the_new_evidence_is_shown_before_anything_is_decided(
    operator: Client,
) -> None:
    review = make_review(make_place(name="하나"), confidence=0.5)
    make_review(make_place(name="둘"), confidence=0.7)
    TagReview.objects.filter(pk=review.pk).update(revision=2, evidence="고요한")

    page = press(operator, "accept", review)

    review.refresh_from_db()
    assert shown(page) == "하나"
    assert messages(page) == ["하나 · 조용한: 그 사이 근거가 바뀌었어요. 다시 보고 정해 주세요."]
    assert review.decision == "pending"


def test_places_that_closed_are_neither_shown_nor_decided_about(operator: Client) -> None:
    review = make_review(make_place(name="하나"))
    Place.objects.update(is_active=False)

    page = press(operator, "accept", review)

    assert shown(page) is None
    assert messages(page) == ["하나 · 조용한: 그 사이 장소가 닫혔어요. 다시 열리면 또 물어볼게요."]
    assert "기다리는 태그가 없어요." in page.content.decode()


def test_a_guess_that_is_gone_is_told(operator: Client) -> None:
    review = make_review(make_place())
    review_id = review.pk
    review.delete()
    review.pk = review_id

    page = press(operator, "reject", review)

    assert messages(page) == ["태그: 더는 묻지 않는 태그예요. 그 사이 근거가 사라졌어요."]


def test_the_queue_is_filtered_by_tag_city_and_confidence(operator: Client) -> None:
    prague = make_city(slug="prague", name_ko="프라하")
    make_review(make_place(name="하나"), "cozy", confidence=0.7)
    wanted = make_review(make_place(name="둘", city=prague), confidence=0.6)
    make_review(make_place(name="셋", city=prague), "cozy", confidence=0.45)
    kept = {"tag": "quiet", "city": "prague", "low": "0.5"}

    by_tag = operator.get(QUEUE, {"tag": "quiet"})
    by_city = operator.get(QUEUE, {"city": "prague"})
    by_confidence = operator.get(QUEUE, {"low": "0.5"})
    after = press(operator, "accept", wanted, **kept)

    found = [(shown(page), page.context["waiting"]) for page in (by_tag, by_city, by_confidence)]
    assert found == [("둘", 1), ("둘", 2), ("하나", 2)]
    assert shown(after) is None
    assert "tag=quiet&city=prague&low=0.5" in after.redirect_chain[0][0]


@pytest.mark.parametrize(
    "query", ["tag=smell", "city=atlantis", "low=x", "low=nan", "low=2", "behind_id=-1", "at=x"]
)
def test_a_filter_that_means_nothing_is_refused(operator: Client, query: str) -> None:
    make_review(make_place())

    page = operator.get(f"{QUEUE}?{query}")

    assert page.status_code == 400
    assert "읽을 수 없는 요청이에요." in page.content.decode()


@pytest.mark.parametrize(
    "said", [{"action": "burn"}, {"review": "x"}, {"review": 2**63}, {"revision": "x"}]
)
def test_a_button_that_means_nothing_is_refused(operator: Client, said: dict[str, Any]) -> None:
    review = make_review(make_place())

    page = operator.post(QUEUE, {"action": "accept", "review": review.pk, "revision": 1} | said)

    review.refresh_from_db()
    assert page.status_code == 400
    assert review.decision == "pending"


def test_whoever_may_only_look_sees_no_keys_and_decides_nothing(operator: Client) -> None:
    review = make_review(make_place())
    permissions_of.cache_clear()
    try:
        with override_settings(ROLE_PERMISSIONS={"operator": {"places.tagreview": ["view"]}}):
            seen = operator.get(QUEUE)
            pressed = press(operator, "accept", review)
            listed = operator.get(reverse("admin:places_tagreview_changelist"))
    finally:
        permissions_of.cache_clear()

    review.refresh_from_db()
    assert re.findall(r'data-key="(\w)"', seen.content.decode()) == ["s"]
    assert (pressed.status_code, review.decision) == (403, "pending")
    assert '<option value="accept">' not in listed.content.decode()


def test_nobody_else_is_let_in(client: Client) -> None:
    make_review(make_place())
    client.force_login(make_user())

    assert client.get(QUEUE).status_code == 302
    assert client.post(QUEUE, {"action": "accept"}).status_code == 302


def act(operator: Client, page: str, action: str, *chosen: Any) -> list[str]:
    """Choose rows of a list and an action; return what the operator is told."""
    answer = operator.post(
        reverse(f"admin:places_{page}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in chosen]},
        follow=True,
    )
    assert answer.status_code == 200
    return messages(answer)


def test_many_are_decided_at_once_and_of_the_others_is_told(operator: Client) -> None:
    reviews = [make_review(make_place(name=f"곳 {n}")) for n in range(3)]
    other = make_user(is_staff=True)
    TagReviews().decide(review_id=reviews[1].pk, is_right=False, operator=other, now=TAGGED_AT)

    said = act(operator, "tagreview", "accept", *reviews)

    assert said == ["곳 1 quiet: 다른 운영자가 먼저 정했어요.", "2건을 처리했어요."]
    assert PlaceTag.objects.filter(source="operator").count() == 2


def test_many_decisions_are_taken_back_at_once(operator: Client) -> None:
    reviews = [make_review(make_place(name=f"곳 {n}")) for n in range(2)]
    act(operator, "tagreview", "reject", *reviews)

    said = act(operator, "tagreview", "take_back", *reviews)

    assert said == ["2건을 처리했어요."]
    assert TagReview.objects.filter(decision="pending").count() == 2


def test_a_wrong_tag_is_refused_in_the_list(operator: Client) -> None:
    tag = make_place_tag(make_place())

    said = act(operator, "placetag", "refuse", tag)

    assert said == ["1건을 처리했어요."]
    assert not PlaceTag.objects.exists()
    assert TagReview.objects.get().decision == "rejected"


def test_a_tag_is_retired_and_nothing_else_of_it_changes(operator: Client) -> None:
    make_place_tag(make_place())
    tag = Tag.objects.get()

    answer = operator.post(
        reverse("admin:places_tag_change", args=[tag.pk]), {"name": "loud", "type": "time"}
    )

    tag.refresh_from_db()
    assert answer.status_code == 302
    assert (tag.name, tag.type, tag.is_active) == ("quiet", "mood", False)


@pytest.mark.parametrize(
    ("band", "names"), [("6", ["둘"]), ("9", ["셋"]), ("x", ["하나", "둘", "셋"])]
)
def test_the_list_is_filtered_by_confidence(operator: Client, band: str, names: list[str]) -> None:
    for name, confidence in (("하나", 0.59), ("둘", 0.6), ("셋", 1.0)):
        make_review(make_place(name=name), confidence=confidence)

    page = operator.get(reverse("admin:places_tagreview_changelist"), {"sure": band})

    found = page.context["cl"].queryset.order_by("pk")
    assert [review.place.name for review in found] == names


def test_the_list_leads_to_the_queue(operator: Client) -> None:
    page = operator.get(reverse("admin:places_tagreview_changelist")).content.decode()

    assert f'href="{QUEUE}"' in page
