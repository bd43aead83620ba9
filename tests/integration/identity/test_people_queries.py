"""What is answered about people, to whom, and that nothing of another tenant ever is."""

from datetime import datetime, timedelta

import pytest

from feed import batch
from identity import attempts, inbound, queries
from identity.sign_in import LIMIT, SIGN_IN, LogIn
from spec import ANN, LAMBDA, OTHER, request, send
from town import ALL, Call, Town, by, happened, items, round_trips
from troupe.aggregates import Ref
from troupe.clock import now
from troupe.commit import commit
from troupe.credential import CREDENTIAL, OpenCredential
from troupe.ids import new_id
from troupe.permissions import BUILT_IN, CATALOGUE, NAMES
from troupe.request import scope_of
from troupe.store import execute

follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")
delete = Call("delete_user", "DELETE /users/{user_id}")
rename = Call("update_profile", "PATCH /me/profile")
MINE = (
    "/me",
    "/users/{user_id}",
    "/users",
    "/users/{user_id}/card",
    "/users/{user_id}/followers",
    "/users/{user_id}/following",
    "/roles",
    "/permissions",
    "/history/{aggregate}/{id}",
    "/analytics/user-lifecycle",
)


def get(route: str, path: dict | None = None, query: dict | None = None, **given):
    return send(queries.handler, request(path=path or {}, query=query or {}, route=f"GET {route}", **given))


def deliver() -> None:
    inbound.handler(batch(*happened()), LAMBDA)


def tick(town, who: str, command: object) -> None:
    scope = scope_of(now=now(), tenant_id=town.tenant_id, actor=who, correlation_id="c")
    execute(scope, Ref(decider=SIGN_IN, id=who, creates=True), command)


@pytest.fixture
def ann(town):
    return town.person("Ann")


class TestMe:
    def test_oneself_whole(self, town, ann):
        role = town.role("Editors", "user:suspend")
        Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")({"user_id": ann, "role_id": role})
        rename(principal=ann, body={"bio": "Runs.", "birth_date": "1990-02-28"})
        bob = town.person("Bob")
        follow({"user_id": ann}, principal=bob)
        deliver()
        tick(town, ann, LogIn(source_address="203.0.113.7"))
        reply = get("/me", principal=ann, permissions=BUILT_IN["consumer"] | {"user:suspend"})
        me = reply.body
        assert (reply.status, reply.headers["etag"]) == (200, '"4"')
        assert (me["id"], me["principal"], me["status"], me["kind"]) == (ann, "user", "active", "consumer")
        assert me["roles"] == ["consumer", role]
        assert me["permissions"] == sorted(BUILT_IN["consumer"] | {"user:suspend"})
        assert (me["profile"]["bio"], me["profile"]["birth_date"]) == ("Runs.", "1990-02-28")
        assert me["limits"]["max_communities"] == 0
        assert me["email_preferences"]["community_digest"] is True
        assert me["security"]["last_login_address"] == "203.0.113.7"
        assert datetime.fromisoformat(me["security"]["last_login_at"]) > now() - timedelta(minutes=1)
        assert me["stats"] == {"followers": 1, "following": 0, "communities": 0, "orders": 0, "spending": []}

    def test_wrong_passwords_and_a_lock_are_told(self, town, ann):
        key, seen = attempts.key(town.tenant_id, ann), None
        assert get("/me", principal=ann).body["security"]["failed_attempts"] == 0
        for n in range(1, LIMIT + 1):
            seen = attempts.spend(key, seen, now())
            security = get("/me", principal=ann).body["security"]
            assert (security["failed_attempts"], bool(security["locked_until"])) == (n, n == LIMIT)
        commit([attempts.lift(key, now())])
        security = get("/me", principal=ann).body["security"]
        assert (security["failed_attempts"], security["locked_until"]) == (0, None)

    @pytest.mark.parametrize("kind, role", [("supplier", "supplier"), ("operator", "operator")])
    def test_who_is_no_person_has_an_account_too(self, town, kind, role):
        someone = new_id()
        opened = OpenCredential(kind=kind, email="s@example.com", status="active", roles=(role,))
        scope = scope_of(now=now(), tenant_id=town.tenant_id, actor="setup", correlation_id="c")
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

    def test_who_is_gone_is_unknown(self, town):
        assert get("/me", principal=new_id()).status == 404


