"""A report as a request meets it: by its id, with what it is about."""

from typing import Any

from community.comment import read
from community.comment.decider import DeleteComment
from community.post import transactions, values
from community.post.commands import HidePost
from community.post.transactions import PostInContext
from community.report.decider import EXCERPT, REPORT, Report, Subject
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.keys import Key
from troupe.store.transact import Snapshot, Unknown

EXAMPLE = "0192f0c1-7a00-7000-8000-0000000000c1.0192f0c1-7a00-7000-8000-0000000000d1"


def report_id(request: Request[Any]) -> str:
    """The one in the path; what is no report's id names nothing."""
    value = request.path.get("report_id", "")
    if not values.is_report(value):
        raise Unknown("report_id")
    return value


def report_ref(report_id: str, *, creates: bool = False) -> Ref[Report, Any, Any]:
    return Ref(decider=REPORT, id=report_id, creates=creates)


def subjects(tenant_id: str, report_id: str, reporter_id: str) -> tuple[Key, Key]:
    """The keys of what the report says: of what is reported, and in the reporter's own words."""
    return keys.subject(tenant_id, f"report:{report_id}"), keys.subject(tenant_id, f"user:{reporter_id}")


def resolution_subjects(tenant_id: str, report_id: str) -> tuple[Key, ...]:
    """The keys of the note, and of the reason that a post is hidden for with it."""
    note, about = keys.subject(tenant_id, f"report:{report_id}"), values.subject_of(report_id)
    return (note,) if values.is_comment(about) else (note, transactions.subject(tenant_id, about))


def report_of(stored: Stored[Report | None]) -> Report:
    if stored.state is None:
        raise Unknown(stored.id)
    return stored.state


def subject(at: Snapshot, place: PostInContext, subject_id: str) -> Subject:
    """What is reported, as it stands; `Unknown` for a comment that is not there."""
    if values.is_comment(subject_id):
        comment = at.of(read.comment_ref(subject_id)).state
        return Subject(
            id=subject_id,
            kind="comment",
            post_id=place.id,
            author_id=comment.author.id,
            excerpt=comment.text[:EXCERPT],
        )
    content = place.post.content
    words = "\n".join(filter(None, (content.title, content.text)))
    return Subject(
        id=subject_id,
        kind="post",
        post_id=place.id,
        author_id=place.post.author.id,
        excerpt=words[:EXCERPT],
    )


def subject_ref(report_id: str) -> Ref[Any, Any, Any]:
    subject_id = values.subject_of(report_id)
    if values.is_comment(subject_id):
        return read.comment_ref(subject_id)
    return transactions.post_ref(subject_id)


def removed(at: Snapshot, report: Report) -> tuple[Change[Any, Any, Any], ...]:
    """The post hidden or the comment deleted, if it is still to be seen."""
    subject = report.subject
    if subject.kind == "comment":
        comment = read.comment_ref(subject.id)
        return (at.decide(comment, DeleteComment(by_author=False), deleted=True),)
    post = transactions.post_ref(subject.id)
    if at.of(post, deleted=True).deleted:
        return ()
    return (at.decide(post, HidePost(reason=f"Reported: {report.reason}")),)
