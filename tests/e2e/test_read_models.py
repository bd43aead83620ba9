"""Read models of the deployed stack end the same for every order of events, also during a rebuild."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from threading import Event

import pytest

from demo.api import wait_for
from demo.people import Person
from e2e.stack_internals import DEAD, bare, message
from troupe.store import keys

CARDS, LIFECYCLE = "user_card", "user_lifecycle"
SEGMENTS = 3
STAR = "Star"
NUMBERS = count()


@pytest.fixture(scope="module")
def town(begin):
    """A tenant with an owner, one person to follow, and six others."""
    story = begin((), f"read-models-{time.time_ns()}")
    story.people = tuple(
        Person(
            email=f"{name.lower().replace(' ', '')}@{story.played.slug}.example.com",
            password="a long password of theirs",
            display_name=name,
        )
        for name in (STAR, *(f"Person {number}" for number in range(6)))
    )
    story.provision()
    story.sign_up()
    story.verify()
    return story.played


@pytest.fixture(scope="module")
def people(town):
    """Some who came, left, and came back; the owner follows the star, and is renamed at last."""
    for method in ("PUT", "DELETE", "PUT"):
        town.owner.call(method, follow(town))
    ids = [user_id for user_id in town.ids.values() if user_id != star(town)]
    for number, user_id in enumerate(ids):
        town.owner.call("DELETE", f"/users/{user_id}")
        if number % 2:
            town.owner.post(f"/users/{user_id}/restore")
    for name in ("Olive", "Olivia", "Olive O."):
        town.owner.call("PATCH", "/me/profile", {"display_name": name})
    return ids


def star(town):
    return next(user_id for email, user_id in town.ids.items() if email.startswith("star@"))


def follow(town):
    return f"/users/{star(town)}/follow"


def rows(backstage, town):
    return {view: backstage.rows(view, town.tenant_id) for view in (CARDS, LIFECYCLE)}


def complete(backstage, town, people):
    """The rows, once everything has been taken in; the owner's last name was the last that happened."""

    def look():
        owner = town.owner.get("/me")["id"]
        return town.owner.get(f"/users/{owner}/card")["display_name"] == "Olive O."

    wait_for("the last name", look)
    backstage.drained()
    found = rows(backstage, town)
    assert len(found[CARDS]) > len(people)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_shuffled_and_repeated_events_change_nothing(seed, backstage, town, people):
    before = complete(backstage, town, people)
    dice, events = random.Random(seed), backstage.events(town.tenant_id, "user.")
    backstage.send(map(message, dice.sample(events, len(events)) + dice.choices(events, k=10)))
    backstage.drained()
    assert rows(backstage, town) == before


@pytest.mark.parametrize("seed", range(2))
def test_shuffled_and_repeated_events_make_the_same_of_nothing(seed, backstage, town, people):
    before = complete(backstage, town, people)
    marks = [item for view in before for item in backstage.marks(view, town.tenant_id).values()]
    backstage.remove([*marks, *(item for view in before.values() for item in view.values())])
    assert rows(backstage, town) == {CARDS: {}, LIFECYCLE: {}}
    dice, events = random.Random(seed), backstage.events(town.tenant_id, "user.")
    backstage.send(map(message, dice.sample(events, len(events)) + dice.choices(events, k=10)))
    backstage.drained()
    assert rows(backstage, town) == before
    assert backstage.waiting(DEAD) == 0


class Bustle:
    """Commands and queries that go on while something else happens; every one of them must be answered well."""

    def __init__(self, town):
        self.town, self.over, self.made = town, Event(), []

    def __enter__(self):
        self.pool = ThreadPoolExecutor(2)
        self.work = [self.pool.submit(self.command), self.pool.submit(self.ask)]
        return self

    def __exit__(self, *_):
        self.over.set()
        self.pool.shutdown()
        for each in self.work:
            each.result()

    def command(self):
        """Ends with an active user, whose row is written after all others."""
        api = self.town.owner
        while not self.over.is_set():
            number = next(NUMBERS)
            user_id = self.invite(number)
            api.call("PUT" if number % 2 else "DELETE", follow(self.town))
            if number % 3 == 0:
                api.call("DELETE", f"/users/{user_id}")
            else:
                self.made.append(user_id)
        self.made.append(self.invite(next(NUMBERS)))

    def invite(self, number):
        body = {"email": f"b{number}@{self.town.slug}.example.com", "display_name": f"Busy {number}"}
        return self.town.owner.post("/users", body, 201)["id"]

    def ask(self):
        api, today = self.town.owner, datetime.now(UTC).date().isoformat()
        me = api.get("/me")["id"]
        while not self.over.wait(0.1):  # the machine is for the others too
            assert api.get(f"/users/{me}/card")["display_name"] == "Olive O."
            seen = api.get("/analytics/user-lifecycle", **{"from": today, "to": today})
            assert seen["totals"]["registrations"] > 0

    def seen(self, number):
        """Wait until so many more people have come."""
        goal = len(self.made) + number
        wait_for("more commands", lambda: len(self.made) >= goal or any(each.done() for each in self.work))


def age(backstage, view):
    """Have the phase begin long ago, so that no reader and no writer can be left that has not heard of it."""
    backstage.change(keys.generation(view), since=int(time.time()) - 3600)


def settle(backstage, view):
    """End a rebuild, so that no other test waits for it."""
    while (phase := backstage.generation(view)["phase"]) != "settled":
        if phase == "swapped":
            backstage.renew("Identity/Queries")  # for half a minute they hold which one is live
        age(backstage, view)
        backstage.invoke("Identity/Rebuild", view=view)


def alike(backstage, view, *generations):
    """The rows that two generations have in common, once nothing is on its way to either."""
    backstage.drained()
    one, other = (bare(backstage.rows(view, generation=each)) for each in generations)
    return one if one == other else None


@pytest.mark.parametrize("view", [CARDS, LIFECYCLE])
def test_a_read_model_is_rebuilt_while_commands_and_queries_go_on(view, backstage, town, people):
    complete(backstage, town, people)
    settle(backstage, view)
    was = backstage.generation(view)["live"]
    with Bustle(town) as bustle:
        backstage.invoke("Identity/Rebuild", view=view, start=True, segments=SEGMENTS)
        backstage.renew("Identity/Inbound")  # for some seconds it holds which ones are written
        age(backstage, view)
        for segment in range(SEGMENTS):
            assert backstage.generation(view)["live"] == was
            bustle.seen(2)
            report = backstage.invoke("Identity/Rebuild", view=view, segment=segment)
        bustle.seen(2)
    assert report == {"view": view, "phase": "swapped", "live": was + 1, "other": was}
    last = f"/v1/identity/users/{bustle.made[-1]}/card"
    wait_for("the last card", lambda: town.owner.http.get(last).status_code == 200)
    live = wait_for("both generations alike", lambda: alike(backstage, view, was + 1, was))

    settle(backstage, view)
    assert backstage.generation(view)["live"] == was + 1
    assert backstage.rows(view, generation=was) == {}
    assert bare(backstage.rows(view)) == live
    with Bustle(town) as bustle:
        bustle.seen(1)
