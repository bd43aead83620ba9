"""What each command of the shop should write, by the items of the design (section 3), before it is measured.

A change of an aggregate is its state and one item for each of its events. Beside it stand guards, tallies,
parts, rows of other tables' readers, and checks of what the decision rests on. Each costs two units, if it is
no more than a KB and in no index.
"""

from collections.abc import Iterator
from typing import NamedTuple

COPIES = 8  # of what many check, and buckets of what many count


class Writes(NamedTuple):
    states: int = 1
    events: int = 1
    beside: int = 0

    @property
    def actions(self) -> int:
        return sum(self)

    @property
    def units(self) -> int:
        return 2 * self.actions


NOTHING, CHANGE = Writes(0, 0), Writes()
_GROUPS: tuple[tuple[Writes, str], ...] = (
    (NOTHING, "request_media_upload remind_administrators quote_order confirm_payment remind_approvers"),
    (
        CHANGE,
        (
            "report_content delete_post request_document_upload open_payout_account delete_product"
            " restore_product update_product update_variant update_promotion cancel_promotion"
            " record_impressions rate_supplier request_return"
        ),
    ),
    # A check of the community or of the supplier's standing; or a guard, a part, or a bucket.
    (
        Writes(beside=1),
        (
            "delete_comment approve_global_distribution reject_global_distribution hide_post"
            " publish_post resolve_report update_supplier change_bank_details add_location add_variant"
            " remove_variant adjust_inventory decline_return"
        ),
    ),
    # The row of a member or the tally of a leader, and a check; offer and budget; guard, bucket and check.
    (
        Writes(beside=2),
        (
            "decline_member unban_member set_member_role create_post"
            " edit_post comment_on_post request_global_distribution restore_post create_product"
            " unpublish_product create_promotion approve_return"
        ),
    ),
    # The members' tally, the row, and a check; what is on sale, and two checks; offer, budget and one more.
    (
        Writes(beside=3),
        ("join_community leave_community approve_member ban_member publish_product set_inventory"),
    ),
    # The offer and the budget, the supplier's tally or a check; two targets; supplier, community and product.
    (Writes(beside=COPIES + 1), "start_promotion pause_promotion"),
    (Writes(beside=COPIES + 2), "reject_promotion resume_promotion end_promotion"),
    (Writes(events=2, beside=COPIES + 2), "approve_promotion"),  # approved and begun
    (Writes(beside=COPIES + 4), "decide_promotion"),
    (Writes(beside=COPIES + 7), "submit_promotion"),
    (Writes(0, 0, 3), "vote_in_poll react_to_post"),  # one's own item, a shard of the tally, a check
    (Writes(2, 3, 3), "verify_supplier_address"),  # active, with a password; two guards and the hash
    # The version and the standing in copies, the standing itself; tallies, the members' in buckets; the row.
    (Writes(beside=2 * COPIES + 1), "update_community"),
    (Writes(beside=2 * COPIES + 2), "delete_community restore_community"),
    (Writes(2, 2, 2 * COPIES + 4), "transfer_community"),
    (Writes(2, 2, 3 * COPIES + 3), "create_community"),
    (Writes(beside=COPIES), "submit_supplier begin_review reject_supplier verify_supplier"),
    (
        Writes(2, 2, COPIES),
        "suspend_supplier reinstate_supplier delete_supplier expire_supplier restore_supplier",
    ),
    # The address, reserved and with its pointer; its guard and the tenant's standing are checked.
    (Writes(2, 2, COPIES + 4), "register_supplier"),
    (Writes(beside=10), "split_stock"),  # into four: a bucket each, and three moves of two
    (Writes(2, 2, 3), "place_order"),  # lines, bucket, standing
    (Writes(2, 2, 1), "cancel_order expire_order"),  # the bucket
    (Writes(2, 3, 1), "accept_lines deliver_lines"),  # the part, the order and its status; the standing
    # As these, and a bucket; of a payment begun, paid and confirmed its guard with both steps.
    (Writes(2, 3, 2), "pay_order reject_lines ship_lines recall_shipment"),
    (Writes(4, 4), "refund_lines"),  # asked for and made, by order and part each
    (Writes(1, 2, 2), "pay_supplier"),  # due and held; the ledger, and a check of the supplier
)


def _by_command() -> Iterator[tuple[str, Writes]]:
    for writes, commands in _GROUPS:
        for command in commands.split():
            yield command, writes


RECKONED = dict(_by_command())
