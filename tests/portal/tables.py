"""Who may go where: every address for every role, one table of pages, one of the API, one of
the admin.

Whoever adds a route states here who may ask for it, and what everybody else is told:
visitors are sent to the sign-in page, what one may not know of is not found (404), what one
may see but not do is forbidden (403). The requests are empty: where they are let in, a page
is shown again with its errors (200), and the API says what is missing (400, 428).
"""

from tests.portal.announcement_tables import (
    ANNOUNCEMENT_ADMIN,
    ANNOUNCEMENT_API,
    ANNOUNCEMENT_PAGES,
)
from tests.portal.answers import (
    ACT,
    API_READ,
    ASSESSORS,
    DECIDERS,
    FORM,
    GUEST,
    INSIDERS,
    MEMBERS,
    MINE,
    MODERATE,
    MODERATORS,
    NO,
    READ,
    SIGNED_IN,
    VISITORS,
    WRITERS,
    answers,
    away,
    everybody,
    known,
    only,
    visible,
)
from tests.portal.catalogue_tables import CATALOGUE_API, CATALOGUE_PAGES
from tests.portal.community_article_tables import ARTICLE_API, ARTICLE_PAGES
from tests.portal.community_event_tables import EVENT_API, EVENT_PAGES
from tests.portal.community_notice_tables import NOTICE_API, NOTICE_PAGES
from tests.portal.community_talk_tables import TALK_API, TALK_PAGES
from tests.portal.event_part_tables import EVENT_PART_API, EVENT_PART_PAGES
from tests.portal.moderation_tables import (
    MODERATION_ADMIN,
    MODERATION_API,
    MODERATION_PAGES,
    MODERATION_WITHOUT_HISTORY,
)
from tests.portal.walk import KINDS

