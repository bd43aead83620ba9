"""What a supplier's standing does to its goods."""

import pytest

from entrance import failing as table_failing
from faults import conflict
from feed import batch, failed
from people import hears
from stall import Stall
from supplying import ADMIN, delete, done, reinstate, restore, suspend
from town import happened, items


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


def test_what_is_heard_can_be_heard_again(shop, seller):
    from commerce.inbound import handler

    hears(handler)
    before = items()
    hears(handler)
    assert items() == before
