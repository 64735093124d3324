"""Translates the rights of querysets for the API; no rule is stated here."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from hubs.models import Hub


class CanEditHub(BasePermission):
    """Read what the view's queryset shows; write what `editable_by` holds."""

    def has_object_permission(self, request: Request, view: APIView, obj: Hub) -> bool:
        if request.method in SAFE_METHODS:
            return True
        return bool(Hub.objects.editable_by(request.user).contains(obj))
