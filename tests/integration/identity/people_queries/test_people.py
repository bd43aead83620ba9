"""What is answered about people, to whom, and that nothing of another tenant ever is."""

from datetime import datetime, timedelta

import pytest

from identity import queries
from identity.sign_in import attempts
from identity.sign_in.decider import LIMIT, FailLogIn, LogIn
from support.command_contract import ALL, caller
from support.dynamodb import round_trips, stored_items
from support.identity.tenant import Call, Tenant
from support.identity.user_queries import deliver, follow, get, rename, tick
from support.spec import OTHER
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.ids import new_id
from troupe.security.credential import CREDENTIAL, OpenCredential
from troupe.security.roles import BUILT_IN
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import execute

MINE = (
    "/me",
    "/users/{user_id}",
    "/users",
    "/users/{user_id}/card",
    "/users/{user_id}/export",
    "/users/{user_id}/followers",
    "/users/{user_id}/following",
    "/roles",
    "/permissions",
    "/history/{aggregate}/{id}",
    "/analytics/user-lifecycle",
)


class TestMe:
    def test_oneself_whole(self, tenant, ann):
        role = tenant.role("Editors", "user:suspend")
        Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")({"user_id": ann, "role_id": role})
        rename(principal=ann, body={"bio": "Runs.", "birth_date": "1990-02-28"})
        bob = tenant.person("Bob")
        follow({"user_id": ann}, principal=bob)
        deliver()
        tick(tenant, ann, LogIn(source_address="203.0.113.7"))
        reply = get("/me", principal=ann, permissions=BUILT_IN["consumer"] | {"user:suspend"})
        me = reply.body
        assert (reply.status, reply.version) == (200, 4)
        assert (me["id"], me["principal"], me["status"], me["kind"]) == (ann, "user", "active", "consumer")
        assert me["roles"] == ["consumer", role]
        assert me["permissions"] == sorted(BUILT_IN["consumer"] | {"user:suspend"})
        assert (me["profile"]["bio"], me["profile"]["birth_date"]) == ("Runs.", "1990-02-28")
        assert me["limits"]["max_communities"] == 0
        assert me["email_preferences"]["community_digest"] is True
        assert me["security"]["last_login_address"] == "203.0.113.7"
        assert datetime.fromisoformat(me["security"]["last_login_at"]) > now() - timedelta(minutes=1)
        assert me["stats"] == {"followers": 1, "following": 0, "communities": 0, "orders": 0, "spending": []}

    def test_wrong_passwords_and_a_lock_are_told(self, tenant, ann):
        total = attempts.account(tenant.tenant_id, ann)
        assert get("/me", principal=ann).body["security"]["failed_attempts"] == 0
        for n in range(1, LIMIT + 1):
            commit([attempts.failed(total, reads.one(total), now())])
            tick(tenant, ann, FailLogIn(source_address="203.0.113.7", attempt=n))
            security = get("/me", principal=ann).body["security"]
            assert (security["failed_attempts"], bool(security["locked_until"])) == (n, n == LIMIT)
        assert Call("unlock_user", "POST /users/{user_id}/unlock")({"user_id": ann}).status == 200
        security = get("/me", principal=ann).body["security"]
        assert (security["failed_attempts"], security["locked_until"]) == (0, None)

    @pytest.mark.parametrize("kind, role", [("supplier", "supplier"), ("operator", "operator")])
    def test_who_is_no_person_has_an_account_too(self, tenant, kind, role):
        someone = new_id()
        opened = OpenCredential(kind=kind, email="s@example.com", status="active", roles=(role,))
        scope = scope_of(now=now(), tenant_id=tenant.tenant_id, actor="setup", correlation_id="c")
        execute(scope, Ref(decider=CREDENTIAL, id=someone, creates=True), opened)
        me = get("/me", principal=someone, kind=kind, permissions=BUILT_IN[role]).body
        assert (me["principal"], me["email"], me["roles"]) == (kind, "s@example.com", [role])
        assert (me["profile"], me["stats"], me["kind"], me["organizations"]) == (None, None, None, [])

    def test_a_suspended_tenant_s_people_can_read(self, ann):
        assert get("/me", principal=ann, standing="suspended").status == 200

    def test_in_two_round_trips(self, ann):
        with round_trips() as made:
            get("/me", principal=ann)
        assert made == ["BatchGetItem"] * 2  # which generation of the cards is live; all the rest
        with round_trips() as made:
            get("/me", principal=ann)
        assert made == ["BatchGetItem"]

    def test_who_is_gone_is_unknown(self, tenant):
        assert get("/me", principal=new_id()).status == 404


