"""All that is stored about a person is in the export, and after an erasure nothing that is personal."""

from support.command_contract import caller
from support.identity.tenant import Call
from support.identity.user_queries import follow, get

erase = Call("erase_user", "POST /users/{user_id}/erase")


def test_the_person_whole(tenant, ann):
    bob = tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    reply = get("/users/{user_id}/export", {"user_id": ann})
    assert reply.status == 200
    assert reply.body["account"]["profile"]["display_name"] == "Ann"
    assert reply.body["credential"]["email"] == reply.body["account"]["email"] != ""
    assert [each["followee"]["display_name"] for each in reply.body["follows"]] == ["Bob"]
    created = next(each for each in reply.body["history"] if each["type"] == "user.created")
    assert created["data"]["email"] == reply.body["account"]["email"]


def test_after_an_erasure_there_is_nothing_personal(tenant, ann):
    before = get("/users/{user_id}/export", {"user_id": ann}).body["account"]
    erase({"user_id": ann})
    reply = get("/users/{user_id}/export", {"user_id": ann})
    assert reply.status == 200
    assert before["email"] not in str(reply.body)
    assert before["profile"]["display_name"] not in str(reply.body)


def test_it_takes_the_permission(tenant, ann):
    assert get("/users/{user_id}/export", {"user_id": ann}, **caller(ann, "consumer")).status == 403
