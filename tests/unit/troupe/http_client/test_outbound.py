"""What is called and what never is. No test here leaves the machine: addresses are literal, or refused before."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.http_client.client import MEANING, Answer, NotAllowed, OutboundFailed, Unanswered, fetch, meaning
from troupe.http_client.transport import Refused, is_public

PRIVATE = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
PRIVATE_ADDRESSES = st.sampled_from(PRIVATE).flatmap(lambda network: st.ip_addresses(network=network))


ABSTRACT = {
    httpx.HTTPError,
    httpx.RequestError,
    httpx.TransportError,
    httpx.TimeoutException,
    httpx.NetworkError,
    httpx.ProtocolError,
}
NOT_ASKED_FOR = {httpx.HTTPStatusError}  # of raise_for_status


def every(kind):
    return [kind, *(below for direct in kind.__subclasses__() for below in every(direct))]


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "8.8.8.8",
            "93.184.216.34",
            "2606:4700::1111",
            "2a00:1450:4001:81b::200e",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ],
    )
    def test_public(self, address):
        assert is_public(address)

    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",  # EC2's metadata
            "169.254.170.2",  # ECS's
            "255.255.255.255",
            "224.0.0.1",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:224.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "2001:0:7f00:1::",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",  # EC2's metadata
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ],
    )
    def test_not(self, address):
        assert not is_public(address)

    @given(PRIVATE_ADDRESSES)
    def test_nothing_private_is_public_however_it_is_wrapped(self, address):
        assert not is_public(str(address))
        for prefix in ("::", "::ffff:0:0", "64:ff9b::"):
            assert not is_public(str(IPv6Address(int(IPv6Address(prefix)) | int(address))))
        assert not is_public(str(IPv6Address((0x2002 << 112) | (int(address) << 80))))

    @given(st.ip_addresses(v=6).filter(lambda address: address not in IPv6Network("2000::/3")))
    def test_of_ipv6_only_what_is_given_out(self, address):
        assert not is_public(str(address)) or address.ipv4_mapped or address in IPv6Network("64:ff9b::/96")

    @given(st.ip_addresses(v=4))
    def test_a_public_one_is_none_of_the_private(self, address: IPv4Address):
        if is_public(str(address)):
            assert not any(address in network for network in PRIVATE)
            assert ip_address(str(address)).is_global


class TestRefused:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "http://localhost/",
            "http://0/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://10.0.0.1/",
            "http://100.64.0.1/",
            "http://１２７.0.0.1/",  # noqa: RUF001 -- full width
            "http://127。0。0。1/",
            "http://8.8.8.8:8080/",
            "http://8.8.8.8:22/",
            "http://user:password@8.8.8.8/",
            "http://8.8.8.8@127.0.0.1/",
            "ftp://8.8.8.8/",
            "ftp://8.8.8.8:80/",
            "file:///etc/passwd",
            "gopher://8.8.8.8:80/",
            "//8.8.8.8/",
            "8.8.8.8",
            "/relative",
            "",
            "http://",
            "http:///path",
            "http://a..b/",
            f"http://{'a' * 70}.example/",
            "http://[::1/",
            "http://8.8.8.8:99999/",
            "http://8.8.8.8:x/",
            "http://\x00/",
            "http://xn--/",
        ],
    )
    def test_what_is_never_called(self, url):
        with pytest.raises(NotAllowed):
            fetch("GET", url)

    def test_only_loopback_can_be_allowed(self, monkeypatch):
        monkeypatch.setenv("OUTBOUND_ALLOW", "10.0.0.1:80,169.254.169.254:80")
        for host in ("10.0.0.1", "169.254.169.254"):
            with pytest.raises(NotAllowed, match="public"):
                fetch("GET", f"http://{host}/")

    def test_only_with_its_port(self, monkeypatch):
        monkeypatch.setenv("OUTBOUND_ALLOW", "127.0.0.1:8080")
        for url in (
            "http://127.0.0.1/",
            "http://127.0.0.1:8081/",
            "http://127.0.0.2:8080/",
            "http://localhost:8080/",
        ):
            with pytest.raises(NotAllowed):
                fetch("GET", url)


class TestMeaning:
    def test_every_exception_of_httpx_has_one(self):
        foreign = {*every(httpx.HTTPError)} - ABSTRACT - NOT_ASKED_FOR
        assert set(MEANING) == foreign

    def test_the_meanings_are_of_one_tree(self):
        assert all(issubclass(each, OutboundFailed) for each in MEANING.values())
        for foreign, ours in MEANING.items():
            assert type(meaning(foreign("message"))) is ours

    def test_what_is_not_known_may_have_been_sent(self):
        assert type(meaning(httpx.NetworkError("message"))) is Unanswered

    def test_a_refusal_of_the_transport_is_one_of_httpx(self):
        assert issubclass(Refused, httpx.TransportError)


def test_an_answer_does_not_show_its_body():
    answer = Answer(status=200, headers={}, body=b'{"token": 1}')
    assert answer.json() == {"token": 1}
    assert "token" not in repr(answer)
