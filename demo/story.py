"""The story of identity: a tenant is opened, people sign up, and their actions show in the read models."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from demo.api import Api, StoryError, expect, tokens_by_address, wait_for
from demo.people import Person
from demo.steps import Step, each, play
from demo.tables import table
from local.stack.stack import Stack

FOLLOWS = 3  # that each person begins with
GUESSES = 5  # wrong passwords that lock an account
SHOWN = 8  # user cards
OWNER_PASSWORD = "long password of the owner"
WRONG_PASSWORD = (401, "sign_in_failed")
LOCKED = (403, "account_locked")
SUSPENDED = (403, "account_suspended")
FULL = (409, "quota_exceeded")


@dataclass(slots=True)
class Played:
    """What came of it. `refusals`: status and code, by what was refused."""

    slug: str
    tenant_id: str = ""
    owner: Api | None = None
    people: tuple[Person, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)  # e-mail -> user id
    locked: Person | None = None
    suspended: Person | None = None
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)
    cards: list[Mapping[str, Any]] = field(default_factory=list)
    analytics: Mapping[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] = field(default_factory=dict)


class Story:
    """A tenant with its people; each step returns its outcome."""

    def __init__(self, stack: Stack, people: tuple[Person, ...]) -> None:
        self.stack = stack
        self.visitor = Api(stack.api_url)
        slug = f"atelier-{datetime.now(UTC):%H%M%S%f}"
        self.people = people
        self.played = Played(slug=slug, people=people)

    def opening(self) -> list[Step]:
        """The first steps of a story without sign-ups."""
        return [Step("open a tenant", self.provision)]

    def steps(self) -> list[Step]:
        return [
            *self.opening(),
            Step(f"sign up {len(self.people)} people", self.sign_up),
            Step("verify their addresses from the mailbox", self.verify),
            Step("sign in and follow each other", self.follow),
            Step("guess a password", self.lock_one_out),
            Step("suspend a user", self.suspend_one),
            Step("exceed a quota", self.exceed_the_quota),
            Step("read what the events were projected to", self.read),
        ]

    def requests(self) -> list[str]:
        """What the tenant's owner may ask."""
        return ["/v1/identity/me", "/v1/identity/users?status=suspended"]

    def tables(self) -> list[Table]:
        """The user cards, the day's analytics and the quotas."""
        cards = table("User cards", "who", numbers=("followers", "following"))
        for card in self.played.cards:
            stats = card["stats"]
            cards.add_row(card["display_name"], str(stats["followers"]), str(stats["following"]))
        lifecycle = table("User lifecycle of the day", "what", numbers=("how many",))
        for name, number in self.played.analytics["totals"].items():
            lifecycle.add_row(name, str(number))
        columns = ("used", "limit", "available")
        quotas = table("Quotas", "quota", numbers=columns)
        for quota in self.played.usage["quotas"]:
            quotas.add_row(quota["quota"], *(f"{quota[name]:,}" for name in columns))
        return [cards, lifecycle, quotas]

    def play(self) -> Played:
        play(self.steps())
        return self.played

    @property
    def owner(self) -> Api:
        if self.played.owner is None:
            raise LookupError("no tenant was provisioned")
        return self.played.owner

    def open_trial(self) -> None:
        """A stranger opens a tenant and confirms the address."""
        email, slug = f"owner@{self.played.slug}.example.com", self.played.slug
        owner = {"email": email, "display_name": "Olive Owner"}
        tenant = {"name": "The Atelier", "slug": slug, "zone": "UTC", "owner": owner}
        made = self.visitor.post("/tenants", tenant, 201)
        self.played.tenant_id = made["id"]
        self._confirm({email: OWNER_PASSWORD})
        self.played.owner = self.visitor.signed_in(email, OWNER_PASSWORD)

    def provision(self) -> str:
        """A tenant on the plan pro, which the operator confirms, that lets strangers in."""
        self.open_trial()
        tenant = f"/tenants/{self.played.tenant_id}"
        with self._operator() as operator:
            operator.call("PUT", f"{tenant}/plan", {"plan": "pro"})
        self.played.owner.call("PATCH", f"{tenant}/settings", {"open_sign_up": True})
        return f"{self.played.slug}, plan pro; owner@{self.played.slug}.example.com is its owner"

    def _operator(self) -> Api:
        operator = self.stack.operator
        if operator is None:
            raise StoryError("the stack has no operator")
        return self.visitor.signed_in(operator.email, operator.password)

    def sign_up(self) -> str:
        def register(person: Person) -> None:
            made = self.visitor.post(f"/tenants/{self.played.slug}/users", person.body(), 201)
            self.played.ids[person.email] = made["id"]

        each(self.people, register)
        return f"{len(self.played.ids)} accounts, not verified yet"

    def _tokens(self, addresses: Collection[str]) -> Mapping[str, str]:
        """Of the links in the mails to these addresses, once they have come."""

        def arrived() -> dict[str, str] | None:
            tokens = tokens_by_address(self.stack)
            return tokens if all(address in tokens for address in addresses) else None

        return wait_for("the verification mails", arrived)

    def _confirm(self, passwords: Mapping[str, str]) -> None:
        """Open the link in the mail to each address, and choose the password."""
        tokens = self._tokens(passwords)

        def confirm(chosen: tuple[str, str]) -> None:
            self.visitor.post("/users/verify", {"token": tokens[chosen[0]], "password": chosen[1]})

        each(passwords.items(), confirm)

    def verify(self) -> str:
        self._confirm({person.email: person.password for person in self.people})
        return f"{len(self.people)} mails, all links are good"

    def follow(self) -> str:
        """Everyone signs in and follows a few others; the first are the most popular."""
        chance, ids = random.Random(7), [self.played.ids[person.email] for person in self.people]
        weights = [1 / (rank + 1) for rank in range(len(ids))]
        chosen = [set(chance.choices(ids, weights, k=FOLLOWS)) for _ in ids]

        def sign_in_and_follow(pair: tuple[Person, set[str]]) -> int:
            person, drawn = pair
            others = drawn - {self.played.ids[person.email]}
            with self.visitor.signed_in(person.email, person.password) as api:
                for other in others:
                    api.call("PUT", f"/users/{other}/follow", {})
            return len(others)

        follows = each(zip(self.people, chosen, strict=True), sign_in_and_follow)
        return f"{sum(follows)} follows"

    def lock_one_out(self) -> str:
        """Wrong passwords until the account is locked; then the right one does not help either."""
        victim = self.played.locked = self.people[-1]
        wrong = {"email": victim.email, "password": "a wrong guess"}
        answers = [self.visitor.refused("/sessions", wrong) for _ in range(GUESSES)]
        expect("wrong passwords", answers, [WRONG_PASSWORD] * GUESSES)
        status, code = self._kept_out("locked", victim, LOCKED)
        return f"locked after five wrong passwords: {status} {code}"

    def _kept_out(self, why: str, person: Person, wanted: tuple[int, str]) -> tuple[int, str]:
        """Someone who cannot sign in with the right password."""
        right = {"email": person.email, "password": person.password}
        found = self.played.refusals[why] = self.visitor.refused("/sessions", right)
        expect(f"signing in, {why}", found, wanted)
        return found

    def suspend_one(self) -> str:
        person = self.played.suspended = self.people[-2]
        self.owner.post(f"/users/{self.played.ids[person.email]}/suspend", {"reason": "Sold followers."})
        status, code = self._kept_out("suspended", person, SUSPENDED)
        return f"{person.display_name} cannot sign in: {status} {code}"

    def exceed_the_quota(self) -> str:
        """The operator sets the limit of users to what there is; the next one is refused."""
        address = f"late@{self.played.slug}.example.com"
        late = Person(email=address, password="too late for this", display_name="Late")
        most = len(self.people) + 1
        with self._operator() as api:
            api.call("PUT", f"/tenants/{self.played.tenant_id}/quotas", {"max_users": most})
        self.visitor.post(f"/tenants/{self.played.slug}/users", late.body(), 201)
        link = {"token": self._tokens([address])[address], "password": late.password}
        found = self.visitor.refused("/users/verify", link)
        self.played.refusals["quota"] = found
        expect("one user too many", found, FULL)
        return f"{most} users are the most, one more is refused: {found[0]} {found[1]}"

    def read(self) -> str:
        """What the projections made of it, once they have caught up."""
        today = datetime.now(UTC).date().isoformat()

        def counted() -> Mapping[str, Any] | None:
            seen = self.owner.get("/analytics/user-lifecycle", **{"from": today, "to": today})
            whole = seen["totals"]["verifications"] > len(self.people) and seen["totals"]["suspensions"]
            return seen if whole else None

        self.played.analytics = wait_for("the day's analytics", counted)
        popular = [self.played.ids[person.email] for person in self.people[:SHOWN]]
        self.played.cards = [self.owner.get(f"/users/{user_id}/card") for user_id in popular]
        self.played.usage = self.owner.get(f"/tenants/{self.played.tenant_id}/usage")
        totals = self.played.analytics["totals"]
        return ", ".join(
            f"{totals[name]} {name}" for name in ("registrations", "verifications", "suspensions")
        )
