"""Consents over HTTP: what there is to agree to, what one said, and saying it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import idempotent
from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import StrictSerializer, StrictText, read_body, read_nothing
from users import selectors
from users.authentication import signed_in_user
from users.services.consent_texts import VERSION_LENGTH, list_current_texts
from users.services.consenting import Consents
from users.statements import ConsentKind, UserConsent

HISTORY = 100


class ConsentSaid(StrictSerializer):
    kind = serializers.ChoiceField(choices=ConsentKind.values)
    granted = serializers.BooleanField()
    text_version = StrictText(
        max_length=VERSION_LENGTH, help_text="Of the text that was shown, as consents/texts has it"
    )


class Consent(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ConsentKind.values)
    granted = serializers.BooleanField()
    text_version = serializers.CharField()
    at = serializers.DateTimeField()


class ConsentHistory(serializers.Serializer[Any]):
    current = Consent(many=True, help_text="What holds: the last thing said of each kind")
    history = Consent(many=True, help_text="The last hundred things said, the newest first")


class ConsentWords(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ConsentKind.values)
    version = serializers.CharField()
    text = serializers.CharField()


class ConsentTextsEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "get": ViewLimit(scope="consent_texts", user=Rate(60), address=Rate(60), fails_open=True)
    }

    @extend_schema(operation_id="list_consent_texts", responses=ConsentWords(many=True))
    def get(self, request: Request) -> Response:
        """Return what can be agreed to, in the words of today and the caller's language."""
        read_nothing(request)
        language = current_language()
        shown = [
            {
                "kind": text.kind.value,
                "version": text.version,
                "text": text.text.in_language(language),
            }
            for text in list_current_texts()
        ]
        return Response(ConsentWords(shown, many=True).data)


class ConsentsEndpoint(LimitedView):
    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "post": ViewLimit(scope="consents", user=Rate(20), address=Rate(20))
    }
    consents = Consents()

    @extend_schema(operation_id="read_consents", responses=ConsentHistory)
    def get(self, request: Request) -> Response:
        """Return what one agreed to: what holds now, and what was said before."""
        read_nothing(request)
        user = signed_in_user(request)
        shown = {
            "current": [_show(said) for said in selectors.list_current_consents(user=user)],
            "history": [_show(said) for said in selectors.list_consents(user=user, limit=HISTORY)],
        }
        return Response(ConsentHistory(shown).data)

    @extend_schema(
        operation_id="say_consent",
        request=ConsentSaid,
        responses={HTTPStatus.CREATED: Consent, HTTPStatus.OK: Consent},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """
        Agree to something in its words of today, or take it back. What was said is kept for ever.

        Saying the same again is no second consent: 200 with the first.
        """
        body = read_body(request, ConsentSaid)
        said = self.consents.say(
            user_id=signed_in_user(request).pk,
            kind=ConsentKind(body["kind"]),
            is_granted=body["granted"],
            text_version=body["text_version"],
            now=timezone.now(),
        )
        status = HTTPStatus.CREATED if said.is_new else HTTPStatus.OK
        return Response(Consent(_show(said.consent)).data, status=status)


def _show(consent: UserConsent) -> dict[str, Any]:
    return {
        "kind": consent.kind,
        "granted": consent.is_granted,
        "text_version": consent.text_version,
        "at": consent.given_at,
    }
