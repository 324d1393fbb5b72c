"""What trips keep of people, entered for export and erasure."""

from django.db.models import QuerySet

from common.languages import Bilingual
from common.personal_data import (
    Erased,
    Forgetting,
    Person,
    PersonalRows,
    forgettings,
    personal_data,
)
from trips.models import CachedAnswer, Trip, TripNode
from trips.services.caching import AnswerCache

_UNTIL_ERASED = Bilingual(
    ko="추천은 하루, 저장한 코스는 지우거나 탈퇴할 때까지",
    en="A suggestion for a day; a saved trip until it or the account is deleted",
)
DATABASE_ID = "A number of our database; `public_id` says the same."


def _answers_of(person: Person) -> QuerySet[CachedAnswer]:
    hashes = Trip.objects.filter(traveller_id=person.user_id).values("context_hash")
    return CachedAnswer.objects.filter(context_hash__in=hashes)


def _forget_answers(person: Person) -> None:
    hashes = Trip.objects.filter(traveller_id=person.user_id).values_list("context_hash", flat=True)
    AnswerCache().forget(context_hashes=list(hashes.distinct()))


TRIPS = PersonalRows(
    name=Trip._meta.label,
    owner="traveller",
    purpose=Bilingual(
        ko="추천받거나 저장한 코스와, 그때 이해한 조건이에요. 위치는 50m 단위로 어림한 값이에요.",
        en="Courses suggested or saved, and the question as understood; its position to 50 m.",
    ),
    kept_for=_UNTIL_ERASED,
    erasure=Erased(),
    file="trips",
    exported=(
        "public_id", "status", "variant", "title", "starts_at", "duration_min", "cost_low", "cost_high",
        "currency", "mode", "context", "scores", "started_at", "ended_at", "created_at", "updated_at",
    ),
    withheld={
        "id": DATABASE_ID,
        "traveller": "The account itself.",
        "context_hash": "A fingerprint of `context`.",
    },
)  # fmt: skip
NODES = PersonalRows(
    name=TripNode._meta.label,
    owner="trip__traveller",
    purpose=Bilingual(
        ko="코스에서 들르는 곳과 시간, 내가 적은 메모예요.",
        en="The stops of those courses, their times and your notes.",
    ),
    kept_for=_UNTIL_ERASED,
    erasure=Erased(),
    file="trip_stops",
    exported=(
        "trip__public_id", "sequence", "place__public_id", "place__name", "arrives_at",
        "planned_stay_min", "transition_mode", "travel_min", "travel_m", "cost_low", "cost_high",
        "reasons", "notes", "is_locked", "arrived_at", "left_at",
    ),
    withheld={"id": DATABASE_ID},
)  # fmt: skip
ANSWERS = PersonalRows(
    name=CachedAnswer._meta.label,
    owner=_answers_of,
    purpose=Bilingual(
        ko="같은 질문에 바로 답하려고 답을 잠시 보관해요.",
        en="Answers, for a moment, so that the same question is answered at once.",
    ),
    kept_for=Bilingual(ko="30초 동안 쓰고 한 시간 안에 지워요.", en="Used for 30 seconds, deleted within the hour"),
    erasure=Erased(),
    withheld=dict.fromkeys(
        ("context_hash", "payload", "valid_until"), "A copy of what `trips` holds, for seconds."
    ),
    unguarded="Names nobody, for half a minute; found by a hash of the whole question and of who asked it.",
)  # fmt: skip
CACHED = Forgetting(
    name="trips.answers",
    what=Bilingual(ko="방금 받은 추천의 사본", en="Copies of the answers just given"),
    kept_for=Bilingual(ko="30초", en="30 seconds"),
    forget=_forget_answers,
)


def enter_personal_data() -> None:
    for entry in (TRIPS, NODES, ANSWERS):
        personal_data.add(entry)
    forgettings.add(CACHED)
