"""How many clicks, keys and screens do jobs of an editor take? `python bench/jobs.py [WORD…]`; needs Chromium.

Walks each job in a browser, on a site of its own, and counts what a person does: a click for each press of the mouse,
two for a choice from a menu or of a file, a key for each letter; a screen for each document that is loaded, the first
one included. Words choose the jobs that have one of them in their name.
"""

import datetime
import io
import re
import shutil
import sys

from a_person import Person
from a_site import Site
from PIL import Image

from tests.files import a_pdf, an_mp4, captions

START = "/admin/pages/page/{}/change/"
SESSION = """
from django.contrib.auth import get_user_model
from django.test import Client
from pages.models import Edition, Page
from tests.factories import a_report
person = get_user_model().objects.create_superuser("bench", password=None)
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(person)
edition = Edition.objects.filter(page__key="trial-29").first()
for number in range(10):
    a_report(edition, details=f"Figure {number // 2} is wrong")
print(client.cookies["session"].value, *Page.objects.filter(key__startswith="trial-").values_list("pk", flat=True))
"""


FROM_WORD = (
    "<p class=MsoNormal><b>Trade</b> grew.</p>"
    "<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>One</p>"
    "<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Two</p>"
)
FROM_GOOGLE_DOCS = (
    '<b style="font-weight:normal" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700">Trade</span>'
    '<span style="font-weight:400"> grew.</span></p><ul><li dir="ltr"><p dir="ltr"><span>One</span></p></li></ul></b>'
)


def an_image(colour):
    """Returns a file that the library has not yet."""
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "PNG")
    return file.getvalue()


def add(person, kind):
    """Adds a block of a kind at the end; its first field has the focus then."""
    person.click(f".ci-add button:text-is('{kind}')")
    person.page.wait_for_function("() => document.activeElement.closest('.inline-related')")


def texts_of(person, block, english, french, *, first=0):
    """Writes into the two editors of a block."""
    for place, text in enumerate((english, french), first):
        person.type(f"#{block} .ProseMirror >> nth={place}", text)


def both(person, selector, english, french):
    """Writes into a field of each language; `selector` has a place for the language."""
    for language, text in (("en", english), ("fr", french)):
        person.type(selector.format(language), text)


def link(person, typed, *, is_page=False):
    """Makes a link where the cursor is; one to a page is found by its title."""
    person.press("Control+k")
    person.page.wait_for_selector("dialog.ci-dialog--link")
    person.write(typed)
    if is_page:
        person.page.wait_for_selector("[role=option]:has-text('Contact us')")
        person.press("ArrowDown")
        person.press("Enter")
        person.page.wait_for_selector("dialog :text('Selected:')")
    person.press("Enter")
    person.page.locator("dialog.ci-dialog").wait_for(state="detached")


def introduce(person):
    """Writes the introduction with a link to a page, a site and an email address; French is offered the same ones."""
    person.type(".field-introduction_en .ProseMirror", "See ")
    for typed in ("contact", "https://example.org", "trade@example.org"):
        link(person, typed, is_page=typed == "contact")
        person.write(" ")
    person.type(".field-introduction_fr .ProseMirror", "Voir ")
    for _link in range(3):
        person.click(".field-introduction_fr .ci-offer button")
        person.write(" ")


def table(person):
    """Adds a table of two rows and two columns."""
    add(person, "Table")
    person.write("Trade")
    person.type("#id_pages_table_set-0-caption_fr", "Commerce")
    for place in range(2):
        person.click(f"#pages_table_set-0 .ProseMirror >> nth={place}")
        person.click(f"#pages_table_set-0 .ci-tool--table >> nth={place}")
        person.write("2")
        person.press("Tab")
        person.write("2")
        person.press("Enter")
        for cell in ("Year", "Sum", "2020", "88"):
            person.write(cell)
            if cell != "88":
                person.press("Tab")


def add_to_list(person, kind, choices):
    """Adds a block that lists what pages share, and opens the dialog in which something new is added to it."""
    add(person, kind)
    person.click(f"[data-choices={choices}] ~ .ci-new-part:visible")
    person.page.wait_for_selector("dialog form")


def finish_dialog(person):
    """Presses the button of the dialog: Enter would open the window of the system from the field of a file."""
    person.click("dialog [value=done]")
    person.page.locator("dialog.ci-dialog").wait_for(state="detached")


