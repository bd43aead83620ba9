"""Payouts to an account's bank, which can send them back after they were paid.

https://docs.stripe.com/payouts#payout-failures
"""

from functools import partial

from stripe_simulator.cards import DAY
from stripe_simulator.model import Account
from stripe_simulator.platform import balance, currencies
from stripe_simulator.platform.model import Payout
from stripe_simulator.world import Refused, World

TAKES = 2 * DAY
FAILS_AFTER = 2 * DAY  # after it was paid; up to five business days


def pay_out(  # noqa: PLR0913 -- the call's parameters
    world: World, account: Account, amount: int, currency: str, *, automatic: bool = False,
    metadata: dict[str, str] | None = None,
) -> Payout:  # fmt: skip
    currencies.check(currency, amount)
    if currency == "huf" and amount % 100:
        raise Refused("Payouts of HUF must be divisible by 100.", None, "amount")
    if amount > balance.available(world, account.id, currency):
        raise Refused("You have insufficient funds in your Stripe account.", "balance_insufficient")
    made = Payout(
        id=world.identifier("po"),
        account=account.id,
        amount=amount,
        currency=currency,
        created=world.now,
        arrival=world.now + TAKES,
        metadata=metadata or {},
        automatic=automatic,
    )
    world.add(made)
    balance.enter(world, account.id, made.id, "payout", -amount, currency)
    world.tell(account.id, "payout.created", made)
    world.at(made.arrival, partial(_arrive, world, account, made))
    return made


def fail(world: World, made: Payout, code: str) -> None:
    """The bank sends it back, and the money is on the balance again."""
    if made.status not in ("pending", "in_transit", "paid"):
        raise Refused(f"This payout is {made.status} already.", None, "payout")
    previous = {"status": made.status}
    made.status, made.failure_code = "failed", code
    balance.enter(world, made.account, f"{made.id}f", "payout_failure", made.amount, made.currency)
    world.tell(made.account, "payout.failed", made, previous)


def _arrive(world: World, account: Account, made: Payout) -> None:
    if made.status != "pending":
        return
    made.status = "paid"
    world.tell(made.account, "payout.paid", made, {"status": "pending"})
    if account.bank_refuses:
        world.at(world.now + FAILS_AFTER, partial(_bounce, world, made, account.bank_refuses))


def _bounce(world: World, made: Payout, code: str) -> None:
    if made.status == "paid":
        fail(world, made, code)
