"""A transport that connects to public addresses alone, so that no one makes us call ourselves (SSRF).

A name is resolved once, every address it has must be public, and the connection goes to one of those
addresses: nothing can change between check and use. The name stays in `Host` and in TLS. Loopback, private
networks, link-local addresses (the metadata of EC2 and ECS among them) and IPv6 addresses that wrap one of
these are not public (https://cheatsheetseries.owasp.org, Server Side Request Forgery Prevention).
"""

import os
import socket
import ssl
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import override

import httpx

MOST_ADDRESSES = 3  # of one name, tried one after another
ALLOW = "OUTBOUND_ALLOW"

_PORTS = {"http": 80, "https": 443}
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out so far
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how a host without IPv4 sees one that has nothing else


class Refused(httpx.UnsupportedProtocol):
    """A URL that is not called."""


class PublicOnly(httpx.BaseTransport):
    """Connects to an address that was checked, anew for each request.

    The variable OUTBOUND_ALLOW (`host:port`, with commas) names servers that may be on loopback, and on any
    port: those of a local stack.
    """

    def __init__(self, ports: frozenset[int]) -> None:
        self._ports = ports
        # No connection is kept: one to an address could serve another name that resolves to it, unverified.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.HTTPTransport(verify=_trusted(), trust_env=False, limits=limits)

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        unreachable: httpx.TransportError = httpx.ConnectError("no address")
        for address in _addresses(request.url, self._ports)[:MOST_ADDRESSES]:
            try:
                return self._inner.handle_request(_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout) as failed:
                unreachable = failed
        raise unreachable

    @override
    def close(self) -> None:
        self._inner.close()


def _to(address: str, request: httpx.Request) -> httpx.Request:
    """The same request to one address; the name stays in `Host`, in SNI, and in the certificate asked for."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )


def _addresses(url: httpx.URL, ports: frozenset[int]) -> tuple[str, ...]:
    """The addresses of a URL that we may call; raises `Refused`, or httpx's own if it has none."""
    if url.scheme not in _PORTS or url.userinfo:
        raise Refused("neither http nor https, or with a password in the address")
    port = url.port or _PORTS[url.scheme]
    ours = f"{url.host}:{port}" in os.environ.get(ALLOW, "").split(",")
    if not ours and port not in ports:
        raise Refused("not a port that we call")
    try:
        addresses = _resolved(url.raw_host.decode("ascii"), port)
    except OSError as failed:
        raise httpx.ConnectError("no such host") from failed
    except ValueError as failed:
        raise Refused("not a name of a host") from failed
    if not all(is_public(each) or (ours and ip_address(each).is_loopback) for each in addresses):
        raise Refused("not a public address")
    return addresses


def is_public(address: str) -> bool:
    """Whether an IPv4 or IPv6 address is one of the public internet, by itself and by what it wraps."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        wrapped = IPv4Address(ip.packed[-4:]) if ip in _NAT64 else ip.ipv4_mapped
        if wrapped is None:
            tunnelled = ip.sixtofour is not None or ip.teredo is not None
            return ip in _GLOBAL_UNICAST and ip.is_global and not tunnelled
        ip = wrapped
    return ip.is_global and not ip.is_multicast


def _resolved(host: str, port: int) -> tuple[str, ...]:
    """Every address of a name, in the resolver's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found))


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()
