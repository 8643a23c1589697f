"""The admin behind its fence, and what production demands of cookies and factors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management.utils import get_random_secret_key
from django.test import Client

from tests.accounts.people import account, is_in, log_in

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
FENCED = [
    "/admin/",
    "/admin/login/",
    "/admin/login/code/",
    "/admin/password_reset/",
    "/admin/api/main/pages/",
    "/_util/login/",
]


@pytest.mark.parametrize("path", FENCED)
def test_on_another_host_the_admin_does_not_exist(settings: Any, client: Client, path: str) -> None:
    settings.ADMIN_HOST = "redaktion.example.org"
    assert client.get(path, headers={"host": "fundus.example.org"}).status_code == 404
    assert client.get(path, headers={"host": "fundus.example.org:8000"}).status_code == 404
    assert client.post(path, headers={"host": "redaktion.example.org.evil.example"}).status_code == 404
    assert client.get(path, headers={"host": "redaktion.example.org"}).status_code in {200, 302}
    assert client.get(path, headers={"host": "redaktion.example.org:8443"}).status_code in {200, 302}


@pytest.mark.parametrize("path", FENCED)
def test_from_another_network_the_admin_does_not_exist(settings: Any, client: Client, path: str) -> None:
    settings.ADMIN_NETWORKS = ["10.0.0.0/8", "2001:db8::/32"]
    for address, found in (
        ("10.9.8.7", True),
        ("2001:db8:1::5", True),
        ("203.0.113.9", False),
        ("::ffff:10.1.1.1", True),
        ("", False),
    ):
        answer = client.get(path, REMOTE_ADDR=address).status_code
        assert (answer != 404) is found, address


def test_a_login_counts_no_more_outside_the_fence(settings: Any, client: Client) -> None:
    account()
    log_in(client)
    assert is_in(client)
    settings.ADMIN_NETWORKS = ["10.0.0.0/8"]
    assert client.get("/admin/").status_code == 404


@pytest.mark.services
def test_production_demands_a_second_factor_and_cookies_that_no_other_host_can_plant(tmp_path: Path) -> None:
    names = [
        "SECOND_FACTOR_REQUIRED",
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "DEVICE_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "BEHIND_PROXY",
    ]

    def seen(module: str, **environment: str) -> list[Any]:
        script = (
            f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {names}]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DJANGO_SETTINGS_MODULE": f"config.settings.{module}",
                "FUNDUS_DATA_DIR": str(tmp_path),
                "SECRET_KEY": get_random_secret_key(),
                "ALLOWED_HOSTS": "fundus.example.org",
                **environment,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return list(json.loads(done.stdout))

    safe = ["__Host-sessionid", "__Host-csrftoken", "__Host-fundus-browser", True, True]
    assert seen("production", BASE_URL="https://fundus.example.org") == [True, *safe]
    assert seen("production", BASE_URL="https://fundus.example.org", SECOND_FACTOR_REQUIRED="false") == [False, *safe]
    assert seen("dev")[0] is False
