"""Passwords and confirmed addresses over HTTP."""

from http import HTTPStatus

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from common.addresses import client_address
from common.limits import AccountRate, LimitedView, Rate, ViewLimit
from common.parameters import StrictSerializer, read_body
from users.api import auth_serializers as serializers
from users.api.auth import MAILS
from users.authentication import access_claims, signed_in_user
from users.services.changing_passwords import PasswordChange, PasswordReset
from users.services.signing_up import EmailConfirmation

# With a stolen access token, the password could be guessed here.
GUESSES = Rate(5, window_s=900)


class PasswordEndpoint(LimitedView):
    limits = {"post": ViewLimit(scope="password", user=GUESSES, address=GUESSES)}
    changing = PasswordChange()

    @extend_schema(
        operation_id="users_me_password_change",
        request=serializers.PasswordChange,
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="Changed.")},
    )
    def post(self, request: Request) -> Response:
        """Change the password. Every other session ends; this one goes on."""
        body = read_body(request, serializers.PasswordChange)
        self.changing.change(
            user=signed_in_user(request),
            session_id=access_claims(request).session_id,
            current=body["current_password"],
            new=body["new_password"],
            now=timezone.now(),
        )
        return Response(status=HTTPStatus.NO_CONTENT)


class PasswordResetEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {
        "post": ViewLimit(
            scope="password_reset",
            user=Rate(10),
            address=Rate(10),
            account=AccountRate(field="email", rate=MAILS),
        )
    }
    resetting = PasswordReset()

    @extend_schema(
        operation_id="auth_password_reset",
        request=serializers.EmailAddress,
        responses={
            HTTPStatus.ACCEPTED: OpenApiResponse(
                serializers.SignedUp, description="If there is such an account, it gets a mail."
            )
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Ask for a mail to choose a new password by. An unknown address gets the same answer."""
        body = read_body(request, serializers.EmailAddress)
        self.resetting.request(**body)
        return Response(serializers.SignedUp(body).data, status=HTTPStatus.ACCEPTED)


class PasswordResetConfirmEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="password_reset_confirm", user=Rate(10), address=Rate(10))}
    resetting = PasswordReset()

    @extend_schema(
        operation_id="auth_password_reset_confirm",
        request=serializers.PasswordReset,
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="Changed: sign in.")},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Choose a new password by the token of a mail. Every session ends."""
        body = read_body(request, serializers.PasswordReset)
        self.resetting.confirm(**body, address=client_address(request), now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)


class EmailConfirmEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"post": ViewLimit(scope="email_confirm", user=Rate(10), address=Rate(10))}
    confirming = EmailConfirmation()

    @extend_schema(
        operation_id="auth_email_confirm",
        request=serializers.EmailConfirmation,
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="Confirmed.")},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Confirm the address of an account by the token of a mail."""
        body = read_body(request, serializers.EmailConfirmation)
        self.confirming.confirm(**body, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)


class EmailConfirmationEndpoint(LimitedView):
    limits = {"post": ViewLimit(scope="email_confirmation", user=MAILS, address=MAILS)}
    confirming = EmailConfirmation()

    @extend_schema(
        operation_id="users_me_email_confirmation",
        request=None,
        responses={
            HTTPStatus.ACCEPTED: OpenApiResponse(
                description="A mail is on its way, unless the address is confirmed already."
            )
        },
    )
    def post(self, request: Request) -> Response:
        """Ask for the mail that confirms one's address once more."""
        read_body(request, StrictSerializer)
        self.confirming.request(user=signed_in_user(request))
        return Response(status=HTTPStatus.ACCEPTED)