class TestAccounts:
    def test_an_account_for_who_may_inspect(self, tenant, ann):
        suspended = tenant.person(status="suspended")
        reply = get("/users/{user_id}", {"user_id": suspended})
        assert (reply.status, reply.version) == (200, 3)
        assert (reply.body["status"], reply.body["suspended_reason"]) == ("suspended", "spam")
        assert "stats" not in reply.body
        refused = get("/users/{user_id}", {"user_id": suspended}, **caller(ann, "consumer"))
        assert refused.body["code"] == "permission_required"

    def test_who_is_not_there_is_unknown(self, tenant):
        gone = tenant.person(status="deleted")
        assert [get("/users/{user_id}", {"user_id": who}).status for who in (gone, new_id(), "x")] == [
            404
        ] * 3

    def test_lists_by_status_and_kind(self, tenant, ann):
        pending, staff = tenant.person("Bob", "pending"), tenant.person("Cid", kind="staff")
        tenant.person("Dan", "deleted")
        listed = {
            name: [row["id"] for row in get("/users", query=query).body["items"]]
            for name, query in {
                "active": {"status": "active"},
                "pending": {"status": "pending"},
                "suspended": {"status": "suspended"},
                "staff": {"kind": "staff"},
                "consumer": {"kind": "consumer"},
            }.items()
        }
        assert listed == {
            "active": [staff, ann],
            "pending": [pending],
            "suspended": [],
            "staff": [staff],
            "consumer": [pending, ann],
        }
        (row,) = get("/users", query={"kind": "staff"}).body["items"]
        assert (row["display_name"], row["kind"], row["status"]) == ("Cid", "staff", "active")

    def test_page_by_page_with_a_cursor_of_this_list_alone(self, tenant):
        people = [tenant.person(f"P{n}") for n in range(5)]
        seen, cursor = [], None
        while True:
            query = {"status": "active", "limit": "2"} | ({"cursor": cursor} if cursor else {})
            with round_trips() as made:
                page = get("/users", query=query).body
            assert made == ["Query"]
            seen += [row["id"] for row in page["items"]]
            if not (cursor := page["cursor"]):
                break
            last = cursor
        assert seen == people[::-1]
        for query in ({"kind": "consumer"}, {"status": "pending"}):
            assert get("/users", query=query | {"cursor": last}).body["code"] == "foreign_cursor"
        elsewhere = get("/users", query={"status": "active", "cursor": last}, tenant_id=OTHER)
        assert elsewhere.body["code"] == "foreign_cursor"
        assert get("/users", query={"status": "active", "cursor": last[:-2]}).body["code"] == "foreign_cursor"

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"status": "active", "kind": "staff"},
            {"status": "deleted"},
            {"kind": "owner"},
            {"status": "active", "limit": "101"},
            {"status": "active", "limit": "0"},
            {"status": "active", "sort": "name"},
        ],
    )
    def test_a_list_is_named_well(self, tenant, query):
        reply = get("/users", query=query)
        assert (reply.status, reply.body["code"]) == (422, "invalid_request")


def test_every_route_is_there_and_none_answers_strangers(tenant):
    for route in MINE:
        assert f"GET {route}" in queries.handler.routes
        assert get(route, principal=None).body["code"] == "no_principal"
    assert get("/nowhere").status == 404


@pytest.mark.parametrize("route", MINE)
def test_each_takes_its_permission(tenant, route):
    permission = queries.handler.routes[f"GET {route}"].operation.permission
    assert (permission is None) == (route == "/me")
    if permission:
        assert get(route, permissions=ALL - {permission}).body["code"] == "permission_required"


def test_nothing_of_another_tenant_is_told(tenant, ann):
    Tenant(OTHER).found()
    deliver()
    before = stored_items()
    elsewhere = {"tenant_id": OTHER}
    for route in ("/users/{user_id}", "/users/{user_id}/card", "/users/{user_id}/followers"):
        assert get(route, {"user_id": ann}, **elsewhere).status == 404
    assert get("/users/{user_id}/following", {"user_id": ann}, **elsewhere).status == 404
    assert get("/history/{aggregate}/{id}", {"aggregate": "user", "id": ann}, **elsewhere).status == 404
    assert get("/me", principal=ann, **elsewhere).status == 404
    assert get("/users", query={"status": "active"}, **elsewhere).body == {"items": [], "cursor": None}
    assert ann not in str(get("/roles", **elsewhere).body)
    today = now().date().isoformat()
    figures = get("/analytics/user-lifecycle", query={"from": today, "to": today}, **elsewhere).body
    assert figures["totals"]["registrations"] == 0
    assert stored_items() == before
