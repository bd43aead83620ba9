"""POST /v1/commerce/suppliers/{supplier_id}/submit"""

from commerce.supplier import documents, transactions
from commerce.supplier.commands import SubmitSupplier
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(
    Operation(
        permission="supplier:submit",
        refusals=("invalid_transition", "record_incomplete", "too_many_documents", "document_removed"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """The documents that have arrived by now are what is reviewed."""
    supplier = transactions.own(request)

    def decide(at: Snapshot) -> Decision:
        pending = at.of(supplier).state.pending
        looked = [documents.uploaded(request.tenant_id, supplier.id, each) for each in pending]
        found = tuple(each for each in looked if each)
        changed = at.decide(supplier, SubmitSupplier(uploaded=found))
        filed = documents.filed(request.tenant_id, found) if changed.events else ()
        published = transactions.published_actions(request.tenant_id, changed)
        return Decision(changes=(changed,), actions=(*published, *filed))

    return request.transact((supplier,), decide)
