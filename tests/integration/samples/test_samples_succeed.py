"""Every sample invocation succeeds on what is seeded for it."""

import json
from types import SimpleNamespace

import pytest

from documents.commands import entry_point
from documents.samples.invocations import sampled, snake
from documents.samples.seeding import prepared

LAMBDA = SimpleNamespace(aws_request_id="sample", get_remaining_time_in_millis=lambda: 300_000)
MISSING = {  # samples that what is seeded today does not carry, and why
    "community.VoteInPoll": "no golden life of a post has a poll",
}
COMMANDS = [
    name
    for name in sampled()
    if name.startswith(("identity.", "community.")) and not name.endswith(".Queries") and name not in MISSING
]


@pytest.mark.parametrize("function", COMMANDS)
def test_a_sample_succeeds(function, table, monkeypatch):
    monkeypatch.setenv("MEDIA_BUCKET", "media")
    event = prepared(function)
    context, _, name = function.partition(".")
    answer = entry_point(context, snake(name))(event, LAMBDA)
    assert 200 <= answer["statusCode"] < 400, json.loads(answer["body"])
