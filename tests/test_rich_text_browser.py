"""The editor of rich text holds all that the site keeps, and its buttons and keys write it."""

import pytest

from pages import html, publishing
from pages.models.blocks import TextSection
from tests.admin_desk import address, faults_of, ready
from tests.factories import a_live_page, a_page, a_text

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EVERYTHING = """<p>First</p>
<h3>Three</h3>
<h4 id="fourth">Four<span role="doc-footnote">of a heading</span></h4>
<h5>Five</h5>
<ol start="3" type="a">
<li>one
<ol type="I" reversed="reversed">
<li>two</li>
</ol>
</li>
</ol>
<p>Type <code>a</code> or <strong>b <code>c</code></strong>.</p>
<pre>if a &lt; b:<br>    <strong>go</strong><br><br>end</pre>
<dl>
<dt lang="fr">Visa</dt>
<dt><em>eTA</em></dt>
<dd>Permits
<ul>
<li>one</li>
</ul>
</dd>
<dd>
<p>Two</p>
<p>paragraphs</p>
</dd>
</dl>
<p>Aid<span role="doc-footnote">One</span><span role="doc-footnote">A <a href="#fourth">link</a></span> on</p>
<blockquote>
<pre>code</pre>
</blockquote>"""


@pytest.fixture
def editor(desk):
    """Opens the English text of a section in the editor, with the cursor in it; gives the screen and what is saved."""

    def opened(body, *, is_public=False, **how):
        page = a_live_page() if is_public else a_page()
        section = a_text(page, body_en=body, body_fr=body if is_public else "")
        if is_public:
            publishing.publish(page, by=None)
        screen = ready(desk(address(page), **how))
        screen.locator(".order-machine .inline-related").first.scroll_into_view_if_needed()
        box = screen.locator(".order-machine .ci-editor [role=textbox][lang=en]")
        box.click()

        def saved():
            screen.keyboard.press("Control+s")
            screen.wait_for_selector(".messagelist")
            return TextSection.objects.get(pk=section.pk).body_en

        return screen, saved

    return opened


def press(screen, name):
    screen.locator(".order-machine .ci-toolbar").first.get_by_role("button", name=name, exact=True).click()


def test_all_that_the_site_keeps_survives_the_editor(editor):
    assert html.clean(EVERYTHING) == EVERYTHING
    screen, saved = editor(EVERYTHING)
    screen.keyboard.press("Control+Home")
    screen.keyboard.type("The ")
    assert saved() == EVERYTHING.replace("First", "The First")


def test_terms_and_definitions_are_written_with_the_keyboard(editor):
    screen, saved = editor("")
    press(screen, "Terms and definitions")
    screen.keyboard.type("Visa")
    screen.keyboard.press("Enter")
    screen.keyboard.type("A permit.")
    screen.keyboard.press("Enter")
    screen.keyboard.press("Enter")
    screen.keyboard.type("eTA")
    screen.keyboard.press("Enter")
    screen.keyboard.type("An authorization.")
    screen.keyboard.press("Enter")
    screen.keyboard.press("Enter")
    screen.keyboard.press("Enter")
    screen.keyboard.type("After")
    assert saved() == (
        "<dl>\n<dt>Visa</dt>\n<dd>A permit.</dd>\n<dt>eTA</dt>\n<dd>An authorization.</dd>\n</dl>\n<p>After</p>"
    )


def test_the_button_for_terms_makes_them_of_paragraphs_and_paragraphs_of_them(editor):
    screen, saved = editor("<p>Visa</p>\n<p>A permit.</p>")
    screen.keyboard.press("Control+a")
    press(screen, "Terms and definitions")
    assert saved() == "<dl>\n<dt>Visa</dt>\n<dd>A permit.</dd>\n</dl>"
    screen.locator(".order-machine .ci-editor dt").click()
    press(screen, "Terms and definitions")
    assert saved() == "<p>Visa</p>\n<p>A permit.</p>"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 1280)])
def test_the_numbering_of_a_list_is_chosen_in_a_dialog(editor, language, width):
    screen, saved = editor("<ol>\n<li>one</li>\n</ol>", language=language, width=width)
    screen.locator(".order-machine .ci-tool--numbering:visible").first.click()
    assert faults_of(screen) == []
    screen.locator("dialog [name=start]").fill("4")
    screen.locator("dialog [name=type]").select_option("i")
    screen.locator("dialog [name=reversed]").select_option("down")
    screen.keyboard.press("Enter")
    assert saved() == '<ol start="4" type="i" reversed="reversed">\n<li>one</li>\n</ol>'


def test_a_footnote_is_written_changed_made_of_words_and_removed(editor):
    screen, saved = editor("<p>The aid</p>")
    screen.keyboard.press("Control+End")
    press(screen, "Note – Footnote…")
    screen.locator("dialog [name=text]").fill("See the report.")
    screen.keyboard.press("Enter")
    screen.keyboard.type(" was paid")
    assert saved() == '<p>The aid<span role="doc-footnote">See the report.</span> was paid</p>'
    screen.locator(".order-machine .ci-editor [role=doc-footnote]").click()
    press(screen, "Note – Footnote…")
    screen.locator("dialog [name=text]").fill("See both.")
    assert faults_of(screen) == []
    screen.keyboard.press("Enter")
    assert saved() == '<p>The aid<span role="doc-footnote">See both.</span> was paid</p>'
    screen.locator(".order-machine .ci-editor [role=doc-footnote]").click()
    press(screen, "Note – Footnote…")
    screen.locator("dialog button[value=remove]").click()
    assert saved() == "<p>The aid was paid</p>"
    screen.locator(".order-machine .ci-editor [role=textbox][lang=en] p").click()
    screen.keyboard.press("Control+End")
    for _letter in "paid":
        screen.keyboard.press("Shift+ArrowLeft")
    # The editor learns what the browser selects a moment later, before the next frame.
    screen.wait_for_function("getSelection().toString() === 'paid'")
    screen.evaluate("new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)))")
    press(screen, "Note – Footnote…")
    assert saved() == '<p>The aid was<span role="doc-footnote">paid</span></p>'


def test_a_heading_that_readers_know_keeps_its_anchor(editor):
    screen, saved = editor("<h3>Aid</h3>\n<p>Words</p>", is_public=True)
    screen.locator(".order-machine .ci-editor [role=textbox][lang=en] h3").click()
    screen.keyboard.press("End")
    screen.keyboard.type(" and help")
    assert saved() == '<h3 id="aid">Aid and help</h3>\n<p>Words</p>'


def test_code_is_typed_as_it_stands(editor):
    screen, saved = editor("")
    press(screen, "Lines of code")
    screen.keyboard.type("a")
    screen.keyboard.press("Enter")
    screen.keyboard.type("   b")
    assert saved() == "<pre>a<br>   b</pre>"
