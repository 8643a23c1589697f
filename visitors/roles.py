"""What editors may do with reported barriers; nobody changes what a reader wrote."""

from core.declared.roles import VIEW, Rights, Role
from visitors.models import BarrierReport

RIGHTS: Rights = {BarrierReport: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ("view", "delete")}}
