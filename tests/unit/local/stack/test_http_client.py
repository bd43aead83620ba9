"""What did not get through is repeated, with the same Idempotency-Key; what the API decided is not."""

from collections.abc import Iterator

import httpx
import pytest

from local.stack import http_client
from local.stack.http_client import RepeatingTransport, client

BASE = "http://troupe.example.com"
OK = httpx.Response(200)


class Server:
    """Answers in the given order; an exception is raised."""

    def __init__(self) -> None:
        self.answers: Iterator[httpx.Response | Exception] = iter(())
        self.keys: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("idempotency-key"))
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with client(BASE, transport=RepeatingTransport(httpx.MockTransport(server))) as made:
        yield made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    return waited


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_was_refused_for_now_is_repeated(
    http: httpx.Client, server: Server, pauses: list[float], status: int
) -> None:
    server.answers = iter([httpx.Response(status), httpx.Response(status), OK])
    assert http.get("/things").status_code == 200
    assert len(pauses) == 2
    assert max(pauses) <= 5


def test_a_lost_connection_is_made_anew(http: httpx.Client, server: Server, pauses: list[float]) -> None:
    server.answers = iter([httpx.ConnectError("refused"), httpx.ReadTimeout("silence"), OK])
    assert http.get("/things").status_code == 200
    assert len(pauses) == 2


def test_the_server_says_when(http: httpx.Client, server: Server, pauses: list[float]) -> None:
    server.answers = iter([httpx.Response(503, headers={"retry-after": "7"}), OK])
    assert http.get("/things").status_code == 200
    assert pauses == [7]


def test_a_write_has_one_key_in_all_attempts_and_a_read_none(
    http: httpx.Client, server: Server, pauses: list[float]
) -> None:
    server.answers = iter([httpx.Response(502), OK, OK, OK])
    for act in (http.post, http.patch, http.get):
        assert act("/things").status_code == 200
    first, again, other, read = server.keys
    assert first
    assert (first == again, other not in {None, first}, read) == (True, True, None)
    assert len(pauses) == 1


def test_a_key_that_is_given_stays(http: httpx.Client, server: Server) -> None:
    server.answers = iter([OK])
    http.post("/things", headers={"idempotency-key": "mine"})
    assert server.keys == ["mine"]


@pytest.mark.usefixtures("pauses")
def test_a_write_without_a_key_is_not_repeated(server: Server) -> None:
    server.answers = iter([httpx.Response(502)])
    transport = RepeatingTransport(httpx.MockTransport(server))
    with httpx.Client(base_url=BASE, transport=transport) as plain:
        assert plain.post("/things").status_code == 502


@pytest.mark.parametrize("status", [409, 422, 429, 500])
def test_what_the_api_decided_is_the_answer(http: httpx.Client, server: Server, status: int) -> None:
    server.answers = iter([httpx.Response(status, headers={"content-type": "application/problem+json"})])
    assert http.post("/things").status_code == status


def test_the_last_failure_is_the_answer_when_patience_ends(
    http: httpx.Client, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_client, "PATIENCE", 0)
    server.answers = iter([httpx.Response(502), httpx.ConnectError("refused")])
    assert http.get("/things").status_code == 502
    with pytest.raises(httpx.ConnectError):
        http.get("/things")
