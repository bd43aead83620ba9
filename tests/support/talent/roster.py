"""A tenant with an organization and talents in it, for the tests of talent."""

from dataclasses import dataclass
from typing import Any

from support import handlers
from support.spec import TENANT, Reply
from talent.talents.decider import TALENT
from troupe.ids import new_id
from troupe.quota import quota
from troupe.store import copies, keys, reads, writes
from troupe.store.aggregates import Stored
from troupe.store.commit import commit
from troupe.store.transact import load

ORG = "0192f0c1-0000-7000-8000-0000000000c1"
ROOM = 1000


class Call(handlers.Call):
    context = "talent"


ask = handlers.asking("talent")
create_talent = Call("create_talent", "POST /talents", {"org_id": ORG, "display_name": "Emily"})
link_platform = Call(
    "link_platform",
    "PUT /talents/{talent_id}/platforms/{platform}",
    {"handle": "emily", "external_id": "7"},
)
change_talent_status = Call("change_talent_status", "PUT /talents/{talent_id}/status", {"to": "contacted"})
delete_talent = Call("delete_talent", "DELETE /talents/{talent_id}")
restore_talent = Call("restore_talent", "POST /talents/{talent_id}/restore")
merge_talent = Call("merge_talent", "POST /talents/{talent_id}/merge")
reengage_talent = Call("reengage_talent", "POST /talents/{talent_id}/reengage")
erase_talent = Call("erase_talent", "POST /talents/{talent_id}/erase")


def opened(used: int = 0, limit: int = ROOM) -> None:
    """The tenant's quota, and an organization as identity has it."""
    state = keys.state(TENANT, "organization", ORG)
    commit(
        [
            *quota.opened(TENANT, "talents", limit, used),
            writes.put(state, {"version": 1, "state": "Acme"}),
            *copies.written(state, {"version": 1}),
        ]
    )


def used() -> int:
    return quota.level(reads.batch(quota.wanted(TENANT, "talents")), TENANT, "talents").used


def standing(talent_id: str) -> dict[str, Any]:
    found = reads.one(keys.talent_standing(TENANT, talent_id)) or {}
    return {name: value for name, value in found.items() if name not in {"PK", "SK"}}


@dataclass(frozen=True)
class Emily:
    """A talent of the table, by her id."""

    id: str

    @property
    def path(self) -> dict[str, str]:
        return {"talent_id": self.id}

    def on(self, platform: str = "tiktok") -> dict[str, str]:
        return {**self.path, "platform": platform}

    def stored(self) -> Stored[Any]:
        return load(TENANT, TALENT, self.id)

    def shown(self) -> Reply:
        return ask("/talents/{talent_id}", self.path)

    def becomes(self, *statuses: str) -> "Emily":
        for each in statuses:
            assert change_talent_status(self.path, body={"to": each}).status == 200
        return self


def emily(**body: Any) -> Emily:
    reply = create_talent(body={"org_id": ORG, "display_name": "Emily", **body})
    assert reply.status == 201, reply.body
    return Emily(reply.body["id"])


def nobody() -> Emily:
    return Emily(new_id())
