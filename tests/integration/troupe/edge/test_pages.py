"""A page ends by its limit or by DynamoDB's 1 MB, and its cursor tells whether there is more."""

import pytest

from support.spec import TENANT
from troupe.edge.pages import List
from troupe.store import reads, writes
from troupe.store.attributes import pack
from troupe.store.commit import commit
from troupe.store.keys import Key

PK = f"{TENANT}#BOX#1"


def fill(count, size, index=None):
    for number in range(count):
        sk = f"EVENT#{number:012}"
        listed = {f"{index}PK": PK, f"{index}SK": sk, "summary": {"text": "x" * size}} if index else {}
        commit([writes.put(Key(PK, sk), {"data": "x" * size, **listed})])


def walk(rows, limit=100):
    shown, cursor = [], None
    while True:
        page = rows.page(limit, cursor)
        shown.append(len(page.items))
        cursor = page.cursor
        if cursor is None:
            return shown


class TestLargeItems:
    @pytest.mark.parametrize("count, size, pages", [(100, 20_000, 3), (12, 200_000, 3), (81, 14_000, 2)])
    def test_a_page_that_meets_the_limit_of_1_mb_goes_on(self, table, count, size, pages):
        fill(count, size)
        shown = walk(List(tenant_id=TENANT, pk=PK, prefix="EVENT#"))
        assert (sum(shown), len(shown)) == (count, pages)

    def test_so_does_a_list_in_an_index(self, table):
        fill(12, 190_000, "GSI1")
        assert sum(walk(List(tenant_id=TENANT, pk=PK, index="GSI1"))) == 12

    def test_what_is_read_whole_is_read_over_all_pages(self, table):
        fill(12, 200_000)
        assert len(reads.between(PK, "EVENT#", "EVENT#~")) == 12


class TestSmallItems:
    @pytest.mark.parametrize(
        "count, pages", [(24, [24]), (25, [25]), (26, [25, 1]), (50, [25, 25]), (0, [0])]
    )
    def test_a_full_page_says_whether_another_one_comes(self, table, count, pages):
        fill(count, 10)
        assert walk(List(tenant_id=TENANT, pk=PK), 25) == pages

    def test_the_first_of_a_query_say_whether_there_is_more(self, table):
        fill(3, 10)
        query = {"KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": pack({":pk": PK})}
        assert [reads.first(most, query).more for most in (2, 3, 4)] == [True, False, False]
