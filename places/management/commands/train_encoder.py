"""`manage.py train_encoder`: learn the encoder's projection from the stored places."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import engine
from engine.embedding.lexicon import read_lexicon
from engine.embedding.training import EPOCHS, TooFewTexts, train
from places import selectors
from places.services.describing import describe_row

SHIPPED = Path(engine.__file__).parent / "data" / "encoder.npz"


class Command(BaseCommand):
    help = "Train the encoder on the texts of all active places and write what it learned."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=SHIPPED)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--epochs", type=int, default=EPOCHS)

    def handle(self, *args: Any, **options: Any) -> None:
        descriptions = [describe_row(place) for place in selectors.list_to_learn_from()]
        try:
            projection = train(
                descriptions=descriptions,
                lexicon=read_lexicon(),
                seed=options["seed"],
                epochs=options["epochs"],
                report=lambda epoch, loss: self.stdout.write(f"epoch {epoch + 1}: loss {loss:.3f}"),
            )
        except TooFewTexts as error:
            raise CommandError(f"{error}: load or import a city first.") from error
        data = projection.to_bytes()
        options["to"].write_bytes(data)
        self.stdout.write(
            f"{len(descriptions):,} places, {len(data) / 1024:,.0f} KiB: {options['to']}. "
            "Run encode_places next."
        )
