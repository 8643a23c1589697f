"""What editors may do with pictures and files."""

from core.declared.roles import Rights, Role
from media.models import Document, Image

_FILES = {Role.EDITORS: ("add", "choose"), Role.CHIEF_EDITORS: ("add", "change", "delete", "choose")}
RIGHTS: Rights = {Image: _FILES, Document: _FILES}
