"""POST /v1/recovery/dunning-sequences/{dunning_sequence_id}/enable"""

from recovery import sequences
from recovery.dunning_sequence import EnableDunningSequence
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="dunning_sequence:enable"))
def handler(request: Request[NoBody]) -> Answer:
    return request.execute(sequences.ref(request.id("dunning_sequence_id")), EnableDunningSequence())
