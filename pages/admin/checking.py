"""The screen of findings: what the rules of style and of the two languages find, and the repairs they offer."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import crosschecking, readiness, tallying, working_copy
from .. import document as shape
from .. import findings as rules
from ..document import RICH_TEXT, texts
from ..rows import BLOCK_MODELS, PartnerOrganization
from . import changes
from .places import addresses
from .screens import Screens, locked_as_seen

NAMES = {
    rules.BLOCKS: gettext_lazy("Keeps the page from being published"),
    rules.WARNS: gettext_lazy("Should be put right"),
    rules.HINTS: gettext_lazy("Worth a second look"),
}


@dataclass(frozen=True)
class Found:
    """One finding as the screen shows it; `repair` is the address that shows what its repair would change."""

    finding: rules.Finding
    name: str
    address: str
    repair: str


def found_in(page, document):
    """What the rules find in the working copy of a page, compared with all that is live."""
    return rules.findings(document, crosschecking.site_around(page, document))


def counted(page, document):
    """How many findings there are, by severity, in words; those with none are left out."""
    found = Counter(finding.rule.severity for finding in found_in(page, document))
    words = {
        rules.BLOCKS: ngettext(
            "%(number)s blocks publication", "%(number)s block publication", found[rules.BLOCKS]
        ),
        rules.WARNS: ngettext("%(number)s warning", "%(number)s warnings", found[rules.WARNS]),
        rules.HINTS: ngettext("%(number)s hint", "%(number)s hints", found[rules.HINTS]),
    }
    return [(each, words[each] % {"number": found[each]}) for each in rules.SEVERITIES if found[each]]


class RepairForm(forms.Form):
    rule = forms.CharField(max_length=100, widget=forms.HiddenInput)
    path = forms.CharField(max_length=400, widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=[(each, each) for each in shape.LANGUAGES], widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class Checking(Screens):
    def get_urls(self):
        return [
            self.screen_path("findings", self.findings_view, "findings"),
            self.screen_path("findings/repair", self.repair_view, "repair"),
            *super().get_urls(),
        ]

    def findings_view(self, request, page_id):
        page = self.page_to_view(request, page_id)
        document = working_copy.read(page)
        found = _shown(
            page,
            document,
            can_change=self.has_change_permission(request, page),
            can_change_partners=_may_change_partners(request),
        )
        groups = [
            (each, NAMES[each], [one for one in found if one.finding.rule.severity == each])
            for each in rules.SEVERITIES
        ]
        return self.screen(
            request,
            page,
            "findings",
            title=_("Findings"),
            groups=[group for group in groups if group[2]],
            number=len(found),
        )

    def repair_view(self, request, page_id):
        """Shows what a repair changes; sent as a form, does it."""
        page = self.page_to_view(request, page_id)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        form = RepairForm(request.POST if request.method == "POST" else request.GET)
        if not form.is_valid():
            raise Http404
        asked = form.cleaned_data
        if _is_of_partner(asked["path"].split("/")) and not _may_change_partners(request):
            raise PermissionDenied
        if request.method == "POST" and self._repair(request, page, form):
            return HttpResponseRedirect(reverse("admin:pages_page_findings", args=[page.pk]))
        document = working_copy.read(page)
        text, repaired = _repaired(document, **{name: asked[name] for name in ("rule", "path", "language")})
        language = asked["language"]
        seen = shape.digest(shape.dumps(document))
        return self.screen(
            request,
            page,
            "repair",
            title=_("What the repair changes"),
            name=capfirst(readiness.label(document, text.path)),
            language=language,
            passages=changes.passages(
                text.value[language], repaired, language, rich=text.path[-1] in RICH_TEXT
            ),
            values={**asked, "seen": seen},
            is_of_partner=_is_of_partner(text.path),
            errors=form.non_field_errors(),
        )

    def _repair(self, request, page, form):
        try:
            with transaction.atomic():
                name, row = _write(page, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        owner = row if isinstance(row, PartnerOrganization) else page
        self.log_change(request, owner, [{"changed": {"fields": [name]}}])
        self.message_user(request, _("Repaired: “%(field)s”.") % {"field": name}, messages.SUCCESS)
        return True


def _shown(page, document, *, can_change, can_change_partners):
    found = found_in(page, document)
    places = addresses(page, [(finding.path, finding.language) for finding in found])
    known = {text.path for text in texts(document)}
    return [
        Found(
            finding,
            capfirst(readiness.label(document, finding.path)) if finding.path in known else "",
            address,
            _address_of_repair(page, finding)
            if can_change and (can_change_partners or not _is_of_partner(finding.path))
            else "",
        )
        for finding, address in zip(found, places, strict=True)
    ]


def _address_of_repair(page, finding):
    if finding.rule.fix is None or not finding.language:
        return ""
    query = {"rule": finding.rule.id, "path": "/".join(finding.path), "language": finding.language}
    return f"{reverse('admin:pages_page_repair', args=[page.pk])}?{urlencode(query)}"


def _repaired(document, *, rule, path, language):
    """A text of the document, and what it says in one language once the rule has repaired it. Raises Http404."""
    for finding in rules.findings(document):
        asked = ("/".join(finding.path), finding.rule.id, finding.language) == (path, rule, language)
        if asked and finding.rule.fix:
            text = next(text for text in texts(document) if text.path == finding.path)
            return text, finding.fixed(text.value)[language]
    raise Http404


def _write(page, *, rule, path, language, seen):
    """Under lock, so that what is repaired is what the person has seen; returns the name of the field and its row."""
    *above, name = path.split("/")
    with tallying.counting(_partners(above), page):
        page, document = locked_as_seen(page, seen)
        text, repaired = _repaired(document, rule=rule, path=path, language=language)
        row = _row(page, above)
        field = f"{name}_{language}"
        setattr(row, field, repaired)
        row.save(update_fields=[field])
    return capfirst(readiness.label(document, text.path)), row


def _is_of_partner(path):
    return "partners" in path[:-1]


def _may_change_partners(request):
    return request.user.has_perm("pages.change_partnerorganization")


def _partners(above):
    """The partner organization that a text stands in, by its path without the name of the field; none for most."""
    return PartnerOrganization.objects.filter(key=above[-1]) if "partners" in above else ()


def _row(page, above):
    """The row that a text stands in, by its path without the name of the field."""
    if not above:
        return page
    if "partners" in above:
        return _partners(above).get()
    key = above[1]
    return next(row for model in BLOCK_MODELS for row in model.objects.filter(parent=page, key=key))
