"""A tenant that was provisioned by the command, for the tests of tenants and of what they use."""

from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import pytest

from identity.tenant.decider import TENANT as TENANT_KIND
from identity.tenant.decider import Tenant
from support.identity.tenant import Call
from support.spec import ANN, TENANT, Reply, send
from troupe.ids import new_id
from troupe.quota import quota
from troupe.security.roles import BUILT_IN
from troupe.store import keys, reads
from troupe.store.aggregates import Stored
from troupe.store.keys import SYSTEM
from troupe.store.transact import load

ORGANIZATION_ID = "0192f0c1-0000-7000-8000-0000000000c1"
OPERATOR = {
    "principal": "0192f0c1-0000-7000-8000-0000000000f1",
    "kind": "operator",
    "tenant_id": SYSTEM,
    "permissions": BUILT_IN["operator"],
}
PATH = {"tenant_id": TENANT}
OWNER = {"email": "Ann@Acme.example", "display_name": "Ann"}
BODY = {"name": "Acme", "slug": "acme", "zone": "Europe/Berlin", "owner": OWNER}
SETTLED = {  # what is published of a tenant that has settled nothing yet
    "open_sign_up": False,
    "default_currency": "USD",
    "commission_basis_points": 1000,
    "tax_rates": {},
    "return_window_days": 14,
    "payout_hold_days": 7,
    "promotion_decision_days": 7,
    "order_accept_hours": 48,
}

_provision = Call("provision_tenant", "POST /tenants", BODY)


def provision(**body: Any) -> Reply:
    return _provision(body=BODY | body, principal=None)


@dataclass(frozen=True)
class Acme:
    """The tenant `TENANT`, whose owner is Ann."""

    id: str = TENANT

    def tenant(self) -> Tenant:
        return self.stored().state

    def stored(self) -> Stored[Any]:
        return load(self.id, TENANT_KIND, self.id)

    def standing(self) -> dict[str, Any]:
        return reads.one(keys.standing(self.id))

    def tally(self, name: str) -> tuple[int, int, int]:
        """Used, limit and available of a quota."""
        found = quota.level(reads.batch(quota.wanted(self.id, name)), self.id, name)
        return found.used, found.limit, found.available


def founded(monkeypatch: pytest.MonkeyPatch, **body: Any) -> Acme:
    """Provision it under the identifiers that requests are made with."""
    ids = chain((TENANT, ORGANIZATION_ID, ANN), (new_id() for _ in repeat(None)))
    monkeypatch.setattr("identity.tenant.provision.new_id", ids.__next__)
    assert provision(**body).status == 201
    return Acme()


def ask(route: str, path: dict[str, str] | None = None, **given: Any) -> Reply:
    """A GET of the queries function."""
    from identity.queries import handler
    from support.spec import request

    return send(handler, request(path=path or {}, route=f"GET {route}", **given))
