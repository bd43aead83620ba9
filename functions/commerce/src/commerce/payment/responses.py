"""What a command that has to do with a payment answers."""

from typing import Any

from commerce.order.reservation import order_of
from troupe.edge.endpoint import Version
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer


class Settled(Version, frozen=True):
    """The order, and how its payment stands. `client_secret`: for the browser, where the bank asks."""

    status: str
    detail_status: str
    payment_status: str
    attempt: int
    code: str | None = None
    decline_code: str | None = None
    client_secret: str | None = None


def settled(found: Stored[Any], client_secret: str | None = None) -> Answer:
    order = order_of(found)
    shown = Settled(
        id=found.id,
        version=found.version,
        status=order.status,
        detail_status=order.detail_status,
        payment_status=order.payment.status,
        attempt=order.payment.attempt,
        code=order.payment.code,
        decline_code=order.payment.decline_code,
        client_secret=client_secret if order.payment.status == "started" else None,
    )
    headers = {"etag": f'"{found.version}"'}
    return Answer(status=200, body=shown.model_dump(mode="json"), headers=headers)
