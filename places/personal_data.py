"""What places keep, entered for export and erasure: of people only what they reported."""

from common.languages import Bilingual
from common.personal_data import Anonymised, NotPersonal, PersonalRows, personal_data
from places.models import PlaceReport

REPORTS = PersonalRows(
    name=PlaceReport._meta.label,
    owner="user",
    purpose=Bilingual(
        ko="장소 정보가 틀렸다고 알려 준 제보예요.", en="What you reported to be wrong at places."
    ),
    kept_for=Bilingual(
        ko="2년. 탈퇴하면 누가 썼는지와 메모를 지우고, 장소에 대한 제보만 남겨요.",
        en="Two years. If you leave, your name and note go, and what was said of the place stays.",
    ),
    erasure=Anonymised(
        values={"user": None, "note": ""},
        remaining={
            "id": "Names nobody.",
            "public_id": "A random number that refers to nobody any more.",
            "place": "The place that it is about.",
            "record_source": "Which source told of that place.",
            "record_ref": "How that source calls the place.",
            "kind": "What was wrong there.",
            "status": "Whether it was so.",
            "seen_at": "From when on the place is believed less; of nobody any more.",
            "weight": "A number from 0 to 1 that says nothing of who it was.",
            "reported_at": "A moment that says nothing of who it was.",
            "said_at": "A moment that says nothing of who it was.",
            "ended_at": "A moment that says nothing of who it was.",
        },
    ),
    file="place_reports",
    exported=(
        "public_id", "place__public_id", "place__name", "kind", "status", "seen_at", "note",
        "reported_at", "said_at", "ended_at",
    ),
    withheld={
        "id": "A number of our database; `public_id` says the same.",
        "user": "The account itself.",
        "record_source": "Which source told of the place; `place__name` says which it is.",
        "record_ref": "How that source calls the place.",
        "weight": "How much operators' findings make of it; who knew could steer it.",
    },
)  # fmt: skip

NOT_PERSONAL = (
    NotPersonal(name="places.City", why="Cities and their outlines, from open data."),
    NotPersonal(name="places.Area", why="Parts of cities, from open data."),
    NotPersonal(name="places.ContentSource", why="The sources of places and their licences."),
    NotPersonal(name="places.IngestionJob", why="When a source was asked and what came of it."),
    NotPersonal(name="places.MergeDecision", why="Which records are of one place."),
    NotPersonal(name="places.RawRecord", why="What open data says, as it came."),
    NotPersonal(name="places.CleanPlace", why="What was understood of open data."),
    NotPersonal(name="places.ExternalCondition", why="The weather, and how full areas are."),
    NotPersonal(name="places.FactConfidence", why="How far facts of places are believed."),
    NotPersonal(
        name="places.PlaceCongestionDaily", why="How many were at a place in each hour, not who."
    ),
    NotPersonal(
        name="places.CountedVisit",
        why="That a visit was counted, by a keyed hash of a name of the visit; neither who nor where.",
    ),
    NotPersonal(name="places.RefusedVisit", why="Lines of files that were not counted, and why."),
    NotPersonal(
        name="places.CongestionProfile", why="When places are full, from thirty visits on."
    ),
    NotPersonal(name="places.KindCongestion", why="When kinds of places are full."),
    NotPersonal(name="places.Place", why="Places anybody may visit, from open data."),
    NotPersonal(name="places.FormerPlace", why="Which places became which others."),
    NotPersonal(name="places.PlaceBrief", why="Places again, in brief."),
    NotPersonal(name="places.PlaceListing", why="Places again, as lists choose them."),
    NotPersonal(name="places.PlaceSource", why="What a source says about a place."),
    NotPersonal(name="places.Tag", why="The words that places are told apart by."),
    NotPersonal(name="places.NameWord", why="Words that stand in names of places."),
    NotPersonal(name="places.PlaceTag", why="Which tags a place has, and how many say so."),
    NotPersonal(name="places.TagReview", why="Which tags of places operators were asked about."),
    NotPersonal(
        name="places.PlaceReading", why="What places cost by their texts; no text of people."
    ),
    *(
        NotPersonal(name=f"table:raw_ingestion.{table}", why="What an import is at work on.")
        for table in ("pending", "seen", "city_references")
    ),
    NotPersonal(name="places.PlaceSyncLog", why="What an import changed in a place."),
)


def enter_personal_data() -> None:
    personal_data.add(REPORTS)
    for entry in NOT_PERSONAL:
        personal_data.add(entry)
