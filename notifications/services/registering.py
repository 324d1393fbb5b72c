"""Devices that say where they can be pushed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from common.acting import acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from notifications.models import Device, Platform
from notifications.services.reaching import lock_recipient

DEVICES_HIGH: Final = 10


class TooManyDevices(DomainError):
    """The user has as many devices as one may have; one of them can be removed."""

    kind = Kind.CONFLICT
    code = "notifications/too-many-devices"
    detail = Bilingual(
        ko="기기는 {limit}대까지 등록할 수 있어요. 쓰지 않는 기기를 먼저 지워 주세요.",
        en="At most {limit} devices can be registered: remove one first.",
    )


class DeviceNotFound(DomainError):
    """The user has no such device; another's is not found either."""

    kind = Kind.NOT_FOUND
    code = "notifications/device-not-found"
    detail = Bilingual(ko="그런 기기가 없어요.", en="There is no such device.")


@dataclass(frozen=True, slots=True)
class Registered:
    """A device as it is registered now; `is_new` where it was not one of this user's before."""

    device: Device
    is_new: bool


@dataclass(frozen=True)
class Devices:
    """
    Registers devices.

    A token names one app on one device. Whoever signs in there last owns it: the one before would
    have their notifications shown to somebody else.
    """

    @transaction.atomic(durable=True)
    def register(
        self,
        *,
        user_id: int,
        time_zone: str,
        platform: Platform,
        push_token: str,
        locale: str,
        now: datetime,
    ) -> Registered:
        """
        Bind a token to a user, whoever had it; one that they have already is seen again.

        Raises:
            TooManyDevices: it would be one more than DEVICES_HIGH.
        """
        # One registration of a user at a time, so that the count below holds.
        lock_recipient(user_id=user_id, time_zone=time_zone, now=now)
        seen = Device.objects.filter(user_id=user_id, push_token=push_token).update(
            platform=platform, locale=locale, last_seen_at=now
        )
        if not seen:
            self._bind(user_id, platform, push_token, locale, now)
        return Registered(Device.objects.get(push_token=push_token), is_new=not seen)

    @transaction.atomic(durable=True)
    def remove(self, *, user_id: int, device_id: UUID) -> None:
        """
        Forget one of a user's devices.

        Raises:
            DeviceNotFound: the user has no such device.
        """
        removed, _ = Device.objects.filter(user_id=user_id, public_id=device_id).delete()
        if not removed:
            raise DeviceNotFound

    def _bind(
        self, user_id: int, platform: Platform, push_token: str, locale: str, now: datetime
    ) -> None:
        if Device.objects.filter(user_id=user_id).count() >= DEVICES_HIGH:
            raise TooManyDevices(limit=DEVICES_HIGH, extras={"limit": DEVICES_HIGH})
        device = Device(
            public_id=uuid7(),
            user_id=user_id,
            platform=platform,
            push_token=push_token,
            locale=locale,
            created_at=now,
            last_seen_at=now,
        )
        with acting_as_system():  # the row may be that of whoever had the device before
            Device.objects.bulk_create(
                [device],
                update_conflicts=True,
                unique_fields=["push_token"],
                update_fields=[
                    "public_id", "user", "platform", "locale", "created_at", "last_seen_at",
                ],
            )  # fmt: skip
