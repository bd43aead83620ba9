"""Talents as the API has them: what one command writes, who is refused, and what is shown."""

import pytest

from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.spec import ANN, TENANT
from support.talent.roster import ORG, ROOM, Call, Emily, ask, emily, nobody, opened, standing, used
from support.talent.roster import change_talent_status as status
from support.talent.roster import create_talent as create
from support.talent.roster import delete_talent as delete
from support.talent.roster import erase_talent as erase
from support.talent.roster import link_platform as link
from support.talent.roster import merge_talent as merge
from support.talent.roster import reengage_talent as reengage
from support.talent.roster import restore_talent as restore
from troupe.ids import new_id
from troupe.store import keys, reads, writes
from troupe.store.commit import commit

update = Call("update_talent", "PATCH /talents/{talent_id}", {"bio": "Bakes.", "categories": ["food"]})
unlink = Call("unlink_platform", "DELETE /talents/{talent_id}/platforms/{platform}")
verify = Call("verify_platform", "POST /talents/{talent_id}/platforms/{platform}/verify", {"method": "oauth"})
measure = Call(
    "update_talent_metrics",
    "PUT /talents/{talent_id}/platforms/{platform}/metrics",
    {"follower_count": 120_000, "engagement_rate": 0.031, "as_of": "2026-01-31T12:00:00Z"},
)
note = Call("add_talent_note", "POST /talents/{talent_id}/notes", {"text": "Calls.", "visibility": "private"})
forget = Call("remove_talent_note", "DELETE /talents/{talent_id}/notes/{note_id}")
tag = Call("add_tag", "POST /talents/{talent_id}/tags", {"tag": "Vegan"})
untag = Call("remove_tag", "DELETE /talents/{talent_id}/tags/{tag}")
price = Call(
    "update_rate_card",
    "PUT /talents/{talent_id}/rate-card",
    {
        "items": [{"content_type": "reel", "amount_cents": 900}],
        "currency": "EUR",
        "valid_from": "2026-03-01",
    },
)
assign = Call("assign_talent_owner", "PUT /talents/{talent_id}/owner", {"owner_user_id": ANN})


def test_a_talent_is_there_is_counted_and_stands(roster):
    reply = CommandContract(create, permission="talent:write").once()
    one = Emily(reply.body["id"])
    assert reply.headers["location"] == f"/v1/talent/talents/{one.id}"
    assert (used(), standing(one.id)) == (1, {"status": "prospect", "deleted": False, "org_id": ORG})
    shown = one.shown()
    assert (shown.status, shown.body["display_name"], shown.body["tier"]) == (200, "Emily", "unknown")
    (event,) = (item for item in stored_items() if item["SK"].startswith("EVENT#"))
    assert ("Emily" in event["data"], set(event["personal"])) == (False, {f"talent:{one.id}"})


def test_an_organization_that_is_not_there_is_named(roster):
    before = stored_items()
    reply = create(body={"org_id": new_id(), "display_name": "Emily"})
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "org_id")
    assert stored_items() == before


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"display_name": ""}, "display_name"),
        ({"phone": "123"}, "phone"),
        ({"custom_fields": {str(n): n for n in range(51)}}, "custom_fields"),
        ({"custom_fields": {"x": "y" * 17_000}}, "custom_fields"),
    ],
)
def test_bad_fields_are_named(roster, wrong, field):
    reply = create(body={"org_id": ORG, "display_name": "Emily", **wrong})
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


def test_what_is_not_sent_stays(roster):
    one = emily(email="emily@example.com")
    CommandContract(update, path=one.path, permission="talent:write").check()
    body = one.shown().body
    assert (body["bio"], body["email"], body["categories"]) == ("Bakes.", "emily@example.com", ["food"])


def test_status_moves_and_is_published(roster):
    one = emily()
    CommandContract(status, path=one.path, permission="talent:write").once()
    assert standing(one.id)["status"] == "contacted"
    before = stored_items()
    refused = status(one.path, body={"to": "active"})
    assert (refused.status, refused.body["code"], stored_items()) == (409, "invalid_transition", before)


def test_scenario_53_an_account_belongs_to_one_talent_until_it_is_unlinked(roster):
    one, two = emily(), emily()
    CommandContract(link, path=one.on(), permission="talent:write").once()
    before = stored_items()
    refused = link(two.on())
    assert (refused.status, refused.body["code"], stored_items()) == (409, "platform_taken", before)
    assert unlink(one.on()).status == 200
    assert link(two.on()).status == 200
    assert link(two.on("myspace")).body["errors"][0]["field"] == "platform"


def test_numbers_are_taken_and_shown(roster):
    one = emily()
    link(one.on())
    assert measure(one.on()).status == 200
    assert verify(one.on()).status == 200
    shown = one.shown().body
    assert (shown["total_followers"], shown["engagement_rate"], shown["tier"]) == (120_000, 0.031, "mid")
    assert (shown["tiktok"]["verified"], shown["instagram"]) == (True, None)
    at = keys.talent_standing(TENANT, one.id)
    assert reads.one(at) == {"PK": at.pk, "SK": at.sk, "status": "prospect", "deleted": False, "org_id": ORG}


