"""What can go wrong with the embedded services, in words for the person at the terminal."""


class EmbeddedError(Exception):
    """A service could not be found, started or reached; the message says what to do."""
