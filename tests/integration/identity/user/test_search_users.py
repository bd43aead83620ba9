"""People are found by name and address, by those who may inspect accounts; an erased person by nothing."""

import pytest

from identity.user.search import USER_WORDS
from support.command_contract import caller
from support.dynamodb import round_trips, stored_items
from support.identity.tenant import Call
from support.identity.user_queries import delete, deliver, get, rename
from support.stream_events import rows

erase = Call("erase_user", "POST /users/{user_id}/erase")
restore = Call("restore_user", "POST /users/{user_id}/restore")


def found(q, **given):
    reply = get("/users", query={"q": q}, **given)
    assert reply.status == 200
    return [row["display_name"] for row in reply.body["items"]]


def test_by_beginnings_of_name_and_address(tenant):
    ann = tenant.person("Ann Baker")
    tenant.person("Ann Miller", "pending")
    deliver()
    address = get("/users/{user_id}", {"user_id": ann}).body["email"]
    assert found("ann bak") == found(address) == found(address.upper()) == ["Ann Baker"]
    assert found("ann") == ["Ann Baker", "Ann Miller"]
    (row,) = get("/users", query={"q": "mill"}).body["items"]
    assert (row["status"], row["kind"], "@" in row["email"]) == ("pending", "consumer", True)


def test_page_by_page_one_query_each(tenant):
    people = [tenant.person(f"Ann {n}") for n in range(5)]
    deliver()
    get("/users", query={"q": "ann"})  # which generation is live is held from here on
    seen, cursor = [], None
    while True:
        with round_trips() as made:
            page = get(
                "/users", query={"q": "ann", "limit": "2"} | ({"cursor": cursor} if cursor else {})
            ).body
        assert made == ["Query"]
        seen += [row["id"] for row in page["items"]]
        if not (cursor := page["cursor"]):
            break
        last = cursor
    assert seen == people
    assert get("/users", query={"q": "anna", "cursor": last}).body["code"] == "foreign_cursor"


def test_words_follow_names_and_deletion(tenant):
    ann = tenant.person("Ann Baker")
    rename(principal=ann, body={"display_name": "Ann Cook"})
    deliver()
    assert (found("baker"), found("cook")) == ([], ["Ann Cook"])
    delete({"user_id": ann})
    deliver()
    assert found("cook") == []
    restore({"user_id": ann})
    deliver()
    assert found("cook") == ["Ann Cook"]


@pytest.mark.parametrize("shown_before", [True, False])
def test_an_erased_person_is_in_no_word_and_no_row(tenant, shown_before):
    ann = tenant.person("Planted Person")
    if shown_before:
        deliver()
        assert found("planted") == ["Planted Person"]
    erase({"user_id": ann})
    deliver()
    assert found("planted") == []
    left = rows(tenant.tenant_id, USER_WORDS.name)
    assert [key for key, row in left.items() if "words" in row] == []
    assert "lanted" not in str(left)
    assert not [item for item in stored_items() if "planted" in str(item.get("SK", "")).lower()]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "!?"},
        {"q": ""},
        {"q": "x" * 101},
        {"q": "ann", "kind": "staff"},
        {"q": "ann", "status": "active"},
        {},
    ],
)
def test_what_is_no_search_is_refused(tenant, query):
    reply = get("/users", query=query)
    assert (reply.status, reply.body["code"]) == (422, "invalid_request")


def test_for_those_alone_who_may_inspect_accounts(tenant):
    ann = tenant.person("Ann Baker")
    refused = get("/users", query={"q": "ann"}, **caller(ann, "consumer"))
    assert refused.body["code"] == "permission_required"
