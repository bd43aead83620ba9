"""Behind the queue of SES's notices: an address that bounced for good, or whose owner complained, gets no more."""

from troupe.batches import consumer
from troupe.suppressions import record

handler = consumer(record)
