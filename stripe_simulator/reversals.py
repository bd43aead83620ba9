"""Money that goes back: refunds and disputes. A charge reports running totals."""

from functools import partial
from typing import Literal

from stripe_simulator.model import Card, Charge
from stripe_simulator.platform import balance
from stripe_simulator.platform.model import Dispute, Refund
from stripe_simulator.world import Refused, World

type Outcome = Literal["won", "lost", "warning_closed"]
REFUND_FAILS_AFTER = 3 * 86_400  # https://docs.stripe.com/refunds#failed-refunds says up to 30 days


def refund(
    world: World,
    charge: Charge,
    amount: int | None = None,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Refund:
    if any(not world.get(Dispute, each).inquiry for each in charge.disputes):
        said = f"Charge {charge.id} has been charged back; cannot issue a refund."
        raise Refused(said, "charge_disputed")
    if charge.decline is not None or charge.pending:
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
        metadata=metadata or {},
    )
    quirk = world.get(Card, charge.card).quirk
    made.status = "pending" if quirk == "refund_pending" else "succeeded"
    previous = {"amount_refunded": charge.refunded, "refunded": False}
    charge.refunded += amount
    charge.refunds.append(world.add(made).id)
    balance.enter(world, charge.account, made.id, "refund", -amount, charge.currency)
    world.tell(charge.account, "refund.created", made)
    world.tell(charge.account, "charge.refunded", charge, previous)
    if quirk == "refund_fails":
        world.at(world.now + REFUND_FAILS_AFTER, partial(fail_refund, world, made))
    elif quirk == "refund_pending":
        world.at(world.now + REFUND_FAILS_AFTER, partial(complete_refund, world, made))
    return made


def complete_refund(world: World, refunded: Refund) -> None:
    """The bank has taken what was pending."""
    if refunded.status == "pending":
        refunded.status = "succeeded"
        world.tell(refunded.account, "refund.updated", refunded, {"status": "pending"})


def fail_refund(world: World, refunded: Refund, reason: str = "expired_or_canceled_card") -> None:
    """The bank sends the money back, perhaps days after the refund succeeded."""
    if refunded.status not in ("pending", "succeeded"):
        raise Refused(f"This refund is {refunded.status} already.", None, "refund")
    previous = {"status": refunded.status}
    refunded.status, refunded.failure_reason = "failed", reason
    charge = world.get(Charge, refunded.charge)
    charge.refunded -= refunded.amount
    balance.enter(
        world, refunded.account, f"{refunded.id}f", "refund_failure", refunded.amount, refunded.currency
    )
    world.tell(refunded.account, "refund.updated", refunded, previous)
    world.tell(refunded.account, "refund.failed", refunded, previous)
    world.tell(refunded.account, "charge.refund.updated", refunded, previous)


def dispute(
    world: World,
    charge: Charge,
    amount: int | None = None,
    reason: str = "fraudulent",
    *,
    inquiry: bool = False,
) -> Dispute:
    """The bank takes the money back; with an `inquiry` it only asks."""
    if charge.decline is not None or charge.pending or charge.disputes:
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
        status="warning_needs_response" if inquiry else "needs_response",
    )
    charge.disputes.append(world.add(made).id)
    world.tell(charge.account, "charge.dispute.created", made)
    if not inquiry:
        _withdraw(world, made)
    return made


def _withdraw(world: World, disputed: Dispute) -> None:
    balance.enter(world, disputed.account, disputed.id, "adjustment", -disputed.amount, disputed.currency)
    world.tell(disputed.account, "charge.dispute.funds_withdrawn", disputed)


def respond(world: World, disputed: Dispute) -> None:
    """Evidence is submitted: the bank looks at it."""
    if disputed.status not in ("needs_response", "warning_needs_response"):
        raise Refused("This dispute takes no evidence any more.", None, "dispute")
    previous = {"status": disputed.status}
    disputed.evidence = True
    disputed.status = "warning_under_review" if disputed.inquiry else "under_review"
    world.tell(disputed.account, "charge.dispute.updated", disputed, previous)


def escalate(world: World, disputed: Dispute) -> None:
    """The inquiry becomes a dispute, and the money is taken."""
    if not disputed.inquiry or disputed.status == "warning_closed":
        raise Refused("This dispute is no open inquiry.", None, "dispute")
    previous, disputed.status = {"status": disputed.status}, "needs_response"
    world.tell(disputed.account, "charge.dispute.updated", disputed, previous)
    _withdraw(world, disputed)


def close_dispute(world: World, disputed: Dispute, outcome: Outcome) -> None:
    if disputed.status in ("won", "lost", "warning_closed"):
        raise Refused("This dispute is already closed.", None, "dispute")
    if disputed.inquiry != (outcome == "warning_closed"):
        raise Refused("An inquiry ends as warning_closed, a dispute as won or lost.", None, "dispute")
    previous, disputed.status = {"status": disputed.status}, outcome
    if outcome == "won":
        source = f"{disputed.id}w"
        balance.enter(world, disputed.account, source, "adjustment", disputed.amount, disputed.currency)
        world.tell(disputed.account, "charge.dispute.funds_reinstated", disputed)
    world.tell(disputed.account, "charge.dispute.closed", disputed, previous)
