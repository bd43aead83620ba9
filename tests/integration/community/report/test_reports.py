"""report_content and resolve_report: once by each person, decided once, with what follows at once."""

import pytest

from community.comment.decider import COMMENT
from support.command_contract import CommandContract
from support.community.communities import PRIVATE, ban, found
from support.community.posts import (
    audit,
    by,
    delete,
    delete_comment,
    done,
    edit,
    report,
    reported,
    resolve,
    wrote,
)
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from troupe.ids import new_id
from troupe.store.transact import load

REMOVED = {"resolution": "removed", "note": "Not about bread."}


def about(report_id):
    return {"report_id": report_id}


@pytest.fixture
def community(tenant):
    return found(tenant)


@pytest.fixture
def post(community):
    return wrote(community, community.member(), title="Buy now")


def test_manners_of_reporting(tenant, community, post):
    emily = tenant.consumer()
    given = by(emily)
    body = {"subject_id": post.id, "reason": "spam", "detail": "An advertisement."}
    given["body"] = body
    before = stored_items()
    assert report(**given | {"principal": None}).status == 401
    assert report(**given | {"body": {"subject_id": post.id}}).body["code"] == "invalid_request"
    assert stored_items() == before
    keyed = {"headers": {"idempotency-key": "k1"}}
    first, again = (report(**given, **keyed) for _ in range(2))
    assert (first.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    kept = reported(community, first.body["id"])
    assert (kept.subject.kind, kept.subject.excerpt) == ("post", "Buy now\nBaked this morning.")
    assert (kept.reporter_id, kept.reason, kept.detail) == (emily, "spam", "An advertisement.")


def test_manners_of_resolving(community, post):
    report_id = post.report(community.member())
    moderator = community.member(role="moderator")
    CommandContract(resolve, about(report_id), "report:resolve", by(moderator)).check()
    assert reported(community, report_id).resolved.resolution == "dismissed"
    assert post.status == "published"


def test_one_reports_once(tenant, post):
    emily = tenant.consumer()
    assert post.report(emily) == post.report(emily, reason="hate")
    assert len(stored_events("report.created")) == 1
    max_id = tenant.consumer()
    with before_next_write(lambda: post.report(max_id)):
        post.report(max_id)
    assert len(stored_events("report.created")) == 2


def test_what_was_decided_about_is_reported_again_when_it_was_edited(community, post, clock):
    emily = community.member()
    report_id = post.report(emily)
    done(resolve(about(report_id), **by(community.leader)))
    given = by(emily, body={"subject_id": post.id, "reason": "spam"})
    assert report(**given).body["code"] == "reported_before"
    clock.forward(hours=1)
    done(post(edit))
    assert post.report(emily) == report_id
    assert reported(community, report_id).resolved is None


def test_what_is_removed_is_hidden_with_it(community, post):
    report_id = post.report(community.member())
    done(resolve(about(report_id), **by(community.leader), body=REMOVED))
    assert (post.status, post.state().hidden.reason) == ("hidden", "Reported: spam")
    resolved, hidden = stored_events("report.resolved", "post.hidden")
    assert resolved.correlation_id == hidden.correlation_id
    assert resolved.data["note"] == "Not about bread."


def test_a_comment_that_is_removed_is_deleted_and_not_counted(community, post):
    emily = community.member()
    comment_id = post.comment(emily, "Buy mine")
    report_id = post.report(post.author, comment_id)
    assert reported(community, report_id).subject.excerpt == "Buy mine"
    done(resolve(about(report_id), **by(community.leader), body=REMOVED))
    assert load(community.tenant.tenant_id, COMMENT, comment_id).deleted
    assert post.counts() == {}
    audit(community)


def test_what_is_gone_already_is_gone(community, post):
    comment_id = post.comment(community.leader)
    of_post, of_comment = post.report(community.member()), post.report(community.member(), comment_id)
    done(delete_comment({"comment_id": comment_id}, **by(community.leader)))
    post(delete)
    for report_id in (of_post, of_comment):
        done(resolve(about(report_id), **by(community.leader), body=REMOVED))
    assert len(stored_events("report.resolved")) == 2
    assert post.counts() == {}
    assert not stored_events("post.hidden")


def test_two_moderators_decide_alike_or_the_second_learns_of_the_first(community, post):
    report_id, moderator = post.report(community.member()), community.member(role="moderator")
    with before_next_write(lambda: resolve(about(report_id), **by(moderator), body=REMOVED)):
        reply = resolve(about(report_id), **by(community.leader))
    assert (reply.status, reply.body["code"]) == (409, "report_resolved")
    assert resolve(about(report_id), **by(community.leader), body=REMOVED).body["version"] == 2
    assert len(stored_events("report.resolved", "post.hidden")) == 2


def test_only_moderators_resolve(tenant, community, post):
    emily = community.member()
    report_id = post.report(emily)
    for who in (emily, post.author, tenant.consumer()):
        assert resolve(about(report_id), **by(who)).body["code"] == "moderator_required"
    done(resolve(about(report_id), **acting("admin", tenant.admin())))


def test_a_moderator_who_is_banned_meanwhile_does_not_resolve(community, post):
    report_id, moderator = post.report(community.member()), community.member(role="moderator")
    with before_next_write(lambda: community.by_leader(ban, moderator)):
        reply = resolve(about(report_id), **by(moderator), body=REMOVED)
    assert reply.body["code"] == "moderator_required"
    assert post.status == "published"


def test_what_one_does_not_see_one_does_not_report(tenant, community, post):
    comment_id = post.comment(community.leader)
    done(delete_comment({"comment_id": comment_id}, **by(community.leader)))
    post(delete)
    for subject_id in (post.id, comment_id, f"{community.id}.{new_id()}"):
        body = {"subject_id": subject_id, "reason": "spam"}
        reply = report(body=body, **by(tenant.consumer()))
        assert (reply.status, reply.body["errors"][0]["code"]) == (422, "unknown_subject")


def test_s_40_in_private_there_is_nothing_to_report_nor_to_resolve(tenant):
    """S-40."""
    community = found(tenant, **PRIVATE)
    post, stranger = wrote(community), tenant.consumer()
    comment_id = post.comment(community.leader)
    report_id = post.report(community.leader)
    never = f"{new_id()}.{new_id()}"
    nowhere = report(body={"subject_id": never, "reason": "spam"}, **by(stranger))
    assert nowhere.body["errors"][0]["code"] == "unknown_subject"
    for subject_id in (post.id, comment_id):
        here = report(body={"subject_id": subject_id, "reason": "spam"}, **by(stranger))
        assert (here.status, here.body) == (nowhere.status, nowhere.body)
    replies = [resolve(about(each), **by(stranger)) for each in (report_id, f"{never}.{new_id()}", "bread")]
    assert {each.status for each in replies} == {404}
    assert replies[0].body == replies[1].body == replies[2].body


@pytest.mark.parametrize(
    "subject_id",
    ["bread", f"{new_id()}", f"{new_id()}.{new_id()}."],
    ids=["a word", "one id", "two ids and nothing"],
)
def test_what_names_nothing_is_refused(tenant, subject_id):
    reply = report(body={"subject_id": subject_id, "reason": "spam"}, **by(tenant.consumer()))
    assert reply.body["code"] == "invalid_request"


def test_a_report_that_is_not_there_is_not_resolved(community, post):
    assert resolve(about(f"{post.id}.{new_id()}"), **by(community.leader)).status == 404
