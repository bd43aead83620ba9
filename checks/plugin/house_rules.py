"""What cfn-lint loads: it takes this file by its path, which tells it nothing of the package of the rules."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from checks.failure_destinations import Alarm, FailureDestination
from checks.names import SameName
from checks.permissions import KeysNeeded, NoWildcardAction, Paired
from checks.recursion import LoopKnown
from checks.retention import Logged, Retained

__all__ = [
    "Alarm",
    "FailureDestination",
    "KeysNeeded",
    "Logged",
    "LoopKnown",
    "NoWildcardAction",
    "Paired",
    "Retained",
    "SameName",
]
