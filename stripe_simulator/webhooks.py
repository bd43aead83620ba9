"""Webhooks: signed as Stripe signs, held or sent, and sent again until they are taken.

The world is simulated; the receiver is not. So what is timed here is timed by the machine's clock, but
for the signature's time, which is the world's or the machine's as the receiver's clock demands.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from hmac import new as hmac
from typing import Literal

import httpx

from stripe_simulator.world import PLATFORM, START, Event

SECRET = "whsec_simulated"
ATTEMPTS = 16
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between attempts, doubling
TIMEOUT = 300.0  # the receiver waits for its turn on a busy machine
TAKEN = 2  # hundred and some
_certificates = cache(httpx.create_ssl_context)  # takes 30 ms, and a test makes a world


def signature(body: bytes, secrets: Sequence[str], at: int) -> str:
    """The header Stripe-Signature; while a secret is rotated there is a signature by each.

    https://docs.stripe.com/webhooks#verify-manually
    """
    signed = f"{at}.".encode() + body
    return ",".join([f"t={at}", *(f"v1={hmac(key.encode(), signed, sha256).hexdigest()}" for key in secrets)])


def raw(event: Event) -> bytes:
    """The body as it is sent and signed."""
    return json.dumps(event.body, indent=2, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One more receiver: of the platform's own events, or with `connect` of connected accounts'.

    `types`: what the types of its events begin with; none are all.
    """

    url: str
    secrets: tuple[str, ...]
    connect: bool = False
    types: tuple[str, ...] = ("",)

    def wants(self, event: Event) -> bool:
        return self.connect == (event.account != PLATFORM) and event.type.startswith(self.types)


@dataclass(slots=True, kw_only=True)
class Settings:
    """`held`: sent when asked for. Each event goes out `repeat` times, `delay` seconds late and, within
    groups of `shuffle`, in another order; `workers` deliver at once.
    """

    url: str | None = None
    secrets: tuple[str, ...] = (SECRET,)
    mode: Literal["held", "automatic"] = "held"
    signed_on: Literal["world", "machine"] = "world"
    repeat: int = 1
    shuffle: int = 1
    delay: float = 0.0
    workers: int = 1
    endpoints: tuple[Endpoint, ...] = ()


@dataclass(slots=True, kw_only=True, eq=False)
class Letter:
    """An event on its way to an endpoint, else to the settings' own.

    `statuses`: what each attempt got, 0 for no answer.
    """

    event: Event
    endpoint: Endpoint | None = None
    statuses: list[int] = field(default_factory=list)
    not_before: float = 0.0

    @property
    def taken(self) -> bool:
        return any(status // 100 == TAKEN for status in self.statuses)


class Post:
    """Delivers what a world tells; `clock` is that world's."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.clock: Callable[[], int] = lambda: START
        self.settings = settings or Settings()
        self.letters: list[Letter] = []
        self._waiting: list[Letter] = []
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closed = False
        self._shuffled = random.Random("post")
        self._client = httpx.Client(timeout=TIMEOUT, trust_env=False, verify=_certificates())

    def take(self, event: Event) -> None:
        """A world's listener. The platform's own events go to the endpoints for them alone."""
        not_before = time.monotonic() + self.settings.delay
        receivers: list[Endpoint | None] = [] if event.account == PLATFORM else [None]
        receivers += [each for each in self.settings.endpoints if each.wants(event)]
        letters = [Letter(event=event, endpoint=each, not_before=not_before) for each in receivers]
        with self._changed:
            self.letters.extend(letters)
            self._waiting.extend(letters)
            self._changed.notify_all()

    def configure(self, settings: Settings) -> None:
        with self._changed:
            self.settings = settings
            if settings.mode == "automatic" and self._worker is None:
                self._worker = threading.Thread(target=self._deliver_for_ever, name="post", daemon=True)
                self._worker.start()
            self._changed.notify_all()

    def forget(self) -> None:
        with self._changed:
            self.letters.clear()
            self._waiting.clear()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._worker is not None:
            self._worker.join()
        self._client.close()

    def waiting(self) -> int:
        """How many events are not taken yet, and not given up."""
        with self._changed:
            return len(self._waiting)

    def deliver(self, letters: Sequence[Letter]) -> None:
        """Now, in this order, as often as the settings say; those taken wait no longer."""
        copies = [letter for letter in letters for _ in range(self.settings.repeat)]
        if self.settings.workers == 1:
            for letter in copies:
                self._send(letter)
        else:
            with ThreadPoolExecutor(self.settings.workers) as pool:
                list(pool.map(self._send, copies))
        with self._changed:
            for letter in letters:
                self._settle(letter)

    def _settle(self, letter: Letter) -> None:
        over = letter.taken or len(letter.statuses) >= ATTEMPTS
        if over and letter in self._waiting:
            self._waiting.remove(letter)
        letter.not_before = time.monotonic() + min(LONGEST_WAIT, FIRST_WAIT * 2 ** len(letter.statuses))

    def _send(self, letter: Letter) -> None:
        settings, body = self.settings, raw(letter.event)
        url = letter.endpoint.url if letter.endpoint else settings.url
        secrets = letter.endpoint.secrets if letter.endpoint else settings.secrets
        if url is None:
            raise ValueError("there is no webhook URL to send to")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, secrets, self._now()),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            letter.statuses.append(self._client.post(url, content=body, headers=headers).status_code)
        except httpx.HTTPError:
            letter.statuses.append(0)

    def _now(self) -> int:
        return self.clock() if self.settings.signed_on == "world" else int(time.time())

    def _deliver_for_ever(self) -> None:
        while (due := self._due()) is not None:
            self.deliver(due)

    def _due(self) -> list[Letter] | None:
        """What is to be sent now, waiting for it; None when closed."""
        with self._changed:
            while not self._closed:
                now, settings = time.monotonic(), self.settings
                sending = settings.mode == "automatic" and settings.url is not None
                due = [each for each in self._waiting if each.not_before <= now] if sending else []
                if due:
                    return self._ordered(due)
                soonest = min((each.not_before for each in self._waiting), default=None) if sending else None
                self._changed.wait(None if soonest is None else max(0.01, soonest - now))
            return None

    def _ordered(self, due: list[Letter]) -> list[Letter]:
        size = max(1, self.settings.shuffle)
        groups = [due[start : start + size] for start in range(0, len(due), size)]
        for group in groups:
            self._shuffled.shuffle(group)
        return [letter for group in groups for letter in group]
