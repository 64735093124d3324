"""The Docker deployment, without Docker: each service's command runs with its environment."""

import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from portal.embedded.processes import spawn
from tests.portal.test_up import STARTS_WITHIN, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
GIVEN = {
    "SECRET_KEY": "a-secret-key-of-a-real-portal-0123456789-abcdefgh",
    "POSTGRES_PASSWORD": "x",
}
OURS = ("web", "worker", "scheduler")
INTERPOLATION = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
READY = {"worker": "ready.", "scheduler": "beat: Starting..."}


def interpolate(node, given):
    """Return a parsed document with variables put in as Compose does; raise what it refuses."""
    if isinstance(node, dict):
        return {key: interpolate(value, given) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolate(value, given) for value in node]
    if not isinstance(node, str):
        return node

    def value(match):
        name, kind, other = match.groups()
        if given.get(name):
            return given[name]
        if kind == "?":
            raise LookupError(other)
        return other or ""

    return INTERPOLATION.sub(value, node)


def document(given=GIVEN):
    return interpolate(yaml.safe_load(COMPOSE.read_text()), given)


def services(given=GIVEN):
    return document(given)["services"]


def settings_variables():
    read = re.compile(r"env_(?:str|int|bool|list)\(\s*\"([A-Z_0-9]+)\"")
    return set(read.findall((ROOT / "portal" / "settings.py").read_text()))


def command_of(service, port):
    """Return the service's command with this Python and a free port on this machine."""
    command = services()[service]["command"]
    assert command[0] == "python"
    changed = [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in command[1:]]
    return [sys.executable, *changed]


@pytest.fixture
def environment_of(process_environment, tmp_path):
    """Return a service's environment with the addresses of this test's services and folders."""

    def environment(service):
        declared = {name: str(value) for name, value in services()[service]["environment"].items()}
        here = {name: process_environment[name] for name in ("DATABASE_URL", "REDIS_URL", "PATH")}
        return declared | here | {
            "HOME": str(tmp_path),
            "MEDIA_ROOT": str(tmp_path / "media"),
            "STATIC_ROOT": str(tmp_path / "static"),
        }  # fmt: skip

    return environment


@pytest.mark.parametrize("missing", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_compose_refuses_to_start_without_a_secret(missing):
    with pytest.raises(LookupError, match=f"Set {missing} in .env"):
        services({name: value for name, value in GIVEN.items() if name != missing})


def test_compose_describes_the_whole_portal():
    described = services()

    assert set(described) == {"postgres", "valkey", "migrate", *OURS, "nginx"}
    assert {
        service: sorted(described[service]["depends_on"])
        for service in ("migrate", *OURS, "nginx")
    } == {
        "migrate": ["postgres", "valkey"],
        "web": ["migrate"],
        "worker": ["migrate"],
        "scheduler": ["migrate"],
        "nginx": ["web"],
    }  # fmt: skip


def test_services_that_end_are_started_again():
    policies = {service: services()[service]["restart"] for service in OURS}

    assert set(policies.values()) == {"unless-stopped"}


def test_every_variable_is_in_compose_and_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    declared = set(services()["web"]["environment"])

    assert settings_variables() - declared == set()
    assert {name for name in settings_variables() if f"`{name}`" not in readme} == set()


def test_volumes_and_files_that_are_named_exist():
    mounted = [
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
    ]

    assert {name for name in mounted if not name.startswith("./")} == set(document()["volumes"])
    assert [path for path in mounted if path.startswith("./") and not (ROOT / path).exists()] == []


def test_image_is_built_from_locked_requirements_and_runs_unprivileged():
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    copied = [line.split()[1] for line in lines if line.startswith("COPY ")]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert any("--require-hashes" in line for line in lines)
    assert [line for line in lines if line.startswith("USER ")] == ["USER portal"]


def test_web_answers(environment_of, tmp_path):
    port = free_port()
    environment = environment_of("web")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"],
        cwd=ROOT, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    web = spawn("web", command_of("web", port), env=environment, cwd=ROOT, log=tmp_path / "log")

    page = _answer(f"http://127.0.0.1:{port}/healthz", web, tmp_path / "log")
    ready = _answer(f"http://127.0.0.1:{port}/readyz", web, tmp_path / "log")
    checked = subprocess.run(
        [
            sys.executable,
            *(
                part.replace(":8000", f":{port}")
                for part in services()["web"]["healthcheck"]["test"][2:]
            ),
        ],
        env=environment,
        check=False,
        capture_output=True,
    )
    web.stop()

    assert (page, ready) == (200, 200)
    assert (checked.returncode, checked.stderr) == (0, b"")


@pytest.mark.parametrize("service", ["worker", "scheduler"])
def test_worker_and_scheduler_start(service, environment_of, tmp_path):
    log = tmp_path / "log"
    command = [
        part.replace("/tmp/schedule", str(tmp_path / "schedule"))  # noqa: S108 -- in the container
        for part in command_of(service, 0)
    ]
    process = spawn(service, command, env=environment_of(service), cwd=ROOT, log=log)

    deadline = time.monotonic() + STARTS_WITHIN
    while READY[service] not in log.read_text() and time.monotonic() < deadline:
        assert not process.has_ended(), log.read_text()
        time.sleep(0.1)
    said = log.read_text()
    process.stop()

    assert READY[service] in said
    assert "Traceback" not in log.read_text()


def test_migrate_brings_an_empty_database_up_to_date(environment_of):
    shell, flag, script = services()["migrate"]["command"]

    done = subprocess.run(
        [shell, flag, script.replace("python ", '"$PYTHON" ')],
        cwd=ROOT,
        env=environment_of("migrate") | {"PYTHON": sys.executable},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_nginx_configuration_is_sound(tmp_path):
    conf = (ROOT / "deploy" / "nginx.conf").read_text()

    assert conf.count("{") == conf.count("}")
    assert [
        line
        for line in map(str.strip, conf.splitlines())
        if line and not line.startswith("#") and not line.endswith((";", "{", "}"))
        and not line.startswith(("gzip_types", "application"))
    ] == []  # fmt: skip
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        return
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n"
        + "".join(
            f"{kind}_temp_path {tmp_path}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"access_log off;\n{conf.replace('listen 80', 'listen 18080')}\n}}\n"
    )
    checked = subprocess.run(
        [nginx, "-t", "-p", str(tmp_path), "-c", str(whole)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def _answer(address, process, log):
    """Return the status of a page of the web service, waiting until it listens."""
    request = urllib.request.Request(address, headers={"Host": "localhost"})  # noqa: S310 -- ours
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as page:  # noqa: S310 -- ours
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            assert not process.has_ended(), log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
