"""`manage.py describe_personal_data`: the tables of docs/privacy.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.describing_data import describe_personal_data

ROOT = Path(__file__).resolve().parent.parent.parent.parent
HEADING = "## Tables\n\n"


class Command(BaseCommand):
    help = "Print what is kept about people, why and for how long: the tables of docs/privacy.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write them into docs/privacy.md")

    def handle(self, *, write: bool, **_options: Any) -> None:
        tables = describe_personal_data()
        if not write:
            self.stdout.write(tables, ending="")
            return
        page = ROOT / "docs" / "privacy.md"
        text = page.read_text(encoding="utf-8").partition(HEADING)[0]
        page.write_text(text + HEADING + tables, encoding="utf-8")
