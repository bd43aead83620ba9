"""What the product's code has around it for a year: a table in memory, the world's clock and Stripe.

The code is the deployed one, with nothing replaced but clients, clock and identifiers. They come back as they
were when the year is over.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, override
from urllib.parse import urlsplit

import stripe

from bench.year.memory import Memory
from stripe_simulator.simulation import Request, Simulation
from stripe_simulator.world import World
from troupe import clock, ids
from troupe.mail import ses
from troupe.security import secrets
from troupe.store import table
from troupe.stripe import client

SECRETS = {
    "stripe": {"api_key": "sk_live_year", "client_id": "ca_year", "connect_webhook_secrets": ["whsec_year"]},
    "signing": {"current": "k1", "keys": {"k1": "0123456789abcdef0123456789abcdef"}},
}
ENVIRONMENT = {
    "TABLE_NAME": "year",
    "EVENT_BUS_NAME": "year",
    "STATE_MACHINE_ARN": "dunning",
    "STRIPE_SECRET_ARN": "stripe",
    "SIGNING_SECRET_ARN": "signing",
    "STRIPE_URL": "http://stripe.year",
    "MAIL_FROM": "troupe@example.com",
    "PUBLIC_URL": "https://troupe.example",
    "REQUEST_ROLE_ARN": "",
    "ENTRY_ROLE_ARN": "",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "year",
    "POWERTOOLS_SERVICE_NAME": "year",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
}


class Loopless(stripe.HTTPClient):
    """Stripe's library talks to the simulation by a call instead of a connection."""

    name = "year"

    def __init__(self, simulation: Simulation) -> None:
        super().__init__()
        self._simulation = simulation

    @override
    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        given = {name.lower(): str(value) for name, value in (headers or {}).items()}
        target = f"{parts.path}?{parts.query}"
        asked = Request(method=method.upper(), target=target, headers=given, body=post_data or "")
        answer = self._simulation.answer(asked)
        if answer is None:
            raise stripe.APIConnectionError("cut")
        return (
            json.dumps(answer.body),
            answer.status,
            {key.lower(): value for key, value in answer.headers.items()},
        )

    @override
    def close(self) -> None:
        """There is nothing open."""


class Postmaster:
    """In the place of SES: takes every mail."""

    def __init__(self) -> None:
        self.sent = 0

    def send_email(self, **_: Any) -> dict[str, str]:
        self.sent += 1
        return {"MessageId": f"{self.sent:016x}"}


def identifiers(world: World) -> Iterator[str]:
    """UUIDv7 by the world's clock, the same in every run."""
    for number in count():
        digest = sha256(f"{world.seed}/{number}".encode()).hexdigest()
        at = f"{world.now * 1000:012x}"
        order = f"{number % 4096:03x}"
        yield f"{at[:8]}-{at[8:]}-7{order}-a{digest[:3]}-{digest[3:15]}"


class _Clock(datetime):
    """`datetime` as `troupe.clock` sees it: now is the world's."""

    world: World

    @classmethod
    @override
    def now(cls, tz: Any = None) -> datetime:
        return datetime.fromtimestamp(cls.world.now, tz or UTC)


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def quiet() -> Iterator[None]:
    """Turns logs and metrics off: those of a simulated year are not read."""
    logging.disable(logging.CRITICAL)
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nothing, redirect_stdout(nothing):
            yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def environment() -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    os.environ.pop("CLOCK_FILE", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def surrounded(simulation: Simulation, memory: Memory, postmaster: Postmaster) -> Iterator[None]:
    """Inside, the product's code lives in the world."""
    world, drawn = simulation.world, identifiers(simulation.world)
    library = stripe.StripeClient(
        "sk_live_year", http_client=Loopless(simulation), base_addresses={"api": "http://stripe.year"}
    )
    told = type("Told", (_Clock,), {"world": world})
    with ExitStack() as stack:
        stack.enter_context(environment())
        stack.enter_context(quiet())
        stack.enter_context(replaced(table, "client", lambda: memory))
        stack.enter_context(replaced(clock, "datetime", told))
        stack.enter_context(replaced(ids, "uuid_utils", SimpleNamespace(uuid7=lambda: next(drawn))))
        stack.enter_context(replaced(secrets, "_read", SECRETS.__getitem__))
        stack.enter_context(replaced(client, "_client", lambda *_: library))
        stack.enter_context(replaced(ses, "_ses", lambda: postmaster))
        secrets.forget()
        yield
        secrets.forget()
