"""HTTP for trips."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import read_body, read_query
from common.rendering import Written
from trips.api import answers, serializers
from trips.services.profiling import profile_of
from trips.services.recommending import Recommendations
from users.authentication import find_signed_in_user

RECOMMENDATIONS_LIMIT = ViewLimit(
    scope="recommendations", user=Rate(10), address=Rate(5), fails_open=True
)


@cache
def recommendations() -> Recommendations:
    """Return the service of this process: it compiles the planner and reads the lexicon once."""
    return Recommendations()


class Recommend(LimitedView, ViewSet):
    """Three trips that can really be done, and why."""

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


def _answer(request: Request, said: dict[str, Any]) -> Response:
    answer = recommendations().recommend(
        question=serializers.to_question(said),
        profile=profile_of(find_signed_in_user(request)),
        now=timezone.now(),
        locale=current_language(),
    )
    return Response(Written(answer.text))
