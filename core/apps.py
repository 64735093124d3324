"""How Django finds core, and which site the admin uses."""

from django.apps import AppConfig
from django.contrib.admin import apps  # the module: its class would be found as core's own


class CoreConfig(AppConfig):
    default = True
    name = "core"


class PortalAdminConfig(apps.AdminConfig):
    default = False
    default_site = "core.admin.PortalAdminSite"
