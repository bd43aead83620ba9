"""A supplier's promotions, by commerce's own commands, and the communities they are for, as tests need them."""

from dataclasses import dataclass, field
from typing import Any

from commerce.supplier import standing as supplier_standing
from commerce.supplier.standing import Standing
from documents.commands import entry_point
from support.commerce.catalogue import Catalogue, Goods, open_catalogue
from support.commerce.shop import Call
from support.principals import NOON, acting
from support.spec import LAMBDA, TENANT, Reply
from troupe.domain.instants import rfc3339
from troupe.ids import new_id
from troupe.store import copies, keys, writes
from troupe.store.commit import commit

PROMOTION = "/promotions/{promotion_id}"

create = Call("create_promotion", "POST /promotions")
update = Call("update_promotion", f"PATCH {PROMOTION}", {})
submit = Call("submit_promotion", f"POST {PROMOTION}/submit")
approve = Call("approve_promotion", f"POST {PROMOTION}/approve", {"target": "global"})
reject = Call("reject_promotion", f"POST {PROMOTION}/reject", {"target": "global", "reason": "Not for us."})
pause = Call("pause_promotion", f"POST {PROMOTION}/pause")
resume = Call("resume_promotion", f"POST {PROMOTION}/resume")
cancel = Call("cancel_promotion", f"POST {PROMOTION}/cancel", {"reason": "Sold out."})
record = Call("record_impressions", "POST /impressions")
VERDICTS = {"approve": approve, "reject": reject}


def community(owner_id: str, *, status: str = "active", visibility: str = "public") -> str:
    """What a community publishes of itself."""
    community_id = new_id()
    stands(community_id, owner_id, status=status, visibility=visibility)
    return community_id


def stands(community_id: str, owner_id: str, *, status: str = "active", visibility: str = "public") -> None:
    """What a community publishes of itself by now."""
    key = keys.community_standing(TENANT, community_id)
    standing = {"owner_id": owner_id, "status": status, "visibility": visibility, "name": "Runners"}
    commit([writes.put(key, standing), *copies.written(key, standing)])


def timed(command: str, promotion_id: str) -> dict[str, Any]:
    """What a flow, a schedule or the sweeper calls; a refusal is raised."""
    handler = entry_point("commerce", command)
    event = {"tenant_id": TENANT, "path": {"promotion_id": promotion_id}, "actor": "schedule"}
    return handler(event, LAMBDA)


@dataclass(frozen=True)
class Promotions:
    """A verified supplier with something on sale, a leader, and an admin."""

    catalogue: Catalogue = field(default_factory=open_catalogue)
    leader_id: str = field(default_factory=new_id)
    admin_id: str = field(default_factory=new_id)

    @property
    def by(self) -> dict[str, Any]:
        return self.catalogue.by

    @property
    def lea(self) -> dict[str, Any]:
        return acting("leader", self.leader_id)

    @property
    def ada(self) -> dict[str, Any]:
        return acting("admin", self.admin_id)

    def limited(self, promotions: int) -> None:
        """How many promotions the supplier may run at a time."""
        stands = Standing(status="verified", products=100, promotions=promotions)
        commit(supplier_standing.published(TENANT, self.catalogue.supplier_id, stands))

    def goods(self, *skus: str) -> Goods:
        return self.catalogue.product(*skus)

    def body(self, goods: Goods, **more: Any) -> dict[str, Any]:
        """A global promotion, active from noon for a week."""
        return {
            "title": "Flash sale",
            "kind": "single",
            "products": [{"product_id": goods.id, "reduction": {"percent": 30}}],
            "visibility": "global",
            "starts_at": rfc3339(NOON),
            "ends_at": "2026-03-08T12:00:00Z",
        } | more

    def draft(self, goods: Goods, **more: Any) -> dict[str, str]:
        """The path of a new one."""
        reply = create(body=self.body(goods, **more), **self.by)
        assert reply.status == 201, reply.body
        return {"promotion_id": reply.body["id"]}

    def submitted(self, goods: Goods, **more: Any) -> dict[str, str]:
        path = self.draft(goods, **more)
        reply = submit(path, **self.by)
        assert reply.status == 200, reply.body
        return path

    def decides(self, verdict: str, path: dict[str, str], target: str = "global") -> Reply:
        """By the admin, or by the leader of the community that is the target."""
        body = {"target": target} | ({"reason": "Not for us."} if verdict == "reject" else {})
        return VERDICTS[verdict](path, body=body, **(self.ada if target == "global" else self.lea))

    def active(self, goods: Goods, **more: Any) -> dict[str, str]:
        """Approved for all targets."""
        path = self.submitted(goods, **more)
        targets = ["global"] if more.get("visibility", "global") != "communities" else []
        for target in (*targets, *more.get("communities", ())):
            assert self.decides("approve", path, target).status == 200
        return path
