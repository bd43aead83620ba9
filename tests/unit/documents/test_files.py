import json

import pytest
import yaml

from documents import files
from documents.__main__ import main
from documents.api.sharing import share_examples

TEXT = {"title": "Straße: 'on'", "list": [{"a": 1}], "text": "one\ntwo\n", "date": "2026-01-31", "yes": "on"}


def test_yaml_says_that_it_is_generated_and_reads_back():
    text = files.as_yaml(TEXT)
    assert text.startswith("# Generated")
    assert yaml.safe_load(text) == TEXT
    assert "text: |" in text
    assert "Straße" in text


def test_yaml_repeats_and_never_points():
    shared = {"a": 1}
    assert "&" not in files.as_yaml({"one": shared, "two": shared})


def test_json_is_compact_or_indented():
    assert files.as_json({"a": [1]}) == '{"a":[1]}\n'
    assert files.as_json({"a": 1}, indent=2) == '{\n  "a": 1\n}\n'


def test_a_schema_says_that_it_is_generated():
    commented = files.commented({"$schema": "s", "$id": "i", "type": "object"})
    assert list(commented) == ["$schema", "$id", "$comment", "type"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SCHEMAS", tmp_path / "schemas")
    monkeypatch.setattr(files.releases, "left", lambda wanted: set())
    return tmp_path


def test_what_is_missing_different_or_left_over_is_stale(folder):
    one, two = folder / "schemas/one.json", folder / "two.yaml"
    wanted = {one: "1\n", two: "2\n"}
    assert files.stale(wanted) == [one, two]
    assert files.write(wanted) == [one, two]
    assert files.stale(wanted) == []
    left = folder / "schemas/left.json"
    left.write_text("{}")
    two.write_text("other")
    assert files.stale(wanted) == [left, two]
    assert files.write(wanted) == [left, two]
    assert not left.exists()
    assert two.read_text() == "2\n"
    assert files.write(wanted) == []


def test_the_check_fails_where_something_is_stale_and_writes_nothing(folder, monkeypatch, capsys):
    wanted = {files.ROOT / "docs/none.yaml": "x"}
    monkeypatch.setattr(files, "generated", lambda: wanted)
    assert main(["--check"]) == 1
    assert "stale docs/none.yaml" in capsys.readouterr().out
    assert not (files.ROOT / "docs/none.yaml").exists()
    monkeypatch.setattr(files, "generated", dict)
    assert main(["--check"]) == 0
    assert main([]) == 0


def test_examples_that_recur_alike_are_shared():
    def media(**values):
        return {"schema": {}, "examples": {name: {"value": value} for name, value in values.items()}}

    document = {"paths": [media(a=1, b=1)], "more": {"x": media(a=1, b=2, c=3)}, "components": {}}
    document["paths"] = {"p": document["paths"][0]}
    shared = json.loads(json.dumps(share_examples(document)))
    assert shared["components"]["examples"] == {"a": {"value": 1}}
    assert shared["paths"]["p"]["examples"] == {"a": {"$ref": "#/components/examples/a"}, "b": {"value": 1}}
    assert shared["more"]["x"]["examples"]["c"] == {"value": 3}
