"""Slugs that no tenant gets: names of our own addresses, and those that pass for the platform itself.

The names are those of RFC 2142 (mailboxes of roles) and of hosts and paths that services commonly use.
"""

from troupe.domain.decider import Invalid

_RESERVED = (
    "about abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover "
    "billing blog cdn checkout console contact dashboard demo dev docs download email events example "
    "feedback files ftp help home hostmaster identity imap info internal invite jobs legal local "
    "localhost login logout mail marketing me media mx news noc no-reply noreply ns1 ns2 null oauth "
    "official ops owner pay payment payments pop postmaster press privacy prod production public register "
    "reset root sales secure security settings shop sign-in sign-up signin signup smtp sso staff staging "
    "static status store stripe support system team tenant tenants terms test troupe undefined usenet "
    "user users uucp verify webhook webhooks webmaster www"
)
RESERVED = frozenset(_RESERVED.split())


def check_slug(slug: str) -> None:
    """Refuse a slug that is reserved (`slug_reserved`)."""
    if slug in RESERVED or slug.startswith("xn--"):
        raise Invalid("slug_reserved", "This slug is reserved. Choose another one.", "slug")
