"""A timer for each hold, which ends the order.

It is set when the hold has begun, never by the command; if it is lost, the sweep ends the hold.
"""

from datetime import datetime

from commerce.timers import Timer, set_once
from troupe.store.envelope import Envelope


def time(envelope: Envelope) -> None:
    """Set it, however often it is heard; nothing for an order that is not held yet."""
    if envelope.data.get("chunks") is not None:
        return
    order_id = envelope.aggregate_id
    timer = Timer(
        name=f"expire-{order_id}",
        group="SCHEDULE_GROUP",
        role="SCHEDULE_ROLE_ARN",
        command="EXPIRE_ORDER_ARN",
    )
    set_once(timer, datetime.fromisoformat(envelope.data["expires_at"]), {"order_id": order_id}, envelope)
