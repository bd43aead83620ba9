"""The API's calls about PaymentIntents, accounts, transfers, payouts and balances."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from stripe_simulator import shapes
from stripe_simulator.api import answers, reads
from stripe_simulator.api.calls import Call
from stripe_simulator.api.forms import flag
from stripe_simulator.model import Account, Intent
from stripe_simulator.platform import accounts, balance, intents, methods
from stripe_simulator.platform import payouts as payouts_made
from stripe_simulator.platform import transfers as transfers_made
from stripe_simulator.platform.model import Entry, Payout, Transfer, TransferReversal


def required(call: Call, name: str) -> Any:
    if name not in call.params:
        raise answers.Fault(
            answers.error(
                answers.BAD, f"Missing required param: {name}.", code="parameter_missing", param=name
            )
        )
    return call.params[name]


def amount(call: Call, name: str = "amount") -> int:
    try:
        return int(required(call, name))
    except ValueError:
        said = f"Invalid integer: {call.params[name]}"
        code = "parameter_invalid_integer"
        raise answers.Fault(answers.error(answers.BAD, said, code=code, param=name)) from None


def _metadata(call: Call) -> dict[str, str]:
    return dict(call.params.get("metadata", {}))


def create_intent(call: Call) -> dict[str, Any]:
    params = call.params
    fields = {name: params.get(name) for name in ("customer", "description", "transfer_group")}
    methods_asked = params.get("automatic_payment_methods")
    automatic = methods_asked and methods_asked | {"enabled": flag(methods_asked.get("enabled", ""))}
    currency = str(required(call, "currency")).lower()
    intent = intents.create(
        call.world,
        call.account,
        amount(call),
        currency,
        metadata=_metadata(call),
        automatic_payment_methods=automatic,
        **fields,
    )
    if "payment_method" in params:
        intents.choose(intent, methods.found(call.world, params["payment_method"], call.account))
    if flag(params.get("confirm", "false")):
        return _confirmed(call, intent)
    return call.shown(intent)


def confirm_intent(call: Call) -> dict[str, Any]:
    return _confirmed(call, call.find(Intent))


def _confirmed(call: Call, intent: Intent) -> dict[str, Any]:
    """Raises a `Fault` with the card's error (402) when the charge is declined."""
    name = call.params.get("payment_method")
    chosen = name is not None and intent.card is None
    card = methods.found(call.world, name, call.account) if name and (chosen or call.named) else None
    off_session = flag(call.params.get("off_session", "false"))
    intents.confirm(call.world, intent, card, off_session=off_session)
    if intent.error is not None:
        error = shapes.payments.card_error(call.world, intent)
        error["payment_intent"] = call.render(intent)
        raise answers.Fault(answers.Answer(answers.DECLINED, {"error": error}))
    return call.shown(intent)


def update_intent(call: Call) -> dict[str, Any]:
    intent = call.find(Intent)
    intent.metadata |= _metadata(call)
    intent.description = call.params.get("description", intent.description)
    return call.shown(intent)


def cancel_intent(call: Call) -> dict[str, Any]:
    intents.cancel(call.world, intent := call.find(Intent), call.params.get("cancellation_reason"))
    return call.shown(intent)


def create_account(call: Call) -> dict[str, Any]:
    if call.params.get("type") != "express":
        said = "Only Express accounts are simulated."
        raise answers.Fault(answers.error(answers.BAD, said, param="type"))
    asked = call.params.get("capabilities", {})
    requested = [name for name, each in asked.items() if flag(each.get("requested", "false"))]
    fields = {"email": call.params.get("email"), "metadata": _metadata(call)}
    country = call.params.get("country", "US")
    business_type = call.params.get("business_type")
    return call.shown(accounts.create(call.world, country, requested, business_type=business_type, **fields))


def update_account(call: Call) -> dict[str, Any]:
    account = call.world.get(Account, call.named[0])
    account.metadata |= _metadata(call)
    account.email = call.params.get("email", account.email)
    call.world.tell(account.id, "account.updated", account)
    return call.shown(account)


