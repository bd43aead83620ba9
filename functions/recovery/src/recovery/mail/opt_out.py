"""The page on which a customer opts out of mails: to open it changes nothing."""

from recovery.mail import links, pages
from recovery.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.request import Request
from troupe.store.scope import Answer


@ROUTES.page("/opt-outs/{token}")
def opt_out_page(request: Request[NoBody]) -> Answer:
    """Machines open every link of a mail, so that it takes a button."""
    links.read(request.path.get("token", ""), "opt_out", request.now)
    return pages.page(pages.ASK)
