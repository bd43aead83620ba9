"""Talent on the deployed stack: a creator is added, measured and found in the lists, and a duplicate is merged."""

import pytest

from demo.api import Api, wait_for

METRICS = {"follower_count": 125_000, "engagement_rate": 0.031, "as_of": "2026-02-14T00:00:00Z"}


@pytest.fixture(scope="module")
def owner(found):
    """The owner of an agency: of identity, for what the agency is; of talent by `owner.of`."""
    return found("agency").owner


@pytest.fixture(scope="module")
def agency(owner):
    return owner.of("talent")


@pytest.fixture(scope="module")
def organization(owner):
    return owner.post("/organizations", {"name": "Creators"}, 201)["id"]


@pytest.fixture(scope="module")
def manager(owner):
    return owner.get("/me")["id"]


def created(agency, organization, name, **more):
    body = {"org_id": organization, "display_name": name, **more}
    return agency.post("/talents", body, 201)["id"]


def account(talent_id, platform):
    return f"/talents/{talent_id}/platforms/{platform}"


def linked(agency, talent_id, platform, external_id):
    body = {"handle": "emilybakes", "external_id": external_id}
    return agency.answer("PUT", account(talent_id, platform), body)


def listed(agency, **asked):
    return [each["id"] for each in agency.all("/talents", **asked)]


def test_a_talent_is_found_by_tier_and_by_owner(agency, organization, manager):
    emily = created(agency, organization, "Emily", owner_user_id=manager, tags=["Baking"])
    small = created(agency, organization, "Sam")
    assert linked(agency, emily, "tiktok", "7012345").status_code == 200
    agency.call("PUT", f"{account(emily, 'tiktok')}/metrics", METRICS)
    assert listed(agency, owner_user_id=manager) == [emily]
    assert set(listed(agency, status="prospect")) == {emily, small}
    wait_for("the card in its tier", lambda: listed(agency, tier="mid") == [emily])
    wait_for("the other card", lambda: listed(agency, tier="unknown") == [small])
    shown = agency.get(f"/talents/{emily}")
    assert (shown["display_name"], shown["tier"], shown["tags"]) == ("Emily", "mid", ["baking"])
    assert (shown["total_followers"], shown["engagement_rate"]) == (125_000, 0.031)
    assert (shown["tiktok"]["handle"], shown["tiktok"]["verified"]) == ("emilybakes", False)


def test_a_duplicate_is_merged_and_leads_to_the_talent(agency, organization):
    kept, double = (created(agency, organization, name) for name in ("Mia", "Mia again"))
    assert linked(agency, kept, "youtube", "UC1").status_code == 200
    taken = linked(agency, double, "youtube", "UC1")
    assert (taken.status_code, taken.json()["code"]) == (409, "platform_taken")
    assert linked(agency, double, "twitch", "tw1").status_code == 200
    wait_for("both cards", lambda: {kept, double} <= set(listed(agency, org_id=organization)))
    agency.post(f"/talents/{kept}/merge", {"loser_id": double})
    moved = agency.answer("GET", f"/talents/{double}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/v1/talent/talents/{kept}")
    shown = agency.get(f"/talents/{kept}")
    assert (shown["youtube"]["external_id"], shown["twitch"]["external_id"]) == ("UC1", "tw1")
    wait_for("the card to go", lambda: double not in listed(agency, org_id=organization))
    assert kept in listed(agency, org_id=organization)
    assert agency.refused(f"/talents/{kept}/merge", {"loser_id": double}) == (409, "already_merged")


def test_a_consumer_sees_no_talent(stack, played):
    person = played.people[0]
    with Api(stack.api_url) as visitor, visitor.signed_in(person.email, person.password) as api:
        answer = api.of("talent").answer("GET", "/talents", params={"status": "prospect"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_required")
