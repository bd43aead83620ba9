"""GET /v1/recovery/clicks/{token}"""

from recovery.mail import links
from recovery.mail.pages import pay_page
from recovery.step import tracking
from recovery.step.bot_rules import machine
from troupe.edge.endpoint import AnyQuery, NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.observability import outcome
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


@endpoint(Operation(anonymous=True, secret=True, any_body=True, parameters=AnyQuery, status=302, media=""))
def handler(request: Request[NoBody]) -> Answer:
    """To Stripe's page where the invoice is paid, and nowhere else: its address is in what was signed."""
    link = links.read(request.path.get("token", ""), "click", request.now)
    if links.payable(link.url) is None:
        raise Unknown("link")
    if why := machine(request.method, request.headers):
        outcome("click_of_a_machine", tenant_id=link.tenant_id, attempt_id=link.about_id, why=why)
    else:
        tracking.clicked(request.within(link.tenant_id).scope, link)
    return Answer(status=302, body={}, headers={"location": pay_page(link, request.now)}, raw=b"")
