"""The part of /catalogue/ that keeps searches."""

from django.urls import path

from catalogue.views import saved_searches as views

saved_search_urlpatterns = [
    path("saved-searches/", views.saved_search_list, name="saved_search_list"),
    path("saved-searches/new/", views.saved_search_add, name="saved_search_add"),
    path("saved-searches/<int:pk>/", views.saved_search_change, name="saved_search_change"),
    path("saved-searches/<int:pk>/remove/", views.saved_search_remove, name="saved_search_remove"),
    path(
        "saved-searches/silence/<str:token>/",
        views.saved_search_silence,
        name="saved_search_silence",
    ),
]
