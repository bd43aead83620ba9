"""API keys: made once with a secret, listed without it, rotated with an overlap, revoked for good."""

from datetime import timedelta

import pytest

from identity.api_key.transactions import MOST
from support.command_contract import ALL, CommandContract, caller
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.tenant import Call, Tenant
from support.identity.user_queries import delete, get
from support.spec import ANN, LAMBDA, OTHER
from troupe.clock import now
from troupe.security import api_keys

BODY = {"name": "Nightly export", "permissions": ["order:read", "order:inspect"]}
create = Call("create_api_key", "POST /api-keys", BODY)
rotate = Call("rotate_api_key", "POST /api-keys/{api_key_id}/rotate")
revoke = Call("revoke_api_key", "DELETE /api-keys/{api_key_id}")


def authorize(secret):
    from root.authorizer import handler

    return handler({"headers": {"authorization": f"Bearer {secret}"}}, LAMBDA)["context"]


class TestMaking:
    def test_the_secret_is_in_the_answer_alone_and_is_good_at_once(self, tenant):
        reply = create()
        made, key_id = reply.body, reply.body["id"]
        assert (reply.status, reply.headers["location"]) == (201, f"/v1/identity/api-keys/{key_id}")
        assert made["secret"].startswith(made["prefix"])
        assert api_keys.read(made["secret"]).secret not in str(stored_items())
        found = authorize(made["secret"])
        assert (found["principal_id"], found["kind"], found["tenant_id"]) == (
            key_id,
            "service",
            tenant.tenant_id,
        )
        assert found["permissions"] == ["order:inspect", "order:read"]
        (event,) = stored_events("api_key.created")
        assert (event.data["created_by"], event.data["permissions"]) == (ANN, ["order:inspect", "order:read"])

    def test_in_one_round_trip_and_never_from_a_stored_answer(self, tenant):
        with round_trips() as seen:
            first = create(headers={"idempotency-key": "k1"})
        assert seen == ["TransactWriteItems"]
        assert create(headers={"idempotency-key": "k1"}).body["id"] != first.body["id"]

    def test_no_wider_than_its_maker(self, tenant):
        before = stored_items()
        refused = create(
            **caller(ANN, "consumer") | {"permissions": frozenset({"api_key:create", "order:read"})}
        )
        assert (refused.status, refused.body["code"]) == (403, "permission_escalation")
        assert create(permissions=ALL - {"api_key:create"}).body["code"] == "permission_required"
        assert create(standing="suspended").body["code"] == "tenant_suspended"
        assert create(principal=None).status == 401
        assert stored_items() == before

    @pytest.mark.parametrize(
        "body, code",
        [
            ({"permissions": ["order:place"]}, "unknown_permission"),
            ({"permissions": ["api_key:create"]}, "unknown_permission"),
            ({"permissions": []}, "invalid_request"),
            ({"expires_at": "2026-01-01T00:00:00Z"}, "expiry_in_the_past"),
            ({"name": ""}, "invalid_request"),
        ],
    )
    def test_what_is_no_key_is_refused(self, tenant, body, code):
        reply = create(body=BODY | body)
        assert (reply.status, reply.body["code"]) == (422, code)

    def test_a_tenant_has_a_bounded_number_and_room_again_after_a_revocation(self, tenant):
        made = [create().body["id"] for _ in range(MOST)]
        refused = create()
        assert (refused.status, refused.body["code"]) == (409, "too_many_api_keys")
        revoke({"api_key_id": made[0]})
        revoke({"api_key_id": made[0]})
        assert [create().status, create().status] == [201, 409]


