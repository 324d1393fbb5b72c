"""
The mapping of a table: which of its columns say what of a place. YAML, or JSON, which is a part of it.

Whatever is wrong with a mapping is told with its line, before the first row is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from engine.catalogue import CATEGORIES
from places.adapters.projecting import WGS84, NoSuchGrid, to_wgs84
from places.types import SourceTerms

SIZE_HIGH: Final = 256 * 1024
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH: Final = 48
# As long as their columns are.
LENGTHS: Final[Mapping[str, int]] = {
    "name": 160,
    "licence": 120,
    "attribution": 240,
    "terms": 4_000,
}
GRACE_HIGH: Final = 100
FILE_NAME: Final = re.compile(r"(?:[^{}/\0]|\{city\})+(?:/(?:[^{}/\0]|\{city\})+)*")
FILE_NAME_LENGTH: Final = 200
KINDS: Final = ("open_map", "public_data", "open_catalogue", "commercial", "crawl", "file")
CURRENCIES: Final = ("KRW", "CZK", "EUR", "USD", "JPY", "GBP")
FORMATS: Final = ("auto", "csv", "tsv", "json", "jsonl")
# What a column may say, beside where it lies.
FACTS: Final = (
    "ref", "name", "name_en", "category", "latitude", "longitude", "x", "y", "point", "address",
    "address_2", "district", "opening", "closing", "osm_hours", "weekday_opens", "weekday_closes",
    "holiday_opens", "holiday_closes", "fee", "area_m2", "parking", "wheelchair", "pets", "indoor",
    "introduction", "as_of", "valid_from", "valid_until", "closed",
)  # fmt: skip
LIMITED: Final = re.compile(r"\\[1-9]|\(\?")  # what makes a pattern slow or strange


class MappingFaulty(ValueError):
    """A mapping cannot be used; the message names its file, line and fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """How one table says what a place is."""

    terms: SourceTerms
    files: tuple[str, ...]
    format: str
    records: str  # the member of a JSON file under which the list lies; "": the outermost
    delimiter: str
    columns: Mapping[str, str]  # fact → column
    categories: Mapping[str, str]  # what the category column says → ours; "" for no stop
    by_name: tuple[tuple[str, str], ...]  # pattern in the name → ours, before the above
    default_category: str  # "" : a word that is not listed refuses its row
    srid: int
    decimal: str  # the sign before the parts of one: "." or ","
    currency: str  # in which a fee stands
    true_words: frozenset[str]
    closed_words: frozenset[str]
    lists_all: bool
    is_public: bool


