"""/community/"""

from django.urls import path

from community import views

app_name = "community"
urlpatterns = [
    path("members/<slug:slug>/", views.member_detail, name="member_detail"),
]
