"""Runs a module of this package in the portal's surroundings, in a process of its own.

`python -m bench.inside MODULE ARGUMENTS…` calls its `main` with the arguments.
"""

import sys
from importlib import import_module

import django


def main() -> None:
    module, *arguments = sys.argv[1:]
    django.setup()
    import_module(f"bench.{module}").main(arguments)


if __name__ == "__main__":
    main()
