"""/api/: the partner API's one router and its documentation."""

urlpatterns: list = []
