"""What editors may do with consents. Nobody deletes one by hand: it ends, and everything with it is deleted."""

from core.declared.roles import Rights, Role
from people.models import Consent

RIGHTS: Rights = {
    Consent: {Role.EDITORS: ("add", "change", "view"), Role.CHIEF_EDITORS: ("add", "change", "view")},
}
