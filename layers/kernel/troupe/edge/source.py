"""Where a request comes from: the address of the client, as the gateway or CloudFront saw it.

CloudFront says it in a header, which is believed only beside the secret that CloudFront sends to its origin.
An IPv6 address counts as its network of 64 bits, since one client has all addresses of it.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
"""

import hmac
import os
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

SECRETS = "ORIGIN_SECRETS"  # the current one and, while it is changed, the one before, with a comma between
SECRET_HEADER = "x-origin-secret"  # noqa: S105 -- a header's name
VIEWER_HEADER = "cloudfront-viewer-address"
CLIENT_BITS = 64


def source_of(event: Mapping[str, Any]) -> str:
    """The client's address; an IPv6 address as its network. Empty where there is none."""
    http: Mapping[str, str] = event["requestContext"].get("http") or {}
    headers: Mapping[str, str] = event.get("headers") or {}
    viewer = headers.get(VIEWER_HEADER, "") if _by_cloudfront(headers) else ""
    return _network(viewer.rpartition(":")[0]) or _network(http.get("sourceIp", ""))


def _by_cloudfront(headers: Mapping[str, str]) -> bool:
    given = headers.get(SECRET_HEADER, "").encode()
    known = [each.strip().encode() for each in os.environ.get(SECRETS, "").split(",") if each.strip()]
    return any(hmac.compare_digest(given, each) for each in known)


def _network(text: str) -> str:
    """What counts as one client; empty for what is no address."""
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return ""
    match address:
        case IPv6Address(ipv4_mapped=None):
            return str(ip_network((address, CLIENT_BITS), strict=False))
        case IPv6Address(ipv4_mapped=mapped):
            return str(mapped)
        case _:
            return str(address)