def new_page(person):
    """The title and the place first, then the form of the page, which is not left for the partner."""
    both(person, "#id_title_{}", "Rivers", "Rivières")
    person.lead("#content-main form [type=submit]")
    both(person, "#id_description_{}", "Our rivers", "Nos rivières")
    introduce(person)
    for number in range(3):
        add(person, "Text")
        person.write("Part")
        person.type(f"#id_pages_textsection_set-{number}-heading_fr", "Partie")
        for place in range(2):
            person.click(f"#pages_textsection_set-{number} .ProseMirror >> nth={place}")
            if number == 0:
                person.click(f"#pages_textsection_set-0 .ci-tool--bullets >> nth={place}")
                person.write("One")
                person.press("Enter")
            person.write("Two")
    table(person)
    add(person, "Figure")
    person.upload("#id_pages_figure_set-0-image", "picture.png", an_image("navy"))
    both(person, "#id_pages_figure_set-0-alternative_text_{}", "A river", "Un fleuve")
    add_to_list(person, "List of partners", "partners")
    person.choose("#id_part-kind", "Multilateral organization")
    both(person, "#id_part-name_{}", "Nine Rivers", "Neuf Rivières")
    person.upload("#id_part-logo", "logo.png", an_image("teal"))
    finish_dialog(person)
    person.lead("[name=_next][value=publish]")
    person.lead("#content-main .submit-row [type=submit]")


def paste_from_programs(person):
    for number, html in enumerate((FROM_WORD, FROM_GOOGLE_DOCS)):
        add(person, "Text")
        block = person.page.locator(".order-machine .inline-related:not(.empty-form)").last.get_attribute(
            "id"
        )
        person.paste(f"#{block} .ProseMirror >> nth=0", html)
        kept = person.page.inner_html(f"#{block} .ProseMirror >> nth=0")
        assert "<li>" in kept, (number, kept)
    person.lead("[name=_continue]")


def move_and_reorder(person):
    rows = "#result_list tbody tr"
    person.drag(f"{rows}:nth-child(4) .ci-drag", f"{rows}:nth-child(3)", 0.5)
    person.lead(f"{rows}:nth-child(6) [value=up]")


def change_address(person):
    person.page.fill("#id_address_en", "")  # a press selects all of it
    person.clicks += 2
    person.type("#id_address_en", "new-address")
    person.lead("[value=publish]")
    person.lead("#content-main .submit-row [type=submit]")


def correct_fact(person):
    person.lead("#result_list tbody th a")
    person.clicks += 1
    person.page.fill("#id_value", "")
    person.type("#id_value", "4100000000")
    person.lead("[name=_save]")
    person.lead("#content-main [type=submit]")


def reuse_image(person):
    add(person, "Figure")
    person.click("[id^=pages_figure_set]:not(.empty-form) button:text('library') >> nth=-1")
    person.click("dialog .ci-choices button, dialog li button >> nth=0")
    person.lead("[name=_continue]")


def attach_pdf(person):
    add_to_list(person, "Downloads", "downloads")
    person.write("Annual report")
    person.type("#id_part-title_fr", "Rapport annuel")
    for language in ("en", "fr"):
        person.upload(f"#id_part-file_{language}", f"report-{language}.pdf", a_pdf())
    finish_dialog(person)
    person.lead("[name=_continue]")


def bring_translation_back(person):
    """The file of the page, in which each text has a translation; how it was made is not counted."""
    address = person.page.url.split("/change/")[0] + "/translation-file/?source=en&scope=all"
    text = person.page.context.request.get(address).text()
    text = re.sub(r"<target.*?</target>\n", "", text, flags=re.DOTALL)
    source = re.compile(r"<source[^>]*>(.*?)</source>", re.DOTALL)
    file = source.sub(lambda found: f"{found[0]}\n<target>Du français {found[1]}</target>", text)
    person.lead("a[href$='/translation-file/']")
    with person.page.expect_navigation():
        person.upload("#id_file", "translation.xlf", file.encode())
    person.lead(".ci-translations [type=submit]")


def ten_reports(person):
    """All are taken, two that say the same are merged, three need nothing, the others wait for an edition."""
    boxes = person.page.locator("#result_list [name=_selected_action]")
    person.click("#action-toggle")
    act_on_reports(person, "Assign to me")
    for chosen, action in ((range(2), "Merge duplicates"), (range(3), "Dismiss")):
        for place in chosen:
            person.clicks += 1
            boxes.nth(place).check()
        if action == "Dismiss":
            person.choose("[name=reason]", "The page is correct as is")
        act_on_reports(person, action)
    person.lead("#result_list tbody th a")
    person.lead("#content-main a[href*='/pages/page/']")
    person.type("#id_title_en", " (corrected)")
    person.lead("[value=publish]")
    for box in person.page.locator("[name=fixed]").all():
        person.clicks += 1
        box.check()
    person.lead("#content-main .submit-row [type=submit]")
    person.open("/admin/reports/problemreport/")
    person.click("a[href*='/download/csv/']")
    person.lead("a[href$='/figures/']")


