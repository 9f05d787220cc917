"""The screen of findings: what the rules of style and of the two languages find, and the repairs they offer."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from .. import content_checks as rules
from .. import indexes, people, readiness, working_copy
from ..document import LANGUAGES, RICH_TEXT, digest, dumps, is_shared, shared_part, texts
from ..fields import PlainTextFormField
from ..indexes.claims import known_claims
from ..models.blocks import BLOCK_MODELS
from ..models.dismissed_finding import DismissedFinding, fingerprint
from ..models.shared_parts import SHARED_MODELS
from . import changes
from .field_links import field_urls
from .page_views import ChangingView, PageView, lock_if_unchanged

NAMES = {
    rules.ERROR: gettext_lazy("Blocks publication"),
    rules.WARNING: gettext_lazy("Should be corrected"),
    rules.INFO: gettext_lazy("Suggestions"),
}


WHY = {
    "languages": gettext_lazy("The two languages would not say the same thing."),
    "facts": gettext_lazy("Readers who find two answers cannot know which one is right."),
    "links": gettext_lazy("Readers need to know where a link goes before they follow it."),
    "access": gettext_lazy("People who use a screen reader would get less than others."),
    "structure": gettext_lazy("Readers find their way by titles and headings, and so do search engines."),
    "style": gettext_lazy("Pages that follow the same style are easier to read."),
}
GUIDE = {
    "en": "https://design.canada.ca/style-guide/",
    "fr": "https://conception.canada.ca/guide-redaction/",
}


@dataclass(frozen=True)
class FindingView:
    """One finding as the screen shows it: with the addresses of its field, of its correction and of its dismissal."""

    finding: rules.Finding
    name: str
    url: str
    fix_url: str
    dismiss_url: str
    dismissal: DismissedFinding | None = None


@dataclass(frozen=True)
class LineView:
    """A line of the screen: the first finding of a rule, and those that it finds elsewhere on the page."""

    first: FindingView
    others: list[FindingView]

    @property
    def rule(self):
        return self.first.finding.rule

    @property
    def why(self):
        return WHY[self.rule.topic]

    @property
    def example(self):
        """An example in the language of the finding that can be shown as it is; None where there is none."""
        language = self.first.finding.language or get_language() or "en"
        plain = [
            one for one in self.rule.examples if one.text and one.better and "<" not in one.text + one.better
        ]
        return next((one for one in plain if one.language == language[:2]), plain[0] if plain else None)

    @property
    def guide_url(self):
        return GUIDE["fr" if (get_language() or "").startswith("fr") else "en"] if self.rule.number else ""


def find_in_working_copy(page, document):
    """What the rules find in the working copy of a page, compared with all that is live, but for what was dismissed."""
    found, dismissed = all_in_working_copy(page, document)
    return [finding for finding in found if fingerprint_of(finding) not in dismissed]


def all_in_working_copy(page, document):
    """Returns all that the rules find, and what of it was dismissed, by the fingerprint of the finding."""
    found = rules.findings(document, known_claims(page, document))
    dismissed = {row.fingerprint: row for row in page.dismissed_findings.select_related("by")}
    # What keeps a page from being published since it was dismissed is shown again.
    blocking = {fingerprint_of(finding) for finding in found if finding.rule.severity == rules.ERROR}
    return found, {key: row for key, row in dismissed.items() if key not in blocking}


def fingerprint_of(finding):
    return fingerprint(finding.rule.id, finding.path, finding.language, finding.excerpt)


def severity_counts(page, document):
    """How many findings there are, by severity, in words; those with none are left out."""
    found = Counter(finding.rule.severity for finding in find_in_working_copy(page, document))
    words = {
        rules.ERROR: ngettext(
            "%(number)s issue blocks publication", "%(number)s issues block publication", found[rules.ERROR]
        ),
        rules.WARNING: ngettext("%(number)s warning", "%(number)s warnings", found[rules.WARNING]),
        rules.INFO: ngettext("%(number)s suggestion", "%(number)s suggestions", found[rules.INFO]),
    }
    return [
        (severity, words[severity] % {"number": found[severity]})
        for severity in rules.SEVERITIES
        if found[severity]
    ]


class RepairForm(forms.Form):
    rule = forms.CharField(max_length=100, widget=forms.HiddenInput)
    path = forms.CharField(max_length=400, widget=forms.HiddenInput)
    language = forms.ChoiceField(
        choices=[(language, language) for language in LANGUAGES], widget=forms.HiddenInput
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class DismissForm(forms.Form):
    """Why a finding needs no change. `fingerprint` says which one it is."""

    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = PlainTextFormField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Why this place needs no change. Everyone who edits the page can see it."),
        max_length=500,
    )


class FindingsView(PageView):
    route = name = "findings"

    def respond(self, request, page):
        document = working_copy.read(page)
        shown, dismissed = _finding_views(
            page,
            document,
            can_change=self.may_change(request, page),
            may_change_shared=lambda path: _may_change_shared(request, path),
        )
        lines = _lines(shown)
        groups = [
            _group(severity, [line for line in lines if line.rule.severity == severity])
            for severity in rules.SEVERITIES
        ]
        return self.render(
            request,
            page,
            "findings",
            title=_("Content checks"),
            groups=[group for group in groups if group["number"]],
            dismissed=dismissed,
            number=len(shown),
            may_change=self.may_change(request, page),
        )


class DismissView(ChangingView):
    """Asks why a finding needs no change, and dismisses it in its place."""

    route, name = "findings/dismiss", "dismiss"

    def respond(self, request, page):
        values = request.POST if request.method == "POST" else request.GET
        document = working_copy.read(page)
        finding = _dismissible(page, document, values.get("fingerprint", ""))
        form = (
            DismissForm(request.POST) if request.method == "POST" else DismissForm(initial=request.GET.dict())
        )
        if form.is_bound and form.is_valid():
            self._dismiss(request, page, finding, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("admin:pages_page_findings", args=[page.pk]))
        return self.render(
            request,
            page,
            "dismiss",
            title=_("Dismiss an issue"),
            finding=finding,
            name=_field_name(document, finding),
            form=form,
        )

    def _dismiss(self, request, page, finding, reason):
        DismissedFinding.objects.get_or_create(
            page=page,
            fingerprint=fingerprint_of(finding),
            defaults={
                "rule": finding.rule.id,
                "path": "/".join(finding.path),
                "language": finding.language,
                "reason": reason,
                **people.columns(by=request.user),
            },
        )
        self.model_admin.log_change(request, page, [{"changed": {"fields": [_("Content checks")]}}])
        messages.success(request, _("The issue is dismissed."))


class ShowAgainView(ChangingView):
    """Takes the dismissal of a finding back."""

    route, name = "findings/<int:number>/show-again", "show_again"
    http_method_names = ("post", "options")

    def respond(self, request, page, number):
        get_object_or_404(DismissedFinding, page=page, pk=number).delete()
        self.model_admin.log_change(request, page, [{"changed": {"fields": [_("Content checks")]}}])
        messages.success(request, _("The issue is shown again."))
        return HttpResponseRedirect(reverse("admin:pages_page_findings", args=[page.pk]))


def _dismissible(page, document, key):
    """The finding of a fingerprint. Raises Http404 where there is none, or one that blocks publication."""
    for finding in find_in_working_copy(page, document):
        if finding.rule.severity != rules.ERROR and fingerprint_of(finding) == key:
            return finding
    raise Http404


class RepairView(ChangingView):
    """Shows what a repair changes; sent as a form, does it."""

    route, name = "findings/repair", "repair"

    def respond(self, request, page):
        form = RepairForm(request.POST if request.method == "POST" else request.GET)
        if not form.is_valid():
            raise Http404
        requested = form.cleaned_data
        if not _may_change_shared(request, requested["path"].split("/")):
            raise PermissionDenied
        if request.method == "POST" and self._repair(request, page, form):
            return HttpResponseRedirect(reverse("admin:pages_page_findings", args=[page.pk]))
        document = working_copy.read(page)
        text, repaired = _repaired_text(
            document, **{name: requested[name] for name in ("rule", "path", "language")}
        )
        language = requested["language"]
        seen = digest(dumps(document))
        return self.render(
            request,
            page,
            "repair",
            title=_("What this fix changes"),
            name=capfirst(readiness.field_label(document, text.path)),
            language=language,
            passages=changes.passages(
                text.value[language], repaired, language, rich=text.path[-1] in RICH_TEXT
            ),
            values={**requested, "seen": seen},
            shared=(shared_part(text.path) or ("",))[0],
            errors=form.non_field_errors(),
        )

    def _repair(self, request, page, form):
        try:
            with transaction.atomic():
                name, row = _write(page, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        owner = row if isinstance(row, tuple(SHARED_MODELS.values())) else page
        self.model_admin.log_change(request, owner, [{"changed": {"fields": [name]}}])
        messages.success(request, _("Fixed: “%(field)s”.") % {"field": name})
        return True


def _finding_views(page, document, *, can_change, may_change_shared):
    """The findings that are shown, and those that were dismissed."""
    found, dismissals = all_in_working_copy(page, document)
    urls = field_urls(page, [(finding.path, finding.language) for finding in found])
    shown, dismissed = [], []
    for finding, url in zip(found, urls, strict=True):
        may_fix = can_change and may_change_shared(finding.path)
        dismissal = dismissals.get(fingerprint_of(finding))
        view = FindingView(
            finding,
            _field_name(document, finding),
            url,
            _repair_url(page, document, finding) if may_fix else "",
            _dismiss_url(page, finding) if can_change else "",
            dismissal,
        )
        (dismissed if dismissal else shown).append(view)
    return shown, dismissed


def _field_name(document, finding):
    is_text = any(text.path == finding.path for text in texts(document))
    return capfirst(readiness.field_label(document, finding.path)) if is_text else ""


def _lines(views):
    """The findings in the lines in which the rules order them."""
    by_finding = {id(view.finding): view for view in views}
    lines = rules.lines(view.finding for view in views)
    grouped = ([by_finding[id(finding)] for finding in line.findings] for line in lines)
    return [LineView(first, others) for first, *others in grouped]


def _group(severity, lines):
    """The lines of a severity: suggestions that readers of one language would not miss are folded away."""
    is_folded = [severity == rules.INFO and line.rule.topic not in rules.DIFFERENCES for line in lines]
    return {
        "severity": severity,
        "name": NAMES[severity],
        "number": len(lines),
        "shown": [line for line, folded in zip(lines, is_folded, strict=True) if not folded],
        "folded": [line for line, folded in zip(lines, is_folded, strict=True) if folded],
    }


def _dismiss_url(page, finding):
    if finding.rule.severity == rules.ERROR:
        return ""
    query = urlencode({"fingerprint": fingerprint_of(finding)})
    return f"{reverse('admin:pages_page_dismiss', args=[page.pk])}?{query}"


def _repair_url(page, document, finding):
    """Where the correction of a finding is shown first; empty where there is none that is right for its text."""
    if finding.rule.fix is None or not finding.language or is_shared(document, finding.path):
        return ""
    text = next(text.value for text in texts(document) if text.path == finding.path)
    if finding.fixed(text) == text:
        return ""
    query = {"rule": finding.rule.id, "path": "/".join(finding.path), "language": finding.language}
    return f"{reverse('admin:pages_page_repair', args=[page.pk])}?{urlencode(query)}"


def _repaired_text(document, *, rule, path, language):
    """A text of the document, and what it says in one language once the rule has repaired it. Raises Http404."""
    for finding in rules.findings(document):
        is_requested = ("/".join(finding.path), finding.rule.id, finding.language) == (path, rule, language)
        if is_requested and finding.rule.fix and not is_shared(document, finding.path):
            text = next(text for text in texts(document) if text.path == finding.path)
            return text, finding.fixed(text.value)[language]
    raise Http404


def _write(page, *, rule, path, language, seen):
    """Under lock, so that what is repaired is what the person has seen; returns the name of the field and its row."""
    name = path.rpartition("/")[2]
    with indexes.updating_for_shared(_shared_rows(path.split("/")), page):
        page, document = lock_if_unchanged(page, seen)
        text, repaired = _repaired_text(document, rule=rule, path=path, language=language)
        row = _row_of_text(page, path.split("/"))
        field = f"{name}_{language}"
        setattr(row, field, repaired)
        row.save(update_fields=[field])
    return capfirst(readiness.field_label(document, text.path)), row


def _may_change_shared(request, path):
    """Whether a person may change the shared part that a text stands in; True for a text of the page itself."""
    shared = shared_part(path)
    return not shared or request.user.has_perm(f"pages.change_{SHARED_MODELS[shared[0]]._meta.model_name}")


def _shared_rows(path):
    """The shared part that a text stands in, by its path; none for most."""
    shared = shared_part(path)
    return SHARED_MODELS[shared[0]].objects.filter(key=shared[1]) if shared else ()


def _row_of_text(page, path):
    """The row that a text stands in, by its path."""
    if shared_part(path):
        return _shared_rows(path).get()
    if len(path) == 1:
        return page
    return next(row for model in BLOCK_MODELS for row in model.objects.filter(parent=page, key=path[1]))
