"""Limits over HTTP: the last unit goes to one of fifty, five of a hundred guesses count, and calls are used up."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.api import Api, wait_for
from demo.story import OWNER_PASSWORD
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.quota import api_calls
from troupe.store import keys

ATTEMPTS_ALLOWED = 5
SIDE_BY_SIDE = 8  # callers; the emulator runs as many functions at once as there are cores


@pytest.fixture(scope="module")
def town(found):
    return found("limits")


@pytest.fixture(scope="module")
def visitor(stack):
    with Api(stack.api_url) as api:
        yield api


def at_once(number, act):
    """What comes of doing something so many times, side by side."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(act, range(number)))


def warm(act):
    """Have the functions behind a call started for each caller, so that they race and do not queue to start."""
    wait_for("the functions", lambda: max(at_once(SIDE_BY_SIDE, act)) < 500)


def told(town, quota):
    """What the history says of a quota, oldest first."""
    answer = town.owner.http.get(f"/v1/identity/history/quota/{quota}")
    assert answer.status_code in {200, 404}, answer.text
    return [(event["type"], event["data"]) for event in reversed(answer.json().get("items", []))]


def test_the_last_unit_of_a_quota_goes_to_one_of_fifty(town, operator):
    operator.call("PUT", f"/tenants/{town.tenant_id}/quotas", {"max_organizations": 2})

    def create(body):
        answer = town.owner.http.post("/v1/identity/organizations", json=body)
        return answer.status_code, answer.json().get("code")

    warm(lambda _: create({})[0])
    seen = at_once(50, lambda number: create({"name": f"Studio {number}"}))
    assert Counter(seen) == {(201, None): 1, (409, "quota_exceeded"): 49}
    assert len(town.owner.all("/organizations")) == 2
    used = {each["quota"]: each for each in town.owner.get(f"/tenants/{town.tenant_id}/usage")["quotas"]}
    assert (used["organizations"]["used"], used["organizations"]["available"]) == (2, 0)
    kinds = [kind for kind, _ in told(town, "organizations")]
    assert kinds.count("tenant.quota_exceeded") == 1


def test_five_of_a_hundred_guesses_count_and_the_account_is_locked(town, visitor, backstage):
    owner = town.owner.get("/me")

    def guess(email):
        body = {"email": email, "password": "a wrong guess"}
        answer = visitor.http.post("/v1/identity/sessions", json=body)
        return answer.status_code, answer.json().get("code")

    warm(lambda number: guess(f"unknown-{number}@example.com")[0])
    seen = Counter(at_once(100, lambda _: guess(owner["email"])))
    assert seen.keys() == {(401, "sign_in_failed"), (403, "account_locked")}, seen
    assert seen[401, "sign_in_failed"] <= ATTEMPTS_ALLOWED
    stream = keys.aggregate(town.tenant_id, "sign_in", owner["id"])
    kinds = Counter(item["type"]["S"] for item in backstage.items(stream).values() if "type" in item)
    assert 1 <= kinds["user.login_failed"] <= ATTEMPTS_ALLOWED
    assert kinds["user.locked"] == 1
    right = {"email": owner["email"], "password": OWNER_PASSWORD}
    assert visitor.post("/sessions", right, 403)["code"] == "account_locked"
    assert town.owner.get("/me")["security"]["locked_until"]


def test_calls_of_a_month_are_counted_once_used_up_and_allowed_again(found, operator, backstage):
    town, limit = found("calls"), 20
    api, quotas = town.owner.http, f"/tenants/{town.tenant_id}/quotas"
    answered = Counter({200: 1})  # the owner has let strangers in

    def ask(_=None):
        return api.get("/v1/identity/me").status_code

    def refused():
        answered.update([status := ask()])
        return status == 429

    def counted():
        tally = api_calls.counter(town.tenant_id, month_of(now(), "UTC"))
        return sum(int(item["used"]["N"]) for item in map(backstage.item, tally) if item)

    operator.call("PUT", quotas, {"max_api_calls_per_month": limit})
    answered.update(at_once(limit, ask))
    wait_for("the end of the calls", refused)
    answer = api.post("/v1/identity/organizations", json={"name": "Late"})
    assert (answer.status_code, answer.json()["code"]) == (429, "quota_exceeded")
    assert answer.headers["content-type"] == "application/problem+json"
    wait_for("every call to be counted", lambda: counted() == answered[200] >= limit)

    operator.call("PUT", quotas, {"max_api_calls_per_month": 1000})
    assert ask() == 200
    wait_for("one more", lambda: counted() == answered[200] + 1)
    history = told(town, "api_calls")
    assert [kind for kind, _ in history] == [*["tenant.quota_warning_reached"] * 2, "tenant.quota_exceeded"]
    assert [(data["percent"], data["limit"]) for _, data in history[:2]] == [(80, limit), (95, limit)]

    operator.call("PUT", quotas, {"max_api_calls_per_month": limit})
    assert ask() == 429, "the refusal is good for every limit up to that one"
    operator.call("PUT", quotas, {})
    assert told(town, "api_calls") == history


def test_warnings_come_once_each_as_a_quota_fills(found, operator):
    """Of what the commands themselves count; the first of five organizations came with the tenant."""
    town = found("warnings")
    operator.call("PUT", f"/tenants/{town.tenant_id}/quotas", {"max_organizations": 5})

    def add(number, status):
        return town.owner.post("/organizations", {"name": f"Studio {number}"}, status)

    def warnings(number):
        seen = told(town, "organizations")
        return seen if len(seen) == number else None

    for number in (2, 3, 4):
        add(number, 201)
    wait_for("the first warning", lambda: warnings(1))
    add(5, 201)
    seen = wait_for("the second warning", lambda: warnings(2))
    assert [(kind, data["percent"]) for kind, data in seen] == [
        ("tenant.quota_warning_reached", 80),
        ("tenant.quota_warning_reached", 95),
    ]
    assert [add(number, 409)["code"] for number in (6, 7)] == ["quota_exceeded"] * 2
    assert [kind for kind, _ in told(town, "organizations")[2:]] == ["tenant.quota_exceeded"]
