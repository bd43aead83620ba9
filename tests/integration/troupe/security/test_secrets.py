import json
from types import SimpleNamespace

import boto3
import pytest

from troupe.security import secrets, signing
from troupe.security.secrets import (
    CACHED,
    HELD_SECONDS,
    RENEWED_SECONDS,
    SecretUnavailable,
    secret,
    signing_keys,
)
from troupe.store.table import Unavailable

OLD, NEW = "o" * 32, "n" * 32


class Vault:
    """A Secrets Manager, a clock, and how often it was asked."""

    def __init__(self):
        self.client = boto3.client("secretsmanager")
        self.now = 1_000_000.0
        self.asked = 0

    def put(self, name, value):
        text = value if isinstance(value, str) else json.dumps(value)
        arn = f"{name}-arn"
        try:
            arn = self.client.create_secret(Name=name, SecretString=text)["ARN"]
        except self.client.exceptions.ResourceExistsException:
            arn = self.client.put_secret_value(SecretId=name, SecretString=text)["ARN"]
        return arn

    def count(self, **_):
        self.asked += 1


@pytest.fixture
def vault(aws, monkeypatch):
    vault = Vault()
    monkeypatch.setattr(secrets, "time", SimpleNamespace(time=lambda: vault.now))
    secrets._client().meta.events.register("before-call.secrets-manager.GetSecretValue", vault.count)
    return vault


class TestSecret:
    def test_it_is_read_once_in_five_minutes(self, vault):
        arn = vault.put("a", {"v": 1})
        assert secret(arn) == {"v": 1}
        vault.put("a", {"v": 2})
        vault.now += HELD_SECONDS - 1
        assert secret(arn) == {"v": 1}
        assert vault.asked == 1
        vault.now += 1
        assert secret(arn) == {"v": 2}
        assert vault.asked == 2

    def test_a_clock_that_went_back_reads_again(self, vault):
        arn = vault.put("a", {"v": 1})
        secret(arn)
        vault.now -= 3600
        secret(arn)
        assert vault.asked == 2

    def test_what_is_held_is_bounded_and_the_oldest_goes(self, vault):
        arns = [vault.put(f"s{n}", {"v": n}) for n in range(CACHED)]
        for arn in arns:
            secret(arn)
        secret(arns[0])  # used again, so not the oldest
        secret(vault.put("one more", {}))
        assert len(secrets._held) == CACHED
        assert arns[0] in secrets._held
        assert arns[1] not in secrets._held

    @pytest.mark.parametrize("name", ["unknown", "x" * 3000])
    def test_one_that_is_not_to_be_had(self, vault, name):
        with pytest.raises(SecretUnavailable) as failed:
            secret(name)
        assert isinstance(failed.value, Unavailable)  # a 503

    def test_out_of_reach(self, vault, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        secrets.forget()
        with pytest.raises(SecretUnavailable):
            secret("a")

    @pytest.mark.parametrize("text", ["hunter2", "[]", '"hunter2"', "null"])
    def test_what_is_no_object_is_not_shown(self, vault, text):
        arn = vault.put("a", text)
        with pytest.raises(ValueError, match="object") as failed:
            secret(arn)
        assert "hunter2" not in repr(failed.value)
        assert failed.value.__cause__ is None

    def test_a_binary_one_is_none(self, vault):
        arn = vault.client.create_secret(Name="b", SecretBinary=b"{}")["ARN"]
        with pytest.raises(ValueError, match="object"):
            secret(arn)


class TestSigningKeys:
    @pytest.fixture(autouse=True)
    def old(self, vault, monkeypatch):
        monkeypatch.setenv(
            "SIGNING_SECRET_ARN", vault.put("signing", {"current": "old", "keys": {"old": OLD}})
        )

    def rotate(self, vault):
        vault.put("signing", {"current": "new", "keys": {"old": OLD, "new": NEW}})

    def test_the_keys(self, vault):
        keys = signing_keys()
        assert keys.signing() == ("old", OLD.encode())
        assert keys.key("old") == OLD.encode()

    def test_as_cloudformation_generates_it(self, vault):
        vault.put("signing", {"current": "first", "first": NEW})
        assert signing_keys().signing() == ("first", NEW.encode())

    def test_both_forms_at_once(self, vault):
        vault.put("signing", {"current": "new", "keys": {"new": NEW}, "first": OLD})
        assert signing_keys().key("first") == OLD.encode()
        assert signing_keys().signing() == ("new", NEW.encode())

    def test_a_key_made_elsewhere_meanwhile_is_found_at_once(self, vault):
        keys = signing_keys()
        self.rotate(vault)
        vault.now += RENEWED_SECONDS
        assert keys.key("new") == NEW.encode()
        assert vault.asked == 2

    def test_unknown_keys_do_not_flood_secrets_manager(self, vault):
        signing_keys()
        vault.now += RENEWED_SECONDS
        for n in range(100):
            assert signing_keys().key(f"guess{n}") is None
            vault.now += 0.05
        assert vault.asked == 2

    def test_signing_takes_them_by_itself(self, vault):
        text = signing.sign({"a": 1}, purpose="cursor")
        self.rotate(vault)
        secrets.forget()
        assert signing.unsign(text, purpose="cursor") == {"a": 1}
        assert signing.sign({"a": 1}, purpose="cursor") != text
