"""The models of people: their consents, and what must stay deleted."""

from people.models.consent import Consent, ConsentPage
from people.models.deletion import Deletion

__all__ = ["Consent", "ConsentPage", "Deletion"]
