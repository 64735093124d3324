"""Changes of the catalogue, each in one transaction."""

from catalogue.services.adoptions import (
    ADOPTION_TEXTS,
    change_adoption,
    claim_adoption,
    confirm_adoption,
    reject_adoption,
    retract_adoption,
)
from catalogue.services.attaching import add_attachment, remove_attachment
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
    change_draft,
    complete_draft,
    content_version,
    revise_entry,
    save_section,
    section_version,
    start_draft,
    withdraw_draft,
)
from catalogue.services.experts import (
    change_expert,
    consent_to_expert,
    create_expert,
    decline_expert,
    forget_expert,
)
from catalogue.services.finding_experts import index_expert_of, index_experts, index_experts_of_hub
from catalogue.services.import_entries import EntryImport
from catalogue.services.import_experts import ExpertImport
from catalogue.services.import_kinds import IMPORT_KINDS, ImportKind, register_import
from catalogue.services.import_reading import table_of
from catalogue.services.import_resources import ResourceImport
from catalogue.services.importing import (
    begin_import,
    confirm_import,
    progress_of,
    retry_import,
    work_on_import,
)
from catalogue.services.indexing import (
    LONGEST,
    index_entries,
    index_everything,
    index_more,
    index_rows,
)
from catalogue.services.life_cycle import (
    archive_entry,
    contest_entry,
    restore_entry,
    settle_entry,
    withdraw_entry,
)
from catalogue.services.publishing import content_of, publish_content
from catalogue.services.reminding import remind
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
from catalogue.services.saved_searches import (
    change_search,
    remove_search,
    save_search,
    silence_search,
)
from catalogue.services.translating import remove_translation, review_translation, save_translation
from catalogue.services.vocabulary import change_tag, create_tag, merge_tags, remove_tag

__all__ = [
    "ADOPTION_TEXTS",
    "BLOCK_TEXTS",
    "IMPORT_KINDS",
    "LONGEST",
    "EntryImport",
    "ExpertImport",
    "ImportKind",
    "ResourceImport",
    "add_attachment",
    "add_link",
    "archive_entry",
    "assign_reviewer",
    "attach_block",
    "begin_import",
    "change_adoption",
    "change_block",
    "change_draft",
    "change_expert",
    "change_resource",
    "change_search",
    "change_tag",
    "claim_adoption",
    "complete_draft",
    "confirm_adoption",
    "confirm_import",
    "consent_to_expert",
    "content_of",
    "content_version",
    "contest_entry",
    "create_block",
    "create_expert",
    "create_resource",
    "create_tag",
    "decline_draft",
    "decline_expert",
    "detach_block",
    "forget_expert",
    "gates_of",
    "give_verdict",
    "index_entries",
    "index_everything",
    "index_expert_of",
    "index_experts",
    "index_experts_of_hub",
    "index_more",
    "index_rows",
    "merge_tags",
    "progress_of",
    "publish_block",
    "publish_content",
    "publish_draft",
    "publish_resource",
    "register_import",
    "reject_adoption",
    "remind",
    "remove_attachment",
    "remove_link",
    "remove_search",
    "remove_tag",
    "remove_translation",
    "request_changes",
    "restore_entry",
    "retract_adoption",
    "retry_import",
    "review_translation",
    "revise_entry",
    "save_search",
    "save_section",
    "save_translation",
    "section_version",
    "settle_entry",
    "silence_search",
    "start_draft",
    "submit_draft",
    "table_of",
    "withdraw_block",
    "withdraw_draft",
    "withdraw_entry",
    "withdraw_resource",
    "work_on_import",
    "write_message",
]
