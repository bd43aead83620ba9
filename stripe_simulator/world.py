"""The world: its objects, its clock, what will fall due, and the events that it tells of."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from stripe_simulator import shapes
from stripe_simulator.model import Account, Shape, Thing

START = 1_767_225_600  # 2026-01-01T00:00:00Z
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
APPLICATION = "ca_TroupeSimulated0000000000"
PLATFORM = "acct_1TroupeSimulated00"
"""The account whose API key is used: what is of no connected account is its."""
SETTLES_AFTER = 2 * 24 * 3600  # https://docs.stripe.com/payouts#payout-speed


class Missing(LookupError):  # noqa: N818 -- an answer, not a fault
    """There is no such object in that account."""

    def __init__(self, kind: type[object], identifier: str) -> None:
        super().__init__(f"No such {kind.__name__.lower()}: '{identifier}'")
        self.identifier = identifier


class Refused(Exception):  # noqa: N818 -- an answer, not a fault
    """Stripe's answer to what cannot be done as things stand (400)."""

    def __init__(
        self, message: str, code: str | None = None, param: str | None = None, about: Thing | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.param = param
        self.about = about


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`body` is the webhook's body as it stood when it happened, in the account's shape."""

    id: str
    account: str
    type: str
    created: int
    body: Mapping[str, Any]


@dataclass(slots=True)
class World:
    """`only`: the types of events that are told, and then none is kept; else all are, in `events`."""

    seed: str = "troupe"
    now: int = START
    events: list[Event] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # OAuth code -> account
    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    only: frozenset[str] | None = None
    _things: dict[type[Any], dict[str, Any]] = field(default_factory=dict)
    pages: str = "http://127.0.0.1"  # where its hosted pages are
    _drawn: dict[str, int] = field(default_factory=dict)
    _due: list[tuple[int, int, Callable[[], object]]] = field(default_factory=list)
    _planned: int = 0

    def __post_init__(self) -> None:
        """With the platform's own account, in test mode."""
        self.add(
            Account(
                id=PLATFORM,
                name="Platform, Inc.",
                kind="platform",
                livemode=False,
                settles_after=SETTLES_AFTER,
                created=self.now,
            )
        )

    def identifier(self, prefix: str) -> str:
        """The next of that prefix; the same in every world of this seed."""
        number = self._drawn[prefix] = self._drawn.get(prefix, 0) + 1
        rest = int.from_bytes(sha256(f"{self.seed}/{prefix}/{number}".encode()).digest()[:18])
        letters = ""
        for _ in range(24):
            rest, digit = divmod(rest, len(DIGITS))
            letters += DIGITS[digit]
        return f"{prefix}_{letters}"

    def add[T: Thing](self, thing: T) -> T:
        self._things.setdefault(type(thing), {})[thing.id] = thing
        return thing

    def get[T: Thing](self, kind: type[T], identifier: str | None, account: str | None = None) -> T:
        """The object of that id; raises `Missing`, also when it belongs to another account."""
        found: T | None = self._things.get(kind, {}).get(identifier or "")
        if found is None or (account is not None and getattr(found, "account", found.id) != account):
            raise Missing(kind, identifier or "")
        return found

    def all[T: Thing](self, kind: type[T], account: str | None = None) -> list[T]:
        """In the order in which they came to be."""
        things: list[T] = list(self._things.get(kind, {}).values())
        return [thing for thing in things if account in (None, getattr(thing, "account", None))]

    def at(self, instant: int, act: Callable[[], object]) -> None:
        """Do that when the clock gets there."""
        self._planned += 1
        heapq.heappush(self._due, (instant, self._planned, act))

    def next_due(self) -> int | None:
        return self._due[0][0] if self._due else None

    def advance(self, to: int) -> None:
        """Let time pass; what falls due happens in its order, each at its own instant. Never back."""
        if to < self.now:
            raise ValueError("the clock of a world does not run back")
        while self._due and self._due[0][0] <= to:
            instant, _, act = heapq.heappop(self._due)
            self.now = max(self.now, instant)
            act()
        self.now = to

    def tell(self, account: str, type_: str, thing: Thing, previous: Mapping[str, Any] | None = None) -> None:
        """An event about the object as it stands now."""
        if self.only is not None and type_ not in self.only:
            return
        shape = self.get(Account, account).shape
        self.tell_of(account, type_, shapes.rendered(self, thing, shape), previous)

    def tell_of(
        self, account: str, type_: str, rendered: Mapping[str, Any], previous: Mapping[str, Any] | None = None
    ) -> None:
        teller = self.get(Account, account)
        if not teller.connected and type_ != "account.application.deauthorized":
            return
        data = {"object": rendered} | ({} if previous is None else {"previous_attributes": previous})
        body = {
            "id": self.identifier("evt"),
            "object": "event",
            **({} if account == PLATFORM else {"account": account}),
            "api_version": str(teller.shape),
            "created": self.now,
            "data": data,
            "livemode": teller.livemode,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": type_,
        }
        event = Event(id=str(body["id"]), account=account, type=type_, created=self.now, body=body)
        if self.only is None:
            self.events.append(event)
        for listener in self.listeners:
            listener(event)

    def open_account(self, shape: Shape = Shape.BASIL, **fields: Any) -> Account:
        return self.add(Account(id=self.identifier("acct"), shape=shape, created=self.now, **fields))
