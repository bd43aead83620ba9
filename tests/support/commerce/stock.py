"""What lies at a stall, spot by spot, and the moves that orders make of it, for the tests of inventory."""

from commerce.inventory.items import StockKeys, item_of, moving
from commerce.inventory.state import Level, Move, total
from support.commerce.catalogue import Catalogue, Goods
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.store import reads
from troupe.store.commit import commit
from troupe.store.keys import Key

GONE = Rejected("out_of_stock", "There is no more of it.")


def levels(catalogue: Catalogue, goods: Goods) -> Level:
    return total([item.level for item in catalogue.stock(goods)])


def place(catalogue: Catalogue, goods: Goods, sku: str = "A") -> dict[str, str]:
    return goods.spot(sku, catalogue.location())


def key(spot: dict[str, str], bucket: int = 0) -> Key:
    return StockKeys(TENANT, spot["product_id"]).key(spot["variant_id"], spot["location_id"], bucket)


def level_at(spot: dict[str, str], bucket: int = 0) -> Level:
    found = reads.one(key(spot, bucket))
    assert found
    return item_of(found).level


def move(spot: dict[str, str], move_: Move, quantity: int, bucket: int = 0) -> bool:
    try:
        commit([moving(key(spot, bucket), move_, quantity, GONE)])
    except Rejected:
        return False
    return True
