"""Stripe accounts as their owners agree to connect them, and as a workspace asks for it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from recovery.stripe_account import transactions
from stripe_simulator import connect as agreeing
from stripe_simulator.api.faults import Fault, Kind
from stripe_simulator.model import Account
from stripe_simulator.simulation import Simulation
from stripe_simulator.world import World
from support.recovery.tenant import Call, RecoveryTenant, ask
from support.spec import OTHER, Reply
from troupe.store import reads

connect = Call("connect_stripe_account", "POST /workspaces/{workspace_id}/stripe-accounts")
disconnect = Call("disconnect_stripe_account", "DELETE /stripe-accounts/{stripe_account_id}")


@dataclass
class Stripe:
    """The Stripe that is called, with one account whose owner may agree to be connected."""

    simulation: Simulation
    account: str

    def code(self, account: str | None = None) -> str:
        """What comes back when the owner of the account has agreed."""
        world = self.simulation.world
        return agreeing.authorize(world, account_of(world, account or self.account))

    def fails(self, kind: Kind, path: str, calls: int | None = None) -> None:
        self.simulation.faults.on.clear()
        self.simulation.faults.add(Fault(kind=kind, path=path, calls=calls))

    def recovers(self) -> None:
        self.simulation.faults.on.clear()

    def calls(self, path: str) -> list[int | None]:
        return [each.status for each in self.simulation.made if each.path == path]

    @property
    def connected(self) -> bool:
        return account_of(self.simulation.world, self.account).connected


def account_of(world: World, account: str) -> Account:
    return world.get(Account, account)


def state_of(workspace: str, **given: Any) -> str:
    """The state as it travels to Stripe and back, out of the address that the tenant is sent to."""
    reply = ask("/workspaces/{workspace_id}/stripe-connect-url", {"workspace_id": workspace}, **given)
    assert reply.status == 200, reply.body
    return parse_qs(urlsplit(reply.body["url"]).query)["state"][0]


def joined(stripe: Stripe, workspace: str, account: str | None = None, **given: Any) -> Reply:
    body = {"code": stripe.code(account), "state": state_of(workspace, **given)}
    return connect({"workspace_id": workspace}, body=body, **given)


def guard(stripe: Stripe) -> dict[str, Any] | None:
    return reads.one(transactions.guard(stripe.account))


def elsewhere() -> tuple[str, dict[str, str]]:
    """Another tenant's workspace, and how it asks."""
    other = RecoveryTenant(OTHER)
    other.found()
    return other.workspace(), {"tenant_id": OTHER}
