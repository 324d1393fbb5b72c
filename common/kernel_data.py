"""What the kernel and the libraries that belong to no app keep, entered for export and erasure."""

from django.db.models import QuerySet

from .languages import Bilingual
from .models import OutboxEntry, StoredAnswer
from .personal_data import Erased, NotPersonal, Person, PersonalRows, personal_data

OUR_BOOKKEEPING = "Our own bookkeeping: it says nothing that other files do not say."


def _answers_of(person: Person) -> QuerySet[StoredAnswer]:
    return StoredAnswer.objects.filter(caller=f"user:{person.public_id}")


OUTBOX = PersonalRows(
    name=OutboxEntry._meta.label,
    owner="about_user_id",
    purpose=Bilingual(
        ko="메일처럼 아직 보내지 않은 것을 잃어버리지 않으려고 보관해요.",
        en="What is still to be sent, such as a mail, so that it is not lost.",
    ),
    kept_for=Bilingual(
        ko="보내는 즉시 내용을 비우고, 7일 뒤에 지워요. 보내지 못하면 14일 뒤에 지워요.",
        en="Emptied when sent and deleted after 7 days; after 14 days where it cannot be sent.",
    ),
    erasure=Erased(),
    withheld=dict.fromkeys(("id", "effect_id", "kind", "payload", "dedupe_key", "about_user_id", "created_at", "available_at", "attempts", "delivered_at", "given_up_at", "last_error"), OUR_BOOKKEEPING),
    unguarded="Recorded for people and for nobody, by whoever acts; delivered by one relay for all; no route reads it.",
)  # fmt: skip
STORED_ANSWERS = PersonalRows(
    name=StoredAnswer._meta.label,
    owner=_answers_of,
    purpose=Bilingual(
        ko="같은 요청이 두 번 와도 한 번만 처리하려고 답을 암호화해 보관해요.",
        en="Answers, encrypted, so that a request sent twice is carried out once.",
    ),
    kept_for=Bilingual(ko="24시간", en="24 hours"),
    erasure=Erased(),
    withheld=dict.fromkeys(("id", "caller", "key_hash", "request_hash", "status", "headers", "body", "created_at"), OUR_BOOKKEEPING),
    unguarded="A row is found and read by its caller's secret key alone; callers may be addresses as well as people.",
)  # fmt: skip

SCHEDULES = "When our own tasks run."
NOT_PERSONAL = (
    NotPersonal(name="contenttypes.ContentType", why="The names of our models."),
    NotPersonal(name="auth.Permission", why="What roles may do."),
    NotPersonal(name="auth.Group", why="The names of roles."),
    NotPersonal(name="auth.Group_permissions", why="What roles may do."),
    NotPersonal(name="gis.PostGISGeometryColumns", why="A view of PostGIS on its own columns."),
    NotPersonal(name="gis.PostGISSpatialRefSys", why="Reference systems of coordinates."),
    *(
        NotPersonal(name=f"django_celery_beat.{model}", why=SCHEDULES)
        for model in (
            "SolarSchedule", "IntervalSchedule", "ClockedSchedule", "CrontabSchedule",
            "PeriodicTasks", "PeriodicTask",
        )
    ),
    NotPersonal(name="table:django_migrations", why="Which migrations are applied."),
)  # fmt: skip


def enter_kernel_data() -> None:
    personal_data.add(OUTBOX)
    personal_data.add(STORED_ANSWERS)
    for entry in NOT_PERSONAL:
        personal_data.add(entry)
