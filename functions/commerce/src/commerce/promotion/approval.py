"""Who decides on a promotion: an overseer for everybody, a community's leader for that community."""

from typing import Any

from commerce import promotions
from commerce.promotion_commands import ApprovePromotion, Command, RejectPromotion
from commerce.promotion_events import GLOBAL
from troupe import keys, writes
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot
from troupe.writes import Action


def decide(request: Request[Any], command: ApprovePromotion | RejectPromotion) -> Answer:
    """Carry out the decision of one target, held to it that the caller still is the one to decide."""
    ref = promotions.promotion_ref(request.id("promotion_id"))
    asked: Command = command
    target = command.target
    standing = () if target == GLOBAL else (keys.community_standing(request.tenant_id, target),)

    def decided(at: Snapshot) -> Decision:
        may = _may(at, request, target)
        changed = at.decide(ref, asked)
        beside = promotions.moved(at.scope.tenant_id, changed)
        return Decision(changes=(changed,), actions=(*beside, *(may if changed.events else ())))

    return request.transact((ref, *standing), decided)


def _may(at: Snapshot, request: Request[Any], target: str) -> tuple[Action, ...]:
    oversees = promotions.OVERSEE in request.caller.permissions
    if target == GLOBAL:
        if not oversees:
            detail = f"To decide for everybody takes the permission {promotions.OVERSEE}."
            raise Forbidden("permission_required", detail)
        return ()
    key = keys.community_standing(request.tenant_id, target)
    found = at.item(key)
    if not oversees and (found is None or found["owner_id"] != request.caller.id):
        raise Forbidden("leader_required", "This is for the community's leader.")
    if found is None or found["status"] == "deleted":
        raise promotions.NO_COMMUNITY
    return (
        writes.check(
            key,
            "owner_id = :owner AND NOT #status = :deleted",
            {"owner": found["owner_id"], "deleted": "deleted"},
            names={"#status": "status"},
        ),
    )
