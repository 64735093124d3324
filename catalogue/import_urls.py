"""The part of /catalogue/ that imports tables."""

from django.urls import path

from catalogue.views import importing

import_urlpatterns = [
    path("import/", importing.import_list, name="import_list"),
    path("import/template/<slug:kind>/", importing.import_template, name="import_template"),
    path("import/<int:pk>/", importing.import_detail, name="import_detail"),
    path("import/<int:pk>/confirm/", importing.import_confirm, name="import_confirm"),
    path("import/<int:pk>/rejected/", importing.import_rejected, name="import_rejected"),
]
