"""What analytics keeps of people, entered for export and erasure."""

from analytics.models import AuditEntry
from common.languages import Bilingual
from common.personal_data import Kept, PersonalRows, personal_data

AUDIT_LOG = PersonalRows(
    name=AuditEntry._meta.label,
    owner="actor",
    purpose=Bilingual(
        ko="누가 언제 무엇을 했는지에 대한 기록이에요. 비밀번호는 지우고 메일 주소는 가려요.",
        en="Who did what and when; secrets struck out, addresses of mail masked.",
    ),
    kept_for=Bilingual(ko="지우지 않아요.", en="Not deleted"),
    erasure=Kept(
        "Access records must be kept for at least a year, and nobody, we included, may change one "
        "(Korea's standard of measures for the safety of personal information, article 8). After an "
        "erasure the actor is a number that leads to no name and no address of mail."
    ),
    file="audit_log",
    exported=("at", "action", "object_type", "object_id", "address", "request_id"),
    withheld={
        "id": "A number of our database.",
        "actor": "The account itself.",
        "acted_as": "Which of our roles the work ran under.",
        "before": "It may tell of others: an operator's acts are on them.",
        "after": "It may tell of others: an operator's acts are on them.",
    },
)


def enter_personal_data() -> None:
    personal_data.add(AUDIT_LOG)
