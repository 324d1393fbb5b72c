"""Sentences in the two languages that the product speaks."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import get_language


def current_language() -> Literal["ko", "en"]:
    """Return the language that the request being answered asked for; Korean unless English."""
    return "en" if (get_language() or "").startswith("en") else "ko"


@dataclass(frozen=True)
class Bilingual:
    """
    One sentence in Korean and in English; `{name}` marks what is filled in.

    Sentences stand beside what they belong to, so that a new error is one edit in one file;
    `str` and `format` speak the language that the request asked for.
    """

    ko: str
    en: str

    def in_language(self, language: str | None) -> str:
        return self.en if (language or "").startswith("en") else self.ko

    def format(self, **values: object) -> str:
        return str(self).format(**values)

    def __str__(self) -> str:
        return self.in_language(get_language())
