"""The parts of request bodies of sequences."""

from typing import Annotated, Literal

from pydantic import Field

from recovery.sequence.decider import MOST_STEPS, Content, Draft
from troupe.domain import limits
from troupe.edge import fields


class StepForm(fields.Body):
    """One mail of a sequence. The id of a step of the current edition makes it the same step."""

    id: fields.Id | None = None
    delay_hours: Annotated[int, Field(ge=0, le=8760)]
    subject_template: Annotated[str, limits.Text(min_length=1, max_length=500)]
    body_template: Annotated[str, limits.Text(min_length=1, max_length=20_000, lines=True)]
    status: Literal["scheduled"] = "scheduled"

    def draft(self) -> Draft:
        return Draft(
            id=self.id,
            delay_hours=self.delay_hours,
            subject_template=self.subject_template,
            body_template=self.body_template,
        )


class SequenceForm(fields.Body):
    """A whole sequence. Delays count from the attempt's start, or from when the step before was sent."""

    name: fields.Name
    delays_from: Literal["started_at", "previous_sent"] = "started_at"
    steps: Annotated[tuple[StepForm, ...], Field(min_length=1, max_length=MOST_STEPS)]

    def content(self) -> Content:
        steps = tuple(step.draft() for step in self.steps)
        return Content(name=self.name, delays_from=self.delays_from, steps=steps)
