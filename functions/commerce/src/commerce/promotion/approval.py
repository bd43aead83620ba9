"""Who decides on a promotion: an overseer for the whole tenant, a community's leader for that community."""

from collections.abc import Iterable, Mapping
from typing import Any

from commerce.promotion import transactions
from commerce.promotion.administrators import ADMINISTRATORS, COLLECTION
from commerce.promotion.commands import ApprovePromotion, Command, RejectPromotion
from commerce.promotion.events import GLOBAL
from commerce.promotion.transactions import ADMINISTER
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.security.credential import CREDENTIAL, Credential
from troupe.security.roles import granted
from troupe.store import copies, keys, reads
from troupe.store.aggregates import Ref, stored
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action


def decide(request: Request[Any], command: ApprovePromotion | RejectPromotion) -> Answer:
    """Carry out the decision of one target, held to it that the caller still is the one to decide."""
    ref = transactions.promotion_ref(request.id("promotion_id"))
    asked: Command = command
    target = command.target
    standing = () if target == GLOBAL else (keys.community_standing(request.tenant_id, target),)

    def decided(at: Snapshot) -> Decision:
        may = _may(at, request, target)
        changed = at.decide(ref, asked)
        additional = transactions.moved(at.scope.tenant_id, changed)
        return Decision(changes=(changed,), actions=(*additional, *(may if changed.events else ())))

    return request.transact((ref, *standing), decided)


def _may(at: Snapshot, request: Request[Any], target: str) -> tuple[Action, ...]:
    oversees = transactions.ADMINISTER in request.caller.permissions
    if target == GLOBAL:
        if not oversees:
            detail = f"To decide for the whole tenant takes the permission {transactions.ADMINISTER}."
            raise Forbidden("permission_required", detail)
        return ()
    key = keys.community_standing(request.tenant_id, target)
    found = at.item(key)
    if not oversees and (found is None or found["owner_id"] != request.caller.id):
        raise Forbidden("leader_required", "This is for the community's leader.")
    if found is None or found["status"] == "deleted":
        raise transactions.NO_COMMUNITY
    return (
        copies.check(
            key,
            "owner_id = :owner AND NOT #status = :deleted",
            {"owner": found["owner_id"], "deleted": "deleted"},
            names={"#status": "status"},
        ),
    )


MOST = 50  # administrators who get the mail for the whole tenant


def deciding(tenant_id: str, targets: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The targets that each of them decides on, by who it is."""
    found: dict[str, tuple[str, ...]] = {}
    for target in targets:
        people = _administrators(tenant_id) if target == GLOBAL else _leader(tenant_id, target)
        for each in people:
            found[each] = (*found.get(each, ()), target)
    return found


def addresses(tenant_id: str, people: Iterable[str]) -> Mapping[str, str]:
    """Of those who can sign in."""
    refs = {each: Ref(decider=CREDENTIAL, id=each) for each in people}
    items = reads.batch([ref.key(tenant_id) for ref in refs.values()]) if refs else {}
    states = {each: stored(ref, items.get(ref.key(tenant_id))).state for each, ref in refs.items()}
    return {
        each: state.email
        for each, state in states.items()
        if isinstance(state, Credential) and (state.kind, state.status) == ("user", "active")
    }


def _leader(tenant_id: str, community_id: str) -> tuple[str, ...]:
    standing = reads.one(keys.community_standing(tenant_id, community_id))
    return (standing["owner_id"],) if standing and standing["status"] != "deleted" else ()


def _administrators(tenant_id: str) -> tuple[str, ...]:
    standing = reads.one(keys.standing(tenant_id)) or {}
    own = {role: frozenset[str](names) for role, names in standing.get("roles", {}).items()}
    rows = reads.listed("GSI1", generations.partition(tenant_id, ADMINISTRATORS.name, COLLECTION), "0", "~")
    named = [each["id"] for each in rows if ADMINISTER in granted(frozenset(each["roles"]), own)]
    return tuple(named[:MOST])
