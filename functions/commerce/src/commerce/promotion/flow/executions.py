"""Executions of the approval flow: one for each submission of a promotion, however often it is begun."""

import os

from troupe.messaging import executions
from troupe.observability import outcome
from troupe.store.envelope import Envelope


def begin(submitted: Envelope) -> None:
    """Have a flow wait for those who decide on this submission, if none does yet."""
    given = {
        "tenant_id": submitted.tenant_id,
        "promotion_id": submitted.aggregate_id,
        "submitted_at": submitted.data["submitted_at"],
    }
    name = f"{submitted.aggregate_id.replace('-', '')}-{submitted.version}"
    if executions.begin(os.environ["APPROVAL_FLOW_ARN"], name, given):
        outcome("flow_begun", tenant_id=submitted.tenant_id, promotion_id=submitted.aggregate_id)
