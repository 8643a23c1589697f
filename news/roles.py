"""What editors may do with news tags."""

from core.declared.roles import ALL, VIEW, Rights, Role
from news.models import NewsTag

RIGHTS: Rights = {NewsTag: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: ALL}}
