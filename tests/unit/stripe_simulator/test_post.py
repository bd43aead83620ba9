"""Webhooks: signed so that the product's own check passes, sent as asked, and again until they are taken."""

import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from stripe_simulator.api.server import control, serve
from stripe_simulator.simulation import Simulation
from stripe_simulator.webhooks import Post, Settings, raw, signature
from support.stripe_simulator.shop import opened
from troupe.stripe.signatures import ForgedSignature, verify


@contextmanager
def receiving(answers=()):
    """Takes what comes; gives the `answers` first, then 200."""
    got, left = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((body, self.headers["Stripe-Signature"]))
            self.send_response(left.pop(0) if left else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", got
        server.shutdown()
        thread.join()


def ids(got):
    return [json.loads(body)["id"] for body, _ in got]


def until(true, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.01)


@pytest.fixture
def simulation():
    shop = opened()
    simulation = Simulation(shop.world)
    yield simulation, shop
    simulation.post.close()


def test_the_products_check_and_the_librarys_pass(shop):
    event = shop.world.events[-1]
    body, at = raw(event), shop.world.now
    header = signature(body, ["whsec_old", "whsec_new"], at)
    now = datetime.fromtimestamp(at + 100, UTC)
    for secrets in (["whsec_new"], ["whsec_old"], ["whsec_other", "whsec_new"]):
        assert verify(body, header, secrets, now) == datetime.fromtimestamp(at, UTC)
    with pytest.raises(ForgedSignature):
        verify(json.dumps(json.loads(body)).encode(), header, ["whsec_new"], now)
    stripe.WebhookSignature.verify_header(body.decode(), header, "whsec_new")


def test_held_events_go_when_asked_for(simulation):
    world, shop = simulation
    with receiving() as (url, got):
        world.post.configure(Settings(url=url))
        shop.renew()
        assert got == []
        letters = world.post.letters
        world.post.deliver([*reversed(letters)])
        assert ids(got) == [letter.event.id for letter in reversed(letters)]
        assert world.post.waiting() == 0
        world.post.deliver(letters[:1])
        assert ids(got)[-1] == letters[0].event.id


def test_repeated_by_several_at_once(simulation):
    world, shop = simulation
    with receiving() as (url, got):
        world.post.configure(Settings(url=url, repeat=3, workers=3))
        shop.renew()
        world.post.deliver(world.post.letters[:1])
        assert ids(got) == [world.post.letters[0].event.id] * 3


def test_sent_by_itself_and_again_until_taken(simulation):
    world, shop = simulation
    with receiving([500, 503]) as (url, got):
        world.post.configure(Settings(url=url, mode="automatic"))
        shop.renew()
        until(lambda: not world.post.waiting())
        count = len(world.post.letters)
        assert len(got) == count + 2
        assert len(set(ids(got))) == count
        assert sorted(len(letter.statuses) for letter in world.post.letters)[-2:] == [2, 2]


def test_in_another_order_and_later(simulation):
    world, shop = simulation
    with receiving() as (url, got):
        world.post.configure(Settings(url=url, mode="automatic", shuffle=50, delay=0.2))
        began = time.monotonic()
        shop.renew()
        until(lambda: not world.post.waiting())
        assert time.monotonic() - began >= 0.2
        told = [letter.event.id for letter in world.post.letters]
        assert sorted(ids(got)) == sorted(told)
        assert ids(got) != told


def test_the_server_is_unreachable(simulation):
    world, shop = simulation
    world.post.configure(Settings(url="http://127.0.0.1:9/nobody"))
    shop.renew()
    world.post.deliver(world.post.letters[:1])
    assert world.post.letters[0].statuses == [0]
    assert world.post.waiting() == len(world.post.letters)
    world.post.configure(Settings())
    with pytest.raises(ValueError, match="no webhook URL"):
        world.post.deliver(world.post.letters[:1])


@pytest.mark.parametrize("clock, expected", [("world", 0), ("machine", None)])
def test_whose_clock_signs(simulation, clock, expected):
    world, shop = simulation
    shop.renew()
    with receiving() as (url, got):
        world.post.configure(Settings(url=url, signed_on=clock))
        world.post.deliver(world.post.letters[:1])
    at = int(got[0][1].partition(",")[0].removeprefix("t="))
    assert abs(at - (time.time() if expected is None else shop.world.now)) < 60


def test_by_the_controls(simulation):
    world, shop = simulation

    def asked(name, **body):
        return control(world, f"/_world/{name}", json.dumps(body)).body

    with receiving() as (url, got), serve(world):
        assert asked("webhooks", url=url, secrets=["whsec_a"])["mode"] == "held"
        shop.declines("do_not_honor")
        shop.renew()
        (failed,) = asked("events", type="invoice.payment_failed")
        one = asked("signed", id=failed["id"], at="2026-01-01T00:00:00Z")
        assert verify(one["body"].encode(), one["signature"], ["whsec_a"], datetime(2026, 1, 1, tzinfo=UTC))
        assert asked("deliver", ids=[failed["id"]])[0]["statuses"] == [200]
        rest = asked("deliver", reversed=True)
        assert len(rest) == len(world.post.letters) - 1
        assert ids(got) == [failed["id"], *(each["id"] for each in rest)]
        assert control(world, "/_world/webhooks", '{"nonsense": 1}').status == 400


def test_what_was_before_another_world_is_forgotten(simulation):
    world, shop = simulation
    shop.renew()
    world.post.configure(Settings(url="http://127.0.0.1:9/"))
    control(world, "/_world/reset", "{}")
    assert (world.post.letters, world.post.settings.url) == ([], "http://127.0.0.1:9/")


def test_a_post_of_its_own_clock():
    post = Post()
    assert post.clock() == 1_767_225_600
    post.close()


def test_a_clock_that_runs(simulation):
    world, shop = simulation
    began = shop.world.now
    assert (
        control(world, "/_world/clock", json.dumps({"advance": 100, "runs": True})).body["now"] == began + 100
    )
    until(lambda: control(world, "/_world/health", "").body["now"] > began + 100)
    assert world.post.clock() > began + 100
    late = control(world, "/_world/clock", json.dumps({"to": began})).body["now"]
    assert began + 100 < late < began + 200
    now = control(world, "/_world/clock", json.dumps({"runs": False, "advance": 0})).body["now"]
    time.sleep(1.1)
    assert control(world, "/_world/health", "").body["now"] == now
