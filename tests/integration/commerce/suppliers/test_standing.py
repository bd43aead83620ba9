"""Suppliers reviewed, suspended, deleted and back."""

import pytest

from documents.commands import entry_point
from support.command_contract import CommandContract
from support.commerce.shop import ask
from support.commerce.suppliers import (
    ADMIN,
    PASSWORD,
    begin_review,
    delete,
    done,
    reinstate,
    reject,
    restore,
    sign_up,
    submit,
    suspend,
    verify,
)
from support.identity.sign_in import log_in
from support.principals import acting
from support.spec import ANN


class TestTheReview:
    """begin_review, verify_supplier, reject_supplier"""

    def test_a_supplier_is_verified_and_sells(self, supplier, shop, clock):
        supplier.advance(shop, clock(), "submitted")
        waiting = ask("/supplier-reviews", **ADMIN).body["items"]
        assert [(each["id"], each["status"]) for each in waiting] == [(supplier.id, "submitted")]
        done(begin_review(supplier.path, **ADMIN))
        (looked_at,) = ask("/supplier-reviews", **ADMIN).body["items"]
        assert (looked_at["status"], looked_at["reviewer_id"]) == ("under_review", ANN)
        done(verify(supplier.path, **ADMIN))
        assert ask("/supplier-reviews", **ADMIN).body["items"] == []
        assert supplier.standing().sells

    def test_one_that_is_rejected_mends_its_record_and_comes_again(self, supplier, shop, clock):
        supplier.advance(shop, clock(), "rejected")
        account = ask("/me/supplier", **supplier.by).body
        assert (account["status"], account["reason"]) == ("rejected", "The licence has expired.")
        supplier.upload()
        done(submit(supplier.path, **supplier.by))
        assert len(supplier.state().documents) == 2
        done(begin_review(supplier.path, **ADMIN))
        done(verify(supplier.path, **ADMIN))
        assert supplier.standing().sells

    def test_no_supplier_reviews_itself(self, supplier, shop, clock):
        supplier.advance(shop, clock(), "submitted")
        for call in (begin_review, verify, reject, suspend, reinstate, delete, restore):
            assert call(supplier.path, **supplier.by).body["code"] == "permission_required"

    def test_the_queue_is_first_come_first_served(self, shop, clock):
        for n in range(3):
            supplier = sign_up(email=f"b{n}@bakery.example", legal_name=f"Bakery {n}")
            supplier.advance(shop, clock(), "submitted")
            clock.forward(minutes=1)
        names = [each["legal_name"] for each in ask("/supplier-reviews", **ADMIN).body["items"]]
        assert names == ["Bakery 0", "Bakery 1", "Bakery 2"]

    @pytest.mark.parametrize(
        ("call", "status"),
        [
            (begin_review, "submitted"),
            (verify, "under_review"),
            (reject, "under_review"),
            (suspend, "verified"),
            (reinstate, "suspended"),
            (delete, "verified"),
        ],
        ids=lambda each: getattr(each, "command", each),
    )
    def test_the_manners_of_a_decision(self, supplier, shop, clock, call, status):
        supplier.advance(shop, clock(), status)
        operation = entry_point("commerce", call.command).operation
        CommandContract(call, supplier.path, operation.permission, given={"principal": ANN}).check()


class TestSuspension:
    """suspend_supplier, reinstate_supplier"""

    def test_it_ends_every_session_and_sells_no_more(self, supplier, shop, clock):
        supplier.advance(shop, clock())
        epoch = supplier.credential().epoch
        done(suspend(supplier.path, **ADMIN))
        assert (supplier.credential().status, supplier.credential().epoch) == ("suspended", epoch + 1)
        assert (supplier.standing().status, supplier.standing().sells) == ("suspended", False)
        refused = log_in("orders@bakery.example", PASSWORD)
        assert refused.body["code"] == "account_suspended"
        done(reinstate(supplier.path, **ADMIN))
        assert (supplier.credential().status, supplier.standing().sells) == ("active", True)


class TestDeletion:
    """delete_supplier, restore_supplier"""

    @pytest.mark.parametrize("status", ["registered", "verified", "suspended"])
    def test_it_comes_back_as_it_was(self, supplier, shop, clock, status):
        supplier.advance(shop, clock(), status)
        signs_in, stands = supplier.credential().status, supplier.standing()
        done(delete(supplier.path, **ADMIN))
        assert supplier.credential().status == "closed"
        assert (supplier.standing().status, supplier.standing().sells) == ("deleted", False)
        assert ask("/suppliers/{supplier_id}", supplier.path, **acting("consumer", ANN)).status == 404
        done(restore(supplier.path, **ADMIN))
        assert (supplier.credential().status, supplier.standing()) == (signs_in, stands)
