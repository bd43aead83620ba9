from checkout import wish


def test_one_line_end_to_end(checkout):
    goods = checkout.goods(10)
    reply = checkout.place(wish(goods, 3))
    assert reply.status == 201, reply.body
    assert checkout.levels(goods) == (10, 7, 3)
    paid = checkout.pay(reply.body["id"])
    assert (paid.status, paid.body["detail_status"]) == (200, "paid"), paid.body
    assert checkout.till.kept == reply.body["totals"]["total_cents"]
