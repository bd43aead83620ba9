from datetime import date

import pytest

from identity.user.events import Business, Profile
from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.spec import OTHER

FULL = {
    "display_name": "Ann B.",
    "avatar_url": "https://img.example/ann.png",
    "bio": "Runs.",
    "birth_date": "1990-02-28",
    "country": "DE",
}
update = Call("update_profile", "PATCH /me/profile", {"bio": "Runs."})
promote = Call("promote_to_leader", "POST /users/{user_id}/promote", {"business": {"name": "Studio"}})


def test_manners(tenant):
    who = tenant.person()
    assert CommandContract(update, given={"principal": who}).check().body == {"id": who, "version": 3}


def test_what_is_sent_changes_what_is_not_stays_and_null_clears(tenant):
    who = tenant.person()
    update(principal=who, body=FULL)
    assert tenant.user(who).state.profile == Profile(**FULL | {"birth_date": date(1990, 2, 28)})
    update(principal=who, body={"bio": None, "country": "FR"})
    assert tenant.user(who).state.profile == Profile(
        display_name="Ann B.", avatar_url=FULL["avatar_url"], birth_date=date(1990, 2, 28), country="FR"
    )
    assert [each.data["profile"]["bio"] for each in stored_events("user.profile_updated")] == ["Runs.", None]


def test_nothing_new_is_no_event(tenant):
    who = tenant.person("Ann")
    assert update(principal=who, body={}).body["version"] == 2
    assert update(principal=who, body={"display_name": "Ann"}).body["version"] == 2


def test_a_stale_edit_is_refused_and_a_fresh_one_is_not(tenant):
    who = tenant.person()
    update(principal=who)
    stale = update(principal=who, body={"bio": "x"}, headers={"if-match": '"2"'})
    assert (stale.status, stale.headers["etag"]) == (412, '"3"')
    assert update(principal=who, body={"bio": "x"}, headers={"if-match": stale.headers["etag"]}).status == 200


def test_a_leader_s_business_is_replaced_as_a_whole_and_stays(tenant):
    who = tenant.person()
    promote({"user_id": who})
    update(principal=who, body={"business": {"name": "Studio B", "tax_id": "1"}})
    assert tenant.user(who).state.profile.business == Business(name="Studio B", tax_id="1")
    update(principal=who, body={"business": {"name": "Studio C"}})
    assert tenant.user(who).state.profile.business == Business(name="Studio C")
    reply = update(principal=who, body={"business": None})
    assert (reply.status, reply.body["code"]) == (409, "business_required")


def test_a_consumer_has_no_business(tenant):
    reply = update(principal=tenant.person(), body={"business": {"name": "Studio"}})
    assert (reply.status, reply.body["code"]) == (409, "not_a_leader")


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"display_name": None}, "display_name"),
        ({"display_name": " "}, "display_name"),
        ({"avatar_url": "javascript:alert(1)"}, "avatar_url"),
        ({"country": "de"}, "country"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"bio": "x" * 2001}, "bio"),
        ({"status": "active"}, "status"),
    ],
)
def test_bad_fields_are_named(tenant, wrong, field):
    reply = update(principal=tenant.person(), body=wrong)
    assert (reply.status, [each["field"] for each in reply.body["errors"]]) == (422, [field])


def test_who_has_no_profile_here_has_none_to_change(tenant):
    assert update(kind="supplier").status == 404
    assert update(principal=tenant.person(), tenant_id=OTHER).status == 404
