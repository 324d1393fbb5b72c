"""Everything that the other commands need, made once and checked every time."""

from scripts import interpreter, machine, servers
from scripts.layout import LOCAL
from scripts.locking import locked


def set_up() -> None:
    LOCAL.mkdir(exist_ok=True)
    with locked("setup"):
        machine.ensure()
        interpreter.ensure()
        servers.prepare()
