"""Files sent by nginx instead of the application: checked here, named in a header, read and sent there.

With ACCEL_REDIRECT=/_protected/ the response has no body but `X-Accel-Redirect: /_protected/documents/….pdf`;
nginx looks that up below the media folder in a location that no visitor can request. The response's headers
stay (`deploy/nginx/nginx.conf.template` names those that nginx would drop).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse

HEADER = "X-Accel-Redirect"


def wants_proxy(request: HttpRequest) -> bool:
    """Return whether nginx is to send the file.

    Nginx does not know our entity tag early enough to answer If-Match, and would refuse every such request.
    """
    return bool(settings.ACCEL_REDIRECT) and "If-Match" not in request.headers


def hand_over(response: FileResponse) -> HttpResponse:
    """Return a response that makes nginx send the file of `response`, a file in the media folder.

    Raises ValueError for a file elsewhere.
    """
    file: Any = response.file_to_stream
    name = Path(file.name).relative_to(settings.MEDIA_ROOT).as_posix()
    # Not the response: closing it ends the request before it is answered.
    file.close()
    headers = {name: value for name, value in response.items() if name not in ("Content-Length", "Accept-Ranges")}
    return HttpResponse(headers={**headers, HEADER: f"{settings.ACCEL_REDIRECT}{quote(name)}"})
