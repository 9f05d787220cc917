"""The tables of this application, for Django: those of working copies, editions, indexes, reviews and counts."""

from .audit_entry import AuditEntry
from .blocks import (
    BLOCK_MODELS,
    DownloadList,
    Figure,
    Objective,
    PageList,
    PartnerList,
    SharedPlace,
    TextSection,
)
from .dismissed_finding import DismissedFinding
from .download import Download
from .draft_status import DraftStatus, StaleTextCount
from .edition import Correction, Edition, Emergency
from .fact import Fact
from .glossary_term import GlossaryTerm
from .indexes import (
    DraftReference,
    EditionClaim,
    EditionReference,
    PublicFile,
    PublicImage,
    SearchEntry,
    SearchText,
    SearchWord,
)
from .library_image import LibraryImage
from .notification import Notification, NotificationPreferences
from .page import Page, PageTerm
from .page_template import PageTemplate, TemplateTip
from .partner import PartnerOrganization
from .preview_link import PreviewLink
from .review import CommentedPassage, ReviewRequest, ReviewStep, TranslationDecision
from .shared_block import SharedBlock
from .site_alert import SiteAlert
from .tree_path import TreePath
from .vocabulary_term import VocabularyTerm

__all__ = [
    "BLOCK_MODELS",
    "AuditEntry",
    "CommentedPassage",
    "Correction",
    "DismissedFinding",
    "Download",
    "DownloadList",
    "DraftReference",
    "DraftStatus",
    "Edition",
    "EditionClaim",
    "EditionReference",
    "Emergency",
    "Fact",
    "Figure",
    "GlossaryTerm",
    "LibraryImage",
    "Notification",
    "NotificationPreferences",
    "Objective",
    "Page",
    "PageTerm",
    "PageList",
    "PageTemplate",
    "PartnerList",
    "PartnerOrganization",
    "PreviewLink",
    "PublicFile",
    "PublicImage",
    "ReviewRequest",
    "ReviewStep",
    "SearchEntry",
    "SearchText",
    "SearchWord",
    "SharedBlock",
    "SharedPlace",
    "SiteAlert",
    "StaleTextCount",
    "TemplateTip",
    "TextSection",
    "TranslationDecision",
    "TreePath",
    "VocabularyTerm",
]
