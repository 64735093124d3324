"""Who may go where in the catalogue; see `tests.portal.tables`."""

from tests.portal.answers import (
    ACT,
    API_READ,
    DECIDERS,
    DRAFT_READERS,
    EDITORS,
    FORM,
    INSIDERS,
    MEMBERS,
    MINE,
    MODERATE,
    MODERATORS,
    NO,
    OWN,
    READ,
    SIGNED_IN,
    WRITERS,
    draft_only,
    everybody,
    known,
    only,
    visible,
)

CATALOGUE_PAGES = {
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
        which: {"GET": draft_only(people, 302), "POST": draft_only(people)}
        for which, people in DRAFT_READERS.items()
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
    # tags: moderators keep the vocabulary
    "catalogue:tag_list": {"": READ},
    "catalogue:tag_desk": {"": {"GET": only(MODERATORS), "POST": NO}},
    "catalogue:tag_add": {"": MODERATE},
    "catalogue:tag_merge": {"": dict.fromkeys(("GET", "POST"), only(MODERATORS, 302))},
    "catalogue:tag_detail": {
        "tag": {"GET": everybody(302), "POST": NO},
        "tag of a hidden hub": {"GET": visible(INSIDERS, 302), "POST": NO},
    },
    "catalogue:tag_change": {
        "tag": MODERATE,
        "tag of a hidden hub": dict.fromkeys(("GET", "POST"), known(MODERATORS)),
    },
    "catalogue:tag_remove": {
        "tag": ACT,
        "tag of a hidden hub": {"GET": NO, "POST": known(MODERATORS, 302)},
    },
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
}
CATALOGUE_API = {
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
    **{
        f"entry-version-{name}": {
            "entry": API_READ | {"GET": everybody(status)},
            "entry of a hidden hub": API_READ | {"GET": everybody(404)},
        }
        # The first version has none before it.
        for name, status in (("list", 200), ("detail", 200), ("diff", 404))
    },
    "search-list": {"": API_READ},
    "entry-compare": {"": API_READ | {"GET": everybody(400)}},
    "entry-detail": {
        "entry": API_READ,
        "entry of a hidden hub": API_READ | {"GET": everybody(404)},
        "draft entry": API_READ | {"GET": everybody(404)},
    },
    "expert-list": {
        "": API_READ | {"POST": only(DECIDERS | {"stranger"}, 400, visitors=401)}  # heads
    },
    "expert-mine": {
        "": {
            "GET": only(SIGNED_IN, 404, visitors=401),
            "POST": only(MEMBERS, 400, visitors=401),
        }
    },
    "expert-detail": {
        "expert": API_READ | {"PATCH": only(DECIDERS, 428, visitors=401)},
        **dict.fromkeys(
            ("waiting expert", "expert of a hidden hub"),
            API_READ
            | {
                "GET": visible(DECIDERS),
                "PATCH": known(DECIDERS, 428, visitors=401, knowing=DECIDERS),
            },
        ),
    },
    **{
        f"expert-{act}": {
            "expert": {"GET": NO, "POST": only(DECIDERS, status, visitors=401)},
            "waiting expert": {
                "GET": NO,
                "POST": known(DECIDERS, status, visitors=401, knowing=DECIDERS),
            },
        }
        for act, status in (("consent", 428), ("decline", 400))
    },
    "resource-list": {"": API_READ | {"POST": only(WRITERS | {"stranger"}, 400, visitors=401)}},
    "resource-detail": {
        "resource": API_READ | {"PATCH": only(WRITERS, 428, visitors=401)},
        "resource of the portal": API_READ | {"PATCH": only(MODERATORS, 428, visitors=401)},
        "resource of a hidden hub": API_READ
        | {"GET": visible(INSIDERS), "PATCH": known(WRITERS, 428, visitors=401)},
        "draft resource": API_READ
        | {"GET": visible(INSIDERS), "PATCH": known(WRITERS, 428, visitors=401)},
    },
    **{
        f"resource-{act}": {
            "resource": {"GET": NO, "POST": only(WRITERS, status, visitors=401)},
            "draft resource": {"GET": NO, "POST": known(WRITERS, status, visitors=401)},
            "resource of a hidden hub": {"GET": NO, "POST": known(WRITERS, status, visitors=401)},
            "resource of the portal": {"GET": NO, "POST": only(MODERATORS, status, visitors=401)},
        }
        for act, status in (("publish", 428), ("withdraw", 200))
    },
    "resource-copy-list": {
        "resource": API_READ | {"POST": only(WRITERS, 400, visitors=401)},
        "resource of a hidden hub": API_READ
        | {"GET": visible(INSIDERS), "POST": known(WRITERS, 400, visitors=401)},
    },
    "resource-copy-detail": {
        "resource": {"GET": NO, "DELETE": only(WRITERS, 204, visitors=401)},
        "resource of a hidden hub": {"GET": NO, "DELETE": known(WRITERS, 204, visitors=401)},
    },
    "block-list": {"": API_READ | {"POST": only(EDITORS, 400, visitors=401)}},
    "tag-list": {"": API_READ},
    "tag-detail": {
        "tag": API_READ,
        "tag of a hidden hub": API_READ | {"GET": visible(INSIDERS)},
    },
    "block-detail": {
        "block": API_READ | {"PATCH": only(WRITERS, 428, visitors=401)},
        "draft block": API_READ
        | {"GET": visible(WRITERS), "PATCH": known(WRITERS, 428, visitors=401, knowing=WRITERS)},
        "block of a hidden hub": API_READ
        | {"GET": visible(INSIDERS), "PATCH": known(WRITERS, 428, visitors=401)},
    },
    **{
        f"block-{act}": {
            "block": {"GET": NO, "POST": only(WRITERS, shown, visitors=401)},
            "draft block": {
                "GET": NO,
                "POST": known(WRITERS, hidden, visitors=401, knowing=WRITERS),
            },
            "block of a hidden hub": {"GET": NO, "POST": known(WRITERS, shown, visitors=401)},
        }
        for act, shown, hidden in (("publish", 409, 200), ("withdraw", 200, 409))
    },
    "block-attach": {
        "block": {"GET": NO, "POST": only(EDITORS, 400, visitors=401)},
        "block of a hidden hub": {"GET": NO, "POST": known(WRITERS, 400, visitors=401)},
    },
    "block-detach": {
        "block": {"GET": NO, "DELETE": only(WRITERS, 204, visitors=401)},
        "block of a hidden hub": {"GET": NO, "DELETE": only(SIGNED_IN, 404, visitors=401)},
    },
    "adoption-list": {"": API_READ | {"POST": only(MEMBERS, 400, visitors=401)}},
    "adoption-detail": {  # the stranger's hub took up an entry of the hub
        "adoption": API_READ | {"PATCH": only(MODERATORS | {"stranger"}, 428, visitors=401)},
        "adoption by a hidden hub": API_READ
        | {"GET": visible(INSIDERS), "PATCH": known(WRITERS, 428, visitors=401)},
    },
    **{
        f"adoption-{act}": {
            "adoption": {"GET": NO, "POST": only(WRITERS, status, visitors=401)},
            "adoption by a hidden hub": {
                "GET": NO,
                "POST": known(MODERATORS, status, visitors=401),
            },
        }
        for act, status in (("confirm", 428), ("reject", 400))
    },
    "adoption-retract": {
        "adoption": {"GET": NO, "POST": only(MODERATORS | {"stranger"}, 400, visitors=401)},
        "adoption by a hidden hub": {"GET": NO, "POST": known(WRITERS, 400, visitors=401)},
    },
    "translation-list": {
        "entry": API_READ | {"POST": only(INSIDERS, 400, visitors=401)},
        "entry of a hidden hub": API_READ
        | {"GET": visible(INSIDERS), "POST": known(INSIDERS, 400, visitors=401)},
    },
    "translation-detail": {  # there is none
        "entry": {
            "GET": everybody(404),
            "PATCH": only(INSIDERS, 404, visitors=401),
            "DELETE": only(INSIDERS, 404, visitors=401),
        },
        "entry of a hidden hub": {
            "GET": everybody(404),
            "PATCH": only(SIGNED_IN, 404, visitors=401),
            "DELETE": only(SIGNED_IN, 404, visitors=401),
        },
    },
    "translation-review": {
        "entry": {"GET": NO, "POST": only(INSIDERS, 404, visitors=401)},
        "entry of a hidden hub": {"GET": NO, "POST": only(SIGNED_IN, 404, visitors=401)},
    },
    "attachment-list": {
        which: {
            "GET": draft_only(people, visitors=401),
            "POST": known(set() if which == "sent text" else people, 415, 401, knowing=people),
        }
        for which, people in DRAFT_READERS.items()
    },
    "attachment-detail": {  # there is none
        "text": {"GET": NO, "DELETE": draft_only(set(), visitors=401)},
    },
    "entry-adoption-list": {
        "entry": API_READ,
        "entry of a hidden hub": API_READ | {"GET": everybody(404)},
    },
    "block-adoption-list": {
        "block": API_READ,
        "draft block": API_READ | {"GET": visible(WRITERS)},
    },
}
