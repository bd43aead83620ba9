"""A report: made once by each person, resolved once, and made anew about what was edited since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from community.report.decider import (
    REPORT,
    ReportContent,
    ReportCreated,
    ReportResolved,
    ResolveReport,
    Subject,
)
from support.spec import ANN, NOON, Given, assert_folds_as_stored

LATER = NOON.now + timedelta(hours=1)
POST = Subject(id="c.p", kind="post", post_id="c.p", author_id="e", excerpt="Buy now")
TOLD = {"community_id": "c", "reporter_id": "m", "subject": POST, "reason": "spam", "detail": "An advert."}
TELL = ReportContent(**TOLD)
DISMISS, REMOVE = ResolveReport(resolution="dismissed"), ResolveReport(resolution="removed", note="Off topic")
created = ReportCreated(**TOLD, created_at=NOON.now)
dismissed = ReportResolved(
    community_id="c",
    subject_id="c.p",
    resolution="dismissed",
    note=None,
    resolved_by=ANN,
    resolved_at=NOON.now,
)
removed = replace(dismissed, resolution="removed", note="Off topic")
report = Given(REPORT)


def test_every_command_in_every_state():
    report().when(TELL).then(created)
    report(created).when(TELL).then_nothing()
    report(created, dismissed).when(TELL).then_rejected("reported_before")
    for command, event in ((DISMISS, dismissed), (REMOVE, removed)):
        report().when(command).then_rejected("no_report")
        report(created).when(command).then(event)
    report(created, dismissed).when(DISMISS).then_nothing()
    report(created, dismissed).when(REMOVE).then_rejected("report_resolved")
    report(created, removed).when(DISMISS).then_rejected("report_resolved")


@pytest.mark.parametrize("edited_at, again", [(None, False), (NOON.now, False), (LATER, True)])
def test_what_was_edited_since_is_reported_anew(edited_at, again):
    when = report(created, dismissed).at(LATER).when(replace(TELL, edited_at=edited_at))
    if again:
        when.then(replace(created, created_at=LATER))
    else:
        when.then_rejected("reported_before")
    assert report(created, dismissed, created).state.resolved is None


def test_folds_as_stored():
    assert_folds_as_stored(REPORT, (created, removed, created, dismissed))


def test_waits_with_the_moderators_until_it_is_resolved():
    at = "2026-01-31T12:00:00.000000Z"
    waiting = REPORT.listed(report(created).state, "c.p.m")
    assert waiting.collection == ("REPORTS#c", f"{at}#c.p.m")
    assert (waiting.summary["excerpt"], waiting.summary["resolution"]) == ("Buy now", None)
    done = REPORT.listed(report(created, removed).state, "c.p.m")
    assert done.collection == ("RESOLVED_REPORTS#c", f"{at}#c.p.m")
    assert (done.summary["note"], done.summary["resolved_by"]) == ("Off topic", ANN)