# route -> {which object: {method: {status: people}}}
PAGES = {
    "front_page": {"": READ},
    "search": {"": READ},
    "sitemap": {"": READ},
    "sitemap_section": {"": READ},
    "set_display": {"": {"GET": NO, "POST": everybody(302)}},
    "set_language": {"": {"GET": everybody(302), "POST": everybody(302)}},
    "healthz": {"": FORM},
    "readyz": {"": FORM},
    # accounts
    "accounts:accept": {"": {"GET": only(SIGNED_IN), "POST": only(SIGNED_IN, 302)}},
    "accounts:activity_list": {"": {"GET": only(MODERATORS), "POST": NO}},
    "accounts:close": {"": MINE},
    "accounts:contact_done": {"": READ},
    "accounts:contact_moderators": {"": FORM},
    "accounts:invite": {"": {"GET": only(MEMBERS), "POST": only(MEMBERS)}},
    "accounts:invited": {"": {"GET": everybody(302), "POST": NO}},
    "accounts:legal_version": {
        "published": READ,
        "draft": {"GET": everybody(404), "POST": NO},
    },
    "accounts:mail_choices": {"": MINE},
    "accounts:mail_off": {"": FORM},
    "accounts:member_approve": {
        "waiting": ACT,
        "colleague": {"GET": NO, "POST": only({"administrator"}, 302)},
    },
    **{
        f"accounts:member_{verb}": {
            "waiting": MODERATE,
            "colleague": {
                "GET": only({"administrator"}),
                "POST": only({"administrator"}),
            },
        }
        for verb in ("decline", "limit", "reinstate", "suspend")
    },
    "accounts:message_handle": {"": ACT},
    "accounts:messages": {"": MODERATE},
    "accounts:moderation": {"": MODERATE},
    "accounts:my_data": {"": MINE},
    "accounts:photo": {"": {"GET": everybody(404), "POST": NO}},
    "accounts:privacy": {"": READ},
    "accounts:profile": {"": MINE},
    "accounts:profile_edit": {"": MINE},
    "accounts:report_issue": {"": FORM},
    "accounts:send_again": {"": {"GET": only(SIGNED_IN), "POST": only(SIGNED_IN, 302)}},
    "accounts:terms": {"": READ},
    "community:member_list": {"": READ},
    "community:member_badge": {"someone": READ, "waiting": {"GET": everybody(404), "POST": NO}},
    "community:member_detail": {
        "someone": READ,
        "waiting": {"GET": visible(MODERATORS), "POST": NO},
    },
    # allauth
    "account_change_password": {"": MINE},
    "account_confirm_email": {"": {"GET": everybody(), "POST": everybody(404)}},
    "account_confirm_login_code": {"": away(GET=302, POST=302)},
    "account_email": {"": away(GET=200, POST=302)},
    "account_email_verification_sent": {"": READ},
    "account_inactive": {"": READ},
    "account_login": {"": GUEST},
    "account_logout": {
        "": {"GET": answers({302: VISITORS, 200: SIGNED_IN}), "POST": everybody(302)}
    },
    "account_reauthenticate": {"": MINE},
    "account_reset_password": {"": FORM},
    "account_reset_password_done": {"": READ},
    "account_reset_password_from_key": {"": FORM},
    "account_reset_password_from_key_done": {"": READ},
    "account_set_password": {"": away(GET=302, POST=302)},
    "account_signup": {"": GUEST},
    "mfa_activate_totp": {"": away(GET=302, POST=302)},  # to the password, or back
    "mfa_authenticate": {"": away(GET=302, POST=302)},
    "mfa_deactivate_totp": {
        "": {"GET": only(MODERATORS, 302, 404), "POST": only(MODERATORS, 302, 404)}
    },
    "mfa_download_recovery_codes": {"": away(GET=404, POST=404)},
    "mfa_generate_recovery_codes": {"": away(GET=302, POST=302)},
    "mfa_index": {"": away(GET=200, POST=405)},
    "mfa_reauthenticate": {
        "": {"GET": only(MODERATORS, 200, 302), "POST": only(MODERATORS, 200, 302)}
    },
    "mfa_view_recovery_codes": {"": away(GET=404, POST=405)},
    "usersessions_list": {"": away(GET=200, POST=302)},
    **CATALOGUE_PAGES,
    **TALK_PAGES,
    **EVENT_PAGES,
    **ARTICLE_PAGES,
    **EVENT_PART_PAGES,
    **NOTICE_PAGES,
    **MODERATION_PAGES,
    **ANNOUNCEMENT_PAGES,
    # hubs, to read
    "hubs:hub_compare": {"": READ},
    "hubs:hub_list": {"": READ},
    "hubs:network_detail": {"": READ},
    "hubs:network_list": {"": READ},
    "hubs:organisation_detail": {"": READ},
    "hubs:organisation_list": {"": READ},
    **{
        f"hubs:{name}": {"published": READ, "hidden": {"GET": visible(INSIDERS), "POST": NO}}
        for name in ("hub_detail", "hub_history")
    },
    "hubs:hub_badge": {"published": READ, "hidden": {"GET": everybody(404), "POST": NO}},
    "hubs:hub_logo": {  # there is none
        which: {"GET": everybody(404), "POST": NO} for which in ("published", "hidden")
    },
    # hubs, to write
    **{
        f"hubs:{name}": {
            "published": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "hidden": {"GET": known(WRITERS), "POST": known(WRITERS)},
        }
        for name in ("hub_edit", "identity_change", "fact_add")
    },
    **{
        f"hubs:{name}": {
            "published": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "draft": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "hidden": {"GET": known(WRITERS), "POST": known(WRITERS)},
            "foreign": {"GET": only(WRITERS, 404), "POST": only(WRITERS, 404)},
        }
        for name in ("fact_change", "fact_remove")
    },
    "hubs:assessment_edit": {
        "published": {"GET": only(ASSESSORS), "POST": only(ASSESSORS)},
        "hidden": {"GET": known(ASSESSORS), "POST": known(ASSESSORS)},
    },
    "hubs:assessment_change": {
        "published": {"GET": only(ASSESSORS), "POST": only(ASSESSORS)},
        "hidden": dict.fromkeys(  # it has no assessment
            ("GET", "POST"), only(INSIDERS - ASSESSORS, 403, others=404)
        ),
    },
    "hubs:assessment_consent": {
        "published": {"GET": NO, "POST": only({"head"}, 302, 404)},
        "hidden": {"GET": NO, "POST": only(SIGNED_IN, 404)},  # it has no assessment
    },
    "hubs:hub_verify": {
        "published": {"GET": NO, "POST": only(MODERATORS, 302)},
        "hidden": {"GET": NO, "POST": known(MODERATORS, 302)},
    },
    "hubs:my_memberships": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "hubs:membership_list": {
        "published": {"GET": only(SIGNED_IN), "POST": NO},
        "hidden": {"GET": known(INSIDERS), "POST": NO},
    },
    "hubs:membership_request": {
        "published": {"GET": only(MEMBERS | {"pending"}), "POST": only(MEMBERS | {"pending"})},
        "hidden": {"GET": known(INSIDERS), "POST": known(INSIDERS)},
    },
    **{
        f"hubs:membership_{verb}": {
            "published": {"GET": NO, "POST": only(DECIDERS, 302, 404)},
            "foreign": {"GET": NO, "POST": only(SIGNED_IN, 404)},
        }
        for verb in ("confirm", "end")
    },
    "hubs:membership_decline": {
        "published": {"GET": only(DECIDERS, 200, 404), "POST": only(DECIDERS, 200, 404)},
        "foreign": {"GET": only(SIGNED_IN, 404), "POST": only(SIGNED_IN, 404)},
    },
}

