"""A community with people in it, for the tests of community; and what always holds of all communities."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from community.communities import caller as community_callers
from community.communities import membership_counts, transactions
from community.communities.decider import COMMUNITY, Community
from community.communities.membership_commands import JoinCommunity
from community.communities.membership_decider import MEMBERSHIP, Membership
from community.person import person
from community.person.values import PersonSnapshot
from support.community.tenant import Call, CommunityTenant, ask
from support.dynamodb import stored_items
from support.principals import acting
from support.spec import Reply
from support.stream_events import batch, envelope, failed
from troupe.domain.buckets import UNLIMITED
from troupe.domain.decider import Rejected
from troupe.ids import new_id
from troupe.store import keys, reads, table
from troupe.store.aggregates import actions, change, parse, stored
from troupe.store.buckets import Level, level
from troupe.store.commit import commit
from troupe.store.personal import Keys
from troupe.store.scope import Scope
from troupe.store.transact import load
from troupe.store.writes import Action

BODY = {"name": "Sourdough Circle"}
PRIVATE = {"visibility": "private"}

create = Call("create_community", "POST /communities", BODY)
update = Call("update_community", "PATCH /communities/{community_id}", {"purpose": "Bread."})
delete = Call("delete_community", "DELETE /communities/{community_id}")
restore = Call("restore_community", "POST /communities/{community_id}/restore")
transfer = Call("transfer_community", "POST /communities/{community_id}/transfer")
join = Call("join_community", "POST /communities/{community_id}/join")
leave = Call("leave_community", "POST /communities/{community_id}/leave")
approve = Call("approve_member", "POST /communities/{community_id}/members/{user_id}/approve")
decline = Call("decline_member", "POST /communities/{community_id}/members/{user_id}/decline")
ban = Call("ban_member", "POST /communities/{community_id}/members/{user_id}/ban", {"reason": "spam"})
unban = Call("unban_member", "POST /communities/{community_id}/members/{user_id}/unban")
set_role = Call(
    "set_member_role", "PUT /communities/{community_id}/members/{user_id}/role", {"role": "moderator"}
)


@dataclass(frozen=True)
class CommunityUnderTest:
    """One community, with the leader who founded it."""

    tenant: CommunityTenant
    id: str
    leader: str

    def path(self, user_id: str | None = None) -> dict[str, str]:
        path = {"community_id": self.id}
        return path | {"user_id": user_id} if user_id else path

    def join(self, user_id: str) -> Reply:
        return join(self.path(), **acting("consumer", user_id))

    def leave(self, user_id: str) -> Reply:
        return leave(self.path(), **acting("consumer", user_id))

    def by_leader(self, call: Call, user_id: str | None = None, **given: Any) -> Reply:
        return call(self.path(user_id), **acting("leader", self.leader), **given)

    def by(self, user_id: str, call: Call, about: str | None = None, **given: Any) -> Reply:
        """By a user with all permissions of a leader."""
        return call(self.path(about), **acting("leader", user_id), **given)

    def member(self, name: str = "Emily", *, role: str = "member") -> str:
        """A member."""
        user_id = profiled(self.tenant, display_name=name)
        self.admit(user_id)
        if role == "moderator":
            assert self.by_leader(set_role, user_id).status == 200
        return user_id

    def admit(self, user_id: str) -> None:
        if self.join(user_id).body["status"] == "pending":
            assert self.by_leader(approve, user_id).status == 200
        assert self.status(user_id) == "active"

    def seat(self, people: Sequence[str]) -> None:
        """Have many join at once: what each of them writes is what a join writes, if not in a transaction."""
        scope = self.tenant.scope()
        for action in (action for each in people for action in self._joined(each, scope)):
            table.client().put_item(TableName=table.name(), Item=action.parameters["Item"])
        count = membership_counts.members(self.tenant.tenant_id, self.id)
        commit([count.take(len(people), Rejected("community_full", "There is no room."))])

    def _joined(self, user_id: str, scope: Scope) -> list[Action]:
        ref = community_callers.membership_ref(self.id, user_id, creates=True)
        party = PersonSnapshot(id=user_id, display_name="Somebody")
        joins = JoinCommunity(community_id=self.id, member=party, private=False)
        before = stored(ref, None)
        joined = change(ref, before, MEMBERSHIP.answer(joins, before.state, scope.context))
        subject = person.subject(scope.tenant_id, user_id)
        known = Keys(scope.tenant_id, reads.batch([subject]))
        member = transactions.member(scope.tenant_id, joined.after.state)
        return [*actions(joined, scope, known), *known.actions(), member]

    def state(self) -> Community:
        return load(self.tenant.tenant_id, COMMUNITY, self.id).state

    def membership(self, user_id: str) -> Membership:
        ref = community_callers.membership_ref(self.id, user_id)
        return load(self.tenant.tenant_id, ref.decider, ref.id).state

    def status(self, user_id: str) -> str | None:
        return getattr(self.membership(user_id), "status", None)

    def members(self) -> int:
        return self._count().used

    def cap(self) -> int | None:
        limit = self._count().limit
        return None if limit == UNLIMITED else limit

    def _count(self) -> Level:
        return level(reads.batch(membership_counts.members(self.tenant.tenant_id, self.id).keys).values())

    def standing(self) -> dict[str, Any]:
        found = reads.one(keys.community_standing(self.tenant.tenant_id, self.id))
        return {name: value for name, value in found.items() if name not in {"PK", "SK"}}

    def published(self, user_id: str) -> tuple[str, str] | None:
        found = reads.one(keys.community_member(self.tenant.tenant_id, self.id, user_id))
        return found and (found["status"], found["role"])


def found(tenant: CommunityTenant, leader: str | None = None, **body: Any) -> CommunityUnderTest:
    leader = leader or tenant.leader()
    reply = create(body=BODY | body, **acting("leader", leader))
    assert reply.status == 201, reply.body
    return CommunityUnderTest(tenant, reply.body["id"], leader)


def owned(tenant: CommunityTenant, user_id: str) -> int:
    return (reads.one(membership_counts.owned(tenant.tenant_id, user_id)) or {"owned": 0})["owned"]


def audit(tenant: CommunityTenant) -> None:
    """I8: counts equal what they count; each leader is a member; what is published is what is."""
    states = {
        (item["PK"].split("#")[1], item["PK"].split("#")[2]): item["state"]
        for item in stored_items()
        if item["PK"].startswith(tenant.tenant_id) and item["SK"] == keys.STATE
    }
    communities = {
        named: parse(Community, state) for (kind, named), state in states.items() if kind == "COMMUNITY"
    }
    people = [parse(Membership, state) for (kind, _), state in states.items() if kind == "MEMBERSHIP"]
    counted = Counter(each.community_id for each in people if each.status == "active")
    for community_id, state in communities.items():
        community = CommunityUnderTest(tenant, community_id, state.owner_id)
        assert community.members() == counted[community_id]
        assert community.cap() == state.settings.limits.member_cap
        leader = community.membership(state.owner_id)
        assert (leader.status, leader.role) == ("active", "moderator")
        published = community.standing()
        assert published["owner_id"] == state.owner_id
        assert (published["status"], published["visibility"]) == (
            state.status,
            state.settings.visibility,
        )
    for each in people:
        community = CommunityUnderTest(tenant, each.community_id, "")
        assert community.published(each.member.id) == (each.status, each.role)
    holders = Counter(each.owner_id for each in communities.values() if each.status == "active")
    for owner_id in {each.owner_id for each in communities.values()}:
        assert owned(tenant, owner_id) == holders[owner_id]


def crowd(tenant: CommunityTenant, size: int) -> list[str]:
    """People whom the context alone has heard of, all at once."""
    profile = {"display_name": "Somebody", "birth_date": "2000-02-29", "country": "DE"}
    return _signed_up(tenant, *[profile] * size)


def profiled(tenant: CommunityTenant, **profile: Any) -> str:
    """A user with this profile that only this context knows."""
    (person_id,) = _signed_up(tenant, {"display_name": "Emily", **profile})
    return person_id


def _signed_up(tenant: CommunityTenant, *profiles: dict[str, Any]) -> list[str]:
    from community.inbound import handler

    told = [
        replace(
            envelope("user", new_id(), 1, "created", tenant_id=tenant.tenant_id),
            data={"kind": "consumer", "profile": profile},
        )
        for profile in profiles
    ]
    for begin in range(0, len(told), 10):
        assert failed(handler(batch(*told[begin : begin + 10]), None)) == []
    return [each.aggregate_id for each in told]


def view(community: "CommunityUnderTest", route: str, who: str, role: str = "leader", **query: str) -> Reply:
    """A route of the community, called by a user."""
    return ask(route, community.path(), **acting(role, who), query=query)
