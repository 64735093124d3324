"""/accounts/"""

from django.urls import path

from accounts.views import inviting, moderation, own, public

app_name = "accounts"
urlpatterns = [
    path("accept/", own.accept, name="accept"),
    path("activity/", moderation.activity_list, name="activity_list"),
    path("close/", own.close, name="close"),
    path("contact/", public.contact, {"kind": "question"}, name="contact_moderators"),
    path("contact/done/", public.contact_done, name="contact_done"),
    path("contact/issue/", public.contact, {"kind": "issue"}, name="report_issue"),
    path("invite/", inviting.invite_somebody, name="invite"),
    path("invited/<str:token>/", inviting.invited, name="invited"),
    path("legal/privacy/", public.legal, {"kind": "privacy"}, name="privacy"),
    path("legal/terms/", public.legal, {"kind": "terms"}, name="terms"),
    path("legal/<slug:kind>/<int:version>/", public.legal_version, name="legal_version"),
    path("mail/", own.mail_choices, name="mail_choices"),
    path("mail/off/<str:token>/", own.mail_off, name="mail_off"),
    path("mail/try-again/", own.mail_try_again, name="mail_try_again"),
    path("members/<slug:slug>/approve/", moderation.member_approve, name="member_approve"),
    path("members/<slug:slug>/decline/", moderation.member_decline, name="member_decline"),
    path("members/<slug:slug>/limit/", moderation.member_limit, name="member_limit"),
    path("members/<slug:slug>/reinstate/", moderation.member_reinstate, name="member_reinstate"),
    path("members/<slug:slug>/suspend/", moderation.member_suspend, name="member_suspend"),
    path("messages/", moderation.messages_list, name="messages"),
    path("messages/<int:pk>/handle/", moderation.message_handle, name="message_handle"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("my-data/", own.my_data, name="my_data"),
    path("photos/<slug:slug>/", own.photo, name="photo"),
    path("profile/", own.profile, name="profile"),
    path("profile/edit/", own.profile_edit, name="profile_edit"),
    path("send-again/", own.send_again, name="send_again"),
]
