"""Behind the queue of SES's notices: an address that bounced for good, or complained, gets no more mail."""

from troupe.mail.suppressions import record
from troupe.messaging.batches import consumer

handler = consumer(record)