FACT_WRITE = {
    "GET": everybody(),
    "POST": NO,
    "PATCH": only(WRITERS, 428, visitors=401),
    "DELETE": only(WRITERS, 428, visitors=401),
}
API = {
    **NOTICE_API,
    "api_index": {"": API_READ},
    "api_problem": {"": API_READ},
    "api_v1": {"": API_READ},
    "api_schema": {"": API_READ},
    "api_docs": {"": API_READ},
    "api_not_found": {"": dict.fromkeys(API_READ, everybody(404))},
    "hub-compare": {"": API_READ | {"GET": everybody(400)}},
    "hub-list": {"": API_READ},
    "hub-detail": {
        "published": API_READ | {"PATCH": only(WRITERS, 428, visitors=401)},
        "hidden": API_READ | {"GET": visible(INSIDERS), "PATCH": known(WRITERS, 428, visitors=401)},
    },
    "member-list": {"": API_READ},
    "member-detail": {"someone": API_READ},
    "organisation-list": {"": API_READ},
    "organisation-detail": {"": API_READ},
    **CATALOGUE_API,
    **TALK_API,
    **EVENT_API,
    **ARTICLE_API,
    **EVENT_PART_API,
    **MODERATION_API,
    **ANNOUNCEMENT_API,
    "network-list": {"": API_READ},
    "network-detail": {"": API_READ},
    **{
        f"{kind}-list": {
            "published": API_READ | {"POST": only(WRITERS, 400, visitors=401)},
            "hidden": API_READ
            | {"GET": visible(INSIDERS), "POST": known(WRITERS, 400, visitors=401)},
        }
        for kind in KINDS
    },
    **{
        f"{kind}-detail": {
            "published": FACT_WRITE,
            "draft": FACT_WRITE | {"GET": visible(WRITERS)},
            "hidden": FACT_WRITE
            | {
                "GET": visible(INSIDERS),
                "PATCH": known(WRITERS, 428, visitors=401),
                "DELETE": known(WRITERS, 428, visitors=401),
            },
            "foreign": FACT_WRITE
            | {
                "GET": everybody(404),
                "PATCH": only(WRITERS, 404, visitors=401),
                "DELETE": only(WRITERS, 404, visitors=401),
            },
        }
        for kind in KINDS
    },
}
SAME_FOR_ALL = {"api_index", "api_v1", "api_problem"}  # may be kept, whoever asked

# The admin: what moderators may do with each thing; everything may be listed and read.
ADMIN = {
    "accounts.acceptance": "",
    "accounts.activity": "",
    "accounts.contactmessage": "",
    "accounts.legaltext": "add",
    "accounts.mailaddress": "",
    "accounts.member": "",
    "accounts.outgoingmail": "",
    "catalogue.draft": "",
    "catalogue.adoption": "",
    "catalogue.buildingblock": "",
    "catalogue.entry": "",
    "catalogue.entryversion": "",
    "catalogue.expert": "",
    "catalogue.import": "",
    "catalogue.resource": "",
    "catalogue.resourcelink": "",
    "community.post": "",
    "community.receivedmail": "",
    "community.space": "",
    "community.thread": "",
    "community.article": "",
    "community.enrolment": "",
    "community.event": "",
    "community.fanout": "",
    **MODERATION_ADMIN,
    **ANNOUNCEMENT_ADMIN,
    "evaluation.drift": "",
    "evaluation.figure": "",
    "evaluation.framework": "",
    "evaluation.lockexception": "",
    "evaluation.period": "",
    "evaluation.recalculation": "",
    "evaluation.updateupload": "",
    "evaluation.valuationmethod": "add",
    "hubs.coordinationlink": "add change",
    "hubs.expertisesource": "add change",
    "hubs.fundingstream": "add change",
    "hubs.hub": "add change",
    "hubs.institutionalarrangement": "add change",
    "hubs.institutionalmodel": "add change",
    "hubs.membership": "",
    "hubs.monitoringpractice": "add change",
    "hubs.network": "add change",
    "hubs.organisation": "add change",
    "hubs.presence": "add change",
    "hubs.selfassessment": "",
    "hubs.source": "add change",
    "hubs.starterrow": "",
    "hubs.statement": "add change",
}
FOR_ADMINISTRATORS = {
    *("accounts.legaltext", "accounts.mailaddress", "accounts.outgoingmail"),
    *("community.fanout", "community.receivedmail", "hubs.starterrow"),
}
ADMIN_PAGES = {
    "index": 200,
    "login": 302,
    "logout": 302,
    "password_change": 302,
    "password_change_done": 302,
    "autocomplete": 403,  # it is asked for by a field, or not at all
    "jsi18n": 200,
    "view_on_site": 404,
    "app_list": 200,
}
WITHOUT_HISTORY = {
    *MODERATION_WITHOUT_HISTORY,
    "catalogue.draft",
    "catalogue.entryversion",
    "catalogue.expert",
    "catalogue.import",
    "catalogue.resourcelink",
    "community.post",
    "community.receivedmail",
    "community.enrolment",
    "community.fanout",
    "evaluation.drift",
    "evaluation.figure",
    "evaluation.lockexception",
    "evaluation.recalculation",
    "evaluation.updateupload",
    "evaluation.valuationmethod",
    "hubs.institutionalmodel",
    "hubs.selfassessment",
    "hubs.starterrow",
}
