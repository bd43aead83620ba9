"""A report: a user says that a post or a comment breaks the rules, and a moderator decides about it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, assert_never

from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339
from troupe.domain.personal import Personal, blanked

type Reason = Literal[
    "spam", "harassment", "hate", "violence", "nudity", "misinformation", "illegal", "other"
]
type Resolution = Literal["dismissed", "removed"]

EXCERPT = 300  # characters of what was reported, as it was then


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was reported, as it was then: an edit does not take away what was seen."""

    id: str
    kind: Literal["post", "comment"]
    post_id: str
    author_id: str
    excerpt: str


def unquoted(subject: Subject) -> Subject:
    return replace(subject, excerpt="")


# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCreated:
    community_id: str
    reporter_id: str
    subject: Annotated[Subject, Personal("report", unquoted)]
    reason: Reason
    detail: Annotated[str, Personal("reporter")]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportResolved:
    """`removed`: the post was hidden or the comment deleted with it, if it still was to be seen."""

    community_id: str
    subject_id: str
    resolution: Resolution
    note: Annotated[str | None, Personal("report", None)]
    resolved_by: str
    resolved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPersonalDataErased:
    """The data of the reporter, or of the author, was erased. `of`: as the fields name them."""

    community_id: str
    of: tuple[str, ...]
    erased_at: datetime


type Later = ReportResolved | ReportPersonalDataErased
type Event = ReportCreated | Later

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    resolution: Resolution
    by: str
    at: datetime
    note: str | None = None


def _unnoted(resolved: Resolved | None) -> Resolved | None:
    return resolved and replace(resolved, note=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    community_id: str
    reporter_id: str
    subject: Annotated[Subject, Personal("report", unquoted)]
    reason: Reason
    detail: Annotated[str, Personal("reporter")]
    created_at: datetime
    resolved: Annotated[Resolved | None, Personal("report", _unnoted)] = None
    state: Literal["report"] = "report"


def begin(event: ReportCreated) -> Report:
    return Report(
        community_id=event.community_id,
        reporter_id=event.reporter_id,
        subject=event.subject,
        reason=event.reason,
        detail=event.detail,
        created_at=event.created_at,
    )


def evolve(state: Report, event: Later) -> Report:
    match event:
        case ReportResolved():
            resolved = Resolved(
                resolution=event.resolution, by=event.resolved_by, at=event.resolved_at, note=event.note
            )
            return replace(state, resolved=resolved)
        case ReportPersonalDataErased():
            return blanked(state, *event.of)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """`edited_at`: when what is reported last changed, if it ever did."""

    community_id: str
    reporter_id: str
    subject: Subject
    reason: Reason
    detail: str
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveReport:
    resolution: Resolution
    note: str | None = None


type Command = ReportContent | ResolveReport


def create(command: ReportContent, context: Context) -> tuple[Event, ...]:
    created = ReportCreated(
        community_id=command.community_id,
        reporter_id=command.reporter_id,
        subject=command.subject,
        reason=command.reason,
        detail=command.detail,
        created_at=context.now,
    )
    return (created,)


def decide(command: Command, state: Report, context: Context) -> tuple[Event, ...]:
    match command:
        case ReportContent():
            return _report_again(command, state, context)
        case ResolveReport():
            return _resolve(command, state, context)
        case _:
            assert_never(command)


def _report_again(command: ReportContent, state: Report, context: Context) -> tuple[Event, ...]:
    """Open again if the target was edited after a decision."""
    if state.resolved is None:
        return ()
    if command.edited_at is None or command.edited_at <= state.resolved.at:
        raise Rejected("reported_before", "What you reported has been decided about.")
    return create(command, context)


def _resolve(command: ResolveReport, state: Report, context: Context) -> tuple[Event, ...]:
    if state.resolved:
        if state.resolved.resolution == command.resolution:
            return ()
        raise Rejected("report_resolved", f"The report was resolved before: {state.resolved.resolution}.")
    resolved = ReportResolved(
        community_id=state.community_id,
        subject_id=state.subject.id,
        resolution=command.resolution,
        note=command.note,
        resolved_by=context.actor,
        resolved_at=context.now,
    )
    return (resolved,)


def _erased(state: Report, of: tuple[str, ...], context: Context) -> Event:
    return ReportPersonalDataErased(community_id=state.community_id, of=of, erased_at=context.now)


def _people(state: Report, _id: str) -> dict[str, str]:
    """`author`: of what was reported; what the report quotes, and what is noted of it, goes with them."""
    return {"reporter": f"user:{state.reporter_id}", "author": f"user:{state.subject.author_id}"}


def _listed(state: Report, report_id: str) -> Listing:
    name = "RESOLVED_REPORTS" if state.resolved else "REPORTS"
    at, subject, resolved = rfc3339(state.created_at), state.subject, state.resolved
    return Listing(
        collection=(f"{name}#{state.community_id}", f"{at}#{report_id}"),
        summary={
            "subject_id": subject.id,
            "subject_kind": subject.kind,
            "post_id": subject.post_id,
            "author_id": subject.author_id,
            "excerpt": subject.excerpt,
            "reporter_id": state.reporter_id,
            "reason": state.reason,
            "detail": state.detail,
            "created_at": at,
            "resolution": resolved and resolved.resolution,
            "note": resolved and resolved.note,
            "resolved_by": resolved and resolved.by,
            "resolved_at": resolved and rfc3339(resolved.at),
        },
    )


REPORT = Decider[Report, Command, Event](
    name="report",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("report", Event),
    state=Report,
    listed=_listed,
    subjects=_people,
    erased=_erased,
    erases={"author": ("report",)},
)
