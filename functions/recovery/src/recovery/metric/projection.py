"""What metrics are computed from: the figures of each case, listed by when it began, and while it is pending.

Derived: it can be rebuilt from the events.
"""

from recovery.metric.case_index import NAME, listed
from recovery.metric.evolve_case import CaseFigures, started, told
from troupe.projection.view import Part, Place, Source, View
from troupe.store.envelope import Envelope


def project(case: Part[CaseFigures], event: Envelope) -> Part[CaseFigures]:
    if event.type == "recovery_attempt.started":
        return started(event.aggregate_id, event.data)
    if isinstance(case, CaseFigures):
        return told(case, event.type.partition(".")[2], event.data)
    return case


RECOVERY_CASES = View(
    name=NAME,
    sources=(
        Source[CaseFigures](
            kind="recovery_attempt",
            shape=CaseFigures,
            place=lambda event: Place(parts=(event.aggregate_id,)),
            project=project,
            listed=listed,
        ),
    ),
)
