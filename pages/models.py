"""The tables of this application, for Django: working rows, public (`editions`), found, decided and counted ones."""

from .decisions import ReviewStep, TranslationDecision
from .editions import Correction, Edition, Emergency
from .entries import EditionClaim, SearchEntry, SearchText
from .preview_links import PreviewLink
from .rows import (
    BLOCK_MODELS,
    Figure,
    Objective,
    Page,
    PageList,
    PartnerList,
    PartnerOrganization,
    TextSection,
)
from .tallies import StaleTally, WorkingCopyTally

__all__ = [
    "BLOCK_MODELS",
    "Correction",
    "Edition",
    "EditionClaim",
    "Emergency",
    "Figure",
    "Objective",
    "Page",
    "PageList",
    "PartnerList",
    "PartnerOrganization",
    "PreviewLink",
    "ReviewStep",
    "SearchEntry",
    "SearchText",
    "StaleTally",
    "TextSection",
    "TranslationDecision",
    "WorkingCopyTally",
]
