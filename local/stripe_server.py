"""The Stripe emulator: localstripe, GPL-3, in a process and an environment of its own, on loopback."""

from collections.abc import Mapping
from pathlib import Path

from local.places import REPOSITORY, interpreter
from local.processes import Server

SECONDS_TO_START = 20.0
SOURCES = (REPOSITORY / "local" / "localstripe", REPOSITORY / "requirements" / "localstripe.txt")
MENDED = ("-m", "local.localstripe")
STOCK_PROGRAM = """
import sys
from aiohttp import web
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
STOCK = ("-c", STOCK_PROGRAM)


def url_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def server(folder: Path) -> Server:
    return Server("localstripe", folder, "/", SECONDS_TO_START, SOURCES)


def start(outside: Mapping[str, str], folder: Path, port: int, program: tuple[str, ...] = MENDED) -> Server:
    """Starts it without waiting."""
    started = server(folder)
    command: list[str | Path] = [interpreter("localstripe"), *program, str(port)]
    started.start(command, outside, url_of(port), REPOSITORY)
    return started
