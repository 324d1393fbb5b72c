"""Opening an account and signing in, over HTTP."""

from dataclasses import asdict
from http import HTTPStatus

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import read_body
from users.api import auth_serializers as serializers
from users.services.signing_in import SignIn
from users.services.signing_up import SignUp


class SignUpEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="signup", user=Rate(10), address=Rate(10))}
    signing_up = SignUp()

    @extend_schema(
        operation_id="auth_signup",
        request=serializers.Credentials,
        responses={
            HTTPStatus.ACCEPTED: OpenApiResponse(
                serializers.SignedUp, description="The account exists now, or existed before."
            )
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Open an account. An address that has one gets the same answer: sign in to go on."""
        body = read_body(request, serializers.Credentials)
        self.signing_up.sign_up(**body, locale=current_language())
        return Response(serializers.SignedUp(body).data, status=HTTPStatus.ACCEPTED)


class TokenEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="token", user=Rate(20), address=Rate(20))}
    signing_in = SignIn()

    @extend_schema(
        operation_id="auth_token",
        request=serializers.Credentials,
        responses=serializers.Tokens,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Exchange an email and a password for tokens."""
        pair = self.signing_in.sign_in(**read_body(request, serializers.Credentials))
        return Response(serializers.Tokens(asdict(pair)).data)


class RefreshEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="token_refresh", user=Rate(60), address=Rate(60))}
    signing_in = SignIn()

    @extend_schema(
        operation_id="auth_token_refresh",
        request=serializers.Refresh,
        responses=serializers.Tokens,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for the next access token."""
        pair = self.signing_in.refresh(**read_body(request, serializers.Refresh))
        return Response(serializers.Tokens(asdict(pair)).data)
