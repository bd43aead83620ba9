"""Roles, an aggregate's history, and the days' figures."""

from datetime import timedelta

import pytest

from identity.sign_in.decider import LogIn
from support.dynamodb import round_trips
from support.identity.tenant import Call
from support.identity.user_queries import delete, deliver, follow, get, rename, tick
from support.spec import ANN
from troupe.clock import now
from troupe.security.roles import BUILT_IN, CATALOGUE, NAMES


class TestRoles:
    def test_those_that_all_have_and_the_tenant_s_own(self, tenant):
        role, gone = tenant.role("Editors", "user:suspend"), tenant.role("Gone")
        Call("delete_role", "DELETE /roles/{role_id}")({"role_id": gone})
        shown = {each["id"]: each for each in get("/roles").body["items"]}
        assert shown.keys() == (BUILT_IN.keys() - {"operator"}) | {role}
        assert (shown[role]["name"], shown[role]["permissions"]) == ("Editors", ["user:suspend"])
        assert [each for each in shown if shown[each]["assignable"]] == ["owner", "admin", role]
        assert [each for each in shown if not shown[each]["built_in"]] == [role]

    def test_the_catalogue(self, tenant):
        shown = {each["name"]: each for each in get("/permissions").body["items"]}
        assert shown.keys() == NAMES
        assert (shown["user:read"]["resource"], shown["user:read"]["action"]) == ("user", "read")
        assert [shown[each]["grantable"] for each in ("user:read", "tenant:suspend")] == [True, False]
        assert len(shown) == len(CATALOGUE)


class TestHistory:
    def test_all_that_happened_the_latest_first(self, tenant, ann):
        rename(principal=ann, body={"bio": "Runs."})
        delete({"user_id": ann}, principal=ann)
        path = {"aggregate": "user", "id": ann}
        past = get("/history/{aggregate}/{id}", path).body
        assert [event["type"] for event in past["items"]] == [
            "user.deleted",
            "user.profile_updated",
            "user.verified",
            "user.created",
        ]
        assert [event["version"] for event in past["items"]] == [4, 3, 2, 1]
        latest, changed = past["items"][:2]
        assert (latest["actor"], changed["data"]["profile"]["bio"]) == (ann, "Runs.")
        first = get("/history/{aggregate}/{id}", path, {"limit": "3"}).body
        rest = get("/history/{aggregate}/{id}", path, {"limit": "3", "cursor": first["cursor"]}).body
        assert first["items"] + rest["items"] == past["items"]

    def test_of_any_aggregate_and_without_secrets(self, tenant, ann):
        bob = tenant.person("Bob")
        follow({"user_id": ann}, principal=bob)
        for path in (
            {"aggregate": "follow", "id": f"{bob}:{ann}"},
            {"aggregate": "credential", "id": ann},
            {"aggregate": "role", "id": tenant.role()},
        ):
            reply = get("/history/{aggregate}/{id}", path)
            assert reply.status == 200
            assert "hash" not in str(reply.body)

    @pytest.mark.parametrize(
        "path",
        [
            {"aggregate": "user", "id": ANN},
            {"aggregate": "user", "id": "a#b"},
            {"aggregate": "USER", "id": ANN},
            {"aggregate": "us#er", "id": ANN},
            {"aggregate": "", "id": ""},
        ],
    )
    def test_what_never_was_is_unknown(self, tenant, path):
        assert get("/history/{aggregate}/{id}", path).status == 404


class TestLifecycle:
    def test_every_day_of_the_range_with_its_sum(self, tenant, ann):
        tenant.person("Bob", "suspended")
        deliver()
        today = now().date()
        query = {"from": (today - timedelta(days=40)).isoformat(), "to": today.isoformat()}
        body = get("/analytics/user-lifecycle", query=query).body
        assert [day["day"] for day in body["days"]][:: len(body["days"]) - 1] == [query["from"], query["to"]]
        assert len(body["days"]) == 41
        assert (body["days"][-1]["registrations"], body["days"][0]["registrations"]) == (2, 0)
        assert body["totals"] == {
            "registrations": 2,
            "verifications": 2,
            "suspensions": 1,
            "deletions": 0,
            "logins": 0,
            "failures": 0,
        }
        assert body["zone"] == "UTC"

    def test_logins_and_failures_count(self, tenant, ann):
        tick(tenant, ann, LogIn(source_address="203.0.113.7"))
        deliver()
        today = now().date().isoformat()
        body = get("/analytics/user-lifecycle", query={"from": today, "to": today}).body
        assert (len(body["days"]), body["totals"]["logins"]) == (1, 1)

    def test_one_query_for_each_month(self, tenant):
        query = {"from": "2025-12-15", "to": "2026-12-15"}
        get("/analytics/user-lifecycle", query=query)
        with round_trips() as made:
            assert len(get("/analytics/user-lifecycle", query=query).body["days"]) == 366
        assert made == ["Query"] * 13

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"from": "2026-01-02", "to": "2026-01-01"},
            {"from": "2025-01-01", "to": "2026-01-02"},
            {"from": "2026-02-30", "to": "2026-03-01"},
            {"from": "2026-01-01"},
            {"first": "2026-01-01", "last": "2026-01-01"},
        ],
    )
    def test_a_range_is_one(self, tenant, query):
        reply = get("/analytics/user-lifecycle", query=query)
        assert (reply.status, reply.body["code"]) == (422, "invalid_request")
