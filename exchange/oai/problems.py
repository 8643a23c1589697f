"""What can be wrong with a request, in the words of the protocol (OAI-PMH 2.0, section 3.6)."""

from __future__ import annotations


class Problem(Exception):
    """A refused request: the protocol's code, and a sentence for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

    @property
    def repeats_arguments(self) -> bool:
        """Whether the answer may repeat the arguments: not when they were not understood (3.2)."""
        return self.code not in ("badVerb", "badArgument")
