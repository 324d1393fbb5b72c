"""Accounts for operators."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from common.admin import ModelAdmin, ReadOnly, TabularInline
from common.errors import DomainError
from users.models import DataExport, Leaving, TokenFamily, User
from users.services.banning import Bans
from users.services.granting import Roles
from users.services.taste_wording import summarise
from users.services.tasting import StatedTaste
from users.statements import QuizAnswer, UserConsent
from users.types import Role


class SessionInline(ReadOnly, TabularInline[TokenFamily, User]):
    model = TokenFamily
    fields = (
        "method", "device_name", "user_agent", "created_at", "last_used_at", "expires_at",
        "ended_at", "end_reason",
    )  # fmt: skip
    ordering = ("-last_used_at",)


class ConsentInline(ReadOnly, TabularInline[UserConsent, User]):
    model = UserConsent
    fields = ("kind", "is_granted", "text_version", "given_at")
    ordering = ("-id",)


class QuizInline(ReadOnly, TabularInline[QuizAnswer, User]):
    model = QuizAnswer
    fields = ("question", "choice", "quiz_version", "answered_at")
    ordering = ("id",)


@admin.register(User)
class UserAdmin(ModelAdmin[User]):
    """
    People sign themselves up and edit themselves; an operator finds them and bans or unbans.

    Nothing is edited on the page: what is done goes by the actions, each a service. No hash, token
    or position is shown.
    """

    list_display = ("email", "public_id", "is_active", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_staff", "groups", "push_opt_in", "location_opt_in")
    search_fields = ("email", "public_id")
    ordering = ("-created_at",)
    fields = readonly_fields = (
        "email", "public_id", "is_active", "is_staff", "groups", "locale", "time_zone",
        "time_budget_min", "budget_band", "mobility_mode", "privacy_level", "push_opt_in",
        "location_opt_in", "onboarded_at", "taste_in_words", "last_login", "created_at",
        "updated_at", "anonymised_at",
    )  # fmt: skip
    inlines = (SessionInline, ConsentInline, QuizInline)
    actions = (
        "ban", "unban", "make_operator", "unmake_operator", "make_analyst", "unmake_analyst",
    )  # fmt: skip
    bans = Bans()
    roles = Roles()

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_grant_permission(self, request: HttpRequest) -> bool:
        """Tell whether the actions that give and take roles are offered."""
        return isinstance(request.user, User) and request.user.is_superuser

    @admin.display(description="취향")
    def taste_in_words(self, user: User) -> str:
        return summarise(StatedTaste.of(user), locale="ko")

    @admin.action(description="이용 정지", permissions=["change"])
    def ban(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._for_each(request, chosen, self.bans.ban)

    @admin.action(description="이용 정지 해제", permissions=["change"])
    def unban(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._for_each(request, chosen, self.bans.unban)

    @admin.action(description="운영자로 지정", permissions=["grant"])
    def make_operator(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._for_each(request, chosen, partial(self.roles.grant, role=Role.OPERATOR))

    @admin.action(description="운영자 해제", permissions=["grant"])
    def unmake_operator(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._for_each(request, chosen, partial(self.roles.revoke, role=Role.OPERATOR))

    @admin.action(description="분석가로 지정", permissions=["grant"])
    def make_analyst(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._for_each(request, chosen, partial(self.roles.grant, role=Role.ANALYST))

    @admin.action(description="분석가 해제", permissions=["grant"])
    def unmake_analyst(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._for_each(request, chosen, partial(self.roles.revoke, role=Role.ANALYST))

    def _for_each(
        self, request: HttpRequest, chosen: QuerySet[User], act: Callable[..., None]
    ) -> None:
        for user in chosen:
            try:
                act(actor=request.user, user_id=user.pk, now=timezone.now())
            except DomainError as error:
                self.message_user(request, f"{user.email}: {error.detail.ko}", messages.ERROR)
            else:
                self.message_user(request, f"{user.email}: 처리했어요.")


@admin.register(DataExport)
class DataExportAdmin(ReadOnly, ModelAdmin[DataExport]):
    """Copies of data: that they were asked for and what became of them, not what is in them."""

    list_display = (
        "public_id",
        "status",
        "requested_at",
        "finished_at",
        "expires_at",
        "size_bytes",
    )
    list_filter = ("status",)
    search_fields = ("public_id",)
    date_hierarchy = "requested_at"
    ordering = ("-requested_at",)
    fields = list_display


@admin.register(Leaving)
class LeavingAdmin(ReadOnly, ModelAdmin[Leaving]):
    """Erasures: when, and how many rows of what. One that is not finished for long is a fault."""

    list_display = ("user", "left_at", "finished_at")
    list_filter = (("finished_at", admin.EmptyFieldListFilter),)
    date_hierarchy = "left_at"
    ordering = ("-left_at",)
    list_select_related = ("user",)
    fields = ("user", "left_at", "finished_at", "erased")
