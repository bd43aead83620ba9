import pytest

from troupe.edge.source import source_of

SECRET = "a-secret-of-the-origin"


def event(gateway="203.0.113.7", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"requestContext": {"http": {"sourceIp": gateway}}, "headers": named}


@pytest.mark.parametrize("gateway, source", [
    ("203.0.113.7", "203.0.113.7"),
    ("2001:db8:0:7:1:2:3:4", "2001:db8:0:7::/64"),
    ("2001:db8:0:7::9", "2001:db8:0:7::/64"),
    ("::ffff:203.0.113.7", "203.0.113.7"),
    ("no address", ""),
    ("", ""),
])  # fmt: skip
def test_the_gateway_s_address(gateway, source):
    assert source_of(event(gateway)) == source


@pytest.mark.parametrize("viewer, source", [
    ("198.51.100.9:46532", "198.51.100.9"),
    ("2001:db8:0:7:1:2:3:4:46532", "2001:db8:0:7::/64"),
    ("[2001:db8:0:7::9]:46532", "2001:db8:0:7::/64"),
    ("nonsense", "203.0.113.7"),
])  # fmt: skip
def test_behind_cloudfront_the_viewer_s_address(monkeypatch, viewer, source):
    monkeypatch.setenv("ORIGIN_SECRETS", f"{SECRET}, the-one-before")
    for secret in (SECRET, "the-one-before"):
        assert source_of(event(cloudfront_viewer_address=viewer, x_origin_secret=secret)) == source


@pytest.mark.parametrize("known, given", [("", ""), ("", SECRET), (SECRET, ""), (SECRET, "wrong"), (",", "")])
def test_without_the_secret_the_header_is_not_believed(monkeypatch, known, given):
    monkeypatch.setenv("ORIGIN_SECRETS", known)
    told = event(cloudfront_viewer_address="198.51.100.9:1", x_origin_secret=given)
    assert source_of(told) == "203.0.113.7"
