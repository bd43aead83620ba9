"""A tenant settles what it is called and how it works."""

from datetime import datetime

import pytest

from identity.tenant.transactions import MOST_ZONES
from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import PATH, SETTLED
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.clock import now
from troupe.store import keys, reads, writes
from troupe.store.commit import commit

update = Call("update_settings", "PATCH /tenants/{tenant_id}/settings", {"name": "Acme Two"})
register = Call("register_user", "POST /tenants/{slug}/users")
BOB = {"email": "bob@bob.example", "display_name": "Bob"}


def test_what_is_sent_changes_and_is_published(acme):
    body = {
        "zone": "Asia/Tokyo",
        "open_sign_up": True,
        "default_currency": "EUR",
        "billing_email": "Billing@Acme.example",
        "metadata": {"segment": "agency", "score": 1.5},
        "custom": {"theme": {"dark": True}},
    }
    assert update(PATH, body=body).status == 200
    tenant, shown = acme.tenant(), acme.standing()
    assert (tenant.name, tenant.billing_email) == ("Acme", "billing@acme.example")
    assert (tenant.metadata, tenant.settings.custom) == (body["metadata"], body["custom"])
    assert (shown["zone"], shown["open_sign_up"]) == ("Asia/Tokyo", True)
    assert shown["settings"] == SETTLED | {"open_sign_up": True, "default_currency": "EUR"}
    assert stored_events("tenant.settings_updated")[0].data["settings"]["custom"] == body["custom"]


class TestZones:
    def test_the_zones_before_stay_with_the_instants_at_which_they_ended(self, acme):
        assert "zones" not in acme.standing()
        for zone in ("Asia/Tokyo", "America/New_York", "America/New_York"):
            assert update(PATH, body={"zone": zone}).status == 200
        (first, berlin), (second, tokyo) = acme.standing()["zones"]
        assert (berlin, tokyo) == ("Europe/Berlin", "Asia/Tokyo")
        assert now() < datetime.fromisoformat(first) <= datetime.fromisoformat(second)

    def test_there_are_so_many_changes(self, acme):
        there = {"zones": [["2026-01-01T00:00:00Z", "UTC"]] * MOST_ZONES}
        commit([writes.update(keys.standing(TENANT), "SET zones = :zones", there)])
        reply = update(PATH, body={"zone": "Asia/Tokyo"})
        assert (reply.status, reply.body["code"]) == (409, "too_many_zones")
        assert update(PATH, body={"name": "Acme"}).status == 200


class TestTheShop:
    def test_goes_by_what_is_settled(self, acme):
        settled = {
            "commission_basis_points": 1250,
            "tax_rates": {"DE": 1900, "US": 0},
            "return_window_days": 30,
            "payout_hold_days": 0,
            "promotion_decision_days": 3,
            "order_accept_hours": 24,
        }
        assert update(PATH, body=settled).status == 200
        assert acme.standing()["settings"] == SETTLED | settled
        assert stored_events("tenant.settings_updated")[0].data["settings"] == SETTLED | settled | {
            "custom": {}
        }

    def test_has_other_rates_as_a_whole(self, acme):
        update(PATH, body={"tax_rates": {"DE": 1900, "FR": 2000}})
        update(PATH, body={"tax_rates": {"DE": 700}})
        assert acme.standing()["settings"]["tax_rates"] == {"DE": 700}

    @pytest.mark.parametrize(
        "field, least, most",
        [
            ("commission_basis_points", 0, 10_000),
            ("return_window_days", 0, 365),
            ("payout_hold_days", 0, 90),
            ("promotion_decision_days", 1, 60),
            ("order_accept_hours", 1, 336),
        ],
    )
    def test_keeps_within_bounds(self, acme, field, least, most):
        for good in (least, most):
            assert update(PATH, body={field: good}).status == 200
            assert acme.standing()["settings"][field] == good
        for bad in (least - 1, most + 1, None, "7 days"):
            reply = update(PATH, body={field: bad})
            assert (reply.status, [error["field"] for error in reply.body["errors"]]) == (422, [field])
        assert acme.standing()["settings"][field] == most

    @pytest.mark.parametrize("rates", [{"DE": -1}, {"DE": 10_001}, {"de": 1900}, {"DEU": 1}, None, [1900]])
    def test_knows_rates_of_countries_alone(self, acme, rates):
        reply = update(PATH, body={"tax_rates": rates})
        assert reply.status == 422
        assert {error["field"].partition(".")[0] for error in reply.body["errors"]} == {"tax_rates"}
        assert acme.standing()["settings"]["tax_rates"] == {}


def test_strangers_may_join_once_it_says_so(acme):
    assert register({"slug": "acme"}, body=BOB, principal=None).status == 409
    update(PATH, body={"open_sign_up": True})
    assert register({"slug": "acme"}, body=BOB, principal=None).status == 201


def test_a_domain_is_a_wish_that_another_tenant_may_have_too(acme):
    update(PATH, body={"domain": "One.Example"})
    assert acme.tenant().domain == "one.example"
    assert reads.one(keys.unique("domain", "one.example")) is None
    update(PATH, body={"domain": None})
    assert acme.tenant().domain is None


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": None}, "name"),
        ({"zone": ""}, "zone"),
        ({"default_currency": "XXX"}, "default_currency"),
        ({"domain": "no domain"}, "domain"),
        ({"custom": {"a": "x" * 9000}}, "custom"),
        ({"metadata": []}, "metadata"),
        ({"slug": "other"}, "slug"),
    ],
)
def test_bad_fields_are_named(acme, wrong, field):
    before = stored_items()
    reply = update(PATH, body=wrong)
    assert (reply.status, [error["field"] for error in reply.body["errors"]]) == (422, [field])
    assert stored_items() == before


def test_nothing_sent_changes_nothing(acme):
    assert update(PATH, body={}).body == {"id": TENANT, "version": 1}


def test_manners(acme):
    CommandContract(update, path=PATH, permission="tenant:update_settings").check()
