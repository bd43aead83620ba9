"""Clients of AWS, all of one session: it reads its descriptions and resolves endpoints once."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials

USER_AGENT = f"troupe/1 botocore/{botocore.__version__}"  # botocore puts its own together twice for each call
CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
    parameter_validation=False,  # an eighth of a warm command's CPU; the service validates what it gets
    user_agent=USER_AGENT,
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def client(service: str, config: Config = CONFIG, credentials: Credentials | None = None) -> Any:
    """A new client, with the function's own credentials unless others are given."""
    session: Any = _session()
    own = session._credentials  # noqa: SLF001 -- botocore has no public way to give a session its own credentials
    session._credentials = credentials or own  # noqa: SLF001 -- the client keeps those that it is made with
    try:
        return session.create_client(service, config=config)
    finally:
        session._credentials = own  # noqa: SLF001 -- as they were
