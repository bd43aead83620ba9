"""POST /v1/commerce/promotions"""

from commerce.promotion import rules, transactions
from commerce.promotion.commands import CreatePromotion
from commerce.promotion.requests import PromotionForm
from commerce.supplier import standing
from troupe.edge.endpoint import Operation, Version, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

REFUSALS = (
    *("supplier_required", "permission_required", "supplier_not_verified", "no_product", "wrong_products"),
    *("one_reduction", "no_reduction", "reduction_required", "wrong_communities"),
    *("end_required", "end_before_start"),
)


@endpoint(
    Operation(
        permission="promotion:create",
        body=PromotionForm,
        reply=Version,
        status=201,
        refusals=REFUSALS,
        example={
            "title": "Flash sale",
            "kind": "single",
            "products": [
                {"product_id": "0192f0c1-7a00-7000-8000-0000000000b1", "reduction": {"percent": 30}}
            ],
            "visibility": "both",
            "communities": ["0192f0c1-7a00-7000-8000-0000000000c1", "0192f0c1-7a00-7000-8000-0000000000c2"],
            "starts_at": "2026-02-14T00:00:00Z",
            "ends_at": "2026-02-21T00:00:00Z",
            "limits": {"uses": 500, "per_customer": 1},
        },
    )
)
def handler(request: Request[PromotionForm]) -> Answer:
    """A draft of a verified supplier, about its own products."""
    ref, details = transactions.promotion_ref(new_id(), creates=True), request.body.details()
    supplier_id = standing.named(request.caller, request.body.supplier_id)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, CreatePromotion(supplier_id=supplier_id, details=details))
        held = transactions.selling(at, supplier_id)
        rules.owned(details, supplier_id, transactions.featured(at, details))
        return Decision(changes=(changed,), actions=(*held, *transactions.as_read(at, details)))

    wanted = (standing.standing(request.tenant_id, supplier_id),)
    products = transactions.product_keys(request.tenant_id, details)
    return request.transact((ref, *wanted, *products), decide, created("/v1/commerce/promotions/{id}"))