@dataclass(frozen=True)
class _Node:
    """A value of the mapping that knows its line."""

    path: Path
    line: int
    value: Any  # a text, number, boolean or None; dict of name → (line, _Node); list of _Node
    name: str = ""

    def fault(self, text: str) -> MappingFaulty:
        return MappingFaulty(f"{self.path.name}, line {self.line}: {text}")

    def members(self, allowed: Sequence[str]) -> dict[str, _Node]:
        """Return the members by name; one that is not allowed is a fault, with the likeliest meant."""
        if not isinstance(self.value, dict):
            raise self.fault(f"{self.name or 'the mapping'} must be names with values")
        for name, (line, _) in self.value.items():
            if allowed and name not in allowed:
                known = ", ".join(allowed)
                raise MappingFaulty(f"{self.path.name}, line {line}: {name} is none of {known}")
        return {name: node for name, (_, node) in self.value.items()}

    def text(self, length: int = 0) -> str:
        if isinstance(self.value, bool | int | float):
            raise self.fault(
                f"{self.name} must be a text: put it in quotes, YAML reads it as something else"
            )
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fault(f"{self.name} must be a text")
        if length and len(self.value) > length:
            raise self.fault(f"{self.name} must be of at most {length} letters")
        if "\0" in self.value:
            raise self.fault(f"{self.name} holds a NUL")
        return self.value

    def one_of(self, allowed: Sequence[str]) -> str:
        if self.value not in allowed:
            raise self.fault(f"{self.name} must be one of {', '.join(allowed)}, not {self.value}")
        return str(self.value)

    def yes_or_no(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.fault(f"{self.name} must be true or false")
        return self.value

    def whole(self, low: int, high: int) -> int:
        value = self.number()
        if value != int(value) or not low <= value <= high:
            raise self.fault(f"{self.name} must be a whole number from {low} to {high}")
        return int(value)

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.fault(f"{self.name} must be a number")
        return self.value

    def texts(self) -> list[str]:
        if isinstance(self.value, str):
            return [self.text()]
        if not isinstance(self.value, list):
            raise self.fault(f"{self.name} must be a list of texts")
        return [node.text() for node in self.value]


def read_mapping(path: Path) -> TableMapping:
    """
    Return the mapping in a file.

    Raises:
        MappingFaulty: with the line of what is wrong.
    """
    top = _compose(path).members(
        ("source", "files", "format", "records", "delimiter", "columns", "categories", "by_name",
         "default_category", "srid", "decimal", "currency", "true_words", "closed_words", "lists_all", "is_public")
    )  # fmt: skip
    for name in ("source", "files", "columns"):
        if name not in top:
            raise MappingFaulty(f"{path.name}, line 1: {name} is missing")
    read = _Reader(top)
    columns = _columns(top["columns"])
    categories = _categories(top.get("categories"))
    by_name = _patterns(top.get("by_name"))
    default = read.maybe("default_category", _category, "")
    if not (default or by_name or categories):
        raise top["columns"].fault("no row has a category: say default_category or categories")
    if categories and "category" not in columns:
        raise top["categories"].fault("categories say nothing without a column for category")
    srid = read.maybe("srid", _grid, WGS84)
    return TableMapping(
        terms=_terms(top["source"]),
        files=_files(top["files"]),
        format=read.maybe("format", lambda node: node.one_of(FORMATS), "auto"),
        records=read.maybe("records", lambda node: node.text(), ""),
        delimiter=read.maybe("delimiter", _delimiter, ","),
        columns=columns,
        categories=categories,
        by_name=by_name,
        default_category=default,
        srid=srid,
        decimal=read.maybe("decimal", lambda node: node.one_of((".", ",")), "."),
        currency=read.maybe("currency", lambda node: node.one_of(CURRENCIES), "KRW"),
        true_words=frozenset(read.maybe("true_words", lambda node: node.texts(), ["Y", "yes", "있음", "가능"])),
        closed_words=frozenset(read.maybe("closed_words", lambda node: node.texts(), [])),
        lists_all=read.maybe("lists_all", lambda node: node.yes_or_no(), True),  # noqa: FBT003 - a default
        is_public=read.maybe("is_public", lambda node: node.yes_or_no(), False),  # noqa: FBT003 - a default
    )  # fmt: skip


@dataclass(frozen=True)
class _Reader:
    top: Mapping[str, _Node]

    def maybe(self, name: str, read: Callable[[_Node], Any], default: Any) -> Any:
        return read(self.top[name]) if name in self.top else default


def _compose(path: Path) -> _Node:
    """Return what the file says, each value with its line. Anchors, tags and twice-named are faults."""
    try:
        if path.stat().st_size > SIZE_HIGH:
            raise MappingFaulty(f"{path.name}: larger than any mapping")
        text = path.read_text("utf-8-sig")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise MappingFaulty(f"{path.name}: a mapping has no aliases")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not YAML"
        raise MappingFaulty(f"{path.name}, line {line}: {problem}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise MappingFaulty(f"{path.name}: cannot be read: {error}") from None
    except RecursionError:
        raise MappingFaulty(f"{path.name}: nested too deeply") from None
    if node is None:
        raise MappingFaulty(f"{path.name}, line 1: it is empty")
    return _node(path, node, "")


def _node(path: Path, node: yaml.Node, name: str, line: int = 0) -> _Node:
    """Return a value; `line` is that of its name, where it has one."""
    line = line or node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        members: dict[str, tuple[int, _Node]] = {}
        for key, value in node.value:
            at = key.start_mark.line + 1
            if str(key.value) in members:
                raise MappingFaulty(f"{path.name}, line {at}: {key.value} is said twice")
            members[str(key.value)] = (at, _node(path, value, str(key.value), at))
        return _Node(path, line, members, name)
    if isinstance(node, yaml.SequenceNode):
        return _Node(path, line, [_node(path, one, name) for one in node.value], name)
    return _Node(path, line, _scalar(path, node), name)


def _scalar(path: Path, node: yaml.Node) -> Any:
    tag = node.tag.rpartition(":")[2]
    if tag == "bool":
        return str(node.value).lower() in ("true", "yes", "on")
    if tag == "null":
        return None
    try:
        value = {"int": int, "float": float}.get(tag, str)(node.value)
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError
        return value
    except ValueError:
        raise MappingFaulty(
            f"{path.name}, line {node.start_mark.line + 1}: {node.value} is no number"
        ) from None


def _terms(node: _Node) -> SourceTerms:
    said = node.members(
        ("slug", "name", "kind", "licence", "attribution", "terms", "may_ship", "grace_syncs")
    )
    for name in ("slug", "name", "licence", "attribution"):
        if name not in said:
            raise node.fault(f"source: {name} is missing")
    slug = said["slug"].text()
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        raise said["slug"].fault("slug must be of a-z, 0-9 and -, at most 48 letters")
    return SourceTerms(
        slug=slug,
        name=said["name"].text(LENGTHS["name"]),
        kind=said["kind"].one_of(KINDS) if "kind" in said else "file",
        licence=said["licence"].text(LENGTHS["licence"]),
        attribution=said["attribution"].text(LENGTHS["attribution"]),
        terms=said["terms"].text(LENGTHS["terms"]) if "terms" in said else "",
        may_ship=said["may_ship"].yes_or_no() if "may_ship" in said else False,
        grace_syncs=said["grace_syncs"].whole(1, GRACE_HIGH) if "grace_syncs" in said else 1,
    )


def _files(node: _Node) -> tuple[str, ...]:
    names = node.texts()
    if not names:
        raise node.fault("files: the name of a file is missing")
    for name in names:
        parts = name.split("/")
        if (
            not FILE_NAME.fullmatch(name)
            or len(name) > FILE_NAME_LENGTH
            or any(part == ".." or ("**" in part and part != "**") for part in parts)
        ):
            raise node.fault(f"files: {name[:80]} is no name of a file within the folder")
    return tuple(names)


def _columns(node: _Node) -> dict[str, str]:
    columns = {name: one.text() for name, one in node.members(FACTS).items()}
    if "name" not in columns:
        raise node.fault("columns: name is missing")
    ways = ({"latitude", "longitude"}, {"x", "y"}, {"point"})
    said = [way for way in ways if way & columns.keys()]
    if len(said) != 1 or not said[0] <= columns.keys():
        raise node.fault("columns: say latitude and longitude, or x and y, or point")
    if ("valid_from" in columns) != ("valid_until" in columns):
        raise node.fault("columns: valid_from and valid_until go together")
    return columns


def _category(node: _Node) -> str:
    if node.value in (None, "", "-"):  # said to be no stop
        return ""
    return node.one_of(list(CATEGORIES))


def _categories(node: _Node | None) -> dict[str, str]:
    return {} if node is None else {word: _category(one) for word, one in node.members(()).items()}


def _patterns(node: _Node | None) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    found = []
    for pattern, one in node.members(()).items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise one.fault(f"{pattern} is no pattern: {error}") from None
        if LIMITED.search(pattern):
            raise one.fault(f"{pattern}: groups that refer or look around are not taken")
        found.append((pattern, _category(one)))
    return tuple(found)


def _grid(node: _Node) -> int:
    srid = int(node.number())
    try:
        to_wgs84(east=200_000, north=500_000, srid=srid)
    except NoSuchGrid as error:
        raise node.fault(str(error)) from None
    except ValueError:
        pass  # a grid elsewhere
    return srid


def _delimiter(node: _Node) -> str:
    said = {"tab": "\t", "\\t": "\t"}.get(str(node.value), node.value)
    if not isinstance(said, str) or len(said) != 1:
        raise node.fault("delimiter must be one letter")
    return said
