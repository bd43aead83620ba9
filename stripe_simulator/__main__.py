"""Runs the server until it is ended: python -m stripe_simulator --port N [--webhook-url URL] ..."""

import argparse
import sys
import time
from datetime import datetime
from functools import partial
from pathlib import Path

from stripe_simulator.api.server import Server
from stripe_simulator.simulation import Simulation
from stripe_simulator.webhooks import SECRET, Post, Settings
from stripe_simulator.world import START, World


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m stripe_simulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", default="troupe", help="the same seed, the same world")
    parser.add_argument("--now", help="where its clock begins, ISO 8601 with a zone")
    parser.add_argument("--webhook-url", help="where events go; they are sent as they happen")
    parser.add_argument("--webhook-secret", action="append", help="what they are signed with; twice for two")
    parser.add_argument("--clock-file", type=Path, help="how many seconds its clock is ahead at least")
    parser.add_argument("--runs", action="store_true", help="its clock runs, instead of standing until told")
    parser.add_argument(
        "--signed-on", choices=("world", "machine"), default="world", help="whose clock signs"
    )
    chosen = parser.parse_args(arguments)
    now = int(datetime.fromisoformat(chosen.now).timestamp()) if chosen.now else START
    post = Post()
    simulation = Simulation(World(seed=chosen.seed, now=now), post, runs=chosen.runs)
    if chosen.clock_file:
        simulation.follows = partial(ahead_of_now, chosen.clock_file)
    settings = Settings(
        url=chosen.webhook_url,
        secrets=tuple(chosen.webhook_secret or [SECRET]),
        mode="automatic" if chosen.webhook_url else "held",
        signed_on=chosen.signed_on,
    )
    post.configure(settings)
    with Server(chosen.port, simulation) as server:
        print(f"Stripe simulated at {server.url}", flush=True)
        server.serve_forever()


def ahead_of_now(file: Path) -> int:
    """The machine's time, and as many seconds more as the file says, if there is one."""
    try:
        ahead = float(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        ahead = 0.0
    return int(time.time() + ahead)


if __name__ == "__main__":
    main(sys.argv[1:])
