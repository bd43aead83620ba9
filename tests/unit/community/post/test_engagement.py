"""Reactions and votes and their counters: for every order of choices the sums are those of the present choices."""

import random
from collections import Counter

from community.post import engagement
from support.kernel.stored_box import SCOPE
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store.attributes import unpack
from troupe.store.transact import Snapshot

POST = f"{new_id()}.{new_id()}"


class Shelf:
    """Items as the table would have them after each of the actions that `choose` writes."""

    def __init__(self):
        self.items = {}

    def choose(self, user_id, choice, to):
        at = Snapshot(scope=SCOPE, items=dict(self.items))
        actions = engagement.choose(at, POST, user_id, choice, to)
        for action in actions:
            self._write(action)
        return actions

    def _write(self, action):
        given = action.parameters
        named = unpack(given.get("Item") or given["Key"])
        key = engagement.Key(named["PK"], named["SK"])
        values = {
            name.lstrip(":"): value
            for name, value in unpack(given.get("ExpressionAttributeValues", {})).items()
        }
        if action.kind == "Put":
            assert key not in self.items
            self.items[key] = named
        elif action.kind == "Delete":
            assert self.items.pop(key)["choice"] == values["choice"]
        elif "choice" in values:
            assert self.items[key]["choice"] == values["was"]
            self.items[key]["choice"] = values["choice"]
        else:
            row = self.items.setdefault(key, {"PK": key.pk, "SK": key.sk})
            for name, field in given["ExpressionAttributeNames"].items():
                row[field] = row.get(field, 0) + values[name.lstrip("#")]

    def counts(self):
        return engagement.counted(Snapshot(scope=SCOPE, items=self.items), POST)


def test_s_47_a_thousand_votes_a_hundred_repeated_fifty_changed():
    """S-47: tallies exact, one vote each."""
    draw, shelf = random.Random(47), Shelf()
    voted = {new_id(): draw.choice("123") for _ in range(1000)}
    for user_id, option in voted.items():
        assert len(shelf.choose(user_id, "VOTE", option)) == 2
    people = draw.sample(list(voted), 150)
    for user_id in people[:100]:
        assert shelf.choose(user_id, "VOTE", voted[user_id]) == ()
    for user_id in people[100:]:
        voted[user_id] = draw.choice([each for each in "123" if each != voted[user_id]])
        assert len(shelf.choose(user_id, "VOTE", voted[user_id])) == 2
    assert engagement.of(shelf.counts(), "VOTE") == Counter(voted.values())
    assert len([key for key in shelf.items if key.sk.startswith("VOTE#")]) == 1000


def test_no_choice_makes_a_counter_negative():
    draw, shelf = random.Random(1), Shelf()
    people, chosen = [new_id() for _ in range(30)], {}
    for _ in range(600):
        user_id, to = draw.choice(people), draw.choice(["like", "love", None])
        shelf.choose(user_id, "REACTION", to)
        chosen[user_id] = to
        assert all(
            value >= 0
            for key, item in shelf.items.items()
            if "#TALLY#" in key.pk
            for name, value in item.items()
            if name not in {"PK", "SK"}
        )
    expected = Counter(each for each in chosen.values() if each)
    assert engagement.of(shelf.counts(), "REACTION") == expected


def test_what_people_do_is_spread_and_each_one_s_stays_together():
    shards = Counter(engagement._shard(new_id()) for _ in range(800))
    assert set(shards) == set(range(engagement.SHARDS))
    user_id = new_id()
    assert len({engagement._shard(user_id) for _ in range(3)}) == 1
    assert len(set(engagement.tallies(TENANT, POST))) == engagement.SHARDS


def test_a_comment_is_one_and_its_deletion_one_less_in_the_same_tally():
    user_id = new_id()
    actions = [engagement.commented(TENANT, POST, user_id, by) for by in (1, -1)]
    assert actions[0].parameters["Key"] == actions[1].parameters["Key"]
    values = [unpack(each.parameters["ExpressionAttributeValues"]) for each in actions]
    assert values == [{":n0": 1}, {":n0": -1}]
