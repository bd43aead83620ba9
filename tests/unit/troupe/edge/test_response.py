"""An answer as the HTTP API takes it."""

import json

from troupe.edge.problems import problem
from troupe.edge.response import response
from troupe.store.scope import Answer


def test_a_problem_can_be_quoted():
    said = response(problem(404, "not_found", "There is no such thing."), "r1")
    assert said["headers"]["x-request-id"] == "r1"
    assert json.loads(said["body"])["instance"] == "urn:troupe:request:r1"


def test_any_other_answer_is_quoted_by_its_header():
    said = response(Answer(status=200, body={"id": "a"}), "r1")
    assert (said["headers"]["x-request-id"], json.loads(said["body"])) == ("r1", {"id": "a"})


def test_bytes_are_encoded():
    said = response(Answer(status=200, body={}, raw=b"gif"), "r1")
    assert (said["body"], said["isBase64Encoded"]) == ("Z2lm", True)
