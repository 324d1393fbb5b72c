"""The admin site: everything that operators do in it is written to the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from analytics.services.auditing import Auditing

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin


class AuditedLogin(AdminAuthenticationForm):
    """Django's form, which also writes down who failed."""

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            tried = {"email": self.cleaned_data.get("username")}
            Auditing().record(
                actor=None,
                action="admin.sign_in_failed",
                target=None,
                after=tried,
                at=timezone.now(),
            )
            raise


class AuditedAdmin(ModelAdmin):
    """Mixed into every class that is registered, those of libraries too."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: Any
    ) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            _record(request, "admin.changed", form.instance, form=form)
        else:
            _record(request, "admin.added", form.instance, after=form.cleaned_data)
        for formset in formsets:
            _record_inlines(request, formset)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for gone in queryset:
            _record(request, "admin.deleted", gone, before=_values(gone))
        return super().log_deletions(request, queryset)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *where: Any
    ) -> HttpResponse | None:
        # Before it runs, so even if it fails; what it changes is written down by its service, and
        # each row that is deleted by the method above.
        name = request.POST.get("action", "")
        if name in self.get_actions(request) and name != delete_selected.__name__:
            ids = request.POST.getlist(ACTION_CHECKBOX_NAME)
            chosen = (
                {"all_of": queryset.count()}
                if request.POST.get("select_across") == "1"
                else {"ids": ids}
            )
            _record(request, "admin.ran", self.model, after={"action": name, **chosen})
        return super().response_action(request, queryset, *where)


class AuditedSite(admin.AdminSite):
    """Where operators work."""

    login_form = AuditedLogin

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        plain = admin_class or admin.ModelAdmin
        audited = type(plain.__name__, (AuditedAdmin, plain), {"__module__": plain.__module__})
        super().register(model_or_iterable, audited, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        with transaction.atomic():
            answer = super().login(request, extra_context)
            if request.method == "POST" and _is_redirect(answer):
                _record(request, "admin.signed_in", _actor(request))
        return answer

    def logout(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        if request.method == "POST" and request.user.is_authenticated:
            _record(request, "admin.signed_out", _actor(request))
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        with transaction.atomic():
            answer = super().password_change(request, extra_context)
            if request.method == "POST" and _is_redirect(answer):
                _record(request, "admin.password_changed", _actor(request))
        return answer


def _record(
    request: HttpRequest, action: str, target: Model | type[Model], *, form: Any = None, **said: Any
) -> None:
    if form is not None:
        said = {
            "before": {name: form.initial.get(name) for name in form.changed_data},
            "after": {name: form.cleaned_data.get(name) for name in form.changed_data},
        }
    Auditing().record(
        actor=_actor(request), action=action, target=target, at=timezone.now(), **said
    )


def _record_inlines(request: HttpRequest, formset: Any) -> None:
    """Record what was done to the rows below an object."""
    forms: dict[int, BaseModelForm[Any]] = {id(form.instance): form for form in formset.forms}
    for added in formset.new_objects:
        _record(request, "admin.added", added, after=forms[id(added)].cleaned_data)
    for changed, _names in formset.changed_objects:
        _record(request, "admin.changed", changed, form=forms[id(changed)])
    for gone in formset.deleted_objects:
        _record(request, "admin.deleted", gone, before=_values(gone))


def _values(row: Model) -> dict[str, Any]:
    deferred = row.get_deferred_fields()
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in deferred
    }


def _actor(request: HttpRequest) -> AbstractBaseUser:
    if not isinstance(request.user, AbstractBaseUser):
        raise TypeError("Only who is signed in acts in the admin.")
    return request.user


def _is_redirect(answer: HttpResponseBase) -> bool:
    return 300 <= answer.status_code < 400
