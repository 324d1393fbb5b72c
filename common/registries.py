"""
What must reach every app: each app adds its part when it starts (`AppConfig.ready`).

Health checks are the first; export, erasure and retention follow. The kernel keeps the list and
knows no app.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


@dataclass
class Registry(Generic[Entry]):
    """Entries by name, in the order in which they were added."""

    _entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry, /) -> None:
        """
        Add one entry.

        Raises:
            ValueError: another entry has its name.
        """
        if self._entries.get(entry.name, entry) != entry:
            raise ValueError(f"{entry.name!r} is registered twice.")
        self._entries[entry.name] = entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
