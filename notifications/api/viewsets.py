"""Devices and preferences over HTTP."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from common.conditions import conditional, read_condition, tag_answer
from common.idempotency import idempotent
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import read_body, read_nothing
from notifications import selectors
from notifications.api import serializers
from notifications.models import Platform
from notifications.services.reaching import Recipients, Wanted, preferences_state
from notifications.services.registering import Devices
from notifications.types import Preferences

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from users.models import User


class DeviceRoutes(LimitedView, ViewSet):
    """The devices of the caller's own account."""

    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "register": ViewLimit(scope="devices", user=Rate(20), address=Rate(20)),
        "remove": ViewLimit(scope="devices", user=Rate(20), address=Rate(20)),
    }
    devices = Devices()

    @extend_schema(operation_id="list_devices", responses=serializers.Device(many=True))
    def list_own(self, request: Request) -> Response:
        """Return one's own devices, the one seen last first; there are ten at most."""
        read_nothing(request)
        devices = selectors.list_devices(user_id=_owner(request).pk)
        return Response(serializers.Device(devices, many=True).data)

    @extend_schema(
        operation_id="register_device",
        request=serializers.DeviceSaid,
        responses={HTTPStatus.CREATED: serializers.Device, HTTPStatus.OK: serializers.Device},
    )
    @idempotent
    def register(self, request: Request) -> Response:
        """
        Say where this device can be pushed to; an app does so at each start.

        200 where the device is known already. A token that was another account's is this one's now.
        """
        body, owner = read_body(request, serializers.DeviceSaid), _owner(request)
        registered = self.devices.register(
            user_id=owner.pk,
            time_zone=owner.time_zone,
            platform=Platform(body["platform"]),
            push_token=body["push_token"],
            locale=body["locale"],
            now=timezone.now(),
        )
        status = HTTPStatus.CREATED if registered.is_new else HTTPStatus.OK
        return Response(serializers.Device(registered.device).data, status=status)

    @extend_schema(operation_id="remove_device", responses={HTTPStatus.NO_CONTENT: None})
    def remove(self, request: Request, device_id: UUID) -> Response:
        """Forget a device of one's own: nothing is pushed to it any more."""
        read_nothing(request)
        self.devices.remove(user_id=_owner(request).pk, device_id=device_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class PreferenceRoutes(LimitedView, ViewSet):
    """How the caller wants to be reached."""

    limits: ClassVar[Mapping[str, ViewLimit]] = {
        "edit": ViewLimit(scope="notification_preferences", user=Rate(30), address=Rate(30))
    }
    recipients = Recipients()

    @extend_schema(
        operation_id="read_notification_preferences", responses=serializers.ReachPreferences
    )
    def show(self, request: Request) -> Response:
        """Return what may be sent, by which way, and the hours that are kept quiet."""
        read_nothing(request)
        owner = _owner(request)
        return _answer(selectors.get_preferences(user_id=owner.pk, time_zone=owner.time_zone))

    @extend_schema(
        operation_id="edit_notification_preferences",
        request=serializers.PreferencesSaid,
        responses=serializers.ReachPreferences,
    )
    @conditional
    def edit(self, request: Request) -> Response:
        """Change what is named, exactly, and leave the rest."""
        body, owner = read_body(request, serializers.PreferencesSaid), _owner(request)
        preferences = self.recipients.edit(
            user_id=owner.pk,
            time_zone=owner.time_zone,
            wanted=Wanted(
                switches=serializers.to_switches(body.get("kinds", {})),
                sets_quiet_hours="quiet_hours" in body,
                quiet_hours=serializers.to_quiet_hours(body.get("quiet_hours")),
            ),
            condition=read_condition(request),
            now=timezone.now(),
        )
        return _answer(preferences)


def _answer(preferences: Preferences) -> Response:
    shown = serializers.show_preferences(preferences)
    response = Response(serializers.ReachPreferences(shown).data)
    tag_answer(response, state=preferences_state(preferences))
    return response


def _owner(request: Request) -> "User":
    """
    Return who is asking.

    Raises:
        NotAuthenticated: nobody is signed in.
    """
    user: User | AnonymousUser = request.user
    if user.is_anonymous:
        raise NotAuthenticated
    return user
