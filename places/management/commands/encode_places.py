"""`manage.py encode_places`: make the vectors that another encoder made anew."""

from typing import Any

from django.core.management.base import BaseCommand

from places.services.describing import label_of_vectors
from places.services.encoding import Encodings
from places.services.vector_index import VectorIndex


class Command(BaseCommand):
    help = (
        "Encode the places that have no vector of the encoder in use. A second time does nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        encodings = Encodings()
        count = encodings.run(report=lambda done: self.stdout.write(f"{done:,} …"))
        VectorIndex().restore()
        self.stdout.write(f"{count:,} places encoded by {label_of_vectors(encodings.encoder)}")