class TestAccounts:
    def test_an_account_for_who_may_inspect(self, town, ann):
        suspended = town.person(status="suspended")
        reply = get("/users/{user_id}", {"user_id": suspended})
        assert (reply.status, reply.headers["etag"]) == (200, '"3"')
        assert (reply.body["status"], reply.body["suspended_reason"]) == ("suspended", "spam")
        assert "stats" not in reply.body
        refused = get("/users/{user_id}", {"user_id": suspended}, **by(ann, "consumer"))
        assert refused.body["code"] == "permission_required"

    def test_who_is_not_there_is_unknown(self, town):
        gone = town.person(status="deleted")
        assert [get("/users/{user_id}", {"user_id": who}).status for who in (gone, new_id(), "x")] == [
            404
        ] * 3

    def test_lists_by_status_and_kind(self, town, ann):
        pending, staff = town.person("Bob", "pending"), town.person("Cid", kind="staff")
        town.person("Dan", "deleted")
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

    def test_page_by_page_with_a_cursor_of_this_list_alone(self, town):
        people = [town.person(f"P{n}") for n in range(5)]
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
    def test_a_list_is_named_well(self, town, query):
        reply = get("/users", query=query)
        assert (reply.status, reply.body["code"]) == (422, "invalid_request")


class TestCards:
    def test_everybody_sees_a_card_and_few_what_was_bought(self, town, ann):
        bob = town.person("Bob")
        follow({"user_id": ann}, principal=bob)
        deliver()
        path = {"user_id": ann}
        shown = get("/users/{user_id}/card", path, **by(bob, "consumer")).body
        assert (shown["display_name"], shown["kind"], shown["status"]) == ("Ann", "consumer", "active")
        assert (shown["stats"]["followers"], shown["stats"]["orders"]) == (1, None)
        assert "email" not in shown
        own = get("/users/{user_id}/card", path, **by(ann, "consumer")).body["stats"]
        inspected = get("/users/{user_id}/card", path, **by(bob, "admin")).body["stats"]
        assert own["orders"] == inspected["orders"] == 0

    def test_a_card_is_one_read(self, ann):
        deliver()
        get("/users/{user_id}/card", {"user_id": ann})
        with round_trips() as made:
            get("/users/{user_id}/card", {"user_id": ann})
        assert made == ["BatchGetItem"]

    def test_no_card_of_who_is_gone_until_they_are_back(self, ann):
        deliver()
        delete({"user_id": ann})
        deliver()
        assert get("/users/{user_id}/card", {"user_id": ann}).status == 404
        Call("restore_user", "POST /users/{user_id}/restore")({"user_id": ann})
        deliver()
        assert get("/users/{user_id}/card", {"user_id": ann}).body["status"] == "active"

    def test_nobody_has_no_card(self, town):
        assert [get("/users/{user_id}/card", {"user_id": who}).status for who in (new_id(), "x")] == [404] * 2


