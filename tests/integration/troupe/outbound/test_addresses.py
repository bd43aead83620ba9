"""The address that was checked is the one that is called, and the certificate is its name's."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.faulty_servers import BRIEF, allow, count_connections, reply, serving
from troupe.http_client import transport
from troupe.http_client.client import NotAllowed, Policy, Unreachable, fetch


class TestCheckedAddress:
    """No window between check and use: a name that changes its address reaches nothing else."""

    def test_a_name_is_resolved_once_for_each_request(self, serve, monkeypatch):
        url, seen = serve(reply())
        port = url.rpartition(":")[2]
        allow(monkeypatch, f"rebind.test:{port}")
        answers = [("127.0.0.1",), ("10.0.0.1",)]
        monkeypatch.setattr(transport, "_resolved", lambda *_: answers.pop(0))
        connected = count_connections(monkeypatch)
        assert fetch("GET", f"http://rebind.test:{port}/").status == 200
        assert seen[0][2]["Host"] == f"rebind.test:{port}"
        assert connected == ["127.0.0.1"]
        with pytest.raises(NotAllowed, match="public"):
            fetch("GET", f"http://rebind.test:{port}/")
        assert connected == ["127.0.0.1"]

    def test_one_address_that_is_not_public_is_enough(self, monkeypatch):
        monkeypatch.setattr(transport, "_resolved", lambda *_: ("8.8.8.8", "10.0.0.1"))
        connected = count_connections(monkeypatch)
        with pytest.raises(NotAllowed, match="public"):
            fetch("GET", "http://mixed.test/")
        assert not connected

    def test_the_next_address_is_tried_when_one_is_dead(self, serve, monkeypatch):
        url, _ = serve(reply())
        port = url.rpartition(":")[2]
        allow(monkeypatch, f"two.test:{port}")
        monkeypatch.setattr(transport, "_resolved", lambda *_: ("127.0.0.2", "127.0.0.1"))
        assert fetch("GET", f"http://two.test:{port}/", policy=Policy(attempts=1)).status == 200

    def test_the_resolver_knows_this_machine(self):
        assert "127.0.0.1" in transport._resolved("localhost", 80)


def certificate(name):
    """A self-signed certificate for one name, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        made.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


class TestTls:
    @pytest.fixture
    def secure(self, tmp_path, monkeypatch):
        """A server with a certificate for service.test that the client trusts; both names lead to it."""
        pem, key = certificate("service.test")
        (tmp_path / "chain.pem").write_bytes(pem + key)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(tmp_path / "chain.pem")
        names = []
        tls.sni_callback = lambda _socket, name, _context: names.append(name)
        trusted = ssl.create_default_context(cadata=pem.decode())
        monkeypatch.setattr(transport, "_trusted", lambda: trusted)
        monkeypatch.setattr(transport, "_resolved", lambda *_: ("127.0.0.1",))
        with serving(reply(), tls=tls) as server:
            for name in ("service.test", "other.test"):
                allow(monkeypatch, f"{name}:{server.server_port}")
            yield server, names

    def test_the_name_is_what_tls_sees_and_checks(self, secure):
        server, names = secure
        assert fetch("GET", f"https://service.test:{server.server_port}/").status == 200
        assert names == ["service.test"]
        assert server.seen[0][2]["Host"] == f"service.test:{server.server_port}"

    def test_another_name_at_the_same_address_is_not_trusted(self, secure):
        server, names = secure
        with pytest.raises(Unreachable):
            fetch("GET", f"https://other.test:{server.server_port}/", policy=BRIEF)
        assert set(names) == {"other.test"}
        assert not server.seen

    def test_a_redirect_does_not_leave_tls(self, secure):
        server, _ = secure
        server.script[:] = [reply(302, location=f"http://service.test:{server.server_port}/")]
        with pytest.raises(NotAllowed, match="secure"):
            fetch("GET", f"https://service.test:{server.server_port}/")

    def test_by_default_what_certifi_trusts(self):
        transport._trusted.cache_clear()
        assert len(transport._trusted().get_ca_certs()) > 50
        assert transport._trusted() is transport._trusted()
