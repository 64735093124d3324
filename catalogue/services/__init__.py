"""Changes of the catalogue, each in one transaction."""

from catalogue.services.adoptions import (
    ADOPTION_TEXTS,
    change_adoption,
    claim_adoption,
    confirm_adoption,
    reject_adoption,
    retract_adoption,
)
from catalogue.services.blocks import (
    BLOCK_TEXTS,
    attach_block,
    change_block,
    create_block,
    detach_block,
    publish_block,
    withdraw_block,
)
from catalogue.services.drafting import (
    complete_draft,
    revise_entry,
    save_section,
    section_version,
    start_draft,
    withdraw_draft,
)
from catalogue.services.indexing import index_entries, index_everything, index_rows
from catalogue.services.life_cycle import (
    archive_entry,
    contest_entry,
    restore_entry,
    settle_entry,
    withdraw_entry,
)
from catalogue.services.publishing import content_of, publish_content
from catalogue.services.resources import (
    add_link,
    change_resource,
    create_resource,
    publish_resource,
    remove_link,
    withdraw_resource,
)
from catalogue.services.reviewing import (
    assign_reviewer,
    decline_draft,
    gates_of,
    give_verdict,
    publish_draft,
    request_changes,
    submit_draft,
    write_message,
)
from catalogue.services.translating import remove_translation, review_translation, save_translation

__all__ = [
    "ADOPTION_TEXTS",
    "BLOCK_TEXTS",
    "add_link",
    "archive_entry",
    "assign_reviewer",
    "attach_block",
    "change_adoption",
    "change_block",
    "change_resource",
    "claim_adoption",
    "complete_draft",
    "confirm_adoption",
    "content_of",
    "contest_entry",
    "create_block",
    "create_resource",
    "decline_draft",
    "detach_block",
    "gates_of",
    "give_verdict",
    "index_entries",
    "index_everything",
    "index_rows",
    "publish_block",
    "publish_content",
    "publish_draft",
    "publish_resource",
    "reject_adoption",
    "remove_link",
    "remove_translation",
    "request_changes",
    "restore_entry",
    "retract_adoption",
    "review_translation",
    "revise_entry",
    "save_section",
    "save_translation",
    "section_version",
    "settle_entry",
    "start_draft",
    "submit_draft",
    "withdraw_block",
    "withdraw_draft",
    "withdraw_entry",
    "withdraw_resource",
    "write_message",
]
