"""A request and its answer, within limits, through faults, retries and redirects."""

import gzip
import socket
import time

import pytest

from support.faulty_servers import (
    BRIEF,
    allow,
    count_connections,
    drip,
    half,
    hang_up,
    no_http,
    reply,
    silent,
)
from troupe.http_client import transport
from troupe.http_client.client import NotAllowed, Policy, TooLarge, Unanswered, Unreachable, fetch


def closed_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class TestAnswers:
    def test_what_is_sent_and_what_comes_back(self, serve):
        url, seen = serve(reply(201, b'{"a": 1}', x_request_id="r1"))
        answer = fetch("post", f"{url}/path?q=1", headers={"x-key": "k"}, body=b"body")
        assert (answer.status, answer.json(), answer.headers["x-request-id"]) == (201, {"a": 1}, "r1")
        ((method, path, headers, body),) = seen
        assert (method, path, body) == ("POST", "/path?q=1", b"body")
        assert headers["Host"] == url.removeprefix("http://")
        assert (headers["x-key"], headers["accept-encoding"]) == ("k", "identity")

    @pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 404, 418, 500, 502])
    def test_every_status_is_an_answer_and_is_asked_for_once(self, serve, status):
        url, seen = serve(reply(status, b""))
        assert fetch("GET", url).status == status
        assert len(seen) == 1

    def test_head_has_no_body(self, serve):
        url, _ = serve(reply(200, b"x" * 100))
        answer = fetch("HEAD", url)
        assert (answer.body, answer.headers["content-length"]) == (b"", "100")

    def test_no_proxy_of_the_environment_is_used(self, serve, monkeypatch):
        url, seen = serve(reply())
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        assert fetch("GET", url).status == 200
        assert len(seen) == 1

    def test_a_request_that_is_none(self, serve):
        url, seen = serve(reply())
        with pytest.raises(NotAllowed):
            fetch("GET /", url)
        with pytest.raises(NotAllowed):
            fetch("GET", url, headers={"x": "a\r\nb: c"})
        with pytest.raises(NotAllowed):
            fetch("GET", url, headers={"x": "ü"})
        assert not seen


class TestLimits:
    def test_the_size_of_the_answer(self, serve):
        url, _ = serve(reply(body=b"x" * 1000))
        assert len(fetch("GET", url, policy=Policy(largest_bytes=1000)).body) == 1000
        with pytest.raises(TooLarge):
            fetch("GET", url, policy=Policy(largest_bytes=999))

    def test_an_encoded_answer_could_be_of_any_size(self, serve):
        url, _ = serve(reply(body=gzip.compress(b"x" * 10_000_000), content_encoding="gzip"))
        with pytest.raises(TooLarge):
            fetch("GET", url)

    def test_an_answer_that_never_ends(self, serve):
        url, _ = serve(drip)
        started = time.monotonic()
        with pytest.raises(Unanswered, match="time"):
            fetch("GET", url, policy=Policy(deadline_seconds=0.3))
        assert time.monotonic() - started < Policy().deadline_seconds

    def test_an_answer_that_never_comes(self, serve):
        url, seen = serve(silent)
        with pytest.raises(Unanswered, match="ReadTimeout"):
            fetch("GET", url, policy=Policy(read_seconds=0.2))
        assert len(seen) == 1

    def test_the_deadline_shortens_every_wait(self, serve):
        url, _ = serve(silent)
        started = time.monotonic()
        with pytest.raises(Unanswered):
            fetch("GET", url, policy=Policy(deadline_seconds=0.2))
        assert time.monotonic() - started < Policy().read_seconds


class TestFaults:
    @pytest.mark.parametrize("fault", [hang_up, half, no_http])
    def test_what_may_have_been_done_is_not_asked_again(self, serve, fault):
        url, seen = serve(fault, reply())
        with pytest.raises(Unanswered):
            fetch("GET", url)
        assert len(seen) == 1

    def test_the_server_is_unreachable(self, monkeypatch):
        port = closed_port()
        allow(monkeypatch, f"127.0.0.1:{port}")
        attempts = count_connections(monkeypatch)
        with pytest.raises(Unreachable):
            fetch("GET", f"http://127.0.0.1:{port}", policy=BRIEF)
        assert len(attempts) == 3

    def test_the_server_is_unreachable_for_a_post(self, monkeypatch):
        port = closed_port()
        allow(monkeypatch, f"127.0.0.1:{port}")
        attempts = count_connections(monkeypatch)
        with pytest.raises(Unreachable):
            fetch("POST", f"http://127.0.0.1:{port}", policy=BRIEF)
        assert len(attempts) == 1

    def test_no_such_name(self, monkeypatch):
        def nowhere(*_):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(transport, "_resolved", nowhere)
        with pytest.raises(Unreachable, match="host"):
            fetch("GET", "http://nowhere.test/", policy=BRIEF)

    def test_a_name_without_addresses(self, monkeypatch):
        monkeypatch.setattr(transport, "_resolved", lambda *_: ())
        with pytest.raises(Unreachable, match="address"):
            fetch("GET", "http://nowhere.test/", policy=BRIEF)


