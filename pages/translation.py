"""Which fields exist in English and in French; fallbacks are off, so neither language stands in for the other.

They are the texts that `document` declares: a text is never added here.
"""

from modeltranslation.translator import TranslationOptions, translator

from . import document, models
from .field_kinds import TEXTS, names_of

DECLARATIONS = {
    models.Page: document.Document,
    models.PartnerOrganization: document.Partner,
    models.SiteAlert: document.Alert,
    models.Download: document.Download,
    models.LibraryImage: document.LibraryImage,
    **{model: model.declaration for model in models.BLOCK_MODELS},
}

for model, declaration in DECLARATIONS.items():
    options = type(
        f"{model.__name__}Translation", (TranslationOptions,), {"fields": names_of(declaration, *TEXTS)}
    )
    translator.register(model, options)
