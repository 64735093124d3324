"""Imports go downwards only, and the linter that proves it knows every app."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAX_LINES = 400  # of a module; style says about 300
APPS = ["portal", "community", "evaluation", "catalogue", "hubs", "accounts", "core"]


@pytest.fixture(scope="module")
def contracts():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_import_contracts_are_kept():
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout


def test_the_order_of_the_apps_is_the_portals(contracts):
    assert contracts["root_packages"] == APPS
    assert contracts["contracts"][0]["layers"] == APPS


def test_every_app_with_code_keeps_the_order_inside(contracts):
    with_models = {
        path.name
        for path in ROOT.iterdir()
        if path.name in APPS and any(path.glob("models*")) and (path / "__init__.py").exists()
    }

    assert with_models - set(contracts["contracts"][1]["containers"]) == set()


def test_nothing_is_imported_inside_functions_to_dodge_the_contracts(contracts):
    # The contracts see such imports too; nothing may be left out of them by name.
    for contract in contracts["contracts"]:
        assert "ignore_imports" not in contract


@pytest.mark.parametrize("app", [app for app in APPS if (ROOT / app).is_dir()])
def test_modules_have_a_docstring_and_stay_small(app):
    wrong = []
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if text.strip() and not text.lstrip().startswith(('"""', "#!")):
            wrong.append(f"{path.relative_to(ROOT)} has no docstring")
        if text.count("\n") > MAX_LINES:
            wrong.append(f"{path.relative_to(ROOT)} is a package in one file")

    assert wrong == []
