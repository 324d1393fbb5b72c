"""Opening an account, signing in and signing out, over HTTP."""

from dataclasses import asdict
from http import HTTPStatus

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from common.addresses import client_address
from common.languages import current_language
from common.limits import AccountRate, LimitedView, Rate, ViewLimit
from common.parameters import read_body
from users.api import auth_serializers as serializers
from users.authentication import access_claims, find_signed_in_user
from users.services.ending_sessions import SessionEnd
from users.services.refreshing import Refreshing
from users.services.signing_in import SignIn
from users.services.signing_in_with_google import GoogleSignIn
from users.services.signing_up import SignUp
from users.types import Device

# Of each kind, to one address of mail, whoever asks.
MAILS = Rate(5, window_s=3600)


def device_of(request: Request, /, *, name: str) -> Device:
    """Return what a request says of the device it comes from."""
    return Device(name=name, user_agent=request.headers.get("User-Agent", ""))


class SignUpEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {
        "post": ViewLimit(
            scope="signup",
            user=Rate(10),
            address=Rate(10),
            account=AccountRate(field="email", rate=MAILS),
        )
    }
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
        """Open an account. An address that has one gets the same answer; its owner gets a mail."""
        body = read_body(request, serializers.Credentials)
        self.signing_up.sign_up(**body, locale=current_language())
        return Response(serializers.SignedUp(body).data, status=HTTPStatus.ACCEPTED)


class TokenEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    refusals = (HTTPStatus.UNAUTHORIZED,)
    limits = {"post": ViewLimit(scope="token", user=Rate(20), address=Rate(20))}
    signing_in = SignIn()

    @extend_schema(
        operation_id="auth_token",
        request=serializers.SignIn,
        responses=serializers.Tokens,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Exchange an email and a password for tokens: a new session."""
        body = read_body(request, serializers.SignIn)
        pair = self.signing_in.sign_in(
            email=body["email"],
            password=body["password"],
            address=client_address(request),
            device=device_of(request, name=body["device_name"]),
            now=timezone.now(),
        )
        return Response(serializers.Tokens(asdict(pair)).data)


class GoogleEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="google", user=Rate(20), address=Rate(20))}
    refusals = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
    signing_in = GoogleSignIn()

    @extend_schema(
        operation_id="auth_google",
        request=serializers.GoogleSignIn,
        responses=serializers.Tokens,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """
        Exchange an ID token of Google's for tokens, and open an account where there is none.

        An account of the same address is linked where Google runs that address's mail, else it is
        409: sign in with the password.
        """
        body = read_body(request, serializers.GoogleSignIn)
        pair = self.signing_in.sign_in(
            id_token=body["id_token"],
            nonce=body.get("nonce"),
            device=device_of(request, name=body["device_name"]),
            locale=current_language(),
            now=timezone.now(),
        )
        return Response(serializers.Tokens(asdict(pair)).data)


class RefreshEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    refusals = (HTTPStatus.UNAUTHORIZED,)
    limits = {"post": ViewLimit(scope="token_refresh", user=Rate(60), address=Rate(60))}
    refreshing = Refreshing()

    @extend_schema(
        operation_id="auth_token_refresh",
        request=serializers.Refresh,
        responses=serializers.Tokens,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """
        Exchange a refresh token for the next pair. It is spent by that.

        Sent again within ten seconds, it gets the same successor once more; later it ends the
        session, since somebody has copied it.
        """
        pair = self.refreshing.refresh(
            **read_body(request, serializers.Refresh), now=timezone.now()
        )
        return Response(serializers.Tokens(asdict(pair)).data)


class SignOutEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="logout", user=Rate(60), address=Rate(60))}
    ending = SessionEnd()

    @extend_schema(
        operation_id="auth_logout",
        request=serializers.SignOut,
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="Signed out.")},
    )
    def post(self, request: Request) -> Response:
        """End the session of the access token, that of a refresh token, or every session."""
        body = read_body(request, serializers.SignOut)
        user = find_signed_in_user(request)
        if user is None and (body["everywhere"] or "refresh" not in body):
            raise NotAuthenticated
        now = timezone.now()
        if "refresh" in body:
            self.ending.sign_out_by_refresh_token(refresh=body["refresh"], now=now)
        if user is not None and body["everywhere"]:
            self.ending.sign_out_everywhere(user=user, now=now)
        elif user is not None:
            self.ending.sign_out(session_id=access_claims(request).session_id, now=now)
        return Response(status=HTTPStatus.NO_CONTENT)
