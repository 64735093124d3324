"""Settings refuse to start a production portal with development values."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.env import celery_broker_url, database_config

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "k" * 25 + "3jf8#kd0s9f8_3ksd9f8sd7f6g5h4j3k2l1",
    "ALLOWED_HOSTS": "hubs.example.org",
    "SITE_URL": "https://hubs.example.org",
    "DATABASE_URL": "postgres://portal:secret@localhost/portal",
    "REDIS_URL": "redis://localhost:6379/0",
}


def _run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in {**PRODUCTION, **changes}.items() if value}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_passes_with_production_values():
    done = _run("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is required"),
        ({"SECRET_KEY": "insecure-development-key"}, "SECRET_KEY is the development key"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* would accept any host name"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is required"),
        ({"JOIN_POLICY": "anyone"}, "JOIN_POLICY is open, approval or invitation"),
        ({"DEBUG": "perhaps"}, "DEBUG='perhaps' is not a boolean"),
    ],
)
def test_start_is_refused_with_a_sentence(changes, words):
    done = _run("check", **changes)

    assert done.returncode != 0
    assert words in done.stderr


def test_socket_addresses_are_understood():
    config = database_config("postgres://portal@%2Ftmp%2Fa%20b/portal")

    assert config["HOST"] == "/tmp/a b"  # noqa: S108 -- only a name
    assert (
        celery_broker_url("unix:///run/a.sock?db=2") == "redis+socket:///run/a.sock?virtual_host=2"
    )
    assert celery_broker_url("redis://host:6379/1") == "redis://host:6379/1"
