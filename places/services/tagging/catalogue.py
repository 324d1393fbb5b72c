"""The tags that there are: the engine's, as rows that places and operators refer to."""

from __future__ import annotations

from collections.abc import Mapping

from engine.tagging.vocabulary import tags
from places.models import Tag, TagType


def store_tags() -> None:
    """Store the engine's tags; what stands already is not written, and a retired one stays so."""
    stored = {tag.name: tag for tag in Tag.objects.all()}
    wanted = [
        Tag(name=name, type=TagType(tag.kind.value), name_ko=tag.ko, name_en=tag.en)
        for name, tag in tags().items()
    ]
    changed = [tag for tag in wanted if _said(tag) != _said(stored.get(tag.name))]
    Tag.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["type", "name_ko", "name_en"],
    )


def active_tags() -> Mapping[str, str]:
    """Return name → type of the tags that places may have."""
    return dict(Tag.objects.filter(is_active=True).order_by("name").values_list("name", "type"))


def _said(tag: Tag | None) -> tuple[str, str, str] | None:
    return None if tag is None else (str(tag.type), tag.name_ko, tag.name_en)
