"""Who may go where: every address for every role, one table of pages, one of the API, one of
the admin.

Whoever adds a route states here who may ask for it, and what everybody else is told:
visitors are sent to the sign-in page, what one may not know of is not found (404), what one
may see but not do is forbidden (403). The requests are empty: where they are let in, a page
is shown again with its errors (200), and the API says what is missing (400, 428).
"""

from tests.portal.walk import KINDS, ROLES

ALL = set(ROLES)
VISITORS = {"anonymous", "suspended"}
SIGNED_IN = ALL - VISITORS
MEMBERS = SIGNED_IN - {"pending"}
OWN = {"correspondent", "me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
WRITERS = {"editor", "head"} | MODERATORS
ASSESSORS = {"me_focal_point", "editor", "head"}
EDITORS = WRITERS | {"stranger"}  # of any hub
DECIDERS = {"head"} | MODERATORS
INSIDERS = OWN | MODERATORS  # who knows of the hidden hub


def everybody(status=200):
    return {status: ALL}


def only(allowed, status=200, others=403, visitors="sign in"):
    """`allowed` get `status`, other members `others`, visitors `visitors`."""
    return _answers({status: allowed, others: SIGNED_IN - allowed, visitors: VISITORS})


def known(allowed, status=200, visitors="sign in", knowing=INSIDERS):
    """As `only`, and those who are not `knowing` find nothing."""
    return _answers(
        {
            visitors: VISITORS,
            404: SIGNED_IN - knowing - allowed,
            403: knowing - allowed,
            status: allowed,
        }
    )


def visible(allowed, status=200):
    """`allowed` get `status`, everybody else finds nothing, without being asked to sign in."""
    return _answers({status: allowed, 404: ALL - allowed})


def draft_only(allowed, status=200, visitors="sign in"):
    """Those who work on a draft get `status`, visitors sign in, others find nothing."""
    return _answers({visitors: VISITORS, 404: SIGNED_IN - allowed, status: allowed})


def _answers(answers):
    return {status: people for status, people in answers.items() if people}


NO = everybody(405)
DRAFT_READERS = {
    "text": WRITERS,
    "sent text": WRITERS,
    "foreign text": MODERATORS | {"stranger"},
}
READ = {"GET": everybody(), "POST": NO}
FORM = {"GET": everybody(), "POST": everybody()}
MINE = {"GET": only(SIGNED_IN), "POST": only(SIGNED_IN)}
MODERATE = {"GET": only(MODERATORS), "POST": only(MODERATORS)}
ACT = {"GET": NO, "POST": only(MODERATORS, 302)}
GUEST = {
    method: _answers({200: VISITORS, 302: SIGNED_IN}) for method in ("GET", "POST")
}  # members are taken back to the portal


def away(**answers):
    """Pages of members that lead on to another page."""
    return {method: only(SIGNED_IN, status) for method, status in answers.items()}


# route -> {which object: {method: {status: people}}}
PAGES = {
    "front_page": {"": READ},
    "search": {"": READ},
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
    "accounts:legal_version": {
        "published": READ,
        "draft": {"GET": everybody(404), "POST": NO},
    },
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
    "accounts:terms": {"": READ},
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
        "": {"GET": _answers({302: VISITORS, 200: SIGNED_IN}), "POST": everybody(302)}
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
    # the catalogue
    "catalogue:entry_list": {"": READ},
    "catalogue:saved_search_list": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "catalogue:saved_search_add": {"": MINE},
    "catalogue:saved_search_change": {
        "": {"GET": only(set(), others=404), "POST": only(set(), others=404)}
    },
    "catalogue:saved_search_remove": {"": {"GET": NO, "POST": only(set(), others=404)}},
    "catalogue:saved_search_silence": {"": FORM},
    "catalogue:entry_compare": {"": READ},
    "catalogue:entry_version": {
        "entry": READ,
        "entry of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
    },
    "catalogue:version_diff": {
        "entry": {"GET": everybody(404), "POST": NO},  # the first version has none before it
        "entry of a hidden hub": {"GET": everybody(404), "POST": NO},
    },
    **{
        f"catalogue:translation_{act}": {
            "entry": dict.fromkeys(("GET", "POST"), only(INSIDERS)),
            "entry of a hidden hub": dict.fromkeys(("GET", "POST"), known(INSIDERS)),
        }
        for act in ("list", "edit")
    },
    **{
        f"catalogue:translation_{act}": {  # there is none to act upon
            "entry": {"GET": NO, "POST": only(INSIDERS, 404)},
            "entry of a hidden hub": {"GET": NO, "POST": only(SIGNED_IN, 404)},
        }
        for act in ("remove", "review")
    },
    "catalogue:entry_revise": {
        "entry": {"GET": NO, "POST": only(WRITERS, 302)},
        "entry of a hidden hub": {"GET": NO, "POST": known(WRITERS, 302)},
        "draft entry": {"GET": NO, "POST": known(set())},
    },
    "catalogue:entry_act": {
        "entry": {"GET": only(WRITERS), "POST": only(WRITERS)},
        "entry of a hidden hub": {"GET": known(WRITERS), "POST": known(WRITERS)},
        "draft entry": {"GET": known(set()), "POST": known(set())},
    },
    # drafts: their hub's writers and moderators, and reviewers who were asked
    "catalogue:draft_list": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "catalogue:draft_start": {
        "": {"GET": only(INSIDERS | {"stranger"}), "POST": only(INSIDERS | {"stranger"})}
    },
    "catalogue:import_list": {"": {"GET": only(EDITORS), "POST": only(EDITORS)}},
    "catalogue:import_template": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "catalogue:import_detail": {"another's import": {"GET": only(set(), others=404), "POST": NO}},
    "catalogue:import_rejected": {"another's import": {"GET": only(set(), others=404), "POST": NO}},
    "catalogue:import_confirm": {"another's import": {"GET": NO, "POST": only(set(), others=404)}},
    "catalogue:review_queue": {"": {"GET": only(SIGNED_IN), "POST": only(MODERATORS)}},
    **{
        f"catalogue:{route}": {
            which: {"GET": draft_only(people), "POST": NO}
            for which, people in DRAFT_READERS.items()
        }
        for route in ("draft_detail", "draft_diff", "draft_review", "draft_sent")
    },
    "catalogue:draft_check": {
        which: {"GET": draft_only(people), "POST": draft_only(people, 409)}
        for which, people in DRAFT_READERS.items()
    },
    "catalogue:draft_complete": {
        "text": {"GET": NO, "POST": draft_only(WRITERS, 302)},
        "sent text": {"GET": NO, "POST": known(set(), knowing=WRITERS)},
        "foreign text": {"GET": NO, "POST": draft_only(MODERATORS | {"stranger"}, 302)},
    },
    "catalogue:draft_section": {
        "text": {"GET": draft_only(WRITERS), "POST": draft_only(WRITERS)},
        "sent text": {
            "GET": known(set(), knowing=WRITERS),
            "POST": known(set(), knowing=WRITERS),
        },
    },
    "catalogue:attachment": {"text": {"GET": everybody(404), "POST": NO}},  # there is none
    "catalogue:attachment_remove": {
        "text": {"GET": NO, "POST": draft_only(WRITERS, 302)},
        "sent text": {"GET": NO, "POST": known(set(), knowing=WRITERS)},
    },
    "catalogue:draft_attachments": {
        "text": {"GET": draft_only(WRITERS), "POST": draft_only(WRITERS)},
        "sent text": {
            "GET": known(set(), knowing=WRITERS),
            "POST": known(set(), knowing=WRITERS),
        },
    },
    "catalogue:draft_withdraw": {
        which: {"GET": draft_only(people), "POST": draft_only(people, 302)}
        for which, people in DRAFT_READERS.items()
    },
    "catalogue:review_act": {
        which: {"GET": NO, "POST": draft_only(people)} for which, people in DRAFT_READERS.items()
    },
    "catalogue:entry_detail": {
        "entry": READ,
        "entry of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
        "draft entry": {"GET": visible(OWN | MODERATORS), "POST": NO},
    },
    "catalogue:expert_list": {"": READ},
    "catalogue:expert_mine": {"": {"GET": only(MEMBERS), "POST": only(MEMBERS)}},
    "catalogue:expert_add": {
        "": dict.fromkeys(("GET", "POST"), only(DECIDERS | {"stranger"}))  # who heads any hub
    },
    "catalogue:expert_waiting": {"": {"GET": only(SIGNED_IN), "POST": NO}},
    "catalogue:expert_detail": {
        "expert": READ,
        "waiting expert": {"GET": visible(DECIDERS), "POST": NO},
        "expert of a hidden hub": {"GET": visible(DECIDERS), "POST": NO},
    },
    **{
        f"catalogue:expert_{name}": {
            "expert": {"GET": only(DECIDERS), "POST": only(DECIDERS)},
            "waiting expert": dict.fromkeys(("GET", "POST"), known(DECIDERS, knowing=DECIDERS)),
            "expert of a hidden hub": dict.fromkeys(
                ("GET", "POST"), known(DECIDERS, knowing=DECIDERS)
            ),
        }
        for name in ("edit", "consent")
    },
    "catalogue:resource_list": {"": READ},
    "catalogue:resource_detail": {
        "resource": READ,
        "resource of the portal": READ,
        "resource of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
        "draft resource": {"GET": visible(OWN | MODERATORS), "POST": NO},
    },
    "catalogue:resource_add": {
        "": {"GET": only(WRITERS | {"stranger"}), "POST": only(WRITERS | {"stranger"})}
    },
    **{
        f"catalogue:resource_{name}": {
            "resource": {"GET": only(WRITERS), "POST": only(WRITERS)},
            "draft resource": dict.fromkeys(
                ("GET", "POST"), known(WRITERS, knowing=OWN | MODERATORS)
            ),
            "resource of a hidden hub": {"GET": known(WRITERS), "POST": known(WRITERS)},
            "resource of the portal": {"GET": only(MODERATORS), "POST": only(MODERATORS)},
        }
        for name in ("edit", "link_add")
    },
    **{
        f"catalogue:resource_{name}": {
            "resource": {"GET": NO, "POST": only(WRITERS, 302)},
            "draft resource": {"GET": NO, "POST": known(WRITERS, 302)},
            "resource of a hidden hub": {"GET": NO, "POST": known(WRITERS, 302)},
            "resource of the portal": {"GET": NO, "POST": only(MODERATORS, 302)},
        }
        for name in ("publish", "withdraw", "link_remove")
    },
    "catalogue:resource_file": {"resource": {"GET": everybody(404), "POST": NO}},  # an address
    # building blocks
    "catalogue:block_list": {"": READ},
    "catalogue:block_detail": {
        "block": READ,
        "draft block": {"GET": visible(WRITERS), "POST": NO},
        "block of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
    },
    "catalogue:block_add": {"": {"GET": only(EDITORS), "POST": only(EDITORS)}},
    "catalogue:block_change": {
        "block": {"GET": only(WRITERS), "POST": only(WRITERS)},
        "draft block": {method: known(WRITERS, knowing=WRITERS) for method in ("GET", "POST")},
        "block of a hidden hub": {method: known(WRITERS) for method in ("GET", "POST")},
    },
    "catalogue:block_attach": {
        "block": {"GET": only(EDITORS), "POST": only(EDITORS)},
        "block of a hidden hub": {method: known(WRITERS) for method in ("GET", "POST")},
    },
    "catalogue:block_detach": {
        "block": {"GET": NO, "POST": only(WRITERS, 302)},
        "block of a hidden hub": {"GET": NO, "POST": only(SIGNED_IN, 404)},  # of no entry
    },
    **{
        f"catalogue:block_{verb}": {
            "block": {"GET": NO, "POST": only(WRITERS, 302)},
            "block of a hidden hub": {"GET": NO, "POST": known(WRITERS, 302)},
        }
        for verb in ("publish", "withdraw")
    },
    # adoptions
    "catalogue:adoption_list": {"": READ},
    "catalogue:adoption_detail": {
        "adoption": READ,
        "adoption by a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
    },
    "catalogue:entry_lineage": {
        "entry": READ,
        "entry of a hidden hub": {"GET": visible(INSIDERS), "POST": NO},
    },
    **{
        f"catalogue:{name}": {
            public: {"GET": only(MEMBERS), "POST": only(MEMBERS)},
            hidden: {"GET": only(SIGNED_IN, 404), "POST": only(SIGNED_IN, 404)},
        }
        for name, public, hidden in (
            ("entry_adopt", "entry", "draft entry"),
            ("block_adopt", "block", "draft block"),
        )
    },
    **{  # the stranger's hub took up an entry of the hub
        f"catalogue:adoption_{verb}": {
            "adoption": {method: only(MODERATORS | {"stranger"}) for method in ("GET", "POST")},
            "adoption by a hidden hub": {method: known(WRITERS) for method in ("GET", "POST")},
        }
        for verb in ("change", "retract")
    },
    "catalogue:adoption_reject": {
        "adoption": {"GET": only(WRITERS), "POST": only(WRITERS)},
        "adoption by a hidden hub": {method: known(MODERATORS) for method in ("GET", "POST")},
    },
    "catalogue:adoption_confirm": {
        "adoption": {"GET": NO, "POST": only(WRITERS, 302)},
        "adoption by a hidden hub": {"GET": NO, "POST": known(MODERATORS, 302)},
    },
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

API_READ = {"GET": everybody(), "POST": NO, "PATCH": NO, "DELETE": NO}
FACT_WRITE = {
    "GET": everybody(),
    "POST": NO,
    "PATCH": only(WRITERS, 428, visitors=401),
    "DELETE": only(WRITERS, 428, visitors=401),
}
API = {
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
    "organisation-list": {"": API_READ},
    "organisation-detail": {"": API_READ},
    "entry-list": {"": API_READ},
    "draft-list": {
        "": {"GET": only(SIGNED_IN, visitors=401), "POST": only(SIGNED_IN, 400, visitors=401)}
    },
    "draft-detail": {
        which: {"GET": draft_only(people, visitors=401), "POST": NO}
        for which, people in DRAFT_READERS.items()
    },
    **{
        f"draft-{act}": {
            "foreign text": {
                "GET": NO,
                "POST": draft_only(MODERATORS | {"stranger"}, status, visitors=401),
            }
        }
        for act, status in (
            *(("submit", 409), ("withdraw", 200), ("publish", 409), ("verdicts", 400)),
            *(("request-changes", 400), ("decline", 400), ("messages", 400)),
        )
    },
    **{
        f"entry-{act}": {"entry": {"GET": NO, "POST": only(SIGNED_IN, 400, visitors=401)}}
        for act in ("archive", "restore", "withdraw", "contest", "settle")
    },
    "entry-revise": {"entry": {"GET": NO, "POST": only(WRITERS, 200, visitors=401)}},
    "entry-version": {"entry": API_READ},
    "search-list": {"": API_READ},
    "entry-compare": {"": API_READ | {"GET": everybody(400)}},
    "entry-detail": {
        "entry": API_READ,
        "entry of a hidden hub": API_READ | {"GET": everybody(404)},
        "draft entry": API_READ | {"GET": everybody(404)},
    },
    "expert-list": {"": API_READ},
    "expert-detail": {
        "expert": API_READ,
        "waiting expert": API_READ | {"GET": everybody(404)},
        "expert of a hidden hub": API_READ | {"GET": everybody(404)},
    },
    "resource-list": {"": API_READ},
    "resource-detail": {
        "resource": API_READ,
        "resource of the portal": API_READ,
        "resource of a hidden hub": API_READ | {"GET": everybody(404)},
        "draft resource": API_READ | {"GET": everybody(404)},
    },
    "block-list": {"": API_READ},
    "block-detail": {
        "block": API_READ,
        "draft block": API_READ | {"GET": visible(WRITERS)},
        "block of a hidden hub": API_READ | {"GET": visible(INSIDERS)},
    },
    "entry-adoption-list": {
        "entry": API_READ,
        "entry of a hidden hub": API_READ | {"GET": everybody(404)},
    },
    "block-adoption-list": {
        "block": API_READ,
        "draft block": API_READ | {"GET": visible(WRITERS)},
    },
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
    "accounts.member": "",
    "accounts.outgoingmail": "",
    "catalogue.draft": "",
    "catalogue.adoption": "",
    "catalogue.buildingblock": "",
    "catalogue.entry": "",
    "catalogue.entryversion": "",
    "catalogue.expert": "",
    "catalogue.resource": "",
    "catalogue.resourcelink": "",
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
FOR_ADMINISTRATORS = {"accounts.legaltext", "accounts.outgoingmail", "hubs.starterrow"}
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
    "catalogue.draft",
    "catalogue.entryversion",
    "catalogue.expert",
    "catalogue.resourcelink",
    "hubs.institutionalmodel",
    "hubs.selfassessment",
    "hubs.starterrow",
}
