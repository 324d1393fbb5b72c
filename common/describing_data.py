"""The tables of `docs/privacy.md`, written from what is entered in `common.personal_data`."""

from .personal_data import (
    Anonymised,
    Erased,
    NotPersonal,
    PersonalRows,
    forgettings,
    list_personal_rows,
    personal_data,
)


def describe_personal_data() -> str:
    """Return Markdown: what is kept of people, what stands outside the database, and what is not theirs."""
    kept = [_row(entry) for entry in sorted(list_personal_rows(), key=lambda entry: entry.name)]
    outside = [
        f"| `{entry.name}` | {entry.what.en} | {entry.kept_for.en} |" for entry in forgettings
    ]
    impersonal = [
        f"| `{entry.name}` | {entry.why} |"
        for entry in sorted(personal_data, key=lambda entry: entry.name)
        if isinstance(entry, NotPersonal)
    ]
    return "\n".join(
        [
            "| what | why | how long | file of an export | on leaving |",
            "| --- | --- | --- | --- | --- |",
            *kept,
            "",
            "| outside of the database | what | how long at most |",
            "| --- | --- | --- |",
            *outside,
            "",
            "| not of people | why |",
            "| --- | --- |",
            *impersonal,
            "",
        ]
    )


def _row(entry: PersonalRows) -> str:
    file = f"`{entry.file}.json`" if entry.file else f"none: {_reason_of_none(entry)}"
    return (
        f"| `{entry.name}` | {entry.purpose.en} | {entry.kept_for.en} | {file} | {_fate(entry)} |"
    )


def _reason_of_none(entry: PersonalRows) -> str:
    return " ".join(sorted(set(entry.withheld.values())))


def _fate(entry: PersonalRows) -> str:
    erasure = entry.erasure
    if isinstance(erasure, Erased):
        return "deleted at once" if erasure.is_at_once else "deleted within minutes"
    if isinstance(erasure, Anonymised):
        emptied = ", ".join(f"`{name}`" for name in erasure.values)
        rest = "; ".join(f"`{name}`: {why}" for name, why in erasure.remaining.items())
        return f"anonymised at once: {emptied}. What remains: {rest}"
    return f"kept: {erasure.reason}"
