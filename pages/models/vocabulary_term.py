"""Terms of controlled vocabularies, from which the metadata of pages is chosen."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import document
from ..document import LANGUAGES, Bilingual, Term
from ..fields import PlainCharField

# Of one vocabulary: forms list them all.
MAX_TERMS = 1000
MAX_CODE_LENGTH = 40

valid_code = RegexValidator(
    r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?\Z",
    _("Use at most 40 letters without accents, numbers, hyphens, periods and underscores."),
)


class VocabularyTermQuerySet(models.QuerySet):
    def rows_for(self, documents):
        """Finds the rows of the terms that documents have, by vocabulary and code, and adds those that are missing.

        No query where the documents have none, otherwise one, and one more for each that is added.
        """
        named = {place: term for each in documents for place, term in document.terms(each)}
        codes = {code for _name, code in named}
        rows = {(row.vocabulary, row.code): row for row in self.filter(code__in=codes)} if codes else {}
        for (name, code), term in named.items():
            if (name, code) not in rows:
                labels = {f"label_{language}": term.label[language] for language in LANGUAGES}
                rows[name, code], _new = self.get_or_create(vocabulary=name, code=code, defaults=labels)
        return rows


class VocabularyTerm(models.Model):
    """One term of a vocabulary: its code, which pages and files name, and its label in each language.

    Documents hold both, so an edition goes on saying what the label was when it was published.
    """

    class Vocabulary(models.TextChoices):
        CREATOR = "creator", _("Creator")
        SUBJECT = "subject", _("Subject")
        AUDIENCE = "audience", _("Audience")
        TYPE = "type", _("Type")
        COVERAGE = "coverage", _("Coverage")

    vocabulary = models.CharField(_("vocabulary"), max_length=20, choices=Vocabulary)
    code = models.CharField(_("code"), max_length=MAX_CODE_LENGTH, validators=[valid_code])
    label_en = PlainCharField(_("English label"), max_length=200)
    label_fr = PlainCharField(_("French label"), max_length=200)

    objects = VocabularyTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("vocabulary term")
        verbose_name_plural = _("vocabulary terms")
        ordering = ["vocabulary", "label_en", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "code"],
                name="one_term_per_code",
                violation_error_message=_("This vocabulary already has a term with this code."),
            )
        ]

    def __str__(self):
        label = self.label_fr if get_language() == "fr" else self.label_en
        return capfirst(label or self.code)

    def read(self):
        """Returns what a document says of it."""
        return Term(self.code, Bilingual(self.label_en, self.label_fr))


def loaded_vocabularies():
    """Returns the names of the vocabularies that the site has loaded: one query.

    Every site has terms for audiences, which were a fixed list once. So these count only beside another vocabulary.
    """
    names = frozenset(VocabularyTerm.objects.order_by().values_list("vocabulary", flat=True).distinct())
    return names if names - {VocabularyTerm.Vocabulary.AUDIENCE} else frozenset()
