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

NAMES = {model: names_of(declaration, *TEXTS) for model, declaration in DECLARATIONS.items()}
# The texts of all the kinds that it may be of.
NAMES[models.SharedBlock] = tuple(
    dict.fromkeys(name for kind in document.SHAREABLE.values() for name in names_of(kind, *TEXTS))
)

for model, names in NAMES.items():
    options = type(f"{model.__name__}Translation", (TranslationOptions,), {"fields": names})
    translator.register(model, options)
