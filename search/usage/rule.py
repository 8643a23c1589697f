"""From when on words are kept, and until then are not: one rule for all counts."""

from __future__ import annotations

VOICES_LEAST, DAYS_LEAST = 5, 3
"""Words are kept from this many voices on this many days: then they identify nobody."""


def are_many(voices: int, days: int) -> bool:
    """Return whether words were used by many: `voices` has a bit for each."""
    return voices.bit_count() >= VOICES_LEAST and days >= DAYS_LEAST


VOICES = 32
"""How many voices are told apart. The more, the more a voice says about who spoke."""

DAYS_OF_A_VOICE = 4
"""Where no address is known, all of so many days are one voice: five of them take a fortnight."""

KEY_DAYS = 28
"""How long words have to become many. Then the key of their hashes is replaced, and what it hashed is deleted."""
