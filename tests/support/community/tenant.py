"""A tenant with communities, for the tests of community; and its commands."""

from dataclasses import dataclass

from support import handlers
from support.principals import Handler, TenantSetup


@dataclass(frozen=True)
class CommunityTenant(TenantSetup):
    """One tenant of the table, and what happens in it without a request."""

    def _inbound(self) -> Handler:
        from community.inbound import handler

        return handler


class Call(handlers.Call):
    context = "community"


ask = handlers.asking("community")
