"""What the scheduler has done, and when (UTC)."""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "sweep-outgoing-mail": {"task": "accounts.tasks.sweep_outgoing_mail", "schedule": 15.0},
    "sweep-imports": {"task": "catalogue.tasks.sweep_imports", "schedule": 30.0},
    "sweep-uploads": {"task": "evaluation.tasks.sweep_uploads", "schedule": 30.0},
    "recalculate-figures": {"task": "evaluation.tasks.recalculate_figures", "schedule": 15.0},
    "check-figures": {
        "task": "evaluation.tasks.check_figures",
        "schedule": crontab(hour="3", minute="20"),
    },
    "settle-stories": {
        "task": "evaluation.tasks.settle_stories",
        "schedule": crontab(hour="3", minute="35"),
    },
    "fold-search-counts": {"task": "catalogue.tasks.fold_search_counts", "schedule": 300.0},
    "send-search-alerts": {"task": "catalogue.tasks.send_search_alerts", "schedule": 900.0},
    "end-expired-sanctions": {"task": "accounts.tasks.end_expired_sanctions", "schedule": 300.0},
    # Each member has the mail of the day at their own morning; zones differ by quarters of an hour.
    "send-digests": {
        "task": "accounts.tasks.send_digests",
        "schedule": crontab(minute="*/15"),
    },
    "send-announcements": {"task": "community.tasks.send_announcements", "schedule": 15.0},
    "tell-followers": {"task": "community.tasks.tell_followers", "schedule": 15.0},
    "forget-old-notices": {
        "task": "community.tasks.forget_old_notices",
        "schedule": crontab(hour="4", minute="10"),
    },
    "send-follow-ups": {
        "task": "evaluation.tasks.send_follow_ups",
        "schedule": crontab(hour="5", minute="30"),
    },
    "remind-of-actions": {
        "task": "evaluation.tasks.remind_of_actions",
        "schedule": crontab(hour="5", minute="20"),
    },
    "remind-of-confirmations": {
        "task": "evaluation.tasks.remind_of_confirmations",
        "schedule": crontab(hour="5", minute="15"),
    },
    "drop-old-uploads": {
        "task": "evaluation.tasks.drop_old_uploads",
        "schedule": crontab(hour="3", minute="40"),
    },
    "remind-of-drafts": {
        "task": "catalogue.tasks.remind_of_drafts",
        "schedule": crontab(hour="5", minute="10"),
    },
    "remind-of-events": {"task": "community.tasks.remind_of_events", "schedule": 600.0},
    "show-due-articles": {"task": "community.tasks.show_due_articles", "schedule": 300.0},
    "fill-event-seats": {"task": "community.tasks.fill_event_seats", "schedule": 300.0},
    "remove-orphan-files": {
        "task": "core.tasks.remove_orphan_files",
        "schedule": crontab(hour="3", minute="50"),
    },
    "check-links": {
        "task": "catalogue.tasks.check_links",
        "schedule": crontab(hour="2", minute="40"),
    },
}
