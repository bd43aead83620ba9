"""The simulation over HTTP, on loopback alone: the API for Stripe's library, and the controls at /_world/."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from local.stack.ports import LOOPBACK
from stripe_simulator.api import answers, pages
from stripe_simulator.api.answers import Answer
from stripe_simulator.api.control import PREFIX, REFUSALS, Unknown, controlled
from stripe_simulator.api.pages import Page
from stripe_simulator.simulation import Request, Simulation
from stripe_simulator.world import World


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, simulation: Simulation) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self.simulation = simulation
        simulation.world.pages = self.url

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no error; another is printed, as the server does by itself."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def do_GET(self) -> None:
        self._respond()

    do_POST = do_DELETE = do_GET  # noqa: N815 -- the library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the library's name
        """Nothing: `calls` is the record."""

    def _respond(self) -> None:
        simulation = cast("Server", self.server).simulation
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith(pages.PREFIX):
            self._show(pages.shown(simulation, self.command, urlsplit(self.path).path, dict(parse_qsl(body))))
            return
        if self.path.startswith(PREFIX):
            self._send(control(simulation, self.path, body))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(method=self.command, target=self.path, headers=headers, body=body)
        answer = simulation.answer(request)
        if answer is None:
            self._hang_up()
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Request-Id", f"req_{id(answer):x}")
        self.end_headers()
        self.wfile.write(body)

    def _show(self, page: Page) -> None:
        self.send_response(page.status)
        if page.location:
            self.send_header("Location", page.location)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page.html)))
        self.end_headers()
        self.wfile.write(page.html)

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def control(simulation: Simulation, path: str, body: str) -> Answer:
    try:
        return Answer(answers.OK, controlled(simulation, path, json.loads(body or "{}")))
    except Unknown as unknown:
        return Answer(answers.MISSING, {"error": f"there is no control {unknown}"})
    except REFUSALS as refused:
        return Answer(answers.BAD, {"error": f"{type(refused).__name__}: {refused}"})


@contextmanager
def serve(served: World | Simulation | None = None, port: int = 0) -> Iterator[str]:
    """Its URL, while it runs; a `Simulation` where faults, calls and webhooks are wanted in process too."""
    simulation = served if isinstance(served, Simulation) else Simulation(served or World())
    with Server(port, simulation) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="stripe_world", daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()
            simulation.post.close()
