"""Makes drafts, as an adapter hands them on."""

from typing import Any

from places.types import Draft


def make_draft(*, name: str, north_m: float = 0.0, source: str = "osm", **fields: Any) -> Draft:
    """Return a draft of a café in Hongdae, or so many metres north of there."""
    defaults: dict[str, Any] = {
        "ref": f"{source}-{name}-{north_m}",
        "where": "record 1",
        "category": "cafe",
        "source_class": "cafe",
        "latitude": 37.5563 + north_m / 111_320,
        "longitude": 126.9236,
    }
    return Draft(source=source, name=name, **(defaults | fields))
