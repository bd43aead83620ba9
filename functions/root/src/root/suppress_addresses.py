"""Behind the queue of SES's notices: an address that bounced for good, or complained, gets no more mail."""

from troupe.batches import consumer
from troupe.suppressions import record

handler = consumer(record)
