"""The plain commands of a dunning sequence."""

from recovery.sequence.decider import DUNNING_SEQUENCE, DisableDunningSequence, EnableDunningSequence
from troupe.edge.routes import Routes

routes = Routes(DUNNING_SEQUENCE)

enable_dunning_sequence = routes.post(
    "/dunning-sequences/{dunning_sequence_id}/enable",
    EnableDunningSequence,
    permission="dunning_sequence:enable",
)
disable_dunning_sequence = routes.post(
    "/dunning-sequences/{dunning_sequence_id}/disable",
    DisableDunningSequence,
    permission="dunning_sequence:disable",
)
