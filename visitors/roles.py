"""What editors may do with what visitors send; nobody changes what a visitor wrote.

Only who answers reports of barriers sees the address. Contributions are decided by whoever may draft pages: a decision makes no
page public. Whoever may draft pages writes a newsletter; sending one is publishing.
"""

from core.declared.roles import VIEW, Rights, Role
from visitors.models import BarrierReport, Contribution, Newsletter

RIGHTS: Rights = {
    BarrierReport: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ("view", "delete", "answer")},
    Newsletter: {
        Role.EDITORS: ("add", "change", "view"),
        Role.CHIEF_EDITORS: ("add", "change", "delete", "view", "send"),
    },
    Contribution: {Role.EDITORS: ("view", "decide"), Role.CHIEF_EDITORS: ("view", "delete", "decide")},
}
