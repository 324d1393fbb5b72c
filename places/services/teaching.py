"""What the text tagger learns from: the words of records whose terms let them be shipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.tagging.training import Lesson
from engine.tagging.types import Document
from places.adapters.registry import SOURCES
from places.adapters.source import Feed, SourceAdapter
from places.services.judging import moods
from places.types import Draft, Refusal

_CITIES = ("seoul", "prague")


@dataclass(frozen=True)
class Teaching:
    """Makes lessons of the files in a folder."""

    adapters: Sequence[SourceAdapter] = SOURCES

    def lessons(self, *, folder: Path) -> Iterator[Lesson]:
        """Yield a lesson for each record of each source that may ship, each text once."""
        seen: set[tuple[str, str]] = set()
        for draft in self._drafts(folder):
            key = (draft.name, draft.introduction)
            if draft.name and key not in seen:
                seen.add(key)
                yield _lesson(draft)

    def _drafts(self, folder: Path) -> Iterator[Draft]:
        for adapter in self.adapters:
            if not (adapter.terms.may_ship and adapter.files):
                continue
            for city in _CITIES:
                feed = Feed(city=city, folder=folder)
                if not adapter.is_found(feed):
                    continue
                for row in adapter.fetch(feed):
                    draft = row if isinstance(row, Refusal) else adapter.clean(row)
                    if isinstance(draft, Draft):
                        yield draft
                if "{city}" not in adapter.files[0]:
                    break  # one file for all cities


def _lesson(draft: Draft) -> Lesson:
    said = moods([draft], category=draft.category, kind="", name=draft.name)
    return Lesson(
        document=Document(
            names=tuple(name for name in (draft.name, draft.name_en) if name),
            description=draft.introduction,
        ),
        category=draft.category,
        moods={mood: evidence["confidence"] for mood, evidence in said.items()},
    )
