"""What places keep, entered for export and erasure: nothing of people."""

from common.personal_data import NotPersonal, personal_data

NOT_PERSONAL = (
    NotPersonal(name="places.City", why="Cities and their outlines, from open data."),
    NotPersonal(name="places.Area", why="Parts of cities, from open data."),
    NotPersonal(name="places.ContentSource", why="The sources of places and their licences."),
    NotPersonal(name="places.IngestionJob", why="When a source was asked and what came of it."),
    NotPersonal(name="places.MergeDecision", why="Which records are of one place."),
    NotPersonal(name="places.RawRecord", why="What open data says, as it came."),
    NotPersonal(name="places.CleanPlace", why="What was understood of open data."),
    NotPersonal(name="places.ExternalCondition", why="The weather, and how full areas are."),
    NotPersonal(name="places.Place", why="Places anybody may visit, from open data."),
    NotPersonal(name="places.PlaceSource", why="What a source says about a place."),
    *(
        NotPersonal(name=f"table:raw_ingestion.{table}", why="What an import is at work on.")
        for table in ("pending", "seen", "city_references")
    ),
    NotPersonal(name="places.PlaceSyncLog", why="What an import changed in a place."),
)


def enter_personal_data() -> None:
    for entry in NOT_PERSONAL:
        personal_data.add(entry)
