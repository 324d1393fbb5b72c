from scripts import interpreter

LOCK = """\
urllib3==2.5.0 \\
    --hash=sha256:aaaa
    # via requests
uv==0.13.8 \\
    --hash=sha256:bbbb \\
    --hash=sha256:cccc
    # via dongne (pyproject.toml:dev)
vine==5.1.0 \\
    --hash=sha256:dddd
"""


def test_finds_the_locked_uv_with_all_its_hashes() -> None:
    pinned = interpreter.find_pinned(LOCK, package="uv")

    assert pinned == "uv==0.13.8 \\\n    --hash=sha256:bbbb \\\n    --hash=sha256:cccc"


def test_finds_nothing_where_uv_is_not_locked() -> None:
    assert interpreter.find_pinned(LOCK, package="uvloop") is None


def test_tells_uv_what_pip_is_told() -> None:
    listed = (
        "global.cert='/etc/ca.crt'\nglobal.extra-index-url='https://a.test/x\\nhttps://b.test/y'\n"
    )

    variables = interpreter.translate(listed)

    assert variables == {
        "SSL_CERT_FILE": "/etc/ca.crt",
        "UV_INDEX": "https://a.test/x https://b.test/y",
    }


def test_a_variable_beats_the_installing_section_and_that_the_global_one() -> None:
    listed = (
        ":env:.index-url='https://variable.test'\n"
        "global.index-url='https://global.test'\n"
        "install.index-url='https://install.test'\n"
    )

    assert interpreter.translate(listed) == {"UV_DEFAULT_INDEX": "https://variable.test"}


def test_leaves_out_what_uv_has_no_word_for() -> None:
    assert interpreter.translate("global.progress-bar='off'\nglobal.user='true'\n") == {}
