"""What belongs to no context: the edge of the stream, of the bus and of the APIs."""
