"""What the endpoints of notifications take in and give out."""

from datetime import time
from typing import Any

from django.core.validators import RegexValidator
from django.utils.functional import lazystr
from rest_framework import serializers

from common.languages import Bilingual
from common.parameters import StrictSerializer, StrictText
from notifications.models import Device as DeviceRow
from notifications.models import Platform
from notifications.types import Channel, NotificationKind, Preferences, QuietHours

LANGUAGES = ("ko", "en")
TOKEN_LOW = 16
NOT_A_TOKEN = Bilingual(
    ko="푸시 서비스가 준 토큰을 그대로 보내 주세요.",
    en="Send the token exactly as the push service gave it.",
)
NOT_A_CLOCK_TIME = Bilingual(
    ko="시:분으로 보내 주세요. 예: 21:00", en="Send hours and minutes. Example: 21:00"
)
NO_LENGTH = Bilingual(
    ko="시작과 끝이 같을 수 없어요. 조용한 시간을 끄려면 null을 보내 주세요.",
    en="The two ends must differ; to have no quiet hours send null.",
)
TOKEN_PATTERN = r"^[!-~]+\Z"  # noqa: S105 - a pattern
CLOCK_TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"


class ClockTime(StrictText):
    """A time of the day in whole minutes, `HH:MM`."""

    def __init__(self, **options: Any) -> None:
        is_time = RegexValidator(CLOCK_TIME_PATTERN, lazystr(NOT_A_CLOCK_TIME), code="not_a_time")
        super().__init__(trim_whitespace=False, validators=[is_time], **options)

    def to_representation(self, value: Any) -> str:
        return f"{value:%H:%M}"


class DeviceSaid(StrictSerializer):
    platform = serializers.ChoiceField(choices=Platform.values)
    push_token = StrictText(
        min_length=TOKEN_LOW,
        max_length=DeviceRow.TOKEN_LENGTH,
        trim_whitespace=False,
        validators=[RegexValidator(TOKEN_PATTERN, lazystr(NOT_A_TOKEN), code="not_a_token")],
    )
    locale = serializers.ChoiceField(choices=LANGUAGES)


class Device(serializers.Serializer[Any]):
    """A device; its token is not told again."""

    id = serializers.UUIDField(source="public_id")
    platform = serializers.ChoiceField(choices=Platform.values)
    locale = serializers.ChoiceField(choices=LANGUAGES)
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()


class QuietHoursSaid(StrictSerializer):
    starts = ClockTime()
    ends = ClockTime(help_text="The first moment that is not quiet; before `starts`: the next day")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["starts"] == attrs["ends"]:
            raise serializers.ValidationError(
                {"ends": serializers.ErrorDetail(str(NO_LENGTH), code="out_of_bounds")}
            )
        return attrs


class SwitchesSaid(StrictSerializer):
    push = serializers.BooleanField(required=False)
    inbox = serializers.BooleanField(required=False)


class KindsSaid(StrictSerializer):
    nudge = SwitchesSaid(required=False)
    trip = SwitchesSaid(required=False)
    mission = SwitchesSaid(required=False)
    party = SwitchesSaid(required=False)


class PreferencesSaid(StrictSerializer):
    """What is named is changed, exactly; what is not stays."""

    kinds = KindsSaid(required=False)
    quiet_hours = QuietHoursSaid(required=False, allow_null=True, help_text="null: none at all")


class QuietHoursShown(serializers.Serializer[Any]):
    starts = ClockTime()
    ends = ClockTime()


class Switches(serializers.Serializer[Any]):
    push = serializers.BooleanField()
    inbox = serializers.BooleanField()


class Kinds(serializers.Serializer[Any]):
    nudge = Switches()
    trip = Switches()
    mission = Switches()
    party = Switches()


class ReachPreferences(serializers.Serializer[Any]):
    kinds = Kinds()
    quiet_hours = QuietHoursShown(allow_null=True)
    time_zone = serializers.CharField(help_text="The account's, in which the quiet hours are")
    has_push_consent = serializers.BooleanField(
        help_text="Without it nothing is pushed, whatever is switched on: POST users/me/consents"
    )


def to_switches(
    said: dict[str, dict[str, bool]], /
) -> dict[tuple[NotificationKind, Channel], bool]:
    """Return the switches that a body sets."""
    return {
        (NotificationKind(kind), Channel(channel)): is_on
        for kind, channels in said.items()
        for channel, is_on in channels.items()
    }


def to_quiet_hours(said: dict[str, Any] | None, /) -> QuietHours | None:
    if said is None:
        return None
    return QuietHours(time.fromisoformat(said["starts"]), time.fromisoformat(said["ends"]))


def show_preferences(preferences: Preferences, /) -> dict[str, Any]:
    """Return preferences as `ReachPreferences` shows them."""
    return {
        "kinds": preferences.by_kind(),
        "quiet_hours": preferences.quiet_hours,
        "time_zone": preferences.zone.key,
        "has_push_consent": preferences.has_push_consent,
    }
