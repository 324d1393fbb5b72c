"""The least that a server can serve."""

from collections.abc import Callable


def application(
    _: dict[str, object], start: Callable[[str, list[tuple[str, str]]], object]
) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