class TestRotation:
    def test_the_former_secret_goes_on_until_the_overlap_ends(self, tenant, monkeypatch):
        first = create().body
        second = rotate({"api_key_id": first["id"]}, body={"overlap_seconds": 3600}).body
        assert second["secret"] != first["secret"]
        assert second["prefix"] == first["prefix"]
        assert {authorize(each["secret"])["principal_id"] for each in (first, second)} == {first["id"]}
        later = now() + timedelta(seconds=3601)
        monkeypatch.setattr("root.authorizer.now", lambda: later)
        assert authorize(first["secret"]) == {"refused": "api_key_invalid"}
        assert authorize(second["secret"])["principal_id"] == first["id"]

    def test_without_an_overlap_and_a_second_time_the_older_secret_ends(self, tenant):
        first = create().body
        path = {"api_key_id": first["id"]}
        second = rotate(path, body={}).body
        third = rotate(path, body={"overlap_seconds": 0}).body
        alive = ["refused" not in authorize(each["secret"]) for each in (first, second, third)]
        assert alive == [False, False, True]

    def test_takes_its_permission_and_those_of_the_key(self, tenant):
        key_id = create().body["id"]
        refused = rotate({"api_key_id": key_id}, body={}, permissions=frozenset({"api_key:rotate"}))
        assert (refused.status, refused.body["code"]) == (403, "permission_escalation")
        assert rotate({"api_key_id": key_id}, body={}, tenant_id=OTHER).status == 404
        assert rotate({"api_key_id": key_id}, body={"overlap_seconds": 604_801}).status == 422


class TestRevocation:
    def test_no_secret_is_good_any_more(self, tenant):
        first = create().body
        path = {"api_key_id": first["id"]}
        second = rotate(path, body={}).body
        CommandContract(revoke, path, permission="api_key:revoke").check()
        for each in (first, second):
            assert authorize(each["secret"]) == {"refused": "api_key_invalid"}
        assert rotate(path, body={}).body["code"] == "api_key_revoked"


class TestReading:
    def test_keys_without_secrets_with_the_day_of_their_last_use(self, tenant):
        ann = tenant.person("Ann", kind="staff")
        made = create(principal=ann).body
        (row,) = get("/api-keys").body["items"]
        assert (row["id"], row["name"], row["prefix"]) == (made["id"], "Nightly export", made["prefix"])
        assert (row["status"], row["last_used_on"], row["orphaned"]) == ("active", None, False)
        authorize(made["secret"])
        reply = get("/api-keys/{api_key_id}", {"api_key_id": made["id"]})
        assert reply.body["last_used_on"] == now().date().isoformat()
        assert reply.headers["etag"].startswith('"1.')
        assert "secret" not in reply.body
        delete({"user_id": ann})
        assert get("/api-keys").body["items"][0]["orphaned"] is True
        assert authorize(made["secret"])["principal_id"] == made["id"]

    def test_revoked_and_expired_ones_stay_in_the_list(self, tenant, monkeypatch):
        soon = (now() + timedelta(hours=1)).isoformat()
        brief = create(body=BODY | {"expires_at": soon}).body
        gone = create().body
        revoke({"api_key_id": gone["id"]})
        later = now() + timedelta(hours=2)
        monkeypatch.setattr("troupe.edge.endpoint.now", lambda: later)
        listed = {row["id"]: row["status"] for row in get("/api-keys").body["items"]}
        assert listed == {gone["id"]: "revoked", brief["id"]: "expired"}
        monkeypatch.setattr("root.authorizer.now", lambda: later)
        assert authorize(brief["secret"]) == {"refused": "api_key_expired"}
        assert rotate({"api_key_id": brief["id"]}, body={}).body["code"] == "api_key_expired"

    def test_nothing_of_another_tenant_and_nothing_without_the_permission(self, tenant):
        made = create().body
        Tenant(OTHER).found()
        assert get("/api-keys", tenant_id=OTHER).body["items"] == []
        assert get("/api-keys/{api_key_id}", {"api_key_id": made["id"]}, tenant_id=OTHER).status == 404
        assert get("/api-keys", **caller(ANN, "staff")).body["code"] == "permission_required"


class TestUse:
    def test_what_a_key_does_is_recorded_under_its_id(self, tenant):
        ann = tenant.person("Ann")
        key_id = create(body=BODY | {"permissions": ["user:suspend"]}).body["id"]
        suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})
        suspend({"user_id": ann}, principal=key_id, kind="service", permissions=frozenset({"user:suspend"}))
        assert stored_events("user.suspended")[0].actor == key_id

    def test_what_is_about_one_s_own_account_takes_a_person(self, tenant):
        key_id = create().body["id"]
        rename = Call("update_profile", "PATCH /me/profile", {"display_name": "X"})
        for reply in (rename(principal=key_id, kind="service"), get("/me", principal=key_id, kind="service")):
            assert (reply.status, reply.body["code"]) == (403, "person_required")
