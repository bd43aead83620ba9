"""Records that cannot be published or projected are set aside whole, hold no others up, and can be replayed."""

import json

import pytest

from demo.api import wait_for
from e2e.stack_internals import DEAD, INBOUND, Tap, bare, event_after, message
from local.ops.replay import main as command
from troupe.store import keys

RETRIED = "2"  # seconds until a message that failed comes again; five times make it a dead letter


@pytest.fixture(scope="module", autouse=True)
def impatient(backstage):
    """The context's queue tries again after seconds, not minutes."""
    url = backstage.url(INBOUND)
    asked = {"QueueUrl": url, "AttributeNames": ["VisibilityTimeout"]}
    was = backstage.sqs.get_queue_attributes(**asked)["Attributes"]
    backstage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": RETRIED})
    yield
    backstage.sqs.set_queue_attributes(QueueUrl=url, Attributes=was)


@pytest.fixture
def without_end(backstage):
    """A message that fails comes again, however long the test takes, and becomes no dead letter."""
    url = backstage.url(INBOUND)
    asked = {"QueueUrl": url, "AttributeNames": ["RedrivePolicy"]}
    was = backstage.sqs.get_queue_attributes(**asked)["Attributes"]
    more = json.loads(was["RedrivePolicy"]) | {"maxReceiveCount": 1000}
    backstage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(more)})
    yield
    backstage.sqs.set_queue_attributes(QueueUrl=url, Attributes=was)


@pytest.fixture(scope="module")
def tap(stack, backstage):
    events, name = stack.client("events"), "e2e-tap"
    url = backstage.sqs.create_queue(QueueName=name)["QueueUrl"]
    asked = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    arn = backstage.sqs.get_queue_attributes(**asked)["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": [{"prefix": "troupe."}]})
    events.put_rule(Name=name, EventBusName=stack.event_bus_name, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=stack.event_bus_name, Targets=[{"Id": "queue", "Arn": arn}])
    yield Tap(backstage.sqs, url)
    events.remove_targets(Rule=name, EventBusName=stack.event_bus_name, Ids=["queue"])
    events.delete_rule(Name=name, EventBusName=stack.event_bus_name)
    backstage.sqs.delete_queue(QueueUrl=url)


@pytest.fixture(scope="module")
def town(found):
    return found("poisoned")


@pytest.fixture
def person(town, backstage):
    """Creates a user, and returns the first event of the stream once the card shows the user."""

    def make(name):
        body = {"email": f"{name}@{town.slug}.example.com".lower(), "display_name": name}
        user_id = town.owner.post("/users", body, 201)["id"]
        wait_for(f"the card of {name}", lambda: shown(town, user_id))
        return backstage.item(keys.Key(keys.aggregate(town.tenant_id, "user", user_id), keys.event(1)))

    return make


def shown(town, user_id):
    """The name on a card, if there is one."""
    answer = town.owner.http.get(f"/v1/identity/users/{user_id}/card")
    assert answer.status_code in {200, 404}
    return answer.json().get("display_name")


def renamed(stored, version, name):
    return event_after(stored, version, "user.profile_updated", {"profile": {"display_name": name}})


def id_of(stored):
    return stored["aggregate_id"]["S"]


@pytest.fixture
def replay(folder, monkeypatch):
    """make replay: whether anything is left to do."""
    monkeypatch.setenv("TROUPE_LOCAL_DIR", str(folder))
    return lambda: bool(command([]))