def create_link(call: Call) -> dict[str, Any]:
    account = call.world.get(Account, required(call, "account"))
    if required(call, "type") not in ("account_onboarding", "account_update"):
        raise answers.Fault(answers.error(answers.BAD, "Invalid type of link.", param="type"))
    refresh, back = required(call, "refresh_url"), required(call, "return_url")
    return call.shown(accounts.link(call.world, account, refresh, back))


def create_transfer(call: Call) -> dict[str, Any]:
    currency, destination = str(required(call, "currency")).lower(), required(call, "destination")
    made = transfers_made.send(
        call.world,
        call.account,
        amount(call),
        currency,
        destination,
        group=call.params.get("transfer_group"),
        metadata=_metadata(call),
    )
    return call.shown(made)


def create_reversal(call: Call) -> dict[str, Any]:
    sent = call.find(Transfer)
    part = amount(call) if "amount" in call.params else None
    return call.shown(transfers_made.take_back(call.world, sent, part, _metadata(call)))


def reversals(call: Call) -> dict[str, Any]:
    return call.listed([call.find(TransferReversal, each) for each in call.find(Transfer).reversals])


def create_payout(call: Call) -> dict[str, Any]:
    account = call.world.get(Account, call.account)
    currency = str(required(call, "currency")).lower()
    return call.shown(
        payouts_made.pay_out(call.world, account, amount(call), currency, metadata=_metadata(call))
    )


def transfers(call: Call) -> dict[str, Any]:
    return call.listed(
        reads.only(call.world.all(Transfer, call.account), call, "transfer_group", "destination")
    )


def payouts(call: Call) -> dict[str, Any]:
    return call.listed(reads.only(call.world.all(Payout, call.account), call, "status"))


def entries(call: Call) -> dict[str, Any]:
    return call.listed(reads.only(call.world.all(Entry, call.account), call, "source", "type"))


def shown_balance(call: Call) -> dict[str, Any]:
    now, later = balance.totals(call.world, call.account)
    return {
        "object": "balance",
        "available": _sums(now),
        "connect_reserved": [],
        "livemode": call.world.get(Account, call.account).livemode,
        "pending": _sums(later),
    }


def _sums(totals: Counter[str]) -> list[dict[str, Any]]:
    found = sorted(totals.items()) or [("usd", 0)]
    return [{"amount": total, "currency": name, "source_types": {"card": total}} for name, total in found]


INTENT = ("payment_method", "off_session", "return_url")
CALLS: tuple[tuple[str, str, Callable[[Call], dict[str, Any]], *tuple[str, ...]], ...] = (
    (
        "POST",
        "/v1/payment_intents",
        create_intent,
        *("amount", "currency", "automatic_payment_methods", "confirm", "customer", "description"),
        *("metadata", "transfer_group", *INTENT),
    ),
    ("POST", "/v1/payment_intents/{id}", update_intent, "description", "metadata"),
    ("POST", "/v1/payment_intents/{id}/confirm", confirm_intent, *INTENT),
    ("POST", "/v1/payment_intents/{id}/cancel", cancel_intent, "cancellation_reason"),
    (
        "POST",
        "/v1/accounts",
        create_account,
        *("business_type", "capabilities", "country", "email", "metadata", "type"),
    ),
    ("POST", "/v1/accounts/{id}", update_account, "email", "metadata"),
    ("POST", "/v1/account_links", create_link, "account", "refresh_url", "return_url", "type"),
    (
        "POST",
        "/v1/transfers",
        create_transfer,
        *("amount", "currency", "destination", "metadata", "transfer_group"),
    ),
    ("POST", "/v1/transfers/{id}/reversals", create_reversal, "amount", "metadata"),
    ("GET", "/v1/transfers/{id}/reversals", reversals, *reads.PAGE),
    ("POST", "/v1/payouts", create_payout, "amount", "currency", "metadata"),
    ("GET", "/v1/balance", shown_balance),
)
"""Method, path, handler and the parameters that are known."""
