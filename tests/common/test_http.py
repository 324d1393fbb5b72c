"""The one way out, against a server of this machine."""

import pytest

from common.http import AddressRefused, HttpFailed, OutboundHttp
from tests.builders.routers import Reply, RouterServer


def ask_inside(url: str, **bounds: float) -> tuple[int, bytes]:
    answer = OutboundHttp(allows_private=True, **bounds).get(url=url)  # type: ignore[arg-type] # either
    return answer.status, answer.body


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://localhost/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fec0::1]/",
        "http://[::7f00:1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[4000::1]/",
        "http://[fe00::1]/",
        "http://[",
        "http://[::1",
        "http://℀/",
        "http://224.0.0.1/",
        "http://user:password@127.0.0.1/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "//127.0.0.1/",
        "",
    ],
)
def test_refuses_what_lies_inside(url: str) -> None:
    with pytest.raises(AddressRefused):
        OutboundHttp().get(url=url)


def test_refuses_a_server_of_this_machine_by_any_name(router: RouterServer) -> None:
    with pytest.raises(AddressRefused):
        OutboundHttp().get(url=router.url)

    assert router.asked == []


def test_an_operator_s_own_server_may_live_inside(router: RouterServer) -> None:
    router.reply = Reply(status=418, body=b"short and stout")

    assert ask_inside(f"{router.url}/tea") == (418, b"short and stout")


def test_a_proxy_of_the_environment_is_not_asked(
    router: RouterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    router.reply = Reply(body=b"straight")

    assert ask_inside(router.url) == (200, b"straight")


def test_a_redirect_is_not_followed(router: RouterServer) -> None:
    router.reply = Reply(status=302, body=b"there", location=f"{router.url}/elsewhere")

    assert ask_inside(f"{router.url}/here") == (302, b"there")
    assert router.asked == ["/here"]


def test_a_body_is_read_up_to_its_cap(router: RouterServer) -> None:
    router.reply = Reply(body=b"x" * 1000)

    assert ask_inside(router.url, bytes_high=1000) == (200, b"x" * 1000)
    with pytest.raises(HttpFailed, match="too_large"):
        ask_inside(router.url, bytes_high=999)


def test_half_a_body_is_none(router: RouterServer) -> None:
    router.reply = Reply(body=b'{"code": ', promised_bytes=100)

    with pytest.raises(HttpFailed):
        ask_inside(router.url)


def test_a_late_answer_is_none(router: RouterServer) -> None:
    router.reply = Reply(after_s=0.5)

    with pytest.raises(HttpFailed, match="timeout"):
        ask_inside(router.url, timeout_s=0.1)


def test_an_answer_that_drips_is_late_too(router: RouterServer) -> None:
    router.reply = Reply(drip_s=0.05)  # each byte well within the timeout, all of them never

    with pytest.raises(HttpFailed, match="timeout"):
        ask_inside(router.url, timeout_s=0.3)


def test_a_deadline_that_has_passed_asks_nobody(router: RouterServer) -> None:
    with pytest.raises(HttpFailed, match="timeout"):
        ask_inside(router.url, timeout_s=0.0)

    assert router.asked == []


def test_nobody_there_tells_no_address() -> None:
    with pytest.raises(HttpFailed) as failed:
        ask_inside("http://127.0.0.1:1/secret")

    assert "secret" not in str(failed.value)
    assert "127.0.0.1" not in str(failed.value)


def test_json_is_posted_as_such(router: RouterServer) -> None:
    http = OutboundHttp(allows_private=True)
    router.reply = Reply(body=b"taken")

    answer = http.post_json(url=f"{router.url}/in", body=b'{"a": 1}')

    assert (answer.body, router.questions) == (b"taken", [{"a": 1}])
