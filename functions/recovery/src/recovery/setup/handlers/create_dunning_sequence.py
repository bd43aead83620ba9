"""POST /v1/recovery/workspaces/{workspace_id}/dunning-sequences"""

from recovery.sequence import publication, transactions
from recovery.sequence.decider import CreateDunningSequence
from recovery.sequence.publication import Published
from recovery.sequence.requests import SequenceForm
from recovery.workspace.decider import WORKSPACE, AdoptSequence
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

REFUSALS = (*publication.REFUSALS, *transactions.REFUSALS)


@endpoint(
    Operation(
        permission="dunning_sequence:create",
        body=SequenceForm,
        reply=Published,
        status=201,
        refusals=REFUSALS,
        example={
            "name": "Three letters",
            "delays_from": "started_at",
            "steps": [
                {
                    "delay_hours": 1,
                    "subject_template": "Your payment to {{ workspace_name }} did not go through",
                    "body_template": "Hello {{ customer_name | default: 'there' }},\n\n"
                    "{{ amount_due }} could not be collected."
                    "{% if will_retry %} We try again on {{ retry_at }}.{% endif %}\n\n[Pay now]\n",
                },
                {
                    "delay_hours": 96,
                    "subject_template": "{{ amount_due }} is still open",
                    "body_template": "Hello,\n\n{{ amount_due }} is still open.\n\n[Update your card]\n",
                },
            ],
        },
    )
)
def handler(request: Request[SequenceForm]) -> Answer:
    """The first sequence of a workspace is its default; no mail is sent before it is enabled."""
    workspace = Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    sequence, content = transactions.ref(new_id(), creates=True), request.body.content()
    create = CreateDunningSequence(workspace_id=workspace.id, content=content)

    def decide(at: Snapshot) -> Decision:
        adopted = at.decide(workspace, AdoptSequence(sequence_id=sequence.id))
        warnings = publication.checked(content["steps"])
        change = at.decide(sequence, create)
        return Decision(
            changes=(change, adopted),
            actions=transactions.published(change, request.tenant_id),
            body={"warnings": warnings},
        )

    location = created("/v1/recovery/dunning-sequences/{id}")
    return request.transact((sequence, workspace), decide, location)
