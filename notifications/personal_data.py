"""What notifications keep of people."""

from common.languages import Bilingual
from common.personal_data import Erased, PersonalRows, personal_data
from notifications.models import ChannelPreference, Device, Recipient

DATABASE_ID = "A number of our database; it says nothing of you."
THE_ACCOUNT = "The account itself."

DEVICES = PersonalRows(
    name=Device._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="알림을 보낼 수 있는 기기예요.", en="The devices that notifications can be sent to."
    ),
    kept_for=Bilingual(
        ko="기기를 지우거나 탈퇴할 때까지", en="Until the device is removed or the account deleted"
    ),
    erasure=Erased(),
    file="devices",
    exported=("public_id", "platform", "locale", "created_at", "last_seen_at"),
    withheld={
        "id": DATABASE_ID,
        "user": THE_ACCOUNT,
        "push_token": "Who holds it may be able to push to the device.",
    },
)
RECIPIENTS = PersonalRows(
    name=Recipient._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="알림을 보내도 되는지, 어느 시간에는 보내지 않을지예요.",
        en="Whether notifications may be sent, and the hours in which they may not.",
    ),
    kept_for=Bilingual(ko="탈퇴할 때까지", en="Until the account is deleted"),
    erasure=Erased(),
    file="notification_hours",
    exported=("has_push_consent", "quiet_from", "quiet_until", "time_zone", "updated_at"),
    withheld={"user": THE_ACCOUNT},
)
PREFERENCES = PersonalRows(
    name=ChannelPreference._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="어떤 알림을 어떤 방법으로 받을지예요.", en="Which notifications come by which way."
    ),
    kept_for=Bilingual(ko="탈퇴할 때까지", en="Until the account is deleted"),
    erasure=Erased(),
    file="notification_preferences",
    exported=("kind", "channel", "is_on"),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)


def enter_personal_data() -> None:
    for entry in (RECIPIENTS, PREFERENCES, DEVICES):
        personal_data.add(entry)
