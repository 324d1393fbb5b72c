"""Tags for operators: which there are, which places have them, and the queue of what is not sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media, Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from common.admin import ModelAdmin, ReadOnly
from common.errors import DomainError
from engine.tagging.types import CODE_MARK
from places.admin_acting import attempt, operator_of
from places.models import City, PlaceTag, Tag, TagReview
from places.services.tagging.reviewing import TagReviews
from places.services.tagging.texts import list_texts
from places.tagging_selectors import (
    Behind,
    QueueFilter,
    count_by_tag,
    find_asked_again,
    find_last_decided,
    find_next_review,
    list_held_tags,
    list_queue,
)

if TYPE_CHECKING:
    from users.models import User

DECIDE: Final = "places.change_tagreview"
TOLD_HIGH: Final = 5  # faults of a bulk action that are told one by one
# What a guess rests on where it is no stretch of a text; the part behind the code says how many.
GROUNDS: Final = {
    "model": "글 전체의 느낌으로 짐작했어요.",
    "people": "다녀간 사람들의 글에서 나왔어요.",
    "blogs": "여러 블로그 글의 제목에서 나왔어요.",
    "image": "사진에서 나왔어요.",
    "operator": "운영자가 정했어요.",
}


class QueueForm(forms.Form):
    """What an operator works through, and behind which card the next one lies."""

    tag = forms.ChoiceField(required=False, label="태그")
    city = forms.ChoiceField(required=False, label="도시")
    low = forms.FloatField(
        required=False,
        min_value=0,
        max_value=1,
        label="확실한 정도 (0~1, 이상)",
        widget=forms.NumberInput(attrs={"step": "0.05", "style": "width: 6em"}),
    )
    behind = forms.FloatField(required=False, widget=forms.HiddenInput)
    behind_id = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    at = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, said: Mapping[str, Any]) -> None:
        super().__init__(said)
        counts = count_by_tag()
        tags = Tag.objects.order_by("type", "name").values_list("name", "name_ko")
        cities = City.objects.order_by("slug").values_list("slug", "name_ko")
        told = [(name, f"{korean} ({counts.get(name, 0)})") for name, korean in tags]
        self.fields["tag"].choices = [("", "모두"), *told]  # type: ignore[attr-defined] # the stubs know no field by name
        self.fields["city"].choices = [("", "모두"), *cities]  # type: ignore[attr-defined] # as above

    @property
    def which(self) -> QueueFilter:
        """Return what the valid form asks for."""
        said = self.cleaned_data
        return QueueFilter(tag=said["tag"], city=said["city"], confidence_low=said["low"] or 0.0)

    @property
    def passed(self) -> Behind | None:
        """Return the card that was seen last; None for none."""
        said = self.cleaned_data
        if said["behind"] is None or said["behind_id"] is None:
            return None
        return Behind(confidence=said["behind"], review_id=said["behind_id"])

    def address(self, *, behind: TagReview | None = None, at: TagReview | None = None) -> str:
        """Return the query of the queue as it is filtered: at a card, or behind one."""
        kept = {name: self.data.get(name, "") for name in ("tag", "city", "low")}
        if behind is not None:
            kept |= {"behind": str(behind.confidence), "behind_id": str(behind.pk)}
        if at is not None:
            kept |= {"at": str(at.pk)}
        return urlencode({name: value for name, value in kept.items() if value})


class ConfidenceFilter(admin.SimpleListFilter):
    """How sure, in bands of a tenth."""

    title = "confidence"
    parameter_name = "sure"

    def lookups(self, _request: HttpRequest, _page: Any) -> list[tuple[str, str]]:
        return [(str(at), f"{at / 10:.1f} – {(at + 1) / 10:.1f}") for at in range(9, -1, -1)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {str(at) for at in range(10)}:
            return queryset
        low = int(self.value() or 0) / 10
        high = 1.01 if low == 0.9 else low + 0.1  # the last band holds 1, too
        return queryset.filter(confidence__gte=low, confidence__lt=high)


@admin.register(Tag)
class TagAdmin(ModelAdmin[Tag]):
    """The tags that there are; one that is retired is given to no place any more."""

    list_display = ("name", "type", "name_ko", "name_en", "is_active")
    list_filter = ("type", "is_active")
    search_fields = ("name", "name_ko", "name_en")
    ordering = ("type", "name")
    readonly_fields = ("name", "type", "name_ko", "name_en", "metadata")
    fields = (*readonly_fields, "is_active")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class _Deciding:
    """A mixin for pages whose actions decide about tags."""

    reviews = TagReviews()

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Tell whether deciding is offered: whoever may only look sees no keys and no actions."""
        return request.user.has_perm(DECIDE)

    def decide_all(
        self,
        request: HttpRequest,
        chosen: QuerySet[Any],
        act: Callable[..., None],
    ) -> None:
        """Decide about each by itself, and tell how many could be decided and what of the others."""
        page = cast("ModelAdmin[Any]", self)
        done, faults = 0, []
        for row in chosen.select_related("place").defer("place__embedding").order_by("pk"):
            try:
                act(row, operator=signed_in(request), now=timezone.now())
            except DomainError as error:
                faults.append(f"{row.place.name} {row.tag_id}: {error.detail.ko}")
            else:
                done += 1
        for fault in faults[:TOLD_HIGH]:
            page.message_user(request, fault, messages.ERROR)
        if len(faults) > TOLD_HIGH:
            more = f"그 밖에 {len(faults) - TOLD_HIGH}건을 처리하지 못했어요."
            page.message_user(request, more, messages.ERROR)
        page.message_user(request, f"{done}건을 처리했어요.")


