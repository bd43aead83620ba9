"""A post: every command in every status and every reach, legal or not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from community.person.values import PersonSnapshot
from community.post.commands import (
    ApproveGlobalDistribution,
    CreatePost,
    DeletePost,
    EditPost,
    HidePost,
    PublishPost,
    RejectGlobalDistribution,
    RemindAdministrators,
    RequestGlobalDistribution,
    RestorePost,
)
from community.post.content_rules import Content
from community.post.decider import POST
from community.post.events import (
    PostCreated,
    PostDeleted,
    PostEdited,
    PostGlobalApproved,
    PostGlobalRejected,
    PostGlobalReminded,
    PostGlobalRequested,
    PostGlobalWithdrawn,
    PostHidden,
    PostPersonalDataErased,
    PostPublished,
    PostRestored,
)
from support.spec import ANN, NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Listing, Rejected

EMILY = PersonSnapshot(id="e", display_name="Emily", avatar_url="https://x.example/e.png")
WORDS = Content(kind="text", title="Bread", text="Baked.")
WHO = {"community_id": "c", "author_id": "e"}
WROTE = {"author": EMILY, "kind": "text", "title": "Bread", "text": "Baked."}
NOTHING = {"media": (), "link": None}
awaiting = PostCreated(**WHO, **WROTE, **NOTHING, poll=None, status="pending", created_at=NOON.now)
created = replace(awaiting, status="published")
published = PostPublished(**WHO, published_at=NOON.now)
hidden = PostHidden(**WHO, reason="spam", hidden_at=NOON.now)
deleted = PostDeleted(**WHO, by_author=True, deleted_at=NOON.now)
DECIDE_BY = NOON.now + timedelta(days=7)
LATER = NOON.now + timedelta(days=1)
PLACE = "2026-01-31T12:00:00.000000Z#c.p"  # in a list
requested = PostGlobalRequested(**WHO, requested_at=NOON.now, decide_by=DECIDE_BY)
reminded = PostGlobalReminded(**WHO, number=1, decide_by=DECIDE_BY, reminded_at=LATER)
approved = PostGlobalApproved(**WHO, approved_by=ANN, approved_at=NOON.now)
rejected = PostGlobalRejected(**WHO, rejected_by=ANN, reason="blurred", rejected_at=NOON.now)
withdrawn = PostGlobalWithdrawn(**WHO)
erased = PostPersonalDataErased(**WHO, of=("author", "post"), erased_at=NOON.now)


def edited(status):
    return PostEdited(**WHO, **NOTHING, title="Bread", text="Eaten.", status=status, edited_at=NOON.now)


def restored(status):
    return PostRestored(**WHO, status=status, restored_at=NOON.now)


SHOWN = (created, published)
HISTORIES = {
    "unwritten": (),
    "pending": (awaiting,),
    "published": SHOWN,
    "hidden": (*SHOWN, hidden),
    "deleted": (*SHOWN, deleted),
}
WRITE = CreatePost(community_id="c", author=EMILY, content=WORDS, moderated=False)
EDIT = EditPost(changes={"text": "Eaten."}, moderated=False)
REQUEST, APPROVE = RequestGlobalDistribution(private=False), ApproveGlobalDistribution(private=False)
REJECT = RejectGlobalDistribution(reason="blurred")
COMMANDS = {
    "create": WRITE,
    "edit": EDIT,
    "edit, to be looked at": replace(EDIT, moderated=True),
    "publish": PublishPost(),
    "hide": HidePost(reason="spam"),
    "delete": DeletePost(by_author=True),
    "restore": RestorePost(),
    "request": REQUEST,
    "approve": APPROVE,
    "reject": REJECT,
    "remind": RemindAdministrators(),
}
NO, THERE, GONE = "no_post", "post_exists", "post_deleted"
WRONG, UNSHOWN = "invalid_transition", "not_published"
LAW = {  # by command: what comes of it for what is not there, pending, published, hidden, deleted
    "create": (SHOWN, THERE, THERE, THERE, THERE),
    "edit": (NO, edited("pending"), edited("published"), edited("hidden"), GONE),
    "edit, to be looked at": (NO, edited("pending"), edited("pending"), edited("hidden"), GONE),
    "publish": (NO, published, None, WRONG, GONE),
    "hide": (NO, hidden, hidden, None, GONE),
    "delete": (NO, deleted, deleted, deleted, None),
    "restore": (NO, None, None, restored("published"), restored("published")),
    "request": (NO, UNSHOWN, requested, UNSHOWN, GONE),
    "approve": (NO, WRONG, WRONG, WRONG, GONE),
    "reject": (NO, WRONG, WRONG, WRONG, GONE),
    "remind": (NO, None, None, None, GONE),
}
REACHES = {
    "none": (),
    "requested": (requested,),
    "approved": (requested, approved),
    "rejected": (requested, rejected),
}
REACHED = {  # by command: what comes of it where nothing was asked, and where it is requested, approved, rejected
    "request": (requested, None, None, WRONG),
    "approve": (WRONG, approved, None, WRONG),
    "reject": (WRONG, rejected, WRONG, None),
    "edit": (edited("published"), *[(edited("published"), withdrawn)] * 3),
}
post = Given(POST)


def check(when, outcome):
    match outcome:
        case None:
            when.then_nothing()
        case str():
            when.then_rejected(outcome)
        case tuple():
            when.then(*outcome)
        case _:
            when.then(outcome)


@pytest.mark.parametrize("status", HISTORIES)
@pytest.mark.parametrize("verb", COMMANDS)
def test_every_command_in_every_status(verb, status):
    outcome = LAW[verb][list(HISTORIES).index(status)]
    check(post(*HISTORIES[status]).when(COMMANDS[verb]), outcome)


@pytest.mark.parametrize("reach", REACHES)
@pytest.mark.parametrize("verb", REACHED)
def test_every_global_distribution_command_in_every_status(verb, reach):
    outcome = REACHED[verb][list(REACHES).index(reach)]
    check(post(*SHOWN, *REACHES[reach]).when(COMMANDS[verb]), outcome)


@pytest.mark.parametrize(
    "history, status, reach",
    [
        ((awaiting,), "pending", "none"),
        ((awaiting, published), "published", "none"),
        ((*SHOWN, edited("pending")), "pending", "none"),
        ((*SHOWN, edited("pending"), published), "published", "none"),
        ((*SHOWN, hidden, edited("hidden"), restored("published")), "published", "none"),
        ((awaiting, hidden, restored("pending")), "pending", "none"),
        ((*SHOWN, hidden, deleted, restored("hidden")), "hidden", "none"),
        ((*SHOWN, requested, approved), "published", "approved"),
        ((*SHOWN, requested, rejected, edited("published"), withdrawn), "published", "none"),
        ((*SHOWN, requested, approved, hidden), "hidden", "approved"),
    ],
)
def test_what_becomes_of_it(history, status, reach):
    state = post(*history).state
    assert (state.status, state.distribution.status) == (status, reach)
    assert state.everywhere == ((status, reach) == ("published", "approved"))


def test_a_post_that_is_looked_at_first_is_created_pending():
    post().when(replace(WRITE, moderated=True)).then(awaiting)


def test_an_edit_that_changes_nothing_is_none():
    post(*SHOWN).when(EditPost(changes={"text": "Baked."}, moderated=True)).then_nothing()
    post(*SHOWN).when(EditPost(changes={}, moderated=True)).then_nothing()


def test_an_edit_keeps_to_the_kind():
    post(*SHOWN).when(EditPost(changes={"text": ""}, moderated=False)).then_rejected("part_missing")


def test_what_was_published_before_keeps_its_place():
    post(*SHOWN, edited("pending")).at(LATER).when(PublishPost()).then(published)


def test_what_was_never_published_is_published_now():
    post(awaiting).at(LATER).when(PublishPost()).then(replace(published, published_at=LATER))


def test_restoring_lifts_what_lies_on_top():
    post(*SHOWN, hidden, deleted).when(RestorePost()).then(restored("hidden"))
    post(*SHOWN, hidden, deleted, restored("hidden")).when(RestorePost()).then(restored("published"))
    post(awaiting, hidden).when(RestorePost()).then(restored("pending"))
    post(awaiting, deleted).when(RestorePost()).then(restored("pending"))


@pytest.mark.parametrize("command", [replace(REQUEST, private=True), replace(APPROVE, private=True)])
def test_s_40_posts_of_a_private_community_are_never_shown_to_the_tenant(command):
    """S-40: nor where the community was made private after it was asked."""
    before = (requested,) if isinstance(command, ApproveGlobalDistribution) else ()
    post(*SHOWN, *before).when(command).then_rejected("private_community")


def test_a_request_about_a_post_that_was_hidden_since_is_rejected_or_waits():
    asked = post(*SHOWN, requested, hidden)
    asked.when(APPROVE).then_rejected("not_published")
    asked.when(REJECT).then(rejected)


def test_s_41_a_late_edit_leaves_a_hidden_post_hidden():
    """S-41: the edit was decided before, and comes after."""
    assert post(*SHOWN, hidden, edited("published")).state.status == "hidden"


HISTORY = st.lists(st.sampled_from(list(COMMANDS.values())), max_size=12)


@examples(HISTORY)
def test_folds_as_stored_after_any_commands(commands):
    events = POST.answer(WRITE, None, NOON)
    for command in commands:
        try:
            events += POST.answer(command, POST.fold(events), NOON)
        except Rejected:
            continue
    assert_folds_as_stored(POST, events)


def test_every_event_has_a_type():
    known = {created, published, edited("hidden"), hidden, deleted, restored("hidden"), requested, approved}
    known |= {rejected, withdrawn, reminded, erased}
    assert {type(each) for each in known} == set(POST.events.values())


def test_waits_with_the_moderators_while_it_is_pending_or_hidden():
    waiting = POST.listed(post(awaiting).state, "c.p")
    assert (waiting.collection, waiting.queue) == (("PENDING_POSTS#c", PLACE), None)
    away = POST.listed(post(*SHOWN, hidden).state, "c.p")
    assert away.collection == ("HIDDEN_POSTS#c", PLACE)
    assert away.summary["reason"] == "spam"
    for history in (SHOWN, (*SHOWN, deleted)):
        listing = POST.listed(post(*history).state, "c.p")
        assert (listing.collection, listing.queue) == (None, None)


def test_waits_with_the_administrators_while_they_are_asked():
    listing = POST.listed(post(*SHOWN, requested).state, "c.p")
    assert (listing.collection, listing.queue) == (("GLOBAL_REQUESTS", PLACE), None)
    for after in (approved, rejected, deleted):
        assert POST.listed(post(*SHOWN, requested, after).state, "c.p") == Listing()
    away = POST.listed(post(*SHOWN, requested, hidden).state, "c.p")
    assert away.collection == ("HIDDEN_POSTS#c", PLACE)


def test_falls_due_while_the_administrators_are_asked():
    def due(*events):
        return POST.listed(post(*SHOWN, requested, *events).state, "c.p").due

    day = timedelta(days=1)
    again = replace(reminded, number=6, reminded_at=NOON.now + 6 * day)
    assert due() == due(hidden) == ("global_request", NOON.now + day)
    assert due(reminded) == ("global_request", NOON.now + 2 * day)
    assert due(again) == ("global_request", NOON.now + 7 * day)
    for after in (approved, rejected, withdrawn, deleted):
        assert due(after) is None
    without_end = replace(requested, decide_by=None)
    assert POST.listed(post(*SHOWN, without_end).state, "c.p").due is None


@pytest.mark.parametrize("days, told", [(0, False), (1, True), (6.5, True), (8, True)])
def test_reminds_the_administrators_once_a_day(days, told):
    at = NOON.now + timedelta(days=days)
    expected = (replace(reminded, reminded_at=at),) if told else ()
    post(*SHOWN, requested).at(at).when(RemindAdministrators()).then(*expected)
    since = replace(reminded, reminded_at=at)
    post(*SHOWN, requested, since).at(at).when(RemindAdministrators()).then_nothing()


@pytest.mark.parametrize("history", [(), (requested, approved), (requested, rejected)])
def test_no_reminder_without_an_open_request(history):
    post(*SHOWN, *history).at(NOON.now + timedelta(days=2)).when(RemindAdministrators()).then_nothing()


def test_stands_without_its_words_once_its_author_is_erased():
    left = post(*SHOWN, hidden, erased).state
    assert (left.author.display_name, left.content.text, left.hidden.reason) == ("", "", "")
    author = f"user:{left.author.id}"
    assert POST.erasure(post(*SHOWN, hidden).state, "c.p", author, NOON) == (erased,)
    assert POST.erasure(left, "c.p", author, NOON) == POST.erasure(left, "c.p", "user:else", NOON) == ()


def test_tells_when_it_was_deleted():
    assert [POST.deleted_at(post(*SHOWN, *more).state) for more in ([deleted], [])] == [NOON.now, None]
