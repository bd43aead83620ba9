"""Schedules and scheduled rules are looked at twice a second.

MiniStack looks each ten seconds, so a one-off timer fires up to ten seconds late.
"""

from ministack.services import eventbridge, scheduler

from local.emulator.settings import SCHEDULE_SECONDS

scheduler._SCHEDULE_TICK_INTERVAL = SCHEDULE_SECONDS
eventbridge._SCHEDULER_TICK_INTERVAL = SCHEDULE_SECONDS
