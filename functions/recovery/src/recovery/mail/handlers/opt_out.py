"""POST /v1/recovery/opt-outs/{token}"""

from recovery.contact.decider import CONTACT, ContactKey, OptOut, id_of
from recovery.mail import links, pages
from troupe.edge.endpoint import AnyQuery, NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


@endpoint(Operation(anonymous=True, secret=True, any_body=True, parameters=AnyQuery, media="text/html"))
def handler(request: Request[NoBody]) -> Answer:
    """No mail about payments goes to the customer any more. Mail programs do it in one click (RFC 8058)."""
    link = links.read(request.path.get("token", ""), "opt_out", request.now)
    contact_key = ContactKey(workspace_id=link.workspace_id, stripe_customer_id=link.customer_id)
    inside = request.within(link.tenant_id)
    person = Ref(decider=CONTACT, id=id_of(link.workspace_id, link.customer_id))

    def decide(at: Snapshot) -> Decision:
        noted = Ref(decider=CONTACT, id=person.id, creates=True)
        return Decision(changes=(at.decide(noted, OptOut(contact_key=contact_key)),))

    with confined(link.tenant_id):
        transact(inside.scope, (person,), decide)
    return pages.page(pages.OPTED_OUT)
