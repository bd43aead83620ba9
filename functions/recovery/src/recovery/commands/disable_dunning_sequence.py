"""POST /v1/recovery/dunning-sequences/{dunning_sequence_id}/disable"""

from recovery import sequences
from recovery.dunning_sequence import DisableDunningSequence
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="dunning_sequence:disable"))
def handler(request: Request[NoBody]) -> Answer:
    """Attempts that run go on by their edition; hold or migrate them to stop its mails."""
    return request.execute(sequences.ref(request.id("dunning_sequence_id")), DisableDunningSequence())