class TestFollows:
    def test_both_sides_the_latest_first(self, town, ann):
        bob, cid = town.person("Bob"), town.person("Cid")
        for follower, followee in ((bob, ann), (cid, ann), (ann, cid)):
            follow({"user_id": followee}, principal=follower)
        followers = get("/users/{user_id}/followers", {"user_id": ann}).body
        assert [(row["id"], row["display_name"]) for row in followers["items"]] == [
            (cid, "Cid"),
            (bob, "Bob"),
        ]
        assert (followers["cursor"], followers["items"][0]["avatar_url"]) == (None, None)
        following = get("/users/{user_id}/following", {"user_id": ann}).body["items"]
        assert [row["id"] for row in following] == [cid]
        unfollow({"user_id": ann}, principal=cid)
        followers = get("/users/{user_id}/followers", {"user_id": ann}).body["items"]
        assert [row["id"] for row in followers] == [bob]

    def test_page_by_page(self, town, ann):
        for n in range(3):
            follow({"user_id": ann}, principal=town.person(f"P{n}"))
        first = get("/users/{user_id}/followers", {"user_id": ann}, {"limit": "2"}).body
        query = {"limit": "2", "cursor": first["cursor"]}
        second = get("/users/{user_id}/followers", {"user_id": ann}, query).body
        assert [len(page["items"]) for page in (first, second)] == [2, 1]
        foreign = get("/users/{user_id}/following", {"user_id": ann}, query)
        assert foreign.body["code"] == "foreign_cursor"

    @pytest.mark.parametrize("side", ["followers", "following"])
    def test_only_of_who_is_there(self, town, side):
        gone = town.person(status="deleted")
        replies = [get(f"/users/{{user_id}}/{side}", {"user_id": who}) for who in (new_id(), gone, "x")]
        assert [reply.status for reply in replies] == [404] * 3


class TestRoles:
    def test_those_that_all_have_and_the_tenant_s_own(self, town):
        role, gone = town.role("Editors", "user:suspend"), town.role("Gone")
        Call("delete_role", "DELETE /roles/{role_id}")({"role_id": gone})
        shown = {each["id"]: each for each in get("/roles").body["items"]}
        assert shown.keys() == (BUILT_IN.keys() - {"operator"}) | {role}
        assert (shown[role]["name"], shown[role]["permissions"]) == ("Editors", ["user:suspend"])
        assert [each for each in shown if shown[each]["assignable"]] == ["owner", "admin", role]
        assert [each for each in shown if not shown[each]["built_in"]] == [role]

    def test_the_catalogue(self, town):
        shown = {each["name"]: each for each in get("/permissions").body["items"]}
        assert shown.keys() == NAMES
        assert (shown["user:read"]["resource"], shown["user:read"]["action"]) == ("user", "read")
        assert [shown[each]["grantable"] for each in ("user:read", "tenant:suspend")] == [True, False]
        assert len(shown) == len(CATALOGUE)


class TestHistory:
    def test_all_that_happened_the_latest_first(self, town, ann):
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

    def test_of_any_aggregate_and_without_secrets(self, town, ann):
        bob = town.person("Bob")
        follow({"user_id": ann}, principal=bob)
        for path in (
            {"aggregate": "follow", "id": f"{bob}:{ann}"},
            {"aggregate": "credential", "id": ann},
            {"aggregate": "role", "id": town.role()},
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
    def test_what_never_was_is_unknown(self, town, path):
        assert get("/history/{aggregate}/{id}", path).status == 404


class TestLifecycle:
    def test_every_day_of_the_range_with_its_sum(self, town, ann):
        town.person("Bob", "suspended")
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

    def test_logins_and_failures_count(self, town, ann):
        tick(town, ann, LogIn(source_address="203.0.113.7"))
        deliver()
        today = now().date().isoformat()
        body = get("/analytics/user-lifecycle", query={"from": today, "to": today}).body
        assert (len(body["days"]), body["totals"]["logins"]) == (1, 1)

    def test_one_query_for_each_month(self, town):
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
    def test_a_range_is_one(self, town, query):
        reply = get("/analytics/user-lifecycle", query=query)
        assert (reply.status, reply.body["code"]) == (422, "invalid_request")


def test_every_route_is_there_and_none_answers_strangers(town):
    for route in MINE:
        assert f"GET {route}" in queries.handler.routes
        assert get(route, principal=None).body["code"] == "no_principal"
    assert get("/nowhere").status == 404


@pytest.mark.parametrize("route", MINE)
def test_each_takes_its_permission(town, route):
    permission = queries.handler.routes[f"GET {route}"].operation.permission
    assert (permission is None) == (route == "/me")
    if permission:
        assert get(route, permissions=ALL - {permission}).body["code"] == "permission_required"


def test_nothing_of_another_tenant_is_told(town, ann):
    Town(OTHER).found()
    deliver()
    before = items()
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
    assert items() == before
