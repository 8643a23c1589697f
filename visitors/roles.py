"""What editors may do with reported barriers; nobody changes what a reader wrote, and only who answers sees the address."""

from core.declared.roles import VIEW, Rights, Role
from visitors.models import BarrierReport

RIGHTS: Rights = {BarrierReport: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ("view", "delete", "answer")}}