class TestRetries:
    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
    def test_later_is_tried_again(self, serve, method, status):
        url, seen = serve(reply(status), reply(status), reply(200))
        assert fetch(method, url).status == 200
        assert len(seen) == 3

    def test_the_last_answer_counts(self, serve):
        url, seen = serve(reply(503))
        assert fetch("GET", url).status == 503
        assert len(seen) == 3

    def test_a_post_is_not_repeated(self, serve):
        url, seen = serve(reply(503), reply(200))
        assert fetch("POST", url).status == 503
        assert len(seen) == 1

    @pytest.mark.parametrize(
        "after",
        ["0", "Wed, 01 Jan 2020 00:00:00 GMT", "soon", "Mon, 99 Foo", "-1"],
    )
    def test_as_the_server_asks(self, serve, after):
        url, seen = serve(reply(429, retry_after=after), reply(200))
        assert fetch("GET", url).status == 200
        assert len(seen) == 2

    def test_it_waits_as_long_as_the_server_asks(self, serve):
        url, _ = serve(reply(429, retry_after="1"), reply(200))
        started = time.monotonic()
        assert fetch("GET", url).status == 200
        assert time.monotonic() - started >= 1

    @pytest.mark.parametrize("after", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
    def test_but_not_beyond_the_deadline(self, serve, after):
        url, seen = serve(reply(429, retry_after=after), reply(200))
        answer = fetch("GET", url)
        assert (answer.status, answer.headers["retry-after"]) == (429, after)
        assert len(seen) == 1

    def test_the_policy_says_how_often(self, serve):
        url, seen = serve(reply(503))
        fetch("GET", url, policy=Policy(attempts=1))
        assert len(seen) == 1


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_to_the_same_host(self, serve, status):
        url, seen = serve(reply(status, location="/there?x=1"), reply(200, b"there"))
        answer = fetch("GET", f"{url}/here", headers={"authorization": "Bearer t"})
        assert answer.body == b"there"
        assert [path for _, path, _, _ in seen] == ["/here", "/there?x=1"]
        assert seen[1][2]["authorization"] == "Bearer t"

    def test_not_to_another_host(self, serve):
        url, seen = serve(reply(302, location="http://169.254.169.254/latest/meta-data/"))
        with pytest.raises(NotAllowed, match="another host"):
            fetch("GET", url)
        assert len(seen) == 1

    def test_nor_to_one_that_is_not_public_though_it_may_be_followed_to(self, serve):
        url, _ = serve(reply(302, location="http://127.0.0.2/"))
        with pytest.raises(NotAllowed, match="public"):
            fetch("GET", url, policy=Policy(redirect_hosts=frozenset({"127.0.0.2"})))

    def test_to_a_host_that_is_named_but_without_our_secrets(self, serve, monkeypatch):
        other, there = serve(reply(200, b"there"))
        port = other.rpartition(":")[2]
        allow(monkeypatch, f"localhost:{port}")
        url, _ = serve(reply(302, location=f"http://localhost:{port}/"))
        headers = {"authorization": "Bearer t", "x-api-key": "k", "cookie": "c=1"}
        answer = fetch("GET", url, headers=headers, policy=Policy(redirect_hosts=frozenset({"localhost"})))
        assert answer.body == b"there"
        assert not {"authorization", "x-api-key", "cookie"} & {name.lower() for name in there[0][2]}

    def test_a_post_is_not_sent_elsewhere(self, serve):
        url, seen = serve(reply(307, location="/there"))
        assert fetch("POST", url, body=b"x").status == 307
        assert len(seen) == 1

    def test_without_a_location_it_is_an_answer(self, serve):
        url, _ = serve(reply(302))
        assert fetch("GET", url).status == 302

    @pytest.mark.parametrize("location", ["http://[::1", "http://\x7f/", "http://xn--/"])
    def test_to_what_is_no_address(self, serve, location):
        url, seen = serve(reply(302, location=location))
        with pytest.raises(Unanswered):
            fetch("GET", url)
        assert len(seen) == 1

    def test_to_what_is_no_scheme(self, serve):
        url, _ = serve(reply(302, location="ftp://127.0.0.1/"))
        with pytest.raises(NotAllowed):
            fetch("GET", url)

    def test_not_for_ever(self, serve):
        url, seen = serve(reply(302, location="/again"))
        with pytest.raises(NotAllowed, match="many"):
            fetch("GET", url)
        assert len(seen) == 4
