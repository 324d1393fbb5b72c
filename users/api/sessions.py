"""Where a user is signed in, over HTTP."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import StrictSerializer, read_query
from users import selectors
from users.authentication import access_claims, signed_in_user
from users.models import SignInMethod
from users.services.ending_sessions import SessionEnd

LIMIT = ViewLimit(scope="sessions", user=Rate(60), address=Rate(60))


class Session(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    device_name = serializers.CharField(help_text="As given on signing in; may be empty")
    user_agent = serializers.CharField(help_text="What the client called itself; may be empty")
    method = serializers.ChoiceField(choices=SignInMethod.choices)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(help_text="The last refresh: right to 15 minutes")
    expires_at = serializers.DateTimeField()
    is_current = serializers.SerializerMethodField(help_text="The one that asks")

    def get_is_current(self, session: Any) -> bool:
        return bool(session.public_id == self.context["session_id"])


class Sessions(serializers.Serializer[Any]):
    results = Session(many=True)


class SessionsEndpoint(LimitedView):
    limits = {"get": LIMIT}

    @extend_schema(operation_id="users_me_sessions", responses=Sessions)
    def get(self, request: Request) -> Response:
        """Return where the user is signed in, the session used last first. At most fifty."""
        read_query(request, StrictSerializer)
        sessions = selectors.list_sessions(user=signed_in_user(request), now=timezone.now())
        context = {"session_id": access_claims(request).session_id}
        return Response(Sessions({"results": sessions}, context=context).data)


class SessionEndpoint(LimitedView):
    limits = {"delete": LIMIT}
    ending = SessionEnd()

    @extend_schema(
        operation_id="users_me_session_revoke",
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="Signed out there.")},
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End one session: its tokens are refused from their next use on."""
        read_query(request, StrictSerializer)
        self.ending.revoke(user=signed_in_user(request), session_id=session_id, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)
