"""What the demo plays: a tenant is born, its people come, and what they do comes out of the stream."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rich.progress import Progress

from local.demo.api import Api, tokens_by_address, wait_for
from local.demo.people import Person
from local.demo.steps import each
from local.stack import Stack

FOLLOWS = 3  # that each person begins with
REFUSED = range(400, 500)
GUESSES = 6  # one more than the limit
OWNER_PASSWORD = "the owner's long password"


@dataclass(slots=True)
class Played:
    """What came of it, for the tables at the end."""

    slug: str
    tenant_id: str = ""
    owner: Api | None = None
    people: tuple[Person, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)  # e-mail -> user id
    locked: Person | None = None
    suspended: Person | None = None
    refusal: Mapping[str, Any] = field(default_factory=dict)
    cards: list[Mapping[str, Any]] = field(default_factory=list)
    analytics: Mapping[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] = field(default_factory=dict)
    unspoilt: bool = True


class Story:
    """The steps in their order; each shows how far it is."""

    def __init__(self, stack: Stack, people: tuple[Person, ...], progress: Progress) -> None:
        self.stack, self.progress = stack, progress
        self.visitor = Api(stack.api_url)
        slug = f"atelier-{datetime.now(UTC):%H%M%S%f}"
        self.people = people
        self.played = Played(slug=slug, people=people)

    def play(self) -> Played:
        self.provision()
        self.sign_up()
        self.verify()
        self.follow()
        self.lock_one_out()
        self.suspend_one()
        self.exceed_the_quota()
        self.read()
        return self.played

    def _each[T](self, what: str, items: Iterable[T], act: Callable[[T], Any]) -> list[Any]:
        return each(self.progress, what, items, act)

    def provision(self) -> None:
        """A stranger opens a tenant, confirms the address, and lets other strangers sign up."""
        email = f"owner@{self.played.slug}.example.com"
        owner = {"email": email, "password": OWNER_PASSWORD, "display_name": "Olive Owner"}
        tenant = {
            "name": "The Atelier",
            "slug": self.played.slug,
            "plan": "pro",
            "zone": "UTC",
            "owner": owner,
        }

        def open_it(_: str) -> None:
            made = self.visitor.post("/tenants", tenant, 201)
            self.played.tenant_id = made["id"]
            self._confirm([email])
            self.played.owner = self.visitor.signed_in(email, OWNER_PASSWORD)
            settings = {"open_sign_up": True}
            self.played.owner.call("PATCH", f"/tenants/{made['id']}/settings", settings)

        self._each("provision a tenant", [email], open_it)

    def sign_up(self) -> None:
        def register(person: Person) -> None:
            made = self.visitor.post(f"/tenants/{self.played.slug}/users", person.body(), 201)
            self.played.ids[person.email] = made["id"]

        self._each(f"sign up {len(self.people)} people", self.people, register)

    def _confirm(self, addresses: list[str]) -> None:
        def arrived() -> dict[str, str] | None:
            tokens = tokens_by_address(self.stack)
            return tokens if all(address in tokens for address in addresses) else None

        tokens = wait_for("the verification mails", arrived)
        self._each(
            "verify from the mailbox",
            addresses,
            lambda to: self.visitor.post("/users/verify", {"token": tokens[to]}),
        )

    def verify(self) -> None:
        self._confirm([person.email for person in self.people])

    def follow(self) -> None:
        """Everyone signs in and follows a few others; the first are the most popular."""
        chance, ids = random.Random(7), [self.played.ids[person.email] for person in self.people]
        weights = [1 / (rank + 1) for rank in range(len(ids))]
        chosen = [chance.choices(ids, weights, k=FOLLOWS) for _ in ids]

        def sign_in_and_follow(pair: tuple[Person, list[str]]) -> None:
            person, others = pair
            with self.visitor.signed_in(person.email, person.password) as api:
                for other in set(others) - {self.played.ids[person.email]}:
                    api.call("PUT", f"/users/{other}/follow", {})

        self._each(
            "sign in and follow each other", list(zip(self.people, chosen, strict=True)), sign_in_and_follow
        )

    def lock_one_out(self) -> None:
        """Wrong passwords until the account is locked; then the right one does not help either."""
        victim = self.played.locked = self.people[-1]
        wrong = {"email": victim.email, "password": "a wrong guess"}
        answers = self._each("guess a password", range(GUESSES), lambda _: self._status("/sessions", wrong))
        right = self._status("/sessions", {"email": victim.email, "password": victim.password})
        self.played.unspoilt &= all(status in REFUSED for status in (*answers, right))

    def _status(self, path: str, body: Mapping[str, str]) -> int:
        return self.visitor.http.post(f"/v1/identity{path}", json=body).status_code

    def suspend_one(self) -> None:
        person = self.played.suspended = self.people[-2]
        user_id = self.played.ids[person.email]
        suspend = {"reason": "Sold followers."}
        self._each(
            "suspend a user", [user_id], lambda each: self.owner.post(f"/users/{each}/suspend", suspend)
        )

    def exceed_the_quota(self) -> None:
        """The operator sets the limit of users to what there is; the next one is refused."""
        operator = self.stack.operator
        if operator is None:
            raise LookupError("the stack has no operator")
        late = Person(
            email=f"late@{self.played.slug}.example.com", password="too late for this", display_name="Late"
        )

        def refuse(_: Person) -> None:
            with self.visitor.signed_in(operator.email, operator.password) as api:
                most = {"max_users": len(self.people) + 1}
                api.call("PUT", f"/tenants/{self.played.tenant_id}/quotas", most)
            path = f"/tenants/{self.played.slug}/users"
            self.played.refusal = self.visitor.post(path, late.body(), 409)

        self._each("exceed a quota", [late], refuse)

    @property
    def owner(self) -> Api:
        if self.played.owner is None:
            raise LookupError("no tenant was provisioned")
        return self.played.owner

    def read(self) -> None:
        """What the projections made of it, once they have caught up."""
        today = datetime.now(UTC).date().isoformat()

        def counted() -> Mapping[str, Any] | None:
            seen = self.owner.get("/analytics/user-lifecycle", **{"from": today, "to": today})
            whole = seen["totals"]["verifications"] > len(self.people) and seen["totals"]["suspensions"]
            return seen if whole else None

        def look(_: str) -> None:
            self.played.analytics = wait_for("the day's analytics", counted)
            popular = [self.played.ids[person.email] for person in self.people[:8]]
            self.played.cards = [self.owner.get(f"/users/{user_id}/card") for user_id in popular]
            self.played.usage = self.owner.get(f"/tenants/{self.played.tenant_id}/usage")

        self._each("read what came out of the stream", [today], look)
