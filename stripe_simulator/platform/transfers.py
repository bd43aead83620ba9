"""Transfers to connected accounts and back (https://docs.stripe.com/connect/separate-charges-and-transfers)."""

from stripe_simulator.model import Account
from stripe_simulator.platform import balance, currencies
from stripe_simulator.platform.model import Transfer, TransferReversal
from stripe_simulator.world import Missing, Refused, World

SHORT = "balance_insufficient"


def send(  # noqa: PLR0913 -- the call's parameters
    world: World, account: str, amount: int, currency: str, destination: str, *, group: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Transfer:  # fmt: skip
    currencies.check(currency, amount)
    try:
        receiver = world.get(Account, destination)
    except Missing as missing:
        raise Refused(f"No such destination: '{destination}'", "resource_missing", "destination") from missing
    if receiver.capabilities.get("transfers") != "active":
        said = "Your destination account needs to have at least one of these capabilities enabled: transfers."
        raise Refused(said, "insufficient_capabilities_for_transfer", "destination")
    if amount > balance.available(world, account, currency):
        raise Refused("You have insufficient available funds in your Stripe account.", SHORT)
    made = Transfer(
        id=world.identifier("tr"),
        account=account,
        destination=destination,
        amount=amount,
        currency=currency,
        created=world.now,
        transfer_group=group,
        metadata=metadata or {},
    )
    world.add(made)
    balance.enter(world, account, made.id, "transfer", -amount, currency)
    balance.enter(world, destination, f"py_{made.id[3:]}r", "payment", amount, currency)
    world.tell(account, "transfer.created", made)
    return made


def take_back(
    world: World, sent: Transfer, amount: int | None = None, metadata: dict[str, str] | None = None
) -> TransferReversal:
    """All that is left of it, or a part, if the account has as much."""
    left = sent.amount - sent.reversed
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        said = f"Transfer reversal amount ({amount}) is greater than what is left of the transfer ({left})."
        raise Refused(said, None, "amount")
    if amount > balance.available(world, sent.destination, sent.currency):
        raise Refused("The connected account has insufficient available funds.", SHORT)
    made = TransferReversal(
        id=world.identifier("trr"),
        account=sent.account,
        transfer=sent.id,
        amount=amount,
        currency=sent.currency,
        created=world.now,
        metadata=metadata or {},
    )
    previous = {"amount_reversed": sent.reversed}
    sent.reversed += amount
    sent.reversals.append(world.add(made).id)
    balance.enter(world, sent.account, made.id, "transfer_refund", amount, sent.currency)
    balance.enter(world, sent.destination, f"pyr_{made.id[4:]}r", "payment_refund", -amount, sent.currency)
    world.tell(sent.account, "transfer.reversed", sent, previous)
    return made
