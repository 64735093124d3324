"""Errors as problem+json (RFC 9457)."""

from rest_framework.views import exception_handler

problem_handler = exception_handler
