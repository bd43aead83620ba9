"""Free ports on loopback."""

import os
import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def emulator_port() -> int:
    """TROUPE_PORT, else any free one."""
    return int(os.environ.get("TROUPE_PORT") or free_port())