def test_a_private_note_is_shown_to_its_author_alone(roster):
    one = emily()
    assert note(one.path).status == 200
    (mine,) = ask("/talents/{talent_id}/notes", one.path).body["items"]
    assert (mine["text"], mine["author_id"]) == ("Calls.", ANN)
    assert ask("/talents/{talent_id}/notes", one.path, principal=new_id()).body["items"] == []
    assert forget({**one.path, "note_id": mine["id"]}).status == 200
    assert ask("/talents/{talent_id}/notes", one.path).body["items"] == []


def test_tags_prices_and_owner_are_shown(roster):
    one = emily()
    for call in (tag, price, assign):
        assert call(one.path).status == 200
    shown = one.shown().body
    assert (shown["tags"], shown["owner_user_id"]) == (["vegan"], ANN)
    assert shown["rate_card"]["items"] == [{"content_type": "reel", "amount_cents": 900, "platform": None}]
    assert untag({**one.path, "tag": "VEGAN"}).status == 200
    assert one.shown().body["tags"] == []


def test_a_deleted_talent_is_in_no_list_and_comes_back(roster):
    one = emily()
    CommandContract(delete, path=one.path, permission="talent:write").once()
    assert (used(), standing(one.id)["deleted"], one.shown().status) == (0, True, 404)
    assert ask("/talents", query={"status": "prospect"}).body["items"] == []
    assert restore(one.path).status == 200
    assert (used(), one.shown().status) == (1, 200)
    assert [each["id"] for each in ask("/talents", query={"status": "prospect"}).body["items"]] == [one.id]


def test_scenario_56_a_contract_in_force_prevents_the_deletion(roster):
    one = emily()
    bonds = keys.talent_bonds(TENANT, one.id)
    commit([writes.put(bonds, {"live_contracts": 1})])
    assert delete(one.path).body["code"] == "live_contract"
    commit([writes.put(bonds, {"live_contracts": 0})])
    assert delete(one.path).status == 200


def test_scenario_57_the_quota_holds_for_new_and_restored_talents(table):
    opened(limit=1)
    one = emily()
    assert create().body["code"] == "quota_exceeded"
    delete(one.path)
    emily()
    assert (restore(one.path).body["code"], used()) == ("quota_exceeded", 1)
    assert [event.data["quota"] for event in stored_events("tenant.quota_exceeded")] == ["talents"]


def test_scenario_54_a_duplicate_is_merged_and_leads_to_the_winner(roster):
    one, two = emily(), emily()
    for number, platform in enumerate(("tiktok", "instagram", "youtube")):
        link(one.on(platform), body={"handle": "e", "external_id": str(number)})
    for platform in ("twitch", "spotify"):
        link(two.on(platform), body={"handle": "e", "external_id": platform})
    before = stored_items()
    assert merge(one.path, body={"loser_id": one.id}).status == 422
    assert merge(one.path, body={"loser_id": nobody().id}).status == 404
    assert stored_items() == before
    assert merge(one.path, body={"loser_id": two.id}).status == 200
    assert (len(one.stored().state.platforms), used()) == (5, 1)
    moved = two.shown()
    assert (moved.status, moved.headers["location"]) == (301, f"/v1/talent/talents/{one.id}")
    assert standing(two.id)["deleted"] is True
    assert merge(one.path, body={"loser_id": two.id}).body["code"] == "already_merged"
    assert restore(two.path).body["code"] == "already_merged"
    assert unlink(one.on("twitch")).status == 200
    assert link(emily().on("twitch"), body={"handle": "e", "external_id": "twitch"}).status == 200


def test_scenario_55_a_churned_talent_begins_anew(roster):
    one = emily(tags=["vegan"])
    link(one.on())
    one.becomes("contacted", "churned")
    reply = reengage(one.path)
    assert reply.status == 201, reply.body
    new = Emily(reply.body["id"])
    shown = new.shown().body
    assert (shown["status"], shown["previous_talent_id"], shown["tags"]) == ("prospect", one.id, ["vegan"])
    assert (shown["tiktok"]["handle"], one.shown().body["tiktok"]) == ("emily", None)
    assert (one.shown().body["successor_id"], used()) == (new.id, 2)
    assert unlink(new.on()).status == 200
    assert reengage(one.path).body["code"] == "already_superseded"


def test_an_erasure_leaves_numbers_without_a_name(roster):
    one = emily(email="planted@example.com", bio="planted", custom_fields={"planted": 1})
    link(one.on(), body={"handle": "planted", "external_id": "planted", "follower_count": 12_000})
    note(one.path, body={"text": "planted"})
    CommandContract(erase, path=one.path, permission="talent:erase").once()
    states = [item for item in stored_items() if item["SK"] in {"STATE", "UNIQUE", "SUBJECT"}]
    assert "planted" not in str(states)
    shown = one.shown().body
    assert (shown["display_name"], shown["tier"], shown["tiktok"]["follower_count"]) == ("", "micro", 12_000)
    assert link(emily().on(), body={"handle": "p", "external_id": "planted"}).status == 200
    assert note(one.path, body={"text": "again"}).body["code"] == "personal_data_erased"


def test_lists_name_one_thing(roster):
    assert ask("/talents").status == 422
    assert ask("/talents", query={"status": "prospect", "tier": "nano"}).status == 422
    assert ask("/talents", query={"tier": "huge"}).status == 422
    assert used() < ROOM