def act_on_reports(person, action):
    label = person.page.locator("[name=action] option", has_text=action).first.inner_text().strip()
    person.choose("[name=action]", label)
    person.lead("#changelist-form .actions [type=submit]")


def by_keyboard_on_a_phone(person):
    """A title is changed and published tomorrow, with keys alone, on a screen of 390 pixels."""
    person.page.set_viewport_size({"width": 390, "height": 844})
    person.go_to("#id_title_en")
    person.press("End")
    person.write(" (new)")
    person.go_to("[href='#bar']", "Shift+Tab")
    person.press("Enter")
    person.go_to("#more")
    person.press("Enter")
    person.go_to("[name=_next][value=publish]")
    person.follow()
    person.go_to("[name=when]:checked")
    person.press("ArrowDown")
    person.go_to("[name=at]")
    person.keys += 12
    person.page.fill("[name=at]", "2027-11-30T09:00")
    person.follow()


def kinds_of_blocks(person):
    """Expandable text, alert, call to action, contact, link with a description, step, sorted table; then a video."""
    for kind, name in (("Expandable section", "expandablesection"), ("Alert", "alert"), ("Step", "step")):
        add(person, kind)
        both(person, f"#id_pages_{name}_set-0-heading_{{}}", "More", "Plus")
        texts_of(person, f"pages_{name}_set-0", "Text", "Texte")
    for kind, name in (("Action", "action"), ("Link with description", "describedlink")):
        add(person, kind)
        link(person, "contact", is_page=True)
        person.click(
            f"#pages_{name}_set-0 .ci-offer button, #pages_{name}_set-0 button:text('Use the same link here')"
        )
    both(person, "#id_pages_describedlink_set-0-description_{}", "Write to us.", "Écrivez-nous.")
    add(person, "Contact")
    both(person, "#id_pages_contact_set-0-heading_{}", "Office", "Bureau")
    both(person, "#id_pages_contact_set-0-email_{}", "a@example.org", "a@example.org")
    table(person)
    person.lead("[name=_continue]")
    assert not person.page.locator(".errornote").count(), person.page.inner_text("#errors")


def alert_the_site(person):
    both(person, "#id_heading_{}", "Office closed", "Bureau fermé")
    for place in range(2):
        person.type(f".ProseMirror >> nth={place}", "Today")
    person.lead("[name=_publish]")
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    person.put_date("[name=ends_at]", f"{tomorrow:%Y-%m-%dT%H:%M}")
    person.lead("#content-main .submit-row [type=submit]")


def show_video(person):
    add_to_list(person, "Video", "downloads")
    person.write("Film")
    person.type("#id_part-title_fr", "Film")
    for language in ("en", "fr"):
        person.upload(f"#id_part-file_{language}", f"film-{language}.mp4", an_mp4())
        person.upload(f"#id_part-captions_{language}", f"film-{language}.vtt", captions())
    finish_dialog(person)
    texts_of(person, "pages_video_set-0", "Words", "Paroles")
    person.lead("[name=_continue]")


def four_accounts(person):
    for number, group in enumerate(("Editor", "Publisher", "Administrator", "Triage"), 1):
        person.type("#id_username", f"person{number}")
        person.type("#id_first_name", "Amal")
        person.type("#id_last_name", "Roy")
        person.type("#id_email", f"p{number}@example.org")
        person.click(f"#id_groups label:has-text('{group}')")
        for field in ("password1", "password2"):
            person.type(f"#id_{field}", "a long password 7")
        person.lead("[name=_save]" if number == 4 else "[name=_addanother]")


def publish_later(person):
    person.type("#id_title_en", " (new)")
    person.lead("[value=publish]")
    person.click("[name=when][value=later]")
    person.put_date("[name=at]")
    person.lead("#content-main [type=submit]")


def more(person, end):
    """Goes to a screen of the menu of rare acts, by the end of its address."""
    person.click("[popovertarget=page-tools-rest]")
    person.lead(f"#page-tools-rest a[href$='/{end}/']")


def archive_later(person):
    more(person, "archive")
    person.click("[name=when][value=later]")
    person.put_date("[name=at]")
    person.lead("#content-main [type=submit]")


