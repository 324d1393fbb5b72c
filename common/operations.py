"""What the OpenAPI schema says of every operation, read off its view: nothing is said twice by hand."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.serializers import CharField, EmailField, Field, Serializer

from .conditions import HEADER as IF_MATCH
from .conditions import PATTERN as IF_MATCH_PATTERN
from .idempotency import HEADER as IDEMPOTENCY_KEY
from .parameters import StrictSerializer

PROBLEM = {"$ref": "#/components/responses/Problem"}
# A text that is trimmed and may not be blank holds something else than spaces.
NOT_BLANK = r"\S"
IDEMPOTENCY_PARAMETER = OpenApiParameter(
    IDEMPOTENCY_KEY,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    pattern="^[!-~]{1,255}$",
    description="Sent again with the same key, the request is carried out once and answered alike "
    "for a day. A UUID is best.",
)

CONDITION_PARAMETER = OpenApiParameter(
    IF_MATCH,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    pattern=IF_MATCH_PATTERN,
    description="The ETag of the answer that is edited, or `*` for whatever it is by now.",
)


class StrictOperation(AutoSchema):
    """
    An operation whose input is taken as declared or refused.

    A StrictSerializer takes no other members; every status that a refusal may have is listed. A view
    names in `refusals` those that follow from its own rules.
    """

    def _map_basic_serializer(self, serializer: Serializer[Any], direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call] # untyped library
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema

    def _map_serializer_field(
        self,
        field: Field[Any, Any, Any, Any],
        direction: str,
        bypass_extensions: Any = False,  # noqa: FBT002 - the library's own signature
    ) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call] # untyped library
        if direction == "request" and _is_trimmed(field) and schema.get("type") == "string":
            schema.setdefault("pattern", NOT_BLANK)
        return schema

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "response":
            for status in sorted({*self._list_refusals(), *getattr(self.view, "refusals", ())}):
                bodies.setdefault(str(status.value), PROBLEM)
        return bodies

    def _get_request_body(self, direction: Direction = "request") -> Any:
        if not self._is_confirmed_deletion():
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call] # untyped library
        # The library knows of no body here; HTTP leaves it to us, and a password has no other place.
        method, self.method = self.method, "PUT"
        try:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call] # untyped library
        finally:
            self.method = method

    def _is_confirmed_deletion(self) -> bool:
        return self.method == "DELETE" and getattr(self.view, "takes_body_on_delete", False)

    def get_override_parameters(self) -> list[Any]:
        parameters = [IDEMPOTENCY_PARAMETER] if self._is_idempotent() else []
        return [*parameters, CONDITION_PARAMETER] if self._is_conditional() else parameters

    def _is_idempotent(self) -> bool:
        return getattr(self._handler(), "is_idempotent", False)

    def _is_conditional(self) -> bool:
        return getattr(self._handler(), "is_conditional", False)

    def _handler(self) -> object:
        name = getattr(self.view, "action", None) or self.method.lower()
        return getattr(self.view, name, None)

    def _list_refusals(self) -> Iterator[HTTPStatus]:
        yield HTTPStatus.BAD_REQUEST
        if self.view.get_authenticators():
            yield HTTPStatus.UNAUTHORIZED
        if not all(type(one) in {AllowAny, IsAuthenticated} for one in self.view.get_permissions()):
            yield HTTPStatus.FORBIDDEN
        if "{" in self.path:
            yield HTTPStatus.NOT_FOUND
        yield HTTPStatus.NOT_ACCEPTABLE
        if self._is_idempotent():
            yield HTTPStatus.CONFLICT
        if self._is_conditional():
            yield HTTPStatus.PRECONDITION_FAILED
            yield HTTPStatus.PRECONDITION_REQUIRED
        if self.method in {"POST", "PUT", "PATCH"} or self._is_confirmed_deletion():
            yield HTTPStatus.LENGTH_REQUIRED
            yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        yield HTTPStatus.UNPROCESSABLE_ENTITY
        if getattr(self.view, "limits", None):
            yield HTTPStatus.TOO_MANY_REQUESTS
        yield HTTPStatus.SERVICE_UNAVAILABLE


def _is_trimmed(field: Field[Any, Any, Any, Any]) -> bool:
    return (
        isinstance(field, CharField)
        and not isinstance(field, EmailField)
        and field.trim_whitespace
        and not field.allow_blank
    )
