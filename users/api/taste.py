"""One's own taste over HTTP: what is believed, more of this, less of that."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import idempotent
from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import read_body, read_nothing
from users import selectors
from users.api import profile_serializers as serializers
from users.authentication import signed_in_user
from users.models import User
from users.services import taste_wording
from users.services.tasting import Base, Direction, StatedTaste, TasteEdited, Tasting

EDITS = ViewLimit(scope="taste", user=Rate(60), address=Rate(60))


class TasteEndpoint(LimitedView):
    limits: ClassVar[Mapping[str, ViewLimit]] = {"post": EDITS}
    tasting = Tasting()

    @extend_schema(operation_id="read_taste", responses=serializers.Taste)
    def get(self, request: Request) -> Response:
        """Return what is believed of one's taste, in words, and where each of them comes from."""
        read_nothing(request)
        return Response(serializers.Taste(_show_taste(signed_in_user(request))).data)

    @extend_schema(
        operation_id="edit_taste",
        request=serializers.TasteEdit,
        responses={HTTPStatus.OK: serializers.EditedTaste},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """
        More of this, or less of that: one step of a quarter, between -1 and 1.

        The answer shows the strength before and after, and whose places go up and down with it.
        """
        said = read_body(request, serializers.TasteEdit)
        edited = self.tasting.edit(
            user_id=signed_in_user(request).pk,
            word=said["name"],
            direction=Direction(said["direction"]),
            now=timezone.now(),
        )
        return _answer(edited)


class TasteUndoEndpoint(LimitedView):
    limits: ClassVar[Mapping[str, ViewLimit]] = {"post": EDITS}
    tasting = Tasting()

    @extend_schema(
        operation_id="undo_taste_edit",
        request=None,
        responses={HTTPStatus.OK: serializers.EditedTaste},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Undo the last edit that is not undone; the last twenty since the quiz can be."""
        read_nothing(request)
        return _answer(self.tasting.undo(user_id=signed_in_user(request).pk))


class TasteResetEndpoint(LimitedView):
    limits: ClassVar[Mapping[str, ViewLimit]] = {"post": EDITS}
    tasting = Tasting()

    @extend_schema(
        operation_id="reset_taste",
        request=serializers.TasteReset,
        responses={HTTPStatus.OK: serializers.EditedTaste},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Go back to what the quiz said, or to no taste at all. It can be undone."""
        said = read_body(request, serializers.TasteReset)
        edited = self.tasting.reset(
            user_id=signed_in_user(request).pk, to=Base(said["to"]), now=timezone.now()
        )
        return _answer(edited)


def _answer(edited: TasteEdited) -> Response:
    language = current_language()
    shown = {
        "taste": _show_taste(edited.user),
        "changed": taste_wording.list_changes(edited, locale=language),
        "effect": taste_wording.describe_effect(edited.shifts, locale=language),
    }
    return Response(serializers.EditedTaste(shown).data)


def _show_taste(user: User) -> dict[str, Any]:
    language, taste = current_language(), StatedTaste.of(user)
    return {
        "version": user.taste_version,
        "summary": taste_wording.summarise(taste, locale=language),
        "words": taste_wording.list_words(taste, locale=language),
        "can_undo": selectors.has_taste_changes(user=user),
    }