@pytest.mark.usefixtures("without_end")
def test_what_cannot_be_published_waits_whole_in_the_bucket(town, backstage, tap, person, replay):
    ill, well = person("Ill"), person("Well")
    poison = event_after(ill, 2, "user.profile_updated", '{"profile": {"display_')
    for each in (renamed(well, 2, "Well 2"), poison, renamed(ill, 3, "Ill 3"), renamed(well, 3, "Well 3")):
        backstage.put(each)

    ((name, kept),) = wait_for("the poison in the bucket", backstage.set_aside).items()
    assert kept["record"]["dynamodb"]["NewImage"] == poison
    assert kept["reason"] == "unreadable: JSONDecodeError"
    wait_for("the good ones", lambda: tap.versions("user", id_of(well)) == [1, 2, 3])
    wait_for("what came after the poison", lambda: tap.versions("user", id_of(ill)) == [1, 3])
    wait_for("the card of who is well", lambda: shown(town, id_of(well)) == "Well 3")
    assert shown(town, id_of(ill)) == "Ill", "the third change was shown without the second"

    assert replay(), "the cause is not gone yet"
    assert list(backstage.set_aside()) == [name]

    kept["record"]["dynamodb"]["NewImage"] = backstage.put(renamed(ill, 2, "Ill 2"))
    backstage.s3.put_object(Bucket=backstage.bucket, Key=name, Body=json.dumps(kept))
    assert not replay()
    assert backstage.set_aside() == {}
    wait_for("what was mended", lambda: tap.versions("user", id_of(ill)) == [1, 3, 2])
    wait_for("the card of who was ill", lambda: shown(town, id_of(ill)) == "Ill 3")
    backstage.drained()


def test_what_cannot_be_projected_becomes_a_dead_letter_and_is_taken_when_the_gap_is_closed(
    town, backstage, person, replay
):
    torn, whole = person("Torn"), person("Whole")
    late = backstage.put(renamed(torn, 3, "Torn 3"))
    backstage.put(renamed(whole, 2, "Whole 2"))
    wait_for("the card of another", lambda: shown(town, id_of(whole)) == "Whole 2")
    assert shown(town, id_of(torn)) == "Torn"
    (dead,) = wait_for("the dead letter", lambda: backstage.shown(DEAD))
    assert dead["detail"] == json.loads(message(late))["detail"]
    assert (dead["detail-type"], dead["source"]) == ("user.profile_updated", "troupe.identity")

    backstage.put(renamed(torn, 2, "Torn 2"))
    wait_for("what was missing", lambda: shown(town, id_of(torn)) == "Torn 2")
    assert not replay()
    wait_for("the dead letter's own", lambda: shown(town, id_of(torn)) == "Torn 3")
    assert backstage.waiting(DEAD) == 0


@pytest.mark.usefixtures("without_end")
def test_the_fifth_fails_and_the_sixth_arrives(town, backstage, person):
    """It ends as if both had come in order, which they do for the other person."""
    ann, ben = person("Ann"), person("Ben")
    changes = {
        2: ("user.verified", {}),
        3: ("user.profile_updated", {"profile": {"display_name": "Same", "bio": "Third"}}),
        4: ("user.suspended", {"reason": "Third parties."}),
        5: ("user.promoted", {"business": {"name": "Ltd"}, "permissions": {}, "roles": ["leader"]}),
        6: ("user.reactivated", {}),
    }
    for version, change in changes.items():
        backstage.put(event_after(ben, version, *change))
        broken = ("user.promoted", {"permissions": {}}) if version == 5 else change
        backstage.put(event_after(ann, version, *broken))
    wait_for("who had no trouble", lambda: status(town, ben) == "active")
    wait_for("who had some", lambda: status(town, ann) == "suspended")
    wait_for("two that come again", lambda: backstage.waiting(INBOUND) == 2)
    assert status(town, ann) == "suspended"
    backstage.put(event_after(ann, 5, *changes[5]))
    wait_for("both", lambda: status(town, ann) == "active")
    backstage.drained()
    assert backstage.waiting(DEAD) == 0
    row_of_ann, row_of_ben = (row(backstage, town, each) for each in (ann, ben))
    assert row_of_ann["user_version"] == {"N": "6"}
    assert same(row_of_ann) == same(row_of_ben)


def status(town, stored):
    return town.owner.get(f"/users/{id_of(stored)}/card")["status"]


def row(backstage, town, stored):
    found = bare(backstage.rows("user_card", town.tenant_id))
    return found[town.tenant_id, id_of(stored), "ROW"]


def same(row):
    """The row without what differs from person to person: who they are, and when they came."""
    shown = {name: value for name, value in json.loads(row["user"]["S"]).items() if name != "since"}
    return {**row, "user": shown, "user_stream": None}
