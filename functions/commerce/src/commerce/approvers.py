"""Who decides on a promotion, as people with an address: a community's leader, or who oversees promotions."""

from collections.abc import Iterable, Mapping

from commerce.projections.overseers import COLLECTION, OVERSEERS
from commerce.promotion_events import GLOBAL
from commerce.promotions import OVERSEE
from troupe import generations, keys, reads
from troupe.aggregates import Ref, stored
from troupe.credential import CREDENTIAL, Credential
from troupe.permissions import granted

MOST = 50  # who are written to for everybody


def deciding(tenant_id: str, targets: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The targets that each of them decides on, by who it is."""
    found: dict[str, tuple[str, ...]] = {}
    for target in targets:
        people = _overseers(tenant_id) if target == GLOBAL else _leader(tenant_id, target)
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


def _overseers(tenant_id: str) -> tuple[str, ...]:
    standing = reads.one(keys.standing(tenant_id)) or {}
    own = {role: frozenset[str](names) for role, names in standing.get("roles", {}).items()}
    rows = reads.listed("GSI1", generations.partition(tenant_id, OVERSEERS.name, COLLECTION), "0", "~")
    named = [each["id"] for each in rows if OVERSEE in granted(frozenset(each["roles"]), own)]
    return tuple(named[:MOST])
