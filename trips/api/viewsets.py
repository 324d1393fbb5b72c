"""HTTP for trips."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from common.limits import LimitedView, Rate, ViewLimit
from trips.api import answers, serializers
from trips.services.profiling import profile_of
from trips.services.recommending import Recommendations
from trips.types import Locale

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
        return self._answer(request, request.query_params)

    @extend_schema(
        operation_id="recommend_trips_at_length",
        request=serializers.RecommendationQuestion,
        responses=answers.Recommendation,
    )
    def ask_at_length(self, request: Request) -> Response:
        """Recommend up to three trips; the same as GET, for parameters too long for an address."""
        return self._answer(request, request.data)

    def _answer(self, request: Request, said: Any) -> Response:
        asked = serializers.RecommendationQuestion(data=said)
        asked.is_valid(raise_exception=True)
        locale: Locale = "en" if (get_language() or "").startswith("en") else "ko"
        answer = recommendations().recommend(
            question=asked.to_question(),
            profile=profile_of(request.user),
            now=timezone.now(),
            locale=locale,
        )
        return Response(answer.body)
