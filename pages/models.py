"""The tables of this application, for Django to find: working rows (`rows`) and what is public (`editions`)."""

from .editions import Edition
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

__all__ = [
    "BLOCK_MODELS",
    "Edition",
    "Figure",
    "Objective",
    "Page",
    "PageList",
    "PartnerList",
    "PartnerOrganization",
    "TextSection",
]
