"""Money that goes back: refunds and disputes. A charge reports running totals."""

from typing import Literal

from stripe_simulator.model import Charge, Dispute, Refund
from stripe_simulator.world import Refused, World


def refund(world: World, charge: Charge, amount: int | None = None, reason: str | None = None) -> Refund:
    if charge.decline is not None:
        raise Refused("A failed charge cannot be refunded.", "charge_not_refundable", "charge")
    left = charge.amount - charge.refunded
    if not left:
        raise Refused(f"Charge {charge.id} has already been refunded.", "charge_already_refunded")
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise Refused("Refund amount is greater than unrefunded amount on charge.", None, "amount")
    made = Refund(
        id=world.identifier("re"),
        account=charge.account,
        charge=charge.id,
        intent=charge.intent,
        amount=amount,
        currency=charge.currency,
        created=world.now,
        reason=reason,
    )
    previous = {"amount_refunded": charge.refunded, "refunded": False}
    charge.refunded += amount
    charge.refunds.append(world.add(made).id)
    world.tell(charge.account, "refund.created", made)
    world.tell(charge.account, "charge.refunded", charge, previous)
    return made


def dispute(world: World, charge: Charge, amount: int | None = None, reason: str = "fraudulent") -> Dispute:
    if charge.decline is not None or charge.disputes:
        raise Refused("A charge is disputed once, and only if it succeeded.", None, "charge")
    made = Dispute(
        id=world.identifier("dp"),
        account=charge.account,
        charge=charge.id,
        intent=charge.intent,
        amount=charge.amount if amount is None else amount,
        currency=charge.currency,
        created=world.now,
        reason=reason,
    )
    charge.disputes.append(world.add(made).id)
    world.tell(charge.account, "charge.dispute.created", made)
    world.tell(charge.account, "charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(world: World, disputed: Dispute, outcome: Literal["won", "lost"]) -> None:
    if disputed.status in ("won", "lost"):
        raise Refused("This dispute is already closed.", None, "dispute")
    previous, disputed.status = {"status": disputed.status}, outcome
    if outcome == "won":
        world.tell(disputed.account, "charge.dispute.funds_reinstated", disputed)
    world.tell(disputed.account, "charge.dispute.closed", disputed, previous)