@admin.register(PlaceTag)
class PlaceTagAdmin(_Deciding, ReadOnly, ModelAdmin[PlaceTag]):
    """Which places have which tags and on whose word; a wrong one is refused for good."""

    list_display = (
        "place", "tag", "source", "confidence", "evidence", "tagger", "is_reviewed", "said_at",
    )  # fmt: skip
    list_filter = ("tag__type", "source", "is_reviewed", ConfidenceFilter, "place__city", "tag")
    list_select_related = ("place",)
    search_fields = ("place__name_search__contains",)
    ordering = ("-said_at", "-pk")
    list_per_page = 50
    fields = (
        "place", "tag", "source", "weight", "confidence", "evidence", "tagger", "is_reviewed",
        "said_at",
    )  # fmt: skip
    actions = ("refuse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaceTag]:
        return super().get_queryset(request).defer("place__embedding")

    @admin.action(description="틀린 태그예요", permissions=["decide"])
    def refuse(self, request: HttpRequest, chosen: QuerySet[PlaceTag]) -> None:
        self.decide_all(
            request,
            chosen,
            lambda tag, **by: self.reviews.refuse(place_tag_id=tag.pk, **by),
        )


@admin.register(TagReview)
class TagReviewAdmin(_Deciding, ReadOnly, ModelAdmin[TagReview]):
    """What operators were asked and decided; the queue shows one after the other, for the keyboard."""

    list_display = (
        "place", "tag", "confidence", "evidence", "source", "decision", "decided_by", "decided_at",
        "guessed_at",
    )  # fmt: skip
    list_filter = ("decision", "source", ConfidenceFilter, "place__city", "tag__type", "tag")
    list_select_related = ("place",)
    search_fields = ("place__name_search__contains",)
    ordering = ("-confidence", "pk")
    list_per_page = 50
    fields = (
        "place", "tag", "source", "weight", "confidence", "evidence", "tagger", "guessed_at",
        "decision", "decided_by", "decided_at",
    )  # fmt: skip
    actions = ("accept", "reject", "take_back")

    def get_urls(self) -> list[URLPattern]:
        queue = self.admin_site.admin_view(self.queue)
        return [path("queue/", queue, name="places_tagreview_queue"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TagReview]:
        return super().get_queryset(request).defer("place__embedding")

    @admin.action(description="맞아요: 태그로 받아들이기", permissions=["decide"])
    def accept(self, request: HttpRequest, chosen: QuerySet[TagReview]) -> None:
        self.decide_all(request, chosen, partial(self._decide, is_right=True))

    @admin.action(description="아니에요: 거절하기", permissions=["decide"])
    def reject(self, request: HttpRequest, chosen: QuerySet[TagReview]) -> None:
        self.decide_all(request, chosen, partial(self._decide, is_right=False))

    @admin.action(description="결정 되돌리기", permissions=["decide"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[TagReview]) -> None:
        self.decide_all(
            request,
            chosen,
            lambda review, **by: self.reviews.take_back(review_id=review.pk, **by),
        )

    def _decide(self, review: TagReview, **how: Any) -> None:
        self.reviews.decide(review_id=review.pk, **how)

    def queue(self, request: HttpRequest) -> HttpResponse:
        """Show the next review that waits, and take the decision about one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = QueueForm(request.POST if request.method == "POST" else request.GET)
        if not form.is_valid():
            return self._show(request, form, review=None, status=400)
        if request.method == "POST":
            return self._take(request, form)
        review = find_next_review(which=form.which, behind=form.passed, at=form.cleaned_data["at"])
        return self._show(request, form, review=review)

    def _take(self, request: HttpRequest, form: QueueForm) -> HttpResponse:
        """Do what a button or a key asks for, then show the next card; after a refusal the same."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        said = Decided(request.POST)
        if not said.is_valid():
            return self._show(request, form, review=None, status=400)
        review = find_review(said.cleaned_data["review"])
        is_done = attempt(self, request, told(review), partial(self._act, said, request))
        if said.cleaned_data["action"] == "undo":
            following = form.address(at=find_asked_again(review=review))
        else:
            following = form.address(behind=review) if is_done else form.address(at=review)
        return HttpResponseRedirect(f"{request.path}?{following}".rstrip("?"))

    def _act(self, said: Decided, request: HttpRequest) -> None:
        asked = said.cleaned_data
        by: dict[str, Any] = {"operator": signed_in(request), "now": timezone.now()}
        if asked["action"] == "undo":
            self.reviews.take_back(review_id=asked["review"], **by)
        else:
            self.reviews.decide(
                review_id=asked["review"],
                revision=asked["revision"],
                is_right=asked["action"] == "accept",
                **by,
            )

    def _show(
        self, request: HttpRequest, form: QueueForm, *, review: TagReview | None, status: int = 200
    ) -> TemplateResponse:
        can_decide = self.has_decide_permission(request)
        is_sound = form.is_valid()
        context = {
            **self.admin_site.each_context(request),
            "title": "태그 검토",
            "opts": self.opts,
            "form": form,
            "is_refused": status != 200,
            "card": None if review is None else card_of(review),
            "waiting": list_queue(which=form.which).count() if is_sound else None,
            "can_decide": can_decide,
            "last": find_last_decided(operator=operator_of(request)) if can_decide else None,
            "skip": form.address(behind=review),
            "media": self.media + Media(
                css={"screen": ["places/tag_queue.css"]},
                js=[Script("places/tag_queue.js", defer=True)],  # type: ignore[list-item] # the stubs know texts alone
            ),
        }  # fmt: skip
        template = "admin/places/tagreview/queue.html"
        return TemplateResponse(request, template, context, status=status)


class Decided(forms.Form):
    """What an operator says of a card, or of the last one."""

    action = forms.ChoiceField(choices=[(name, name) for name in ("accept", "reject", "undo")])
    review = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


def card_of(review: TagReview) -> dict[str, Any]:
    """Return what is shown of a review: the place, its texts with the evidence marked, its tags."""
    code, _, count = review.evidence.removeprefix(CODE_MARK).partition(" ")
    is_code = review.evidence.startswith(CODE_MARK)
    (texts,) = list_texts(place_ids=[review.place_id])
    evidence = "" if is_code else review.evidence
    said = [
        ("이름", " / ".join(texts.names)),
        ("설명", texts.description),
        *(("소개", introduction) for introduction in texts.introductions),
    ]
    return {
        "review": review,
        "place": review.place,
        "percent": round(review.confidence * 100),
        "texts": [(label, list(mark(text, evidence))) for label, text in said if text],
        "ground": GROUNDS.get(code, review.evidence) if is_code else "",
        "count": count,
        "held": list_held_tags(place_id=review.place_id),
        "moods": sorted(review.place.mood_scores),
        "map": reverse("admin:places_place_change", args=[review.place_id]) + "#id_location-map",
    }


def mark(text: str, evidence: str) -> Iterator[tuple[str, bool]]:
    """Yield `text` in pieces, and of each whether it is the evidence."""
    if not evidence:
        yield text, False
        return
    first, *rest = text.split(evidence)
    yield first, False
    for piece in rest:
        yield evidence, True
        yield piece, False


def find_review(review_id: int) -> TagReview | None:
    """Return a review with what it is about; None where it is gone."""
    reviews = TagReview.objects.select_related("place", "tag").defer("place__embedding")
    return reviews.filter(pk=review_id).first()


def told(review: TagReview | None) -> str:
    """Return how a review is called in what an operator is told."""
    return "태그" if review is None else f"{review.place.name} · {review.tag.name_ko}"


def signed_in(request: HttpRequest) -> User:
    """Return the operator; the admin lets nobody else in."""
    return cast("User", request.user)
