"""What a supplier's standing does to its goods."""

import json
from types import SimpleNamespace

import boto3
import pytest

from support.commerce.catalogue import Catalogue
from support.commerce.suppliers import ADMIN, delete, done, reinstate, restore, suspend, update
from support.dynamodb import stored_events, stored_items
from support.faulty_client import conflict
from support.identity.sign_in import failing as table_failing
from support.principals import hears
from support.stream_events import batch, failed, message
from troupe.aws import clients
from troupe.messaging import parts


class TestItsGoods:
    """S-30: suspended between quote and order, nothing of it is sold."""

    @pytest.fixture
    def catalogue(self, seller):
        catalogue = Catalogue(seller.id)
        goods = [catalogue.product() for _ in range(2)]
        draft = catalogue.product(sold=False)
        place = catalogue.location()
        for each in (*goods, draft):
            (sku,) = each.variants
            done(catalogue.count(each.spot(sku, place), 5))
        return catalogue, goods, draft

    def sellable(self, catalogue, goods):
        return [item.sellable for each in goods for item in catalogue.stock(each)]

    def test_s_30_they_go_off_sale_and_come_back(self, shop, seller, catalogue):
        catalogue, goods, draft = catalogue
        assert self.sellable(catalogue, goods) == [True, True]
        for stop, start in ((suspend, reinstate), (delete, restore)):
            done(stop(seller.path, **ADMIN))
            shop.hears()
            assert self.sellable(catalogue, goods) == [False, False]
            done(start(seller.path, **ADMIN))
            shop.hears()
            assert self.sellable(catalogue, goods) == [True, True]
        assert self.sellable(catalogue, [draft]) == [False]

    def test_news_that_was_overtaken_changes_nothing(self, shop, seller, catalogue):
        from commerce.inbound import handler

        catalogue, goods, _ = catalogue
        done(suspend(seller.path, **ADMIN))
        done(reinstate(seller.path, **ADMIN))
        (late,) = stored_events("supplier.suspended")
        before = stored_items()
        assert failed(handler(batch(late), None)) == []
        assert self.sellable(catalogue, goods) == [True, True]
        assert stored_items() == before

    def test_a_race_is_run_again_and_one_lost_for_good_comes_again(self, shop, seller, catalogue):
        from commerce.inbound import handler

        catalogue, goods, _ = catalogue
        done(suspend(seller.path, **ADMIN))
        event = stored_events("supplier.suspended")
        with table_failing(conflict):
            assert failed(handler(batch(*event), None)) == []
        assert self.sellable(catalogue, goods) == [False, False]


class TestVeryMany:
    """More than one invocation has the time for."""

    @pytest.fixture
    def queue(self, aws, monkeypatch):
        url = boto3.client("sqs").create_queue(QueueName="inbound")["QueueUrl"]
        monkeypatch.setenv("INBOUND_QUEUE_URL", url)
        return url

    @pytest.fixture
    def catalogue(self, seller):
        """Of these some have stock, the first and the last among them."""
        done(update(seller.path, body={"product_limit": 200}, **ADMIN))
        catalogue = Catalogue(seller.id)
        goods, place = [catalogue.product() for _ in range(151)], catalogue.location()
        for each in goods[::50]:
            (sku,) = each.variants
            done(catalogue.count(each.spot(sku, place), 5))
        return catalogue, goods

    def sellable(self, catalogue, goods):
        return {item.sellable for each in goods for item in catalogue.stock(each)}

    def received(self, queue):
        found, sqs = [], boto3.client("sqs")
        while more := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(each["Body"]) for each in more]
            for each in more:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return found

    def test_hundreds_are_shared_out_and_each_part_is_followed(self, seller, catalogue, queue):
        from commerce.inbound import handler

        catalogue, goods = catalogue
        done(suspend(seller.path, **ADMIN))
        assert failed(handler(batch(*stored_events("supplier.suspended")), None)) == []
        assert self.sellable(catalogue, goods) == {True}
        sent = self.received(queue)
        named = [each["detail"]["data"][parts.PART] for each in sent]
        assert sorted(len(each) for each in named) == [1, 50, 50, 50]
        assert {each for some in named for each in some} == {each.id for each in goods}
        messages = [message(each) for each in (*reversed(sent), sent[0])]
        assert failed(handler({"Records": messages}, None)) == []
        assert self.sellable(catalogue, goods) == {False}
        assert self.received(queue) == []

    def test_what_the_queue_does_not_take_comes_again(self, seller, queue, monkeypatch):
        from commerce.inbound import handler

        catalogue = Catalogue(seller.id)
        goods, place = [catalogue.product() for _ in range(3)], catalogue.location()
        (sku,) = goods[-1].variants
        done(catalogue.count(goods[-1].spot(sku, place), 5))
        monkeypatch.setattr(parts, "MOST", 2)
        done(suspend(seller.path, **ADMIN))
        told = batch(*stored_events("supplier.suspended"))
        refused = {"Failed": [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]}
        hooks, busy = clients.sqs().meta.events, lambda **_: (SimpleNamespace(status_code=200), refused)
        hooks.register_first("before-call.sqs.SendMessageBatch", busy)
        assert len(failed(handler(told, None))) == 1
        hooks.unregister("before-call.sqs.SendMessageBatch", busy)
        assert failed(handler(told, None)) == []
        messages = [message(each) for each in self.received(queue)]
        assert failed(handler({"Records": messages}, None)) == []
        assert self.sellable(catalogue, goods) == {False}


def test_what_is_heard_can_be_heard_again(shop, seller):
    from commerce.inbound import handler

    hears(handler)
    before = stored_items()
    hears(handler)
    assert stored_items() == before
