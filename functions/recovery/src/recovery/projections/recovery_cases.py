"""What metrics are computed from: the figures of each case, listed by when it began, and while it is pending.

Derived: it can be rebuilt from the events.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from recovery.case_figures import CaseFigures, started, told
from troupe.clock import rfc3339
from troupe.decider import Listing
from troupe.events import Envelope
from troupe.views import Part, Place, Source, View

NAME = "recovery_cases"


def project(case: Part[CaseFigures], event: Envelope) -> Part[CaseFigures]:
    if event.type == "recovery_attempt.started":
        return started(event.aggregate_id, event.data)
    if isinstance(case, CaseFigures):
        return told(case, event.type.partition(".")[2], event.data)
    return case


def cohort(workspace_id: str, month: str) -> str:
    """The list of the cases that began in a month (UTC), as in `2026-11`, sorted by when."""
    return f"{workspace_id}#{month}"


def pending(workspace_id: str) -> str:
    """The list of the cases that are not over."""
    return f"{workspace_id}#pending"


def _listed(case: CaseFigures) -> Listing:
    began = rfc3339(case.started_at)
    place = f"{began}#{case.id}"
    return Listing(
        collection=(cohort(case.workspace_id, began[:7]), place),
        queue=(pending(case.workspace_id), place) if case.status == "pending" else None,
        summary=_summary(case),
    )


def _summary(case: CaseFigures) -> dict[str, Any]:
    """The figures as an item's map: instants as text."""
    shown = asdict(case)
    return {
        name: rfc3339(value) if isinstance(value, datetime) else value
        for name, value in shown.items()
        if value is not None
    }


def figures(summary: Mapping[str, Any]) -> CaseFigures:
    """The figures that a list shows of a case."""
    instants = ("started_at", "ended_at", "first_sent_at")
    values: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in instants else value for name, value in summary.items()
    }
    return CaseFigures(**values)


RECOVERY_CASES = View(
    name=NAME,
    sources=(
        Source[CaseFigures](
            kind="recovery_attempt",
            shape=CaseFigures,
            place=lambda event: Place(parts=(event.aggregate_id,)),
            project=project,
            listed=_listed,
        ),
    ),
)
