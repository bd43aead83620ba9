"""Real servers on loopback, over TLS too, that misbehave in the ways that servers do."""

import os
import socket
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from troupe.http_client.client import Policy

BRIEF = Policy(connect_seconds=1, read_seconds=1, deadline_seconds=2)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("content-length", 0))
        self.server.seen.append(
            (self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
        )
        script = self.server.script
        (script.pop(0) if len(script) > 1 else script[0])(self)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass


def reply(status=200, body=b"{}", **headers):
    def send(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return send


def hang_up(handler):
    handler.close_connection = True


def half(handler):
    handler.send_response(200)
    handler.send_header("content-length", "100")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def drip(handler):
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    with suppress(OSError):
        while not handler.server.released.wait(0.05):
            handler.wfile.write(b".")


def no_http(handler):
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    handler.close_connection = True


def silent(handler):
    handler.server.released.wait(5)
    handler.close_connection = True


@contextmanager
def serving(*script, tls=None):
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.seen, server.script, server.released = [], list(script), Event()
        server.handle_error = lambda *_: None  # clients hang up here
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


def allow(monkeypatch, *servers):
    before = [each for each in os.environ.get("OUTBOUND_ALLOW", "").split(",") if each]
    monkeypatch.setenv("OUTBOUND_ALLOW", ",".join([*before, *servers]))


def count_connections(monkeypatch):
    """The addresses that sockets were connected to."""
    connected, real = [], socket.create_connection

    def connect(address, *given, **more):
        connected.append(address[0])
        return real(address, *given, **more)

    monkeypatch.setattr(socket, "create_connection", connect)
    return connected
