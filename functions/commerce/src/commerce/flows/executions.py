"""Executions of the approval flow: one for each submission of a promotion, however often it is begun.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

import json
import os

from troupe.clients import flows
from troupe.events import Envelope
from troupe.observability import outcome


def begin(submitted: Envelope) -> None:
    """Have a flow wait for those who decide on this submission, if none does yet."""
    given = {
        "tenant_id": submitted.tenant_id,
        "promotion_id": submitted.aggregate_id,
        "submitted_at": submitted.data["submitted_at"],
    }
    client = flows()
    try:
        client.start_execution(
            stateMachineArn=os.environ["APPROVAL_FLOW_ARN"],
            name=f"{submitted.aggregate_id.replace('-', '')}-{submitted.version}",
            input=json.dumps(given),
        )
    except client.exceptions.ExecutionAlreadyExists:
        return
    outcome("flow_begun", tenant_id=submitted.tenant_id, promotion_id=submitted.aggregate_id)
