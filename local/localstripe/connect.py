# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""Connect: accounts, account links, transfers there and back, with their events. localstripe answers 404."""

from copy import deepcopy
from typing import Any, ClassVar

from localstripe import resources, server

FLAGS = ("charges_enabled", "payouts_enabled", "details_submitted")


def typed(name: str, value: Any) -> Any:
    if name == "amount":
        return int(value)
    return resources.try_convert_to_bool(value) if name in FLAGS else value


class Resource(resources.StripeObject):
    """A resource that keeps what it is given."""

    _required: ClassVar[
        tuple[str, ...]
    ] = ()  # underscored, since localstripe answers with every other attribute
    _created_event: ClassVar[str | None] = None
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init__(self, **fields: Any) -> None:
        missing = [name for name in self._required if name not in fields]
        if missing:
            raise resources.UserError(400, f"Missing required param: {missing[0]}.")
        super().__init__()
        self.metadata: dict[str, str] = {}
        for name, value in {**deepcopy(self._defaults), **fields}.items():
            setattr(self, name, typed(name, value))
        if self._created_event:
            resources.schedule_webhook(resources.Event(self._created_event, self))


class Account(Resource):
    object = "account"
    _id_prefix = "acct_"
    _defaults: ClassVar[dict[str, Any]] = {
        "type": "express",
        "country": "US",
        "charges_enabled": False,
        "payouts_enabled": False,
        "details_submitted": False,
        "requirements": {"currently_due": ["external_account"]},
        "capabilities": {},
    }

    def _update(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, typed(name, value))
        resources.schedule_webhook(resources.Event("account.updated", self))


class AccountLink(Resource):
    object = "account_link"
    _id_prefix = "al_"
    _required = ("account", "type")
    _defaults: ClassVar[dict[str, Any]] = {"url": "http://127.0.0.1/onboarding", "expires_at": 4102444800}


class Transfer(Resource):
    object = "transfer"
    _id_prefix = "tr_"
    _required = ("amount", "currency", "destination")
    _created_event = "transfer.created"

    def __init__(self, **fields: Any) -> None:
        Account._api_retrieve(fields.get("destination", ""))  # answers 404 for an unknown account
        super().__init__(**fields)
        self.amount_reversed = 0

    @classmethod
    def _api_list_all(cls, url: str, transfer_group: str | None = None, **paging: Any) -> Any:
        found = super()._api_list_all(url, **paging)
        if transfer_group is not None:
            found._list = [each for each in found._list if _group(each) == transfer_group]
        return found

    @classmethod
    def _api_reverse(cls, id: str, **fields: Any) -> Any:  # noqa: A002 -- so is it called
        return TransferReversal(cls._api_retrieve(id), **fields)

    @classmethod
    def _api_list_reversals(cls, id: str, **paging: Any) -> Any:  # noqa: A002 -- so is it called
        found = TransferReversal._api_list_all(f"/v1/transfers/{id}/reversals", **paging)
        found._list = [each for each in found._list if each.transfer == id]
        return found


def _group(transfer: Any) -> str | None:
    return getattr(transfer, "transfer_group", None)


class TransferReversal(Resource):
    """So much of a transfer comes back, at most what is left of it."""

    object = "transfer_reversal"
    _id_prefix = "trr_"

    def __init__(self, transfer: Any, **fields: Any) -> None:
        left = transfer.amount - transfer.amount_reversed
        amount = int(fields.get("amount") or left)
        if not 0 < amount <= left:
            message = f"Reversal amount ({amount}) is greater than what is left of the transfer ({left})"
            raise resources.UserError(400, message, {"code": "amount_too_large"})
        super().__init__(
            **{**fields, "amount": amount, "transfer": transfer.id, "currency": transfer.currency}
        )
        transfer.amount_reversed += amount
        resources.schedule_webhook(resources.Event("transfer.reversed", transfer))


for resource in (Account, AccountLink, Transfer):
    collection = f"/v1/{resource.object}s"
    one = collection + "/{id}"
    for method, url, handler in (
        ("POST", collection, server.api_create),
        ("GET", collection, server.api_list_all),
        ("GET", one, server.api_retrieve),
        ("POST", one, server.api_update),
        ("DELETE", one, server.api_delete),
    ):
        server.app.router.add_route(method, url, handler(resource, url))

REVERSALS = "/v1/transfers/{id}/reversals"
for method, reply in (("POST", Transfer._api_reverse), ("GET", Transfer._api_list_reversals)):
    server.app.router.add_route(method, REVERSALS, server.api_extra(reply, REVERSALS))