def withdraw(person):
    more(person, "withdraw")
    person.lead("#content-main [type=submit]")


def where_used(person):
    person.lead(".object-tools a[href$='/uses/']")


def copy(person):
    more(person, "copy")
    person.lead("#content-main [type=submit]")


def share(person):
    person.lead(".object-tools a[href$='/history/']")
    person.lead("a[href$='/share/']")
    person.lead("#content-main [type=submit]")


def restore(person):
    person.type("#id_title_en", " (wrong)")
    person.lead("[name=_continue]")
    person.lead(".object-tools a[href$='/history/']")
    person.lead("a[href*='/restore/']")
    person.lead("#content-main [type=submit]")


def submit_and_approve(person):
    person.type("#id_title_en", " (new)")
    person.lead("[value=submit]")
    person.lead("#content-main [type=submit]")
    person.lead("#content-main [value=approve]")


def find_and_replace(person):
    person.lead(".object-tools a[href$='/find/']")
    person.type("#id_q", "training")
    person.lead("#content-main [type=submit]")
    person.lead("a[href*='/replace/']")
    person.type("#id_replacement", "courses")
    person.lead("#content-main form:not([method=post]) [type=submit]")
    person.lead("#content-main form[method=post] [type=submit]")
    person.lead("a[href*='/bulk/publish/']")
    person.lead("#content-main [type=submit]")


def withdraw_ten(person):
    for row in range(3, 13):
        person.clicks += 1
        person.page.locator("#result_list tbody [name=_selected_action]").nth(row).check()
    person.choose("[name=action]", "Withdraw…")
    person.lead("#changelist-form .actions [type=submit]")
    person.type("#id_explanation_en", "Merged.")
    person.type("#id_explanation_fr", "Fusionnées.")
    person.lead("#content-main [type=submit]")


# Each with what it is called, and where it begins: the form of a page of its own, or another screen.
LIST = "/admin/pages/page/"
JOBS = {
    "a new page in both languages with a new partner": (new_page, "/admin/pages/page/new/"),
    "paste a section from Word and one from Google Docs": (paste_from_programs, START),
    "move a page under another parent, and change its order": (move_and_reorder, LIST),
    "change the address of a published page": (change_address, START),
    "correct a figure that stands on several pages": (correct_fact, "/admin/pages/fact/"),
    "reuse an image": (reuse_image, START),
    "attach a PDF in both languages": (attach_pdf, START),
    "bring a translation back that was made outside": (bring_translation_back, START),
    "ten problem reports": (ten_reports, "/admin/reports/problemreport/"),
    "publish a change tomorrow, on a phone by keyboard": (by_keyboard_on_a_phone, START),
    "seven kinds of blocks on a page": (kinds_of_blocks, START),
    "a video with captions and a transcript": (show_video, START),
    "a site-wide alert": (alert_the_site, "/admin/pages/sitealert/add/"),
    "four accounts in their groups": (four_accounts, "/admin/auth/user/add/"),
    "publish a change tomorrow at 09:00": (publish_later, START),
    "archive in a year": (archive_later, START),
    "withdraw a page": (withdraw, START),
    "see where a page is used": (where_used, START),
    "copy a page": (copy, START),
    "share a preview without an account": (share, START),
    "save a mistake, and restore the edition before it": (restore, START),
    "submit a change, and approve it": (submit_and_approve, START),
    "find a text, replace it over pages and publish them": (find_and_replace, LIST),
    "withdraw ten pages with one explanation": (withdraw_ten, LIST),
}


def main(words):
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or sys.exit(
        "This needs Chromium (on Debian: apt install chromium)."
    )
    site = Site(workers=1)
    try:
        site.manage("fill_site", "--anyway", "--pages", 30, "--reports", 0)
        session, *pages = site.manage("shell", "-v", "0", "-c", SESSION).split()
        site.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            context = browser.new_context(base_url=site.environment["SITE_URL"])
            context.add_cookies([{"name": "session", "value": session, "url": site.environment["SITE_URL"]}])
            print("Clicks / keys / screens:")
            for page, (name, (job, start)) in zip(pages, JOBS.items(), strict=False):
                if words and not any(word in name for word in words):
                    continue
                person = Person(context, start.format(page))
                job(person)
                print(f"{name}: {person.clicks} / {person.keys} / {person.screens}", flush=True)
                person.page.close()
            browser.close()
    finally:
        site.remove()


if __name__ == "__main__":
    main(sys.argv[1:])
