"""What is written with a talent: its accounts' guards, the quota, and what it publishes of itself."""

from hashlib import sha256
from typing import Any

from talent.talents.commands import ReengageTalent, SupersedeTalent
from talent.talents.decider import TALENT, merging, successor
from talent.talents.events import (
    TalentCreated,
    TalentDeleted,
    TalentPersonalDataErased,
    TalentPlatformLinked,
    TalentPlatformUnlinked,
    TalentRestored,
    TalentSuperseded,
)
from talent.talents.state import Talent
from troupe.domain.decider import Invalid, Rejected
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.quota import quota
from troupe.store import copies, keys, personal, writes
from troupe.store.aggregates import Change, Ref
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot
from troupe.store.writes import Action

type AnyChange = Change[Any, Any, Any]

QUOTA = "talents"


def subject(tenant_id: str, talent_id: str) -> tuple[ReadTarget, ...]:
    """The key of the person's data, for commands that write of it."""
    return (keys.subject(tenant_id, f"talent:{talent_id}"),)


def account(tenant_id: str, platform: str, external_id: str) -> Key:
    """Who has an account; by its hash, since the platform chooses the text."""
    digest = sha256(external_id.encode()).hexdigest()
    return keys.unique("platform", f"{platform}:{digest}", tenant_id)


def accompanied(at: Snapshot, change: AnyChange) -> Decision:
    """The change of a talent with all that follows from its events."""
    more = [action for event in change.events for action in _beside(at, change, event)]
    return Decision(changes=(change,), actions=(*more, *published(at.scope.tenant_id, change)))


def published(tenant_id: str, change: AnyChange) -> tuple[Action, ...]:
    """How the talent stands, for the conditions of every context; numbers never write it."""
    was, now = _standing(change.before.state), _standing(change.after.state)
    key = keys.talent_standing(tenant_id, change.ref.id)
    return () if was == now or now is None else (writes.put(key, now),)


def _standing(talent: Talent | None) -> dict[str, Any] | None:
    if talent is None:
        return None
    return {"status": talent.status, "deleted": talent.deleted_at is not None, "org_id": talent.org_id}


def _beside(at: Snapshot, change: AnyChange, event: Any) -> tuple[Action, ...]:  # noqa: PLR0911 -- one for each event
    tenant_id, talent_id = at.scope.tenant_id, change.ref.id
    match event:
        case TalentCreated():
            return (quota.take(tenant_id, QUOTA), _organization(tenant_id, event.org_id))
        case TalentDeleted():
            return (quota.give_back(tenant_id, QUOTA), _no_live_contract(tenant_id, talent_id))
        case TalentRestored():
            return (quota.take(tenant_id, QUOTA),)
        case TalentPlatformLinked() if event.external_id:
            taken = Rejected("platform_taken", "Another talent has this account. Merge them, or unlink it.")
            key = account(tenant_id, event.platform, event.external_id)
            return (writes.claim(key, {"talent_id": talent_id}, taken),)
        case TalentPlatformUnlinked():
            guards = _accounts(tenant_id, change, event.platform)
            return tuple(writes.release(key, talent_id=talent_id) for key in guards)
        case TalentPersonalDataErased():
            guards = _accounts(tenant_id, change)
            return (
                *(writes.vacate(key, talent_id=talent_id) for key in guards),
                *personal.erased(at.scope.context, f"talent:{talent_id}"),
            )
        case TalentSuperseded() if event.merged:
            return (quota.give_back(tenant_id, QUOTA), *_handed(tenant_id, change, event.successor_id))
        case TalentSuperseded():
            return _handed(tenant_id, change, event.successor_id)
        case _:
            return ()


def _organization(tenant_id: str, org_id: str) -> Action:
    there = "attribute_exists(PK) AND attribute_not_exists(deleted_at)"
    unknown = Invalid("organization_unknown", "There is no such organization.", "org_id")
    return copies.check(keys.state(tenant_id, "organization", org_id), there, {}, refused=unknown)


def _no_live_contract(tenant_id: str, talent_id: str) -> Action:
    """By what contracts publish of the talent; without it there is none."""
    refused = Rejected("live_contract", "A contract with this talent is in force. End it first.")
    condition = "attribute_not_exists(live_contracts) OR live_contracts = :none"
    return writes.check(keys.talent_bonds(tenant_id, talent_id), condition, {"none": 0}, refused=refused)


def _accounts(tenant_id: str, change: AnyChange, only: str | None = None) -> tuple[Key, ...]:
    """The guards that the talent held before the change, of one platform or of all."""
    before: Talent | None = change.before.state
    if before is None:
        return ()
    named = ((name, each.external_id) for name, each in before.platforms.items() if only in {None, name})
    return tuple(account(tenant_id, name, external_id) for name, external_id in named if external_id)


def _handed(tenant_id: str, change: AnyChange, successor_id: str) -> tuple[Action, ...]:
    """The guards of the accounts, given to the talent that takes over."""
    return tuple(
        writes.update(
            key,
            "SET talent_id = :to",
            {"to": successor_id, "was": change.ref.id},
            condition="talent_id = :was",
        )
        for key in _accounts(tenant_id, change)
    )


def merge(request: Request[Any], _command: Any) -> Answer:
    """Merge a duplicate into the talent of the path, both in one transaction."""
    winner = Ref(decider=TALENT, id=request.id("talent_id"))
    loser = Ref(decider=TALENT, id=request.body.loser_id)
    if loser.id == winner.id:
        raise Invalid("same_talent", "Name another talent than the one it is merged into.", "loser_id")

    def decide(at: Snapshot) -> Decision:
        at.of(winner)
        bring = merging(loser.id, at.of(loser, deleted=bool(_merged(at, loser))).state)
        won = at.decide(winner, bring)
        lost = at.decide(loser, SupersedeTalent(successor_id=winner.id))
        given = accompanied(at, lost)
        return Decision(changes=(won, lost), actions=given.actions)

    reads = (winner, loser, *subject(request.tenant_id, winner.id))
    return request.transact(reads, decide)


def _merged(at: Snapshot, ref: Ref[Any, Any, Any]) -> str | None:
    state = at.find(ref).state
    return state and state.merged_into


def reengage(request: Request[Any], _command: Any) -> Answer:
    """Begin anew with a churned talent: the new one and the old one in one transaction."""
    old = Ref(decider=TALENT, id=request.id("talent_id"))
    new = Ref(decider=TALENT, id=new_id(), creates=True)

    def decide(at: Snapshot) -> Decision:
        gone = at.decide(old, ReengageTalent(successor_id=new.id))
        come = at.decide(new, successor(at.of(old).state, old.id))
        actions = (*accompanied(at, come).actions, *accompanied(at, gone).actions)
        return Decision(changes=(come, gone), actions=actions)

    return request.transact((old, new), decide, created("/v1/talent/talents/{id}"))
