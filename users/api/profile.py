"""One's own profile and first quiz, over HTTP."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from common.conditions import conditional, read_condition, tag_answer
from common.idempotency import idempotent
from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import read_body, read_nothing
from users import selectors
from users.api import profile_serializers as serializers
from users.api.leaving import LeavingView
from users.authentication import signed_in_user
from users.models import User
from users.services.onboarding import Onboarding
from users.services.profiling import Profiles, profile_state
from users.services.questions import Quiz, current_quiz
from users.services.tasting import StatedTaste


class MyProfileEndpoint(LeavingView):
    limits: ClassVar[dict[str, ViewLimit]] = {
        **LeavingView.limits,
        "patch": ViewLimit(scope="profile", user=Rate(30), address=Rate(30)),
    }
    profiles = Profiles()

    @extend_schema(operation_id="read_profile", responses=serializers.Profile)
    def get(self, request: Request) -> Response:
        """Return one's own profile; its ETag is what an edit is made on."""
        read_nothing(request)
        return _answer(signed_in_user(request))

    @extend_schema(
        operation_id="edit_profile",
        request=serializers.ProfileEdit,
        responses=serializers.Profile,
    )
    @conditional
    def patch(self, request: Request) -> Response:
        """
        Change what is named, exactly, and leave the rest.

        The next recommendation knows it. A strength of `preferences` is set as said, null takes an
        edit of it back; `users/me/taste` shows what that comes to.
        """
        changes = read_body(request, serializers.ProfileEdit)
        preferences: Mapping[str, Mapping[str, float | None]] = changes.pop("preferences", {})
        user = self.profiles.edit(
            user_id=signed_in_user(request).pk,
            changes={name: _kept(name, value) for name, value in changes.items()},
            strengths={
                word: value for said in preferences.values() for word, value in said.items()
            },
            condition=read_condition(request),
            now=timezone.now(),
        )
        return _answer(user)


class QuizEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "get": ViewLimit(scope="quiz", user=Rate(60), address=Rate(60), fails_open=True)
    }

    @extend_schema(operation_id="read_quiz", responses=serializers.QuizSheet)
    def get(self, request: Request) -> Response:
        """Return the ten questions of the first day, in the caller's language."""
        read_nothing(request)
        return Response(serializers.QuizSheet(_show_quiz(current_quiz())).data)


class OnboardingEndpoint(LimitedView):
    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "post": ViewLimit(scope="onboarding", user=Rate(10), address=Rate(10))
    }
    onboarding = Onboarding()

    @extend_schema(
        operation_id="answer_quiz",
        request=serializers.QuizAnswers,
        responses={HTTPStatus.OK: serializers.Profile},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """
        Answer the quiz: it sets the first taste, and replaces whatever was stated before.

        Every question is named; null passes one over, which changes nothing in the profile.
        """
        user = self.onboarding.answer(
            **read_body(request, serializers.QuizAnswers),
            user_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return _answer(user)


def _answer(user: User) -> Response:
    response = Response(serializers.Profile(_show(user)).data)
    tag_answer(response, state=profile_state(user))
    return response


def _show(user: User) -> dict[str, Any]:
    return {
        "id": user.public_id,
        "email": user.email,
        "roles": [role.value for role in selectors.list_roles(user=user)],
        "locale": user.locale,
        "time_zone": user.time_zone,
        "time_budget_min": user.time_budget_min,
        "budget_band": user.budget_band or None,
        "mobility_mode": user.mobility_mode or None,
        "privacy_level": user.privacy_level,
        "preferences": StatedTaste.of(user).by_kind(),
        "push_opt_in": user.push_opt_in,
        "location_opt_in": user.location_opt_in,
        "onboarded_at": user.onboarded_at,
        "created_at": user.created_at,
    }


def _kept(name: str, value: Any) -> Any:
    """Return a value as its column has it: a text that was not said is empty there."""
    return "" if value is None and name in {"budget_band", "mobility_mode"} else value


def _show_quiz(quiz: Quiz) -> dict[str, Any]:
    language = current_language()
    return {
        "version": quiz.version,
        "questions": [
            {
                "name": question.name,
                "text": question.text.in_language(language),
                "choices": [
                    {"name": choice.name, "text": choice.text.in_language(language)}
                    for choice in question.choices.values()
                ],
            }
            for question in quiz.questions.values()
        ],
    }
