"""A world as a service: what a request gets, with keys, faults and a record of all calls."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from stripe_simulator import shapes
from stripe_simulator.api import answers, forms, routes
from stripe_simulator.api.answers import Answer
from stripe_simulator.api.calls import Call
from stripe_simulator.api.faults import Fault, Faults
from stripe_simulator.api.replies import Asked, Replies
from stripe_simulator.model import Account
from stripe_simulator.webhooks import Post
from stripe_simulator.world import PLATFORM, Missing, Refused, World

NEWEST = "2025-04-30.basil"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """As it came: `target` with its query, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def account(self) -> str:
        return self.headers.get("stripe-account", "")

    @property
    def key(self) -> str:
        """The API key, of either scheme; OAuth's calls may have it as a parameter."""
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call that was made; `status` is None where the connection was cut."""

    method: str
    path: str
    account: str
    idempotency_key: str
    status: int | None
    replayed: bool
    at: int


@dataclass(slots=True)
class Simulation:
    """`runs`: the world's clock goes on with the machine's since it was set; else it stands until told.

    `follows`: a clock that it is never behind.
    """

    world: World = field(default_factory=World)
    post: Post = field(default_factory=Post)
    faults: Faults = field(default_factory=Faults)
    replies: Replies = field(default_factory=Replies)
    made: list[Made] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    runs: bool = False
    follows: Callable[[], int] | None = None
    _set: tuple[int, float] = (0, 0.0)  # the world's clock, and the machine's then

    def __post_init__(self) -> None:
        self.world.listeners.append(self.post.take)
        self.post.clock = self._now
        self._set = self.world.now, time.monotonic()

    def set_clock(self, now: int) -> None:
        """ValueError for an earlier instant; a clock that runs is then left as late as it is."""
        self.world.advance(max(now, self.world.now) if self.runs else now)
        self._set = self.world.now, time.monotonic()

    def tick(self) -> None:
        """Let the world come to where its clock has run; to be called with the lock."""
        if self.runs:
            self.world.advance(max(self.world.now, self._set[0] + int(time.monotonic() - self._set[1])))
        if self.follows:
            self.world.advance(max(self.world.now, self.follows()))

    def _now(self) -> int:
        with self.lock:
            self.tick()
            return self.world.now

    def reset(self, world: World) -> None:
        """Another world; where its events go stays."""
        world.pages = self.world.pages
        self.world, self.faults, self.replies = world, Faults(), Replies()
        self._set = world.now, time.monotonic()
        self.made.clear()
        self.post.forget()
        self.world.listeners.append(self.post.take)

    def answer(self, request: Request) -> Answer | None:
        """What Stripe answers; None: nothing, the connection is cut."""
        with self.lock:
            fault = self.faults.strike(request.method, request.path)
        if fault is not None and fault.kind == "down":
            answer: Answer | None = None
        else:
            answer = self._answered(request, fault)
            if fault is not None and fault.kind == "lost":
                answer = None
        with self.lock:
            self.made.append(
                Made(
                    method=request.method,
                    path=request.path,
                    account=request.account,
                    idempotency_key=request.headers.get("idempotency-key", ""),
                    status=answer.status if answer else None,
                    replayed=bool(answer and "Idempotent-Replayed" in answer.headers),
                    at=self.world.now,
                )
            )
        return answer

    def _answered(self, request: Request, fault: Fault | None) -> Answer:
        key = request.headers.get("idempotency-key", "")
        if request.method != "POST" or not key or request.path.startswith("/oauth/"):
            return self._worked(request, fault)
        content = (request.method, request.path, request.body)
        asked = Asked(account=request.account, key=key, content=content)
        with self.lock:
            instead = self.replies.begin(asked, self.world.now)
        if instead is not None:
            return instead
        try:
            answer = self._worked(request, fault)
        except BaseException:
            self.replies.end(asked, self.world.now, answers.broken())
            raise
        with self.lock:
            self.replies.end(asked, self.world.now, answer)
        return answer

    def _worked(self, request: Request, fault: Fault | None) -> Answer:
        match fault.kind if fault else None:
            case "rate_limited":
                return answers.rate_limited()
            case "lock_timeout":
                return answers.lock_timeout()
            case "broken" | "broken_for_good" as kind:
                return answers.broken(kept=kind == "broken_for_good")
            case "slow":
                time.sleep((fault.milliseconds if fault else 0) / 1000)
            case _:
                pass
        with self.lock:
            self.tick()
            return self._done(request)

    def _done(self, request: Request) -> Answer:
        query = urlsplit(request.target).query
        params = forms.parsed(query) | forms.parsed(request.body)
        if refused := self._refused(request, str(params.get("client_secret", ""))):
            return refused
        routed = routes.found(request.method, request.path)
        if routed is None:
            return answers.unknown_url(request.method, request.path)
        route, named = routed
        if unknown := sorted(set(params) - route.known):
            return answers.unknown_parameter(unknown[0])
        call = Call(
            world=self.world,
            account=request.account or PLATFORM,
            params=params,
            shape=shapes.shape_of(request.headers.get("stripe-version", NEWEST)),
            path=request.path,
            named=named,
        )
        return _outcome(route.handler, call)

    def _refused(self, request: Request, client_secret: str) -> Answer | None:
        key = request.key or client_secret
        if not key.startswith(("sk_", "rk_")):
            return answers.unauthorized(key)
        if not request.account:
            return None
        try:
            connected = self.world.get(Account, request.account).connected
        except Missing:
            connected = False
        return None if connected else answers.no_access(request.account)


def _outcome(handler: routes.Handler, call: Call) -> Answer:
    try:
        return Answer(answers.OK, handler(call))
    except answers.Fault as fault:
        return fault.answer
    except Missing as missing:
        return answers.missing(str(missing))
    except Refused as refused:
        about: dict[str, Any] = {}
        if refused.about is not None:
            shown = call.render(refused.about)
            about = {shown["object"]: shown}
        return answers.error(answers.BAD, str(refused), code=refused.code, param=refused.param, **about)
