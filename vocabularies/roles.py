"""What editors may do with concepts and topics."""

from core.declared.roles import ALL, VIEW, Rights, Role
from vocabularies.models import Concept, Topic

_KEPT_BY_CHIEFS = {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ALL}
RIGHTS: Rights = {Concept: _KEPT_BY_CHIEFS, Topic: _KEPT_BY_CHIEFS}
