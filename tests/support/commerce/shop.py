"""A tenant with a shop in it, for the tests of commerce; and its commands."""

from dataclasses import dataclass
from typing import Any

from identity.inbound import handler as identity_hears
from support import handlers
from support.principals import Handler, TenantSetup
from troupe.ids import new_id
from troupe.security.credential import CREDENTIAL, MoveCredential, OpenCredential
from troupe.store import keys, reads
from troupe.store.aggregates import Ref
from troupe.store.transact import execute


@dataclass(frozen=True)
class Shop(TenantSetup):
    """One tenant of the table, and what happens in it without a request."""

    def signer(self, status: str = "active") -> str:
        """How a supplier signs in; the business itself is not there yet."""
        supplier_id = new_id()
        opened = OpenCredential(
            kind="supplier", email=f"{supplier_id}@shop.example", status="pending", roles=("supplier",)
        )
        execute(self.scope(), Ref(decider=CREDENTIAL, id=supplier_id, creates=True), opened)
        for step in dict.fromkeys(("active", status)) if status != "pending" else ():
            execute(self.scope(), Ref(decider=CREDENTIAL, id=supplier_id), MoveCredential(status=step))
        return supplier_id

    def standing(self) -> dict[str, Any]:
        found = reads.one(keys.standing(self.tenant_id))
        assert found is not None
        return found

    def _told(self) -> tuple[Handler, ...]:
        """An order shows its customer's card, which is identity's."""
        return identity_hears, self._inbound()

    def _inbound(self) -> Handler:
        from commerce.inbound import handler

        return handler


class Call(handlers.Call):
    context = "commerce"


ask = handlers.asking("commerce")
