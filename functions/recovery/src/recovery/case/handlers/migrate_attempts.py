"""POST /v1/recovery/dunning-sequences/{dunning_sequence_id}/migrate-attempts"""

from typing import Annotated

from pydantic import BaseModel, Field

from recovery.case import migrate
from recovery.sequence import transactions
from recovery.sequence.decider import DunningSequence
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.aggregates import stored
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


class Body(fields.Body):
    """`after` is where the answer before said that it had stopped."""

    after: Annotated[str, limits.Text(max_length=200)] | None = None


class Migrated(BaseModel, frozen=True):
    """`kept`: running attempts of the sequence that stay as they are, being at that edition or just busy."""

    id: str
    edition: int
    moved: int
    kept: int
    after: str | None = Field(description="There are more: ask again with it. None: all were seen to.")


@endpoint(Operation(permission="dunning_sequence:migrate", body=Body, reply=Migrated, secret=True))
def handler(request: Request[Body]) -> Answer:
    """Move running attempts to the newest edition: what was sent is not sent again, and no step is left out.

    A transaction each, so it may stop anywhere and be asked again.
    """
    sequence = transactions.ref(request.id("dunning_sequence_id"))
    found = stored(sequence, reads.one(sequence.key(request.tenant_id))).state
    if not isinstance(found, DunningSequence):
        raise Unknown(sequence.id)
    moving = migrate.to(sequence.id, found.current)
    tally = migrate.migrate(request.scope, found.workspace_id, moving, request.body.after)
    body = Migrated(
        id=sequence.id,
        edition=found.current.edition,
        moved=tally.moved,
        kept=tally.kept,
        after=tally.after,
    )
    return Answer(status=200, body=body.model_dump())
