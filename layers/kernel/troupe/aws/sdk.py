"""Clients of AWS, all of one session: it reads its descriptions and resolves endpoints once."""

import os
from functools import cache, partial
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials

from troupe.aws import deadline

USER_AGENT = f"troupe/1 botocore/{botocore.__version__}"  # botocore puts its own together twice for each call
LOCAL = "AWS_ENDPOINT_URL" in os.environ  # a stack that shares a few cores with what it serves
CONFIG = Config(
    connect_timeout=1,
    read_timeout=5 if LOCAL else 2,  # three times of it end within ten seconds
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
    parameter_validation=False,  # an eighth of a warm command's CPU; the service validates what it gets
    user_agent=USER_AGENT,
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def client(service: str, config: Config = CONFIG, credentials: Credentials | None = None) -> Any:
    """A new client, with the function's own credentials unless others are given.

    It sends nothing that would outlast the invocation, but raises `OutOfTime`.
    """
    session: Any = _session()
    own = session._credentials  # noqa: SLF001 -- botocore has no public way to give a session its own credentials
    session._credentials = credentials or own  # noqa: SLF001 -- the client keeps those that it is made with
    try:
        made = session.create_client(service, config=config)
    finally:
        session._credentials = own  # noqa: SLF001 -- as they were
    options: Any = config
    longest = options.connect_timeout + options.read_timeout
    for before in ("before-call.*", "before-send.*"):  # the call, and each of its attempts
        made.meta.events.register_first(before, partial(_in_time, longest))
    return made


def _in_time(longest: float, **_request: Any) -> None:
    deadline.enough(longest)
