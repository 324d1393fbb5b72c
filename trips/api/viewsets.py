"""HTTP for trips."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import read_body, read_query
from common.rendering import Written
from trips.api import answers, serializers
from trips.services.explaining import Explanations
from trips.services.profiling import profile_of
from trips.services.recommending import Recommendations
from users.authentication import find_signed_in_user, signed_in_user

RECOMMENDATIONS_LIMIT = ViewLimit(
    scope="recommendations", user=Rate(10), address=Rate(5), fails_open=True
)
WONDER_LIMIT = ViewLimit(scope="wonder", user=Rate(30), address=Rate(30), fails_open=True)


@cache
def recommendations() -> Recommendations:
    """Return the service of this process: it compiles the planner and reads the lexicon once."""
    return Recommendations()


@cache
def explanations() -> Explanations:
    """Return the service of this process."""
    return Explanations()


class Recommend(LimitedView, ViewSet):
    """Three trips that can really be done, and why."""

    # Each answer says how long it took.
    has_entity_tag = False
    permission_classes = (AllowAny,)
    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "ask": RECOMMENDATIONS_LIMIT,
        "ask_at_length": RECOMMENDATIONS_LIMIT,
    }

    @extend_schema(
        operation_id="recommend_trips",
        parameters=[serializers.RecommendationQuestion],
        responses=answers.Recommendation,
    )
    def ask(self, request: Request) -> Response:
        """
        Recommend up to three trips.

        Say where by `q`, `area`, or `lat` and `lon`; a parameter wins over the sentence. The answer
        names what was understood and what was assumed; the same question answers alike for half a
        minute.
        """
        return _answer(request, read_query(request, serializers.RecommendationQuestion))

    @extend_schema(
        operation_id="recommend_trips_at_length",
        request=serializers.RecommendationQuestion,
        responses=answers.Recommendation,
    )
    def ask_at_length(self, request: Request) -> Response:
        """Recommend up to three trips; the same as GET, for parameters too long for an address."""
        return _answer(request, read_body(request, serializers.RecommendationQuestion))


class Wonder(LimitedView, ViewSet):
    """Questions about a trip of one's own."""

    permission_classes = (IsAuthenticated,)
    limits: ClassVar[Mapping[str, ViewLimit]] = {"why_not": WONDER_LIMIT}

    @extend_schema(
        operation_id="explain_absence",
        parameters=[serializers.WhyNotQuestion],
        responses=answers.WhyNot,
    )
    def why_not(self, request: Request, trip_id: UUID) -> Response:
        """
        Say why a place is not on a trip: the rule that excludes it, or what outscored it.

        Any place can be asked about, also one that was closed, too far or too dear. The trip is one
        of the traveller's own, a card still suggested included; anybody else's is not found.
        """
        said = read_query(request, serializers.WhyNotQuestion)
        return Response(
            explanations().why_not(
                trip_id=trip_id,
                place_id=said["place"],
                traveller_id=signed_in_user(request).pk,
                locale=current_language(),
                now=timezone.now(),
            )
        )


def _answer(request: Request, said: dict[str, Any]) -> Response:
    answer = recommendations().recommend(
        question=serializers.to_question(said),
        profile=profile_of(find_signed_in_user(request)),
        now=timezone.now(),
        locale=current_language(),
    )
    return Response(Written(answer.text))
