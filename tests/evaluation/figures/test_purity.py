"""The engine knows nothing but values: no Django, no other app, no clock, no floating point."""

import ast
import sys
from pathlib import Path

import evaluation.figures

FOLDER = Path(evaluation.figures.__file__).parent
TREES = {path.name: ast.parse(path.read_text()) for path in FOLDER.glob("*.py")}


def _imported(tree):
    for step in ast.walk(tree):
        if isinstance(step, ast.Import):
            yield from (alias.name for alias in step.names)
        elif isinstance(step, ast.ImportFrom):
            yield step.module


def test_engine_imports_the_standard_library_and_itself_only():
    found = {name for tree in TREES.values() for name in _imported(tree)}

    outside = {
        name
        for name in found
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith("evaluation.figures")
    }
    assert found
    assert outside == set()


def test_engine_has_no_floats_and_asks_no_clock():
    for name, tree in TREES.items():
        for step in ast.walk(tree):
            assert not (isinstance(step, ast.Constant) and isinstance(step.value, float)), name
            assert not (isinstance(step, ast.Name) and step.id == "float"), name
            assert not (isinstance(step, ast.Attribute) and step.attr in {"now", "today"}), name
