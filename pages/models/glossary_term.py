"""The glossary of the site: what each thing is called in English and in French."""

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES
from ..fields import PlainCharField, PlainTextField
from ..glossary import NO_GLOSSARY, Glossary, Term, Wording, split_lines

# More than these are no small glossary of a site, and each search and each check would read them.
MAX_TERMS = 2000
# Of synonyms, and of words to avoid, of one language.
MAX_PHRASES, MAX_PHRASE_LENGTH = 20, 200

TEXTS = tuple(
    f"{name}_{language}" for name in ("term", "abbreviation", "synonyms", "avoid") for language in LANGUAGES
)
PHRASES = TEXTS[4:]

SYNONYMS_HELP = _("One on each line. Search finds them as well.")
AVOID_HELP = _("One on each line. The content checks then propose the term.")
ABBREVIATION_HELP = _("An abbreviation of the glossary needs no explanation on a page.")


def _phrases(label, help_text):
    return PlainTextField(label, max_length=2000, blank=True, multiline=True, help_text=help_text)


class GlossaryTerm(models.Model):
    """One thing that pages write about, its term in each language, and what else it is called.

    Every save draws another `stamp`, so that their sum tells whether anything in the glossary is different.
    """

    term_en = PlainCharField(_("English term"), max_length=200, unique=True)
    term_fr = PlainCharField(_("French term"), max_length=200)
    abbreviation_en = PlainCharField(
        _("English abbreviation"), max_length=20, blank=True, help_text=ABBREVIATION_HELP
    )
    abbreviation_fr = PlainCharField(
        _("French abbreviation"), max_length=20, blank=True, help_text=ABBREVIATION_HELP
    )
    synonyms_en = _phrases(_("English synonyms"), SYNONYMS_HELP)
    synonyms_fr = _phrases(_("French synonyms"), SYNONYMS_HELP)
    avoid_en = _phrases(_("English words to avoid"), AVOID_HELP)
    avoid_fr = _phrases(_("French words to avoid"), AVOID_HELP)
    stamp = models.BigIntegerField(_("mark of the last change"), editable=False)

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = [Lower("term_en")]

    def __str__(self):
        return f"{self.term_en} / {self.term_fr}"

    def save(self, *args, **kwargs):
        self.stamp = secrets.randbits(40)
        super().save(*args, **kwargs)

    def clean(self):
        """Raises ValidationError for a list that is too long, and for a term that the glossary has in other letters."""
        self.check_phrases()
        others = list(GlossaryTerm.objects.exclude(pk=self.pk).values_list("term_en", flat=True))
        if self.term_en.casefold() in map(str.casefold, others):
            raise ValidationError({"term_en": _("The glossary already has this term.")})
        if len(others) >= MAX_TERMS:
            raise ValidationError(_("A glossary has at most %(limit)s terms.") % {"limit": MAX_TERMS})

    def check_phrases(self):
        """Raises ValidationError for a list of synonyms or of words to avoid that is too long."""
        problems = {name: _problem_with_phrases(split_lines(getattr(self, name))) for name in PHRASES}
        if any(problems.values()):
            raise ValidationError({name: problem for name, problem in problems.items() if problem})

    def wording(self, language):
        """Returns what a language calls the thing, as `glossary.Wording`."""
        return Wording(
            term=getattr(self, f"term_{language}"),
            abbreviation=getattr(self, f"abbreviation_{language}"),
            synonyms=split_lines(getattr(self, f"synonyms_{language}")),
            avoid=split_lines(getattr(self, f"avoid_{language}")),
        )


def _problem_with_phrases(phrases):
    if len(phrases) > MAX_PHRASES:
        return _("Enter at most %(limit)s lines.") % {"limit": MAX_PHRASES}
    if any(len(phrase) > MAX_PHRASE_LENGTH for phrase in phrases):
        return _("Enter at most %(limit)s characters on a line.") % {"limit": MAX_PHRASE_LENGTH}
    return ""


# The glossary as it was last read, and the count and the sum of stamps that it had then.
_last_read: tuple[tuple, Glossary] = ((), NO_GLOSSARY)


def current_glossary() -> Glossary:
    """Returns the glossary of the site: one small query while it stays the same, else two.

    As long as nothing in it changes it is the same object, so that what is worked out of it can be remembered.
    """
    global _last_read
    version = tuple(GlossaryTerm.objects.order_by().aggregate(Count("pk"), Sum("stamp")).values())
    known, glossary = _last_read
    if not version[0]:
        return NO_GLOSSARY
    if version != known:
        rows = list(GlossaryTerm.objects.order_by("term_en")[:MAX_TERMS])
        glossary = Glossary(tuple(Term(*map(row.wording, LANGUAGES)) for row in rows))
        # That of the rows: another one may have been saved since the version was read.
        _last_read = ((len(rows), sum(row.stamp for row in rows)), glossary)
    return glossary
