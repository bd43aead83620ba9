"""Where posts, comments and reports stand: their ids name what they stand in.

A post's id is `{community}.{post}`, a comment's `{post's id}.{comment}`, a report's
`{subject's id}.{reporter}`: so all input of a decision on one of them can be read in one batch.
"""

from troupe.ids import is_uuid

_OF_POST, _OF_COMMENT = 2, 3


def post(community_id: str, number: str) -> str:
    return f"{community_id}.{number}"


def comment(post_id: str, number: str) -> str:
    return f"{post_id}.{number}"


def report(subject_id: str, reporter_id: str) -> str:
    return f"{subject_id}.{reporter_id}"


def parts(text: str, *lengths: int) -> tuple[str, ...] | None:
    """The UUIDs of an id that has so many of them, else None."""
    found = tuple(text.split("."))
    well = len(found) in lengths and all(map(is_uuid, found))
    return found if well else None


def is_post(text: str) -> bool:
    return parts(text, _OF_POST) is not None


def is_comment(text: str) -> bool:
    return parts(text, _OF_COMMENT) is not None


def is_report(text: str) -> bool:
    return parts(text, _OF_POST + 1, _OF_COMMENT + 1) is not None


def community_of(text: str) -> str:
    return text.partition(".")[0]


def post_of(text: str) -> str:
    """The post that a comment, or a report, is about in the end."""
    return ".".join(text.split(".")[:_OF_POST])


def subject_of(report_id: str) -> str:
    """What a report is about."""
    return report_id.rpartition(".")[0]
