"""The models of people: their consents, what must stay deleted, and their portraits."""

from people.models.consent import Consent, ConsentPage
from people.models.deletion import Deletion
from people.models.overview import PortraitIndexPage
from people.models.portraits import PortraitPage, PortraitTopic

__all__ = ["Consent", "ConsentPage", "Deletion", "PortraitIndexPage", "PortraitPage", "PortraitTopic"]
