"""The texts of a page as a translation file, and what such a file changes in the page when it comes back.

A text is parted into segments: a plain text is one, a rich text has one for each paragraph, item, cell, heading and
footnote, and one for each text that an element carries (what an abbreviation means, what an image shows). Links, facts,
footnotes and images are inline codes, so that a text that comes back has those of the page, whatever happened to it.

Nothing is written here. `plan` says for each field what it would say, and for each segment that is not taken, why.
"""

from .archives import MAX_UPLOAD_BYTES, pack, read_upload
from .exporting import Context, export
from .planning import FieldPlan, Plan, Refusal, plan, with_plans
from .segments import LEFT_OUT, Field, fields_of, needed, other_language
from .translations import Translation, TranslationError, from_plain, to_plain, translation_of

__all__ = [
    "LEFT_OUT",
    "MAX_UPLOAD_BYTES",
    "Context",
    "Field",
    "FieldPlan",
    "Plan",
    "Refusal",
    "Translation",
    "TranslationError",
    "export",
    "fields_of",
    "from_plain",
    "needed",
    "other_language",
    "pack",
    "plan",
    "read_upload",
    "to_plain",
    "translation_of",
    "with_plans",
]
