"""What the till's Stripe keeps for suppliers: their accounts, transfers to them and back, and disputes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

type Answer = tuple[int, dict[str, Any]]


def error(status: int, kind: str, code: str, **more: Any) -> Answer:
    return status, {"error": {"type": kind, "code": code, "message": code, **more}}


def misfit(code: str) -> Answer:
    return error(400, "invalid_request_error", code)


def listed(found: list[dict[str, Any]], url: str) -> Answer:
    return 200, {"object": "list", "data": found, "has_more": False, "url": url}


def described(form: dict[str, str]) -> dict[str, str]:
    return {key[9:-1]: value for key, value in form.items() if key.startswith("metadata[")}


@dataclass
class FakeStripeConnect:
    """`available`: what the platform may transfer now; `spent`: accounts that have nothing to give back."""

    ids: Iterator[int]
    tell: Callable[[str, dict[str, Any]], None]
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    available: int = 1_000_000
    spent: set[str] = field(default_factory=set)

    @property
    def paid(self) -> int:
        """To all suppliers, less what came back."""
        return sum(each["amount"] - each["amount_reversed"] for each in self.transfers.values())

    def account(self, name: str, *, ready: bool = True, **metadata: str) -> dict[str, Any]:
        """A supplier's account; `ready`: it takes transfers."""
        self.accounts[name] = {
            "id": name,
            "object": "account",
            "details_submitted": ready,
            "capabilities": {"transfers": "active" if ready else "inactive"},
            "metadata": metadata,
        }
        self.tell("account.updated", self.accounts[name])
        return self.accounts[name]

    def dispute(self, intent: str, amount: int, status: str = "needs_response") -> str:
        """The customer's bank asks for the money back."""
        name = f"dp_{next(self.ids):08}"
        self.disputes[name] = {
            "id": name,
            "object": "dispute",
            "amount": amount,
            "currency": "eur",
            "payment_intent": intent,
            "reason": "fraudulent",
            "status": status,
            "metadata": {},
        }
        self.tell("charge.dispute.created", self.disputes[name])
        return name

    def close(self, name: str, status: str) -> None:
        self.disputes[name]["status"] = status
        self.tell("charge.dispute.closed", self.disputes[name])

    def answer(self, method: str, parts: list[str], form: dict[str, str]) -> Answer:  # noqa: PLR0911 -- one line for each call
        match method, parts:
            case "GET", ["accounts", name] if name in self.accounts:
                return 200, self.accounts[name]
            case "GET", ["disputes", name] if name in self.disputes:
                return 200, self.disputes[name]
            case "GET", ["transfers"]:
                group = form["transfer_group"]
                found = [each for each in self.transfers.values() if each["transfer_group"] == group]
                return listed(found, "/v1/transfers")
            case "GET", ["transfers", name] if name in self.transfers:
                return 200, self.transfers[name]
            case "POST", ["transfers"]:
                return self._transfer(form)
            case "GET", ["transfers", name, "reversals"] if name in self.transfers:
                return listed(self.transfers[name]["reversals"]["data"], "/v1/reversals")
            case "POST", ["transfers", name, "reversals"] if name in self.transfers:
                return self.take_back(name, int(form["amount"]), described(form))
            case _:
                return error(404, "invalid_request_error", "resource_missing")

    def _transfer(self, form: dict[str, str]) -> Answer:
        amount, account = int(form["amount"]), self.accounts.get(form["destination"])
        if account is None or account["capabilities"]["transfers"] != "active":
            return misfit("insufficient_capabilities_for_transfer")
        if amount > self.available:
            return misfit("balance_insufficient")
        self.available -= amount
        name = f"tr_{next(self.ids):08}"
        self.transfers[name] = {
            "id": name,
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "currency": form["currency"],
            "destination": form["destination"],
            "transfer_group": form["transfer_group"],
            "metadata": described(form),
            "reversals": {"object": "list", "data": [], "has_more": False, "url": "/v1/reversals"},
        }
        return 200, self.transfers[name]

    def take_back(self, name: str, amount: int, metadata: dict[str, str] | None = None) -> Answer:
        """By us, or (without metadata) in Stripe's dashboard."""
        transfer = self.transfers[name]
        if amount > transfer["amount"] - transfer["amount_reversed"]:
            return misfit("amount_too_large")
        if transfer["destination"] in self.spent:
            return misfit("balance_insufficient")
        self.available += amount
        transfer["amount_reversed"] += amount
        reversal = {
            "id": f"trr_{next(self.ids):08}",
            "object": "transfer_reversal",
            "amount": amount,
            "transfer": name,
            "metadata": metadata or {},
        }
        transfer["reversals"]["data"].append(reversal)
        self.tell("transfer.reversed", transfer)
        return 200, reversal
