"""`manage.py train_tagger FOLDER`: learn the text tagger's model from the files of our sources."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import engine
from engine.embedding.lexicon import read_lexicon
from engine.tagging.training import EPOCHS, TooFewLessons, train
from engine.tagging.vocabulary import vocabulary
from places.services.teaching import Teaching

SHIPPED = Path(engine.__file__).parent / "data" / "tagger.npz"


class Command(BaseCommand):
    help = "Train the text tagger on the records that may ship and write what it learned."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--to", type=Path, default=SHIPPED)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--epochs", type=int, default=EPOCHS)

    def handle(self, *args: Any, **options: Any) -> None:
        lessons = list(Teaching().lessons(folder=options["folder"]))
        try:
            model = train(
                lessons=lessons,
                lexicon=read_lexicon(),
                vocabulary=vocabulary(),
                seed=options["seed"],
                epochs=options["epochs"],
                report=lambda epoch, loss: self.stdout.write(f"epoch {epoch + 1}: loss {loss:.4f}"),
            )
        except TooFewLessons as error:
            raise CommandError(f"{error}: {options['folder']} holds no files of ours.") from error
        data = model.to_bytes()
        options["to"].write_bytes(data)
        self.stdout.write(
            f"{len(lessons):,} texts, {len(model.tags)} tags, {len(data) / 1024:,.0f} KiB: {options['to']}. "
            "Run python -m benchmarks.tagging --calibrate next."
        )
