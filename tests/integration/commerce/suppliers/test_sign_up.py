"""Suppliers who sign up and confirm their address."""

from datetime import timedelta

import pytest

from commerce.order_timers import sweep_orders
from commerce.supplier.decider import LIMITS
from commerce.supplier.routes import expire_supplier
from support.commerce.suppliers import (
    ADMIN,
    PASSWORD,
    SIGN_UP,
    delete,
    done,
    register,
    restore,
    sign_up,
    verify_address,
)
from support.dynamodb import round_trips, stored_items
from support.identity.sign_in import link, log_in, member
from support.identity.tenant import Call
from support.spec import LAMBDA, TENANT
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.security.credential import CREDENTIAL, MoveCredential, SetEmail
from troupe.store import keys, reads, tenant_status, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import execute


class TestSigningUp:
    """register_supplier"""

    def test_a_business_is_registered_and_cannot_sign_in_yet(self, shop):
        reply = register({"slug": "acme"}, principal=None)
        assert (reply.status, reply.body["status"]) == (201, "registered")
        assert reply.headers["location"] == f"/v1/commerce/suppliers/{reply.body['id']}"
        guard = reads.one(keys.email("orders@bakery.example", TENANT))
        assert guard["principal_id"] == reply.body["id"]
        assert log_in("orders@bakery.example", PASSWORD).status == 401

    def test_it_takes_three_round_trips_and_publishes_how_it_stands(self, shop):
        with round_trips() as made:
            supplier = sign_up()
        assert made == ["UpdateItem", "BatchGetItem", "TransactWriteItems"]
        standing = supplier.standing()
        assert (standing.status, standing.sells) == ("registered", False)
        assert (standing.products, standing.promotions) == (LIMITS.products, LIMITS.promotions)
        assert (supplier.credential().kind, supplier.credential().roles) == ("supplier", ("supplier",))

    def test_a_taken_address_is_answered_alike_and_writes_nothing(self, supplier, shop):
        before = stored_items()
        reply = register({"slug": "acme"}, body=SIGN_UP | {"legal_name": "Mallory Ltd"}, principal=None)
        assert (reply.status, reply.body["status"]) == (201, "registered")
        assert reply.body["id"] != supplier.id
        assert stored_items() == before

    def test_a_user_s_address_is_taken_too(self, shop):
        person = shop.people.tenant.person("Emily")
        commit([writes.put(keys.email("emily@x.example"), {"tenant_id": TENANT, "principal_id": person})])
        before = stored_items()
        assert (
            register({"slug": "acme"}, body=SIGN_UP | {"email": "emily@x.example"}, principal=None).status
            == 201
        )
        assert stored_items() == before

    @pytest.mark.parametrize("slug", ["nobody", "A#b", "", "x" * 3000])
    def test_an_unknown_tenant(self, shop, slug):
        assert register({"slug": slug}, principal=None).status == 404

    def test_a_tenant_that_takes_no_registrations(self, shop):
        commit(tenant_status.published(TENANT, "active", open_sign_up=False))
        assert register({"slug": "acme"}, principal=None).body["code"] == "sign_up_closed"

    def test_a_password_is_not_asked_for_yet(self, shop):
        reply = register({"slug": "acme"}, body=SIGN_UP | {"password": PASSWORD}, principal=None)
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, "password")


class TestVerifyingTheAddress:
    """verify_supplier_address"""

    def test_from_then_on_the_business_signs_in(self, supplier, shop, clock):
        body = {"token": supplier.token(), "password": PASSWORD}
        with round_trips() as made:
            done(verify_address(body=body, principal=None))
        assert made == ["BatchGetItem", "TransactWriteItems"]
        reply = log_in("orders@bakery.example", PASSWORD)
        assert reply.status == 200
        assert reply.body["user"]["kind"] == "supplier"
        assert "product:create" in reply.body["user"]["permissions"]
        assert "supplier:verify" not in reply.body["user"]["permissions"]

    def test_a_second_click_changes_nothing(self, supplier, shop, clock):
        first = done(supplier.confirm())
        before = stored_items()
        again = supplier.confirm("an intruder's one")
        assert (again.status, again.body, stored_items()) == (200, first.body, before)

    def test_the_link_ends_after_a_week(self, supplier, shop, clock):
        clock.instant = now() + timedelta(days=7)
        assert supplier.confirm().body["code"] == "link_invalid"

    @pytest.mark.parametrize("token", ["", "x", "a.b", "x" * 4096])
    def test_an_unsigned_link_is_invalid(self, shop, token):
        body = {"token": token, "password": PASSWORD}
        assert verify_address(body=body, principal=None).body["code"] == "link_invalid"

    @pytest.mark.parametrize(
        "password, code", [("short", "password_too_short"), ("x" * 73, "password_too_long")]
    )
    def test_a_good_password_is_needed(self, supplier, shop, clock, password, code):
        assert supplier.confirm(password).body["code"] == code
        assert supplier.confirm("orders@bakery.example").body["code"] == "password_is_email"

    def test_a_user_s_link_is_none_of_a_supplier_s_and_the_other_way_round(self, supplier, shop, clock):
        user = member(shop.people.tenant, "pending")
        theirs = {"token": link("verify", user, clock()), "password": PASSWORD}
        assert verify_address(body=theirs, principal=None).body["code"] == "link_invalid"
        verify_user = Call("verify_user", "POST /users/verify")
        ours = {"token": supplier.token(), "password": PASSWORD}
        assert verify_user(body=ours, principal=None).body["code"] == "link_invalid"

    def test_a_link_to_another_address(self, supplier, shop, clock):
        token = supplier.token()
        execute(shop.scope(), Ref(decider=CREDENTIAL, id=supplier.id), SetEmail(email="x@bakery.example"))
        reply = verify_address(body={"token": token, "password": PASSWORD}, principal=None)
        assert reply.body["code"] == "link_invalid"

    def test_a_suspension_is_not_lifted_by_a_mail(self, supplier, shop, clock):
        for status in ("active", "suspended"):
            execute(shop.scope(), Ref(decider=CREDENTIAL, id=supplier.id), MoveCredential(status=status))
        assert supplier.confirm().body["code"] == "link_invalid"


class TestNeverVerifying:
    """expire_supplier"""

    def test_it_ends_by_the_sweep_and_its_address_is_free(self, supplier, shop, clock, monkeypatch):
        clock.instant = supplier.credential().opened_at + timedelta(days=7, minutes=5)
        monkeypatch.setattr(sweep_orders, "now", clock)
        sweep_orders.handler({}, LAMBDA)
        assert (supplier.state().status, supplier.credential().status) == ("deleted", "closed")
        again = sign_up()
        assert reads.one(keys.email("orders@bakery.example", TENANT))["principal_id"] == again.id

    def test_before_that_it_does_not(self, supplier, shop):
        with pytest.raises(Rejected) as refused:
            expire_supplier({"tenant_id": TENANT, "path": supplier.path}, LAMBDA)
        assert refused.value.code == "not_expired"

    def test_who_is_deleted_gives_the_address_up_and_does_not_come_back(self, supplier, shop):
        done(delete(supplier.path, **ADMIN))
        assert reads.one(keys.email("orders@bakery.example", TENANT)) is None
        assert restore(supplier.path, **ADMIN).body["code"] == "never_verified"
