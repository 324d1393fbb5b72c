import json

from scripts.auditing import list_holes, read_report

REPORT = {
    "dependencies": [
        {"name": "fine", "version": "1.0", "vulns": []},
        {
            "name": "holed",
            "version": "2.0",
            "vulns": [
                {"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]},
                {"id": "PYSEC-2", "fix_versions": []},
            ],
        },
    ],
    "fixes": [],
}


def test_names_every_hole_and_what_mends_it() -> None:
    report = read_report(json.dumps(REPORT))

    assert report is not None
    assert list(list_holes(report)) == [
        "holed 2.0: PYSEC-1, mended in 2.1, 3.0",
        "holed 2.0: PYSEC-2, mended in no version yet",
    ]


def test_an_index_that_does_not_answer_is_no_report() -> None:
    assert [read_report(output) for output in ("", "null", "[]", "{}", "<html>")] == [None] * 5
