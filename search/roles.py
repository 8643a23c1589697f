"""What editors may do with pins and words, and who sees counted searches and decides about them, failed changes and failed vectors."""

from core.declared.roles import ALL, VIEW, Rights, Role
from search.models import LexiconWord, OutboxEntry, PageToEmbed, Pin, QueryCount, SearchVerdict, SynonymSet

RIGHTS: Rights = {
    Pin: {Role.CHIEF_EDITORS: ALL},
    SynonymSet: {Role.CHIEF_EDITORS: ALL},
    LexiconWord: {Role.CHIEF_EDITORS: ALL},
    QueryCount: {Role.EDITORS: VIEW, Role.CHIEF_EDITORS: VIEW},
    SearchVerdict: {Role.CHIEF_EDITORS: ("view", "change")},
    OutboxEntry: {Role.CHIEF_EDITORS: ("view", "change")},
    PageToEmbed: {Role.CHIEF_EDITORS: ("view", "change")},
}
