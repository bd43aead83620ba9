"""In a function the clients are made when the module is loaded, and nowhere else."""

from importlib.util import module_from_spec, spec_from_file_location

import pytest

from troupe.store import table


def loaded():
    """The module once more, under a name of its own."""
    spec = spec_from_file_location("table_once_more", table.__file__)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _region(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    monkeypatch.delenv(table.REQUEST, raising=False)


def made(module):
    return module.client.cache_info().currsize, module._sts.cache_info().currsize


def test_outside_a_function_nothing_is_made():
    assert made(loaded()) == (0, 0)


def test_a_function_makes_the_client_of_the_table(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "SuspendUser")
    assert made(loaded()) == (1, 0)


def test_a_confined_function_makes_the_client_that_gets_its_credentials_too(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "SuspendUser")
    monkeypatch.setenv(table.REQUEST, "arn:aws:iam::000000000000:role/request")
    assert made(loaded()) == (1, 1)
