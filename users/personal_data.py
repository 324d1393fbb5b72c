"""What users, and the libraries it signs people in with, keep of people."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from uuid_utils.compat import uuid4

from common.languages import Bilingual
from common.personal_data import (
    Anonymised,
    Erased,
    Kept,
    NotPersonal,
    Person,
    PersonalRows,
    personal_data,
)
from users.models import (
    DataExport,
    Identity,
    Leaving,
    MailedToken,
    PrivacyLevel,
    TokenFamily,
    User,
)
from users.statements import QuizAnswer, TasteChange, UserConsent

DATABASE_ID = "A number of our database; `public_id` says the same."
THE_ACCOUNT = "The account itself."
A_SECRET = "Whoever held the file could use it to sign in."  # noqa: S105 - says why one is not shown
UNTIL_LEAVING = Bilingual(ko="탈퇴할 때까지", en="Until the account is deleted")


def make_tombstone(_now: datetime) -> str:
    """Return an address that nobody has, and that says nothing of the one before."""
    return f"{uuid4()}@erased.invalid"


def make_unusable_password(_now: datetime) -> str:
    return make_password(None)


def _sessions_of(person: Person) -> QuerySet[Session]:
    # Whose a session is stands inside it alone. There are few: operators at the admin.
    mine = [
        session.pk
        for session in Session.objects.all()
        if session.get_decoded().get("_auth_user_id") == str(person.user_id)
    ]
    return Session.objects.filter(pk__in=mine)


USERS = PersonalRows(
    name=User._meta.label,
    owner="pk",
    purpose=Bilingual(
        ko="로그인하고, 나에게 맞는 코스를 추천하기 위한 정보예요.",
        en="To sign you in and to plan to your taste.",
    ),
    kept_for=UNTIL_LEAVING,
    erasure=Anonymised(
        values={
            "password": make_unusable_password,
            "last_login": None,
            "is_superuser": False,
            "email": make_tombstone,
            "email_confirmed_at": None,
            "is_active": False,
            "is_staff": False,
            "locale": "ko",
            "time_zone": "Asia/Seoul",
            "time_budget_min": None,
            "budget_band": "",
            "mobility_mode": "",
            "privacy_level": PrivacyLevel.PRIVATE,
            "preferences": lambda _: {},
            "taste": None,
            "taste_encoder": "",
            "taste_version": 0,
            "push_opt_in": False,
            "location_opt_in": False,
            "onboarded_at": None,
            "anonymised_at": lambda now: now,
        },
        remaining={
            "id": "What is kept by law refers to it.",
            "public_id": "A random number that refers to nobody any more.",
            "created_at": "A moment that says nothing of who it was.",
            "updated_at": "A moment that says nothing of who it was.",
        },
    ),
    file="account",
    exported=(
        "public_id", "email", "email_confirmed_at", "is_active", "is_staff", "last_login", "locale", "time_zone",
        "time_budget_min", "budget_band", "mobility_mode", "privacy_level", "preferences",
        "push_opt_in", "location_opt_in", "onboarded_at", "created_at", "updated_at",
    ),
    withheld={
        "id": DATABASE_ID,
        "password": A_SECRET,
        "is_superuser": "`is_staff` says as much.",
        "taste": "256 numbers made of `preferences`, which say the same in words.",
        "taste_encoder": "What made them.",
        "taste_version": "How often they were made.",
        "anonymised_at": "Empty while there is somebody to export for.",
    },
)  # fmt: skip
ROLES = PersonalRows(
    name="users.User_groups",
    owner="user",
    purpose=Bilingual(ko="운영자나 분석가 역할이에요.", en="Your role, such as analyst."),
    kept_for=UNTIL_LEAVING,
    erasure=Erased(),
    file="roles",
    exported=("group__name",),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)
PERMISSIONS = PersonalRows(
    name="users.User_user_permissions",
    owner="user",
    purpose=Bilingual(
        ko="운영자에게 따로 준 권한이에요.", en="What an operator may do beyond a role."
    ),
    kept_for=UNTIL_LEAVING,
    erasure=Erased(),
    file="permissions",
    exported=("permission__codename",),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)
FAMILIES = PersonalRows(
    name=TokenFamily._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="어느 기기에서 로그인했는지 보여 주고, 거기서 로그아웃할 수 있게 해요.",
        en="The devices you are signed in on, so that you can see and end them.",
    ),
    kept_for=Bilingual(ko="끝나고 7일 뒤까지", en="Until 7 days after it is over"),
    erasure=Erased(),
    file="sessions",
    exported=(
        "public_id", "method", "device_name", "user_agent", "created_at", "rotated_at",
        "last_used_at", "expires_at", "ended_at", "end_reason",
    ),
    withheld={
        "id": DATABASE_ID,
        "user": THE_ACCOUNT,
        "generation": "With our key it makes a token.",
    },
)  # fmt: skip
IDENTITIES = PersonalRows(
    name=Identity._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="Google로 로그인할 수 있게 이어 둔 계정이에요.",
        en="The Google account that you sign in with.",
    ),
    kept_for=UNTIL_LEAVING,
    erasure=Erased(),
    file="identities",
    exported=("provider", "subject", "created_at", "last_used_at"),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)
MAILED_TOKENS = PersonalRows(
    name=MailedToken._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="메일로 보낸 확인과 재설정 링크의 기록이에요.",
        en="The links that were mailed to confirm your address or reset your password.",
    ),
    kept_for=Bilingual(ko="만료되고 하루 뒤까지", en="Until a day after they expire"),
    erasure=Erased(),
    file="mailed_links",
    exported=("purpose", "created_at", "expires_at", "used_at"),
    withheld={
        "id": DATABASE_ID,
        "user": THE_ACCOUNT,
        "effect_id": "With our key it makes the token.",
        "token_hash": A_SECRET,
    },
)
CONSENTS = PersonalRows(
    name=UserConsent._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="무엇에 언제, 어떤 문구로 동의했거나 취소했는지에 대한 기록이에요.",
        en="What you agreed to or took back, when, and in which words.",
    ),
    kept_for=Bilingual(ko="지우지 않아요.", en="Not deleted"),
    erasure=Kept(
        "Who relies on a consent must be able to show it (GDPR article 7(1); Korea's PIPA article "
        "22). After an erasure it names an account that refers to nobody any more."
    ),
    file="consents",
    exported=("kind", "is_granted", "text_version", "given_at"),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)
QUIZ = PersonalRows(
    name=QuizAnswer._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="첫 취향을 만든 퀴즈 답이에요.", en="Your answers to the quiz that made the first taste."
    ),
    kept_for=UNTIL_LEAVING,
    erasure=Erased(),
    file="quiz_answers",
    exported=("quiz_version", "question", "choice", "answered_at"),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)
TASTE_CHANGES = PersonalRows(
    name=TasteChange._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="취향 수정을 되돌리기 위해 수정 전 취향을 남겨요.",
        en="What your taste was before an edit, so that you can undo it.",
    ),
    kept_for=Bilingual(ko="최근 20번의 수정", en="The last 20 edits"),
    erasure=Erased(),
    file="taste_changes",
    exported=("before", "changed_at"),
    withheld={"id": DATABASE_ID, "user": THE_ACCOUNT},
)
EXPORTS = PersonalRows(
    name=DataExport._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="요청한 데이터 사본의 상태와 파일이에요.",
        en="The copies you asked for, and their state.",
    ),
    kept_for=Bilingual(
        ko="파일은 24시간, 상태는 30일", en="The file for 24 hours, the state for 30 days"
    ),
    erasure=Erased(is_at_once=False),
    media="file_key",
    storage="private",
    file="exports",
    exported=("public_id", "status", "requested_at", "finished_at", "expires_at", "size_bytes"),
    withheld={
        "id": DATABASE_ID,
        "user": THE_ACCOUNT,
        "file_key": "The place of this very file, and of earlier ones.",
    },
)
LEAVINGS = PersonalRows(
    name=Leaving._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="언제 탈퇴했고 무엇을 몇 건 지웠는지에 대한 기록이에요.",
        en="When an account left, and how many rows of what were deleted.",
    ),
    kept_for=Bilingual(ko="지우지 않아요.", en="Not deleted"),
    erasure=Kept(
        "It shows that the erasure that the law asks for was done (GDPR article 5(2); Korea's PIPA "
        "article 21). It names an account that refers to nobody any more, and counts."
    ),
    withheld=dict.fromkeys(
        ("user", "left_at", "finished_at", "erased"),
        "There is none while there is an account that could be exported.",
    ),
)
ADMIN_LOG = PersonalRows(
    name=LogEntry._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="운영자가 관리 화면에서 한 일에 대한 기록이에요.",
        en="What an operator did in the admin.",
    ),
    kept_for=Bilingual(ko="지우지 않아요.", en="Not deleted"),
    erasure=Kept(
        "What an operator did to others must stay traceable; it names objects by their public ids, "
        "and after an erasure an operator who refers to nobody."
    ),
    file="admin_log",
    exported=("action_time", "action_flag", "object_repr", "content_type__model"),
    withheld={
        "id": DATABASE_ID,
        "user": THE_ACCOUNT,
        "object_id": "A number of our database.",
        "change_message": "The names of the fields that were changed, of others' data.",
    },
)
SESSIONS = PersonalRows(
    name=Session._meta.label,
    owner=_sessions_of,
    purpose=Bilingual(ko="관리 화면 로그인 상태예요.", en="Being signed in to the admin."),
    kept_for=Bilingual(ko="로그아웃하거나 2주가 지날 때까지", en="Until signing out, or two weeks"),
    erasure=Erased(),
    withheld=dict.fromkeys(("session_key", "session_data", "expire_date"), A_SECRET),
    unguarded="Whose it is stands inside it alone, signed, and is found out by asking for it.",
)

COUNTED_ELSEWHERE = tuple(
    NotPersonal(name=f"axes.{model}", why="Stays empty: tries to log in are counted in Redis.")
    for model in ("AccessAttempt", "AccessAttemptExpiration", "AccessFailureLog", "AccessLog")
)


def enter_personal_data() -> None:
    entries = (
        USERS, ROLES, PERMISSIONS, FAMILIES, IDENTITIES, MAILED_TOKENS, CONSENTS, QUIZ, TASTE_CHANGES,
        EXPORTS, LEAVINGS, ADMIN_LOG, SESSIONS,
    )  # fmt: skip
    for entry in entries:
        personal_data.add(entry)
    for untouched in COUNTED_ELSEWHERE:
        personal_data.add(untouched)
