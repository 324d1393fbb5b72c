"""The quiz of the first day, as its data file has it: what is asked, and what each choice says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Self, TypeVar

from common.languages import Bilingual
from engine.catalogue import CATEGORIES, MOODS
from users.models import BudgetBand, MobilityMode

QUESTION_COUNT: Final = 10
CHOICES_LOW, CHOICES_HIGH = 2, 6
TIME_BUDGET_LOW, TIME_BUDGET_HIGH = 20, 960
_WORDED: Final = {"name", "ko", "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question: what it says of a taste, and what it sets in the profile."""

    name: str
    text: Bilingual
    moods: Mapping[str, float] = field(default_factory=dict)
    categories: Mapping[str, float] = field(default_factory=dict)
    time_budget_min: int | None = None
    budget_band: BudgetBand | None = None
    mobility_mode: MobilityMode | None = None

    def __post_init__(self) -> None:
        for said, known in ((self.moods, MOODS), (self.categories, CATEGORIES)):
            for word, strength in said.items():
                _require(
                    word in known, f"{self.name} says something of {word!r}, which nobody knows"
                )
                _require(-1 <= strength <= 1 and strength != 0, f"{self.name}: {word} = {strength}")
        if self.time_budget_min is not None:
            is_bounded = TIME_BUDGET_LOW <= self.time_budget_min <= TIME_BUDGET_HIGH
            _require(is_bounded, f"{self.name}: {self.time_budget_min} minutes")

    @property
    def words(self) -> Mapping[str, float]:
        return {**self.moods, **self.categories}

    @property
    def profile(self) -> Mapping[str, Any]:
        """Return the fields of the profile that this choice sets."""
        fields = {
            "time_budget_min": self.time_budget_min,
            "budget_band": self.budget_band,
            "mobility_mode": self.mobility_mode,
        }
        return {name: value for name, value in fields.items() if value is not None}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        effects = {name: value for name, value in row.items() if name not in _WORDED}
        if "budget_band" in effects:
            effects["budget_band"] = BudgetBand(effects["budget_band"])
        if "mobility_mode" in effects:
            effects["mobility_mode"] = MobilityMode(effects["mobility_mode"])
        return cls(name=row["name"], text=_text(row), **effects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its choices by name, in the order in which they are shown."""

    name: str
    text: Bilingual
    choices: Mapping[str, Choice]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        choices = [Choice.from_row(choice) for choice in row["choices"]]
        _require(
            CHOICES_LOW <= len(choices) <= CHOICES_HIGH, f"{row['name']} has {len(choices)} choices"
        )
        return cls(name=row["name"], text=_text(row), choices=_by_name(choices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """The questions by name, in the order in which they are asked."""

    version: str
    questions: Mapping[str, Question]

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """
        Build the quiz from parsed TOML.

        Raises:
            ValueError: a text, a name or an effect is missing, unknown or out of bounds.
        """
        try:
            questions = [Question.from_row(row) for row in data["questions"]]
            version = data["version"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"the quiz lacks something: {error}") from error
        _require(len(questions) == QUESTION_COUNT, f"the quiz has {len(questions)} questions")
        _require(isinstance(version, str) and 0 < len(version) <= 16, f"version {version!r}")
        return cls(version=version, questions=_by_name(questions))

    def choices(self, answers: Mapping[str, str], /) -> Iterator[Choice]:
        """Yield what was chosen, in the order of the questions."""
        for name, question in self.questions.items():
            if name in answers:
                yield question.choices[answers[name]]


@lru_cache(maxsize=1)
def current_quiz() -> Quiz:
    """
    Return the shipped quiz.

    Raises:
        ValueError: its file says something impossible.
    """
    text = resources.files("users").joinpath("data", "quiz.toml").read_text("utf-8")
    return Quiz.from_mapping(tomllib.loads(text))


def _text(row: Mapping[str, Any]) -> Bilingual:
    text = Bilingual(ko=row["ko"].strip(), en=row["en"].strip())
    _require(bool(text.ko and text.en), f"{row['name']} says nothing in one language")
    return text


Named = TypeVar("Named", Choice, Question)


def _by_name(rows: list[Named]) -> Mapping[str, Named]:
    by_name = {row.name: row for row in rows}
    _require(len(by_name) == len(rows), f"two of {sorted(by_name)} have one name")
    _require(all(name.isidentifier() and len(name) <= 32 for name in by_name), f"{sorted(by_name)}")
    return by_name


def _require(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)
