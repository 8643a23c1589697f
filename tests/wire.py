"""A way for programs that speak HTTP to reach the site within a test: the same transaction, no server."""

from __future__ import annotations

from typing import Any

from django.test import Client


def transport(library: Any) -> Any:
    """Return a transport for `library` (httpx or httpx2) that hands each request to Django's test client."""

    def answer(request: Any) -> Any:
        path = request.url.raw_path.decode()
        response = Client().generic(
            request.method, path, request.content,
            content_type=request.headers.get("content-type", ""), headers={"host": request.url.host},
        )  # fmt: skip
        return library.Response(response.status_code, headers=dict(response.items()), content=response.content)

    return library.MockTransport(answer)
