"""The demo: the local stack, a story played over HTTP, its outcome as tables, and an API to go on with."""

import argparse
import signal
import sys
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from local.demo.api import StoryError
from local.demo.catalogue import FILE as CATALOGUE
from local.demo.market import Market
from local.demo.market_report import Report
from local.demo.month import SUBSCRIBERS, Month
from local.demo.people import COUNT, Person, data_set, newcomers
from local.demo.shop import opened
from local.demo.story import Played, Story
from local.stack import Stack, down, status, up

FEWEST = 8  # people that the story needs

console = Console()


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m local demo", description="Plays a story over HTTP.")
    made.add_argument(
        "--people",
        type=int,
        choices=range(FEWEST, COUNT + 1),
        default=COUNT,
        metavar="N",
        help=f"how many sign up: {FEWEST} to {COUNT} (default: all)",
    )
    return made


def main(rest: list[str]) -> int:
    """Play it. What was running before goes on running; else the stack ends with the demo."""
    crowd = newcomers(parser().parse_args(rest).people)
    ran_before = all(status().values())
    try:
        with console.status("starting the local stack") as shown:
            stack = up(say=lambda step: shown.update(f"{step} ..."))
        return _play(stack, crowd, ran_before=ran_before)
    finally:
        if not ran_before:
            down()


def _play(stack: Stack, crowd: tuple[Person, ...], *, ran_before: bool) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    where = "of the public data set" if data_set().exists() else "invented, as the data set is not here"
    console.print(f"Troupe runs at {stack.api_url}; {len(crowd)} people, {where}.")
    try:
        with Progress(*columns, console=console) as progress:
            story = Story(stack, crowd, progress)
            played = story.play()
            market = Report(Market(story).play()).read()
            month = Month(opened(stack, played.owner, "Atelier Press"), progress).play()
        month.check()
    except StoryError as failed:
        console.print(f"[red]the story went wrong:[/red] {failed}", highlight=False)
        return 1
    show(played)
    show_market(market)
    show_month(month)
    invite(stack, played)
    if at_a_terminal():
        serve(ran_before=ran_before)
    elif not ran_before:
        console.print(
            "Without a terminal to press Ctrl-C at, the stack ends here; make up starts one that stays."
        )
    return 0 if played.unspoilt else 1


def at_a_terminal() -> bool:
    """Whether somebody is there to press Ctrl-C; a stream that the caller closed is None."""
    streams: tuple[TextIO | None, ...] = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        table.add_column(name, justify="left" if name in {"who", "quota", "what", "ended"} else "right")
    return table


def show(played: Played) -> None:
    cards = _table("User cards, as the stream left them", "who", "followers", "following")
    for card in played.cards:
        cards.add_row(card["display_name"], str(card["stats"]["followers"]), str(card["stats"]["following"]))
    console.print(cards)
    lifecycle = _table("User lifecycle of the day", "what", "how many")
    for name, number in played.analytics["totals"].items():
        lifecycle.add_row(name, str(number))
    console.print(lifecycle)
    quotas = _table("Quotas", "quota", "used", "limit", "available")
    for each in played.usage["quotas"]:
        quotas.add_row(each["quota"], *(f"{each[name]:,}" for name in ("used", "limit", "available")))
    console.print(quotas)
    console.print(_events(played))


def show_market(report: Report) -> None:
    """Feeds, orders and revenue; all of it agreed with what was counted by hand."""
    for table in report.tables():
        console.print(table)
    articles = report.market.articles
    of_it = "Saleor's example catalogue" if data_set(CATALOGUE).exists() else "a small catalogue"
    console.print(
        f"{len(articles)} products of {of_it} with {sum(len(each.variants) for each in articles)} variants."
    )


def show_month(month: Month) -> None:
    """The cases, and the snapshot beside what was counted by hand."""
    cases = _table("Six renewals that failed, a month later", "who", "what", "cents", "ended")
    for each in SUBSCRIBERS:
        attempt = month.attempts[each.name]
        ended = f"{attempt['status']}: {attempt['end_reason']}" + (
            ", refunded later" if each.reversed else ""
        )
        cases.add_row(each.name, each.told, f"{each.amount:,}", ended)
    console.print(cases)
    snapshot = _table("The month's snapshot", "what", "published", "counted by hand")
    for name, counted in month.expected().items():
        snapshot.add_row(name, f"{month.metrics[name]:,}", f"{counted:,}")
    console.print(snapshot)
    console.print(
        f"Definitions {month.metrics['definition_version']}; {month.mails()} dunning mails in the mailbox."
    )


def _events(played: Played) -> Table:
    told = _table("And on the bad side", "what", "who")
    if played.locked and played.suspended:
        told.add_row("locked out after five wrong passwords", played.locked.display_name)
        told.add_row("suspended", played.suspended.display_name)
    told.add_row(f"refused: {played.refusal['code']}", str(played.refusal["detail"]))
    return told


def invite(stack: Stack, played: Played) -> None:
    """The base URL, a token and three lines to try."""
    if played.owner is None:
        return
    base = f"{stack.api_url}/v1/identity"
    console.print(f"\nBase URL   {base}")
    console.print(f"API page   {stack.api_url}/docs")
    _plain(f"export TOKEN={played.owner.fresh_token()}\n")
    _plain(f'curl -H "Authorization: Bearer $TOKEN" {base}/me')
    _plain(f'curl -H "Authorization: Bearer $TOKEN" "{base}/users?status=suspended"')
    _plain(
        f'curl -X POST -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: try-1" '
        f"""-d '{{"name": "Second studio"}}' {base}/organizations\n"""
    )


def _plain(line: str) -> None:
    """A line to copy: never wrapped, never coloured."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def serve(*, ran_before: bool) -> None:
    console.print("The API goes on serving. Ctrl-C ends " + ("the demo." if ran_before else "it."))
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("ending")
