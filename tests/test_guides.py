"""The guides for staff quote the labels of the interface as they are, and have the same parts in both languages."""

import re
from pathlib import Path

import django
import polib
import pytest
from django.contrib.auth.models import Group

ROOT = Path(__file__).resolve().parent.parent
GUIDES = [ROOT / "docs" / name for name in ("editing.md", "editing.fr.md", "triage.md", "triage.fr.md")]
ENGLISH = [guide for guide in GUIDES if ".fr." not in guide.name]
DJANGO = Path(django.__file__).parent / "contrib"
CATALOGUES = [
    ROOT / "locale/fr/LC_MESSAGES/django.po",
    DJANGO / "admin/locale/fr/LC_MESSAGES/django.po",
    DJANGO / "auth/locale/fr/LC_MESSAGES/django.po",
]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
DJANGO_ADDS = {"Add": ("page", "user"), "Ajouter": ("page", "utilisateur")}
# Not in a catalogue: names of groups and of kinds of files, a sign, the word for bold itself, and Django’s “Add …”.
OTHER_NAMES = {"Editor", "Publisher", "Administrator", "Triage", "CSV", "JSON", "+", "bold", "gras"} | {
    f"{verb} {model}" for verb, models in DJANGO_ADDS.items() for model in models
}


def labels(language):
    """The texts of the interface in one language, as patterns: numbers are filled in, parentheses may be left out."""
    texts = set()
    for catalogue in CATALOGUES:
        for entry in polib.pofile(str(catalogue)):
            if language == "en":
                texts |= {entry.msgid, entry.msgid_plural}
            else:
                texts |= {entry.msgstr, *entry.msgstr_plural.values()}
    texts |= {text.partition(" (")[0] for text in texts}
    return {pattern(text) for text in texts if re.search(r"[^\W\d]", PLACEHOLDER.sub("", text))}


def pattern(text):
    plain = uncapitalized(text).replace("\N{NO-BREAK SPACE}", " ")
    return r"\d+".join(re.escape(piece) for piece in PLACEHOLDER.split(plain))


def uncapitalized(text):
    return text[:1].lower() + text[1:]


def quoted_labels(text):
    """What is bold, but for the words that begin a paragraph: those are its title."""
    for found in re.finditer(r"(\n\n)?\*\*(.+?)\*\*", text, re.DOTALL):
        if not found[1]:
            yield " ".join(found[2].replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.medium
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_quotes_only_labels_of_the_interface(guide):
    known = re.compile("|".join(labels("fr" if ".fr." in guide.name else "en")))
    quoted = set(quoted_labels(guide.read_text())) - OTHER_NAMES
    assert [label for label in quoted if not known.fullmatch(uncapitalized(label))] == []


@pytest.mark.parametrize("guide", ENGLISH, ids=lambda guide: guide.name)
def test_a_guide_has_the_same_parts_in_french(guide):
    french = guide.with_suffix(".fr.md")
    for part in (r"^#+ ", r"^\| ", r"^ *\d\. ", r"^ *- ", r"(?<=\n\n)\*\*"):
        numbers = [len(re.findall(part, text.read_text(), re.MULTILINE)) for text in (guide, french)]
        assert numbers[0] == numbers[1], part


# The permission on which each row of “Who can do what” depends, in order.
EDITING = (
    "change_page",
    "change_partnerorganization",
    "add_page",
    "change_pagetemplate",
    "change_vocabularyterm",
    "change_page",
    "publish_page",
    "publish_page",
    "delete_page",
    "publish_in_emergency",
    "view_problemreport",
    "change_problemreport",
    "add_user",
)
TRIAGE = ("view_problemreport", "change_problemreport", "publish_page")


@pytest.mark.django_db
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_says_what_each_group_can_do(guide):
    rows = re.findall(r"^\| [^|]+ \|((?: (?:yes|no|oui|non) \|){4})$", guide.read_text(), re.MULTILINE)
    said = [[word in ("yes", "oui") for word in re.findall(r"\w+", row)] for row in rows]
    rights = EDITING if guide.name.startswith("editing") else TRIAGE
    groups = [Group.objects.get(name=name) for name in ("Editor", "Publisher", "Administrator", "Triage")]
    held = [set(group.permissions.values_list("codename", flat=True)) for group in groups]
    assert said == [[right in each for each in held] for right in rights]
