"""Cursor pagination: `next`, `previous`, `results`, and no page number that drifts."""

from django.core.signing import BadSignature, Signer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from .languages import Bilingual
from .parameters import StrictInteger, StrictSerializer

LIMIT = 20
LIMIT_HIGH = 100
CURSOR_LENGTH = 1000

BAD_CURSOR = Bilingual(
    ko="이 커서는 쓸 수 없어요. next나 previous 주소를 그대로 써 주세요.",
    en="This cursor cannot be used: take the address in next or previous as it is.",
)


class PageQuery(StrictSerializer):
    """The query of a list; one with more parameters inherits from it."""

    limit = StrictInteger(required=False, min_value=1, max_value=LIMIT_HIGH, default=LIMIT)
    cursor = serializers.CharField(required=False, max_length=CURSOR_LENGTH)


class CursorPages(CursorPagination):
    """
    Pages of a list whose view validated a PageQuery and states a unique `ordering`.

    A cursor is signed: what it holds goes into a query, so it is ours or it is refused.
    """

    page_size = LIMIT
    max_page_size = LIMIT_HIGH
    page_size_query_param = "limit"
    ordering = "-id"
    signer = Signer(salt="common.pagination")

    def encode_cursor(self, cursor: Cursor) -> str:
        signed = self.signer.sign_object([cursor.offset, cursor.reverse, cursor.position])
        return replace_query_param(str(self.base_url), self.cursor_query_param, signed)

    def decode_cursor(self, request: Request) -> Cursor | None:
        signed = request.query_params.get(self.cursor_query_param)
        if signed is None:
            return None
        try:
            offset, reverse, position = self.signer.unsign_object(signed)
        except (BadSignature, ValueError):
            raise ValidationError(
                {self.cursor_query_param: [str(BAD_CURSOR)]}, code="bad_cursor"
            ) from None
        return Cursor(offset=offset, reverse=reverse, position=position)
