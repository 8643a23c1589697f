"""What editors may do with members, regions and LaSuB sites."""

from core.declared.roles import ALL, VIEW, Rights, Role
from directory.models import Member, Office, Region

RIGHTS: Rights = {
    Member: {Role.EDITORS: ALL, Role.CHIEF_EDITORS: ALL},
    Region: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ALL},
    Office: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ALL},
}
