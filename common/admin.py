"""Bases of the admin's classes: generic for mypy, and subscriptable at run time too."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

__all__ = ["ModelAdmin", "ReadOnly", "TabularInline"]

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
else:

    class ModelAdmin(admin.ModelAdmin):
        def __class_getitem__(cls, _model):
            return cls

    class TabularInline(admin.TabularInline):
        def __class_getitem__(cls, _models):
            return cls


class ReadOnly:
    """A mixin, on the left, for what operators look at and nobody edits here."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False
