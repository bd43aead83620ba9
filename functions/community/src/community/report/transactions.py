"""A report as a request meets it: by its id, with what it is about."""

from typing import Any

from community import addresses, comments, posts
from community.comment import DeleteComment
from community.post_commands import HidePost
from community.posts import Place
from community.report import EXCERPT, REPORT, Report, Subject
from troupe.aggregates import Change, Ref, Stored
from troupe.request import Request
from troupe.store import Snapshot, Unknown

EXAMPLE = "0192f0c1-7a00-7000-8000-0000000000c1.0192f0c1-7a00-7000-8000-0000000000d1"


def report_id(request: Request[Any]) -> str:
    """The one in the path; what is no report's id names nothing."""
    value = request.path.get("report_id", "")
    if not addresses.is_report(value):
        raise Unknown("report_id")
    return value


def report_ref(report_id: str, *, creates: bool = False) -> Ref[Report, Any, Any]:
    return Ref(decider=REPORT, id=report_id, creates=creates)


def report_of(stored: Stored[Report | None]) -> Report:
    if stored.state is None:
        raise Unknown(stored.id)
    return stored.state


def subject(at: Snapshot, place: Place, subject_id: str) -> Subject:
    """What is reported, as it stands; `Unknown` for a comment that is not there."""
    if addresses.is_comment(subject_id):
        comment = at.of(comments.comment_ref(subject_id)).state
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
    subject_id = addresses.subject_of(report_id)
    if addresses.is_comment(subject_id):
        return comments.comment_ref(subject_id)
    return posts.post_ref(subject_id)


def removed(at: Snapshot, report: Report) -> tuple[Change[Any, Any, Any], ...]:
    """The post hidden or the comment deleted, if it is still to be seen."""
    subject = report.subject
    if subject.kind == "comment":
        comment = comments.comment_ref(subject.id)
        return (at.decide(comment, DeleteComment(by_author=False), deleted=True),)
    post = posts.post_ref(subject.id)
    if at.of(post, deleted=True).deleted:
        return ()
    return (at.decide(post, HidePost(reason=f"Reported: {report.reason}")),)
