"""A promotion on the deployed stack: all approvers are asked and reminded, a deadline passes, and it starts."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from commerce.promotion.transactions import approval
from commerce.supplier.standing import Standing, published
from demo.api import Api, mails, wait_for
from demo.people import newcomers
from demo.shop import World
from e2e.shop_client import Flows
from troupe.domain.instants import rfc3339
from troupe.ids import new_id
from troupe.store.attributes import unpack

SWEEP = "Commerce/SweepPromotions"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Fair:
    """A tenant with a verified supplier, whom its owner acts for, and a leader of two communities."""

    world: World
    backstage: Any
    flows: Flows
    tenant_id: str
    owner: Api
    leader: Api
    supplier_id: str
    product_id: str
    communities: tuple[str, ...]

    def submitted(self, starts_at: datetime, ends_at: datetime) -> str:
        body = {
            "supplier_id": self.supplier_id,
            "title": "Flash sale",
            "kind": "single",
            "products": [{"product_id": self.product_id, "reduction": {"percent": 30}}],
            "visibility": "both",
            "communities": self.communities,
            "starts_at": rfc3339(starts_at),
            "ends_at": rfc3339(ends_at),
        }
        promotion_id: str = self.owner.post("/promotions", body, 201)["id"]
        self.owner.post(f"/promotions/{promotion_id}/submit")
        return promotion_id

    def see(self, promotion_id: str) -> Any:
        return self.owner.get(f"/promotions/{promotion_id}")

    def tokens(self, promotion_id: str) -> set[str]:
        """The task tokens that the flow left where it is decided, of all three."""
        places = [approval(self.tenant_id, promotion_id, each) for each in ("global", *self.communities)]
        items = [unpack(self.backstage.item(place) or {}) for place in places]
        return {each["task_token"] for each in items if "task_token" in each}

    def asked(self, promotion_id: str) -> set[str]:
        def found() -> set[str] | None:
            tokens = self.tokens(promotion_id)
            return tokens if len(tokens) == 1 + len(self.communities) else None

        return wait_for("the flow's tokens", found)

    def decide(self, by: Api, verdict: str, promotion_id: str, target: str) -> None:
        reason = {"reason": "Not for us."} if verdict == "reject" else {}
        by.post(f"/promotions/{promotion_id}/{verdict}", {"target": target, **reason})

    def comes_to(self, promotion_id: str, status: str) -> None:
        wait_for(f"a promotion that is {status}", lambda: self.see(promotion_id)["status"] == status)

    def happened(self, promotion_id: str, kind: str) -> list[Any]:
        found = [unpack(each) for each in self.backstage.events(self.tenant_id, f"promotion.{kind}")]
        return [json.loads(each["data"]) for each in found if each["aggregate_id"] == promotion_id]

    def ended(self, promotion_id: str) -> None:
        wait_for("the flow's end", lambda: set(self.flows.of(promotion_id).values()) == {"SUCCEEDED"})

    def timer(self, name: str) -> Any:
        scheduler, group = self.world.stack.client("scheduler"), f"{self.world.stack.stack_name}-promotions"

        def found() -> Any:
            listed = scheduler.list_schedules(GroupName=group, NamePrefix=name)["Schedules"]
            return scheduler.get_schedule(GroupName=group, Name=name) if listed else None

        return wait_for(f"the timer {name}", found)

    def travel(self, by: timedelta) -> None:
        self.world.travel_to(self.world.now + by)

    def sweep(self) -> None:
        self.backstage.sweep(SWEEP, "promotion", self.world.now - HOUR)


@pytest.fixture(scope="module")
def fair(stack, begin, backstage):
    story = begin(newcomers(1), slug=f"fair-{new_id()}")
    for step in (story.provision, story.sign_up, story.verify):
        step()
    owner, (lea,) = story.owner, story.people
    owner.post(f"/users/{story.played.ids[lea.email]}/promote", {"business": {"name": "Lea's"}})
    commerce, supplier_id = owner.of("commerce"), new_id()
    stands = Standing(status="verified", products=10, promotions=10)
    for action in published(story.played.tenant_id, supplier_id, stands):
        backstage.put(action.parameters["Item"])
    goods = {"name": "Shoes", "category": "Shoes", "currency": "EUR", "supplier_id": supplier_id}
    variants = [{"sku": "SHOE-1", "price_cents": 7999}]
    shipping = {
        "from_country": "DE",
        "zones": [{"countries": ["DE"], "cost_cents": 499, "days_min": 2, "days_max": 4}],
    }
    made = commerce.post("/products", {**goods, "variants": variants, "shipping": shipping}, 201)
    commerce.post(f"/products/{made['id']}/publish")
    with story.visitor.signed_in(lea.email, lea.password) as signed_in:
        leads = signed_in.of("community")
        communities = tuple(founded(leads, name) for name in ("Runners", "Walkers"))
        yield Fair(
            world=World(stack),
            backstage=backstage,
            flows=Flows(stack.client("stepfunctions"), stack.state_machines["PromotionApproval"]),
            tenant_id=story.played.tenant_id,
            owner=commerce,
            leader=signed_in.of("commerce"),
            supplier_id=supplier_id,
            product_id=made["id"],
            communities=communities,
        )


def founded(leads: Api, name: str) -> str:
    """A community; the context knows its leader in a moment."""
    body = {"name": name, "description": "", "visibility": "public"}

    def made() -> Any:
        answer = leads.http.post("/v1/community/communities", json=body)
        return answer.json() if answer.status_code == 201 else None

    found: str = wait_for("the leader's standing", made)["id"]
    return found


def subjects(fair: Fair) -> list[str]:
    """Of the mails that the owner got about promotions, oldest first."""
    owner = fair.owner.account.body["email"]
    return [
        each["Subject"]
        for each in mails(fair.world.stack)
        if owner in each["To"] and "decision" in each["Subject"]
    ]


def test_through_both_approvals_to_its_end(fair):
    """The admin and the leader are asked in parallel, reminded after a day, and each decides for itself."""
    now, (runners, walkers) = fair.world.now, fair.communities
    promotion_id = fair.submitted(now, now + 6 * DAY)
    first = fair.asked(promotion_id)
    assert set(fair.flows.of(promotion_id).values()) == {"RUNNING"}
    waiting = fair.leader.get("/promotion-approvals", community_id=runners)["items"]
    assert [each["id"] for each in waiting] == [promotion_id]
    wait_for("the first mail", lambda: subjects(fair) == ["A promotion waits for your decision"])
    fair.travel(DAY)
    wait_for("the reminder", lambda: fair.happened(promotion_id, "approvers_reminded"))
    wait_for("its mail", lambda: subjects(fair)[1:] == ["A promotion still waits for your decision"])
    wait_for("other tokens", lambda: len(fair.tokens(promotion_id) - first) == 3)
    fair.decide(fair.leader, "approve", promotion_id, runners)
    fair.decide(fair.leader, "reject", promotion_id, walkers)
    assert fair.see(promotion_id)["status"] == "pending_approval"
    fair.decide(fair.owner, "approve", promotion_id, "global")
    found = fair.see(promotion_id)
    choices = [each["choice"] for each in found["approval"]["targets"]]
    assert (found["status"], choices) == ("active", ["approved", "approved", "rejected"])
    assert found["first_activated_at"]
    fair.ended(promotion_id)
    assert fair.timer(f"end-{promotion_id}")["ActionAfterCompletion"] == "DELETE"
    fair.travel(5 * DAY)
    fair.sweep()
    fair.comes_to(promotion_id, "ended")


def test_what_is_not_decided_in_time_is_decided_without_them(fair):
    """S-35: approved in one community alone, another follows when it has begun; one flow of two was lost."""
    now, (runners, walkers) = fair.world.now, fair.communities
    kept, lost = (fair.submitted(now + 9 * DAY, now + 20 * DAY) for _ in range(2))
    for each in (kept, lost):
        fair.asked(each)
        fair.decide(fair.leader, "approve", each, runners)
    fair.flows.lose(lost)
    for _ in range(7):
        fair.travel(DAY)
        fair.sweep()
    fair.comes_to(kept, "scheduled")
    fair.ended(kept)
    assert fair.see(lost)["status"] == "scheduled"
    for each in (kept, lost):
        assert fair.timer(f"start-{each}")["State"] == "ENABLED"
    fair.travel(2 * DAY)
    fair.sweep()
    for each in (kept, lost):
        fair.comes_to(each, "active")
        before = len(fair.happened(each, ""))
        fair.decide(fair.leader, "approve", each, walkers)
        assert len(fair.happened(each, "")) == before + 1
        approved = [t["id"] for t in fair.see(each)["approval"]["targets"] if t["choice"] == "approved"]
        assert approved == [runners, walkers]
    assert set(fair.flows.of(lost).values()) == {"ABORTED"}
