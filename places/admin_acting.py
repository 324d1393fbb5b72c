"""What the pages of places have in common where an operator does something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from common.admin import ModelAdmin
from common.errors import DomainError


def operator_of(request: HttpRequest) -> str:
    """Return by what name a decision is signed: a number, which says nothing once its owner left."""
    return str(request.user.pk)


def attempt(
    page: ModelAdmin[Any], request: HttpRequest, what: str, act: Callable[[], object]
) -> bool:
    """Do it, and tell the operator how that went; return whether it was done."""
    try:
        act()
    except DomainError as error:
        page.message_user(request, f"{what}: {error.detail.ko}", messages.ERROR)
        return False
    page.message_user(request, f"{what}: 처리했어요.")
    return True
