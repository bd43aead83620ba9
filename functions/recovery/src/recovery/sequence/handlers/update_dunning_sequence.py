"""PUT /v1/recovery/dunning-sequences/{dunning_sequence_id}"""

from recovery.sequence import publication, transactions
from recovery.sequence.decider import UpdateDunningSequence
from recovery.sequence.publication import Published
from recovery.sequence.requests import SequenceForm
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

REFUSALS = (*publication.REFUSALS, *transactions.REFUSALS)


@endpoint(
    Operation(
        permission="dunning_sequence:update",
        body=SequenceForm,
        reply=Published,
        refusals=REFUSALS,
        example={
            "name": "Acme",
            "delays_from": "started_at",
            "steps": [
                {
                    "id": "0192f0c1-7a00-7000-8000-000000000c01",
                    "delay_hours": 24,
                    "subject_template": "{{ amount_due }} is still open",
                    "body_template": "Hello,\n\n{{ amount_due }} is still open.\n\n[Pay now]\n",
                    "status": "scheduled",
                }
            ],
        },
    )
)
def handler(request: Request[SequenceForm]) -> Answer:
    """Other steps or delays are a new edition: what runs already ends by its own."""
    sequence = transactions.ref(request.id("dunning_sequence_id"))
    content = request.body.content()
    update = UpdateDunningSequence(content=content)

    def decide(at: Snapshot) -> Decision:
        change = at.decide(sequence, update)
        warnings = publication.checked(content["steps"])
        published = transactions.published(change, request.tenant_id)
        return Decision(changes=(change,), actions=published, body={"warnings": warnings})

    return request.transact((sequence,), decide)
