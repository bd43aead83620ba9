"""What a supplier's standing does to its goods."""

import json
from types import SimpleNamespace

import boto3
import pytest

from commerce.product import supplier_status
from support.commerce.catalogue import Stall
from support.commerce.suppliers import ADMIN, delete, done, reinstate, restore, suspend, update
from support.faulty_client import conflict
from support.identity.sign_in import failing as table_failing
from support.identity.tenant import happened, items
from support.principals import hears
from support.stream_events import batch, failed, message
from troupe.aws import clients


class TestItsGoods:
    """S-30: suspended between quote and order, nothing of it is sold."""

    @pytest.fixture
    def stall(self, seller):
        stall = Stall(seller.id)
        goods = [stall.product() for _ in range(2)]
        draft = stall.product(sold=False)
        place = stall.location()
        for each in (*goods, draft):
            (sku,) = each.variants
            done(stall.count(each.spot(sku, place), 5))
        return stall, goods, draft

    def sellable(self, stall, goods):
        return [item.sellable for each in goods for item in stall.stock(each)]

    def test_s_30_they_go_off_sale_and_come_back(self, shop, seller, stall):
        stall, goods, draft = stall
        assert self.sellable(stall, goods) == [True, True]
        for stop, start in ((suspend, reinstate), (delete, restore)):
            done(stop(seller.path, **ADMIN))
            shop.hears()
            assert self.sellable(stall, goods) == [False, False]
            done(start(seller.path, **ADMIN))
            shop.hears()
            assert self.sellable(stall, goods) == [True, True]
        assert self.sellable(stall, [draft]) == [False]

    def test_news_that_was_overtaken_changes_nothing(self, shop, seller, stall):
        from commerce.inbound import handler

        stall, goods, _ = stall
        done(suspend(seller.path, **ADMIN))
        done(reinstate(seller.path, **ADMIN))
        (late,) = happened("supplier.suspended")
        before = items()
        assert failed(handler(batch(late), None)) == []
        assert self.sellable(stall, goods) == [True, True]
        assert items() == before

    def test_a_race_is_run_again_and_one_lost_for_good_comes_again(self, shop, seller, stall):
        from commerce.inbound import handler

        stall, goods, _ = stall
        done(suspend(seller.path, **ADMIN))
        event = happened("supplier.suspended")
        with table_failing(conflict):
            assert failed(handler(batch(*event), None)) == []
        assert self.sellable(stall, goods) == [False, False]


class TestVeryMany:
    """More than one invocation has the time for."""

    @pytest.fixture
    def queue(self, aws, monkeypatch):
        url = boto3.client("sqs").create_queue(QueueName="inbound")["QueueUrl"]
        monkeypatch.setenv("INBOUND_QUEUE", url)
        return url

    @pytest.fixture
    def stall(self, seller):
        """Of these some have stock, the first and the last among them."""
        done(update(seller.path, body={"product_limit": 200}, **ADMIN))
        stall = Stall(seller.id)
        goods, place = [stall.product() for _ in range(151)], stall.location()
        for each in goods[::50]:
            (sku,) = each.variants
            done(stall.count(each.spot(sku, place), 5))
        return stall, goods

    def sellable(self, stall, goods):
        return {item.sellable for each in goods for item in stall.stock(each)}

    def received(self, queue):
        found, sqs = [], boto3.client("sqs")
        while more := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(each["Body"]) for each in more]
            for each in more:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return found

    def test_hundreds_are_shared_out_and_each_part_is_followed(self, seller, stall, queue):
        from commerce.inbound import handler

        stall, goods = stall
        done(suspend(seller.path, **ADMIN))
        assert failed(handler(batch(*happened("supplier.suspended")), None)) == []
        assert self.sellable(stall, goods) == {True}
        parts = self.received(queue)
        named = [each["detail"]["data"]["product_ids"] for each in parts]
        assert sorted(len(each) for each in named) == [1, 50, 50, 50]
        assert {each for some in named for each in some} == {each.id for each in goods}
        messages = [message(each) for each in (*reversed(parts), parts[0])]
        assert failed(handler({"Records": messages}, None)) == []
        assert self.sellable(stall, goods) == {False}
        assert self.received(queue) == []

    def test_what_the_queue_does_not_take_comes_again(self, seller, queue, monkeypatch):
        from commerce.inbound import handler

        stall = Stall(seller.id)
        goods, place = [stall.product() for _ in range(3)], stall.location()
        (sku,) = goods[-1].variants
        done(stall.count(goods[-1].spot(sku, place), 5))
        monkeypatch.setattr(supplier_status, "MOST", 2)
        done(suspend(seller.path, **ADMIN))
        told = batch(*happened("supplier.suspended"))
        refused = {"Failed": [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]}
        hooks, busy = clients.sqs().meta.events, lambda **_: (SimpleNamespace(status_code=200), refused)
        hooks.register_first("before-call.sqs.SendMessageBatch", busy)
        assert len(failed(handler(told, None))) == 1
        hooks.unregister("before-call.sqs.SendMessageBatch", busy)
        assert failed(handler(told, None)) == []
        messages = [message(each) for each in self.received(queue)]
        assert failed(handler({"Records": messages}, None)) == []
        assert self.sellable(stall, goods) == {False}


def test_what_is_heard_can_be_heard_again(shop, seller):
    from commerce.inbound import handler

    hears(handler)
    before = items()
    hears(handler)
    assert items() == before
