"""A case's figures, from what its events say, in their order."""

from datetime import UTC, datetime

import pytest

from recovery.metric.evolve_case import CaseFigures, started, told

AT = "2026-06-01T10:00:00.000000Z"
BEGAN = {"workspace_id": "w", "currency": "EUR", "amount_due_cents": 1000, "started_at": AT}


def case(*events: tuple[str, dict]) -> CaseFigures:
    figures = started("case", BEGAN)
    for name, data in events:
        figures = told(figures, name, data)
    return figures


def charged(
    decline_type: str | None = "soft", *, executed: bool = True, initiator: str = "stripe"
) -> tuple[str, dict]:
    classification = decline_type and {"decline_type": decline_type}
    charge = {"executed": executed, "initiator": initiator}
    return ("payment_attempted", {"charge": charge, "classification": classification})


def test_what_it_begins_with() -> None:
    figures = case()
    assert (figures.amount_due_cents, figures.amount_remaining_cents, figures.status) == (
        1000,
        1000,
        "pending",
    )
    assert figures.started_at == datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_charges_of_a_card_that_was_declined_for_good_are_wasted() -> None:
    figures = case(charged("hard"), charged("hard"), charged("soft"), charged("soft"))
    assert (figures.executed, figures.wasted) == (4, 2)


@pytest.mark.parametrize(
    ("between", "wasted"),
    [
        ([], 1),
        ([("payment_method_changed", {"same_card": False})], 0),
        ([("payment_method_changed", {"same_card": True})], 1),
        ([charged("hard", executed=False)], 1),
    ],
)
def test_another_card_is_another_matter(between: list[tuple[str, dict]], wasted: int) -> None:
    assert case(charged("hard"), *between, charged("soft")).wasted == wasted


def test_what_a_customer_tries_is_not_our_waste() -> None:
    assert case(charged("hard"), charged("soft", initiator="customer")).wasted == 0


def test_money_is_the_running_total_and_never_less() -> None:
    figures = case(
        ("amount_changed", {"amount_remaining_cents": 600, "paid_cents": 400}),
        ("payment_recorded", {"amount_cents": 300}),
        ("reversed", {"reversed_amount_cents": 100}),
        ("reversed", {"reversed_amount_cents": 50}),
    )
    assert (figures.paid_cents, figures.amount_remaining_cents, figures.reversed_cents) == (400, 600, 100)


def test_a_step_only_comes_further() -> None:
    sent = ("step_sent", {"step_id": "a", "sent_at": AT})
    figures = case(sent, ("step_clicked", {"step_id": "a"}), ("step_opened", {"step_id": "a"}))
    assert (figures.steps, figures.assisted) == ({"a": "clicked"}, True)
    again = told(figures, "step_sent", {"step_id": "b", "sent_at": "2026-07-01T10:00:00Z"})
    assert again.first_sent_at == datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_how_it_ended() -> None:
    won = {"recovered_at": AT, "reason": "paid", "recovered_amount_cents": 1000, "attribution": "our_retry"}
    figures = case(("recovered", won))
    assert (figures.status, figures.paid_cents, figures.attribution) == ("recovered", 1000, "our_retry")
    assert figures.amount_remaining_cents == 0
    lost = case(("failed", {"failed_at": AT, "reason": "window_ended"}))
    assert (lost.status, lost.end_reason, lost.amount_remaining_cents) == ("failed", "window_ended", 1000)
    gone = case(("abandoned", {"abandoned_at": AT, "reason": "cancelled"}))
    assert (gone.status, gone.end_reason) == ("abandoned", "cancelled")


def test_what_says_nothing_of_figures_changes_nothing() -> None:
    assert case(("held", {"reason": "requested"}), ("something_new", {})) == case()
