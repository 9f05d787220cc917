"""What is pasted from other programs with Ctrl+V keeps what the site can hold, and says what it cannot."""

import pytest

from pages.models.blocks import TextSection
from tests.admin_desk import address, ready
from tests.factories import a_page, a_text

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def lines(*parts):
    return "\n".join(parts)


def word(*paragraphs):
    """What Word puts on the clipboard."""
    style = "<style><!-- p.MsoListParagraphCxSpMiddle {margin-left:36.0pt;} @list l0:level1 {mso-x:y;} --></style>"
    body = "\n".join(paragraphs)
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">'
        f"<head><meta name=Generator content='Microsoft Word 15'>{style}</head>"
        f"<body lang=EN-CA><!--StartFragment-->{body}<!--EndFragment--></body></html>"
    )


def item(text, *, level=1, sign="·", of="l0", more=""):
    """An item of a list of Word: a paragraph that says so in its style, with its sign as text."""
    return (
        f"<p class=MsoListParagraphCxSpMiddle style='margin-left:{36 * level}pt;text-indent:-18.0pt;mso-list:{of} "
        f"level{level} lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{sign}"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"
        f"<span lang=EN-CA>{text}<o:p></o:p></span></p>{more}"
    )


def web_item(text, level):
    """An item of a list of Word for the web: each in a list of its own."""
    return (
        '<div class="ListContainerWrapper SCXW1 BCX0" style="margin: 0px; font-weight: 400;">'
        '<ul class="BulletListStyle1" role="list">'
        f'<li data-listid="10" data-aria-level="{level}" role="listitem" style="display: block;">'
        '<p class="Paragraph" lang="EN-CA" style="font-weight: normal; white-space: pre-wrap;"><span class="TextRun">'
        f'<span class="NormalTextRun">{text}</span></span><span class="EOP" data-ccp-props="{{}}"> </span>'
        "</p></li></ul></div>"
    )


DOCS = '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0">{}</b><br class="x-newline">'

CASES = {
    "google docs": (
        DOCS.format(
            '<h2 dir="ltr" style="line-height:1.38"><span style="font-weight:400">Aid</span></h2>'
            '<p dir="ltr"><span style="font-weight:400">Plain </span><span style="font-weight:700">bold</span>'
            '<span style="font-weight:400;font-style:italic"> italic</span>'
            '<span style="font-weight:400;vertical-align:super;">2</span></p>'
            '<ul><li dir="ltr" aria-level="1"><p role="presentation"><span>One</span></p></li>'
            '<ul><li dir="ltr" aria-level="2"><p><span>One a</span></p></li></ul>'
            '<li dir="ltr" aria-level="1"><p><a href="https://www.google.com/url?q=https://www.canada.ca/en.html%3Fa%3D1'
            '&amp;sa=D&amp;ust=17"><span style="text-decoration:underline">Two</span></a></p></li></ul>'
        ),
        lines(
            "<h3>Aid</h3>",
            "<p>Plain <strong>bold</strong> <em>italic</em><sup>2</sup></p>",
            "<ul>",
            "<li>One",
            "<ul>",
            "<li>One a</li>",
            "</ul>",
            "</li>",
            '<li><a href="https://www.canada.ca/en.html?a=1">Two</a></li>',
            "</ul>",
        ),
    ),
    "word lists": (
        word(
            "<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span lang=EN-CA>Before</span></b> you\n"
            "  go:</p>",
            item("Bring your passport"),
            item("valid six months", level=2, sign="o"),
            item("Bring two photos"),
            "<p class=MsoListParagraphCxSpMiddle>in colour</p>",
            item("First", sign="1.", of="l1"),
            item("Second", sign="2.", of="l1"),
            "<p class=MsoNormal><o:p>&nbsp;</o:p></p>",
        ),
        lines(
            "<p><strong>Before</strong> you go:</p>",
            "<ul>",
            "<li>Bring your passport",
            "<ul>",
            "<li>valid six months</li>",
            "</ul>",
            "</li>",
            "<li>",
            "<p>Bring two photos</p>",
            "<p>in colour</p>",
            "</li>",
            "</ul>",
            "<ol>",
            "<li>First</li>",
            "<li>Second</li>",
            "</ol>",
        ),
    ),
    "word for the web": (
        '<div><p class="Paragraph" role="heading" aria-level="2" style="font-weight: bold;">Aid</p></div>'
        + web_item("One", 1)
        + web_item("One a", 2)
        + web_item("Two", 1),
        lines(
            "<h3>Aid</h3>",
            "<ul>",
            "<li>One",
            "<ul>",
            "<li>One a</li>",
            "</ul>",
            "</li>",
            "<li>Two</li>",
            "</ul>",
        ),
    ),
    "outlook": (
        word(
            '<p class=MsoNormal>See <a href="https://can01.safelinks.protection.outlook.com/?url=https%3A%2F%2F'
            'www.canada.ca%2Fen.html&amp;data=05%7C01&amp;reserved=0">the site</a> or '
            '<a href="mailto:info@example.org">write</a>.<br>Thanks</p>',
            "<p class=MsoNormal><a href='file:///C:/x.docx'>A file</a></p>",
        ),
        lines(
            '<p>See <a href="https://www.canada.ca/en.html">the site</a> or '
            '<a href="mailto:info@example.org">write</a>.<br>Thanks</p>',
            "<p>A file</p>",
        ),
    ),
    "libreoffice": (
        '<html><head><meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/><style type="text/css">'
        "h1.western { font-weight: bold }\ntd p { font-style: normal }</style></head>"
        '<body lang="en-CA" dir="ltr"><h1 class="western">Aid</h1><h2 class="western">Food</h2>'
        '<p style="line-height: 100%">Some <b>bold</b> and <i>italic</i> words<a class="sdfootnoteanc" '
        'name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>.</p>'
        "<ol><li><p>One</p></li><ul><li><p>One a</p></li></ul></ol>"
        '<div id="sdfootnote1"><p><a name="sdfootnote1sym" href="#sdfootnote1anc">1</a>The note.</p></div>'
        "</body></html>",
        lines(
            "<h3>Aid</h3>",
            "<h4>Food</h4>",
            "<p>Some <strong>bold</strong> and <em>italic</em> words"
            '<span role="doc-footnote">The note.</span>.</p>',
            "<ol>",
            "<li>One",
            "<ul>",
            "<li>One a</li>",
            "</ul>",
            "</li>",
            "</ol>",
        ),
    ),
    "excel": (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table {mso-separator:"\\.";}'
        ".xl65 {font-weight:700;}\ntd {font-weight:400;}--></style></head>"
        "<body><table><!--StartFragment--><col width=64>"
        "<tr height=20><td class=xl65>Year</td><td class=xl65>Amount</td></tr>"
        "<tr><td align=right>2020</td><td align=right>483</td></tr><!--EndFragment--></table></body></html>",
        lines(
            "<table>",
            "<thead>",
            "<tr>",
            '<th scope="col">Year</th>',
            '<th scope="col">Amount</th>',
            "</tr>",
            "</thead>",
            "<tbody>",
            "<tr>",
            "<td>2020</td>",
            "<td>483</td>",
            "</tr>",
            "</tbody>",
            "</table>",
        ),
    ),
    "a web page": (
        '<meta charset="utf-8"><div style="font-weight: 400; color: rgb(0, 0, 0)"><nav hidden>Menu</nav><h4>Aid</h4>'
        '<p style="margin: 0px">Some <span style="font-weight: 600;">bold</span> words'
        '<span style="display: none">not seen</span>.<br><br>More <a href="#top">above</a>.</p>'
        "<blockquote>Said</blockquote><div>A line</div><div><br></div>"
        '<abbr title="International Monetary Fund">IMF</abbr></div>',
        lines(
            "<h3>Aid</h3>",
            "<p>Some <strong>bold</strong> words.</p>",
            "<p>More above.</p>",
            "<blockquote>",
            "<p>Said</p>",
            "</blockquote>",
            "<p>A line</p>",
            '<p><abbr title="International Monetary Fund">IMF</abbr></p>',
        ),
    ),
    "code and terms": (
        "<h2>Use</h2><h3>Keys</h3><h5>Rare ones</h5><p>Press <kbd>Ctrl</kbd>.</p><pre><code>if a &lt; b:<br>    go\n"
        '</code></pre><dl><div><dt style="font-weight: 700"><b>Visa</b></dt><dd><p>A permit.</p>'
        "<ul><li>One</li></ul></dd>"
        "</div><dt>eTA</dt><dd>An authorization.</dd></dl>"
        '<ol start="3" type="a"><li>Three</li></ol><p>And</p><ol><li value="7">Seven</li></ol>',
        lines(
            "<h3>Use</h3>",
            "<h4>Keys</h4>",
            "<h5>Rare ones</h5>",
            "<p>Press <code>Ctrl</code>.</p>",
            "<pre>if a &lt; b:<br>    go</pre>",
            "<dl>",
            "<dt>Visa</dt>",
            "<dd>A permit.",
            "<ul>",
            "<li>One</li>",
            "</ul>",
            "</dd>",
            "<dt>eTA</dt>",
            "<dd>An authorization.</dd>",
            "</dl>",
            '<ol start="3" type="a">',
            "<li>Three</li>",
            "</ol>",
            "<p>And</p>",
            '<ol start="7">',
            "<li>Seven</li>",
            "</ol>",
        ),
    ),
    "numbers of word": (
        word(
            item("Third", sign="3.", of="l1"),
            item("a", sign="(c)", of="l1", level=2),
            item("Fourth", sign="4.", of="l1"),
            "<p class=MsoNormal>Words</p>",
            item("Roman", sign="iv.", of="l2"),
        ),
        lines(
            '<ol start="3">',
            "<li>Third",
            '<ol start="3" type="a">',
            "<li>a</li>",
            "</ol>",
            "</li>",
            "<li>Fourth</li>",
            "</ol>",
            "<p>Words</p>",
            '<ol start="4" type="i">',
            "<li>Roman</li>",
            "</ol>",
        ),
    ),
    "footnotes of word": (
        word(
            "<p class=MsoNormal>Words<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1' title=''>"
            "<span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>"
            "<span class=MsoFootnoteReference>[1]</span><![endif]></span></span></a>, more.</p>",
            "<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr size=1><![endif]>"
            "<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' "
            "href='#_ftnref1' name='_ftn1' title=''><span class=MsoFootnoteReference>[1]</span></a> See <i>the</i> "
            "<a href='https://example.org/r'>report</a>.</p></div></div>",
        ),
        '<p>Words<span role="doc-footnote">See <em>the</em> <a href="https://example.org/r">report</a>.</span>, '
        "more.</p>",
    ),
    "footnotes of google docs": (
        '<p><span>Words</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><span> and </span><sup>'
        '<a href="#ftnt2" id="ftnt_ref2">[2]</a></sup></p><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a>'
        '<span>&nbsp;One.</span></p></div><div><p><a href="#ftnt_ref2" id="ftnt2">[2]</a><span>&nbsp;Two.</span></p>'
        "</div>",
        '<p>Words<span role="doc-footnote">One.</span> and<span role="doc-footnote">Two.</span></p>',
    ),
    "footnotes and anchors of a page": (
        '<h2 id="costs">Costs</h2><p>See <a href="#aid">aid</a>. Words<sup id="fn1-rf"><a class="fn-lnk" href="#fn1">'
        '<span class="wb-inv">Footnote </span>1</a></sup></p><section id="aid"><h2>Aid</h2><p>x</p></section>'
        '<aside class="wb-fnote" role="note"><dl><dt>Footnote 1</dt><dd id="fn1"><p>The note.</p><p class="fn-rtn">'
        '<a href="#fn1-rf"><span class="wb-inv">Return to footnote </span>1</a></p></dd></dl></aside>',
        lines(
            '<h3 id="costs">Costs</h3>',
            '<p>See <a href="#aid">aid</a>. Words<span role="doc-footnote">The note.</span></p>',
            '<h3 id="aid">Aid</h3>',
            "<p>x</p>",
        ),
    ),
    "arabic": (
        word(
            '<p class=MsoNormal dir=RTL style="direction:rtl"><span lang=AR-SA dir=RTL>مرحبا (2024).</span></p>',
            "<p class=MsoNormal>The word <span lang=AR-SA dir=RTL>العراق</span> and <span lang=FR-CA>mot</span>.</p>",
            "<ul><li><span lang=AR-SA>بغداد</span></li><li><span lang=AR-SA>البصرة</span></li></ul>",
        ),
        lines(
            '<p lang="ar" dir="rtl">مرحبا (2024).</p>',
            '<p>The word <span lang="ar" dir="rtl">العراق</span> and <span lang="fr">mot</span>.</p>',
            '<ul lang="ar" dir="rtl">',
            "<li>بغداد</li>",
            "<li>البصرة</li>",
            "</ul>",
        ),
    ),
}


def on_clipboard(screen, html):
    """Copies HTML as another program would: nothing takes anything from it."""
    screen.evaluate(
        """(html) => document.addEventListener("copy", (event) => {
            event.clipboardData.setData("text/html", html)
            event.preventDefault()
        }, { capture: true, once: true })""",
        html,
    )
    screen.keyboard.press("Control+c")


@pytest.fixture
def paste(desk):
    """Pastes HTML into the text of a new section with Ctrl+V; returns what is saved, and what was said beside it."""

    def act(html, *, language="en", into="en", width=1280):
        page = a_page()
        a_text(page, body_en="", body_fr="")
        screen = ready(desk(address(page), language=language, width=width))
        screen.locator(
            ".order-machine .inline-related"
        ).first.scroll_into_view_if_needed()  # then it is an editor
        box = screen.locator(f".order-machine .ci-editor [role=textbox][lang={into}]")
        box.click()
        on_clipboard(screen, html)
        screen.keyboard.press("Control+v")
        note = screen.locator(".ci-pasted")
        said = note.inner_text().replace("\xa0", " ") if note.count() else ""
        screen.keyboard.press("Control+s")
        screen.wait_for_selector(".messagelist")
        return getattr(TextSection.objects.get(parent=page), f"body_{into}"), said

    return act


@pytest.mark.parametrize("name", CASES)
def test_what_the_site_can_hold_is_kept(paste, name):
    html, kept = CASES[name]
    assert paste(html)[0] == kept


def test_a_word_in_another_language_is_pasted_into_a_sentence(desk):
    page = a_page()
    a_text(page, body_en="<p>The word is</p>")
    screen = ready(desk(address(page)))
    box = screen.locator(".order-machine .ci-editor [role=textbox][lang=en]")
    box.click()
    screen.keyboard.press("End")
    screen.keyboard.type(" ")
    on_clipboard(screen, "<p class=MsoNormal dir=RTL><span lang=AR-SA>العراق</span></p>")
    screen.keyboard.press("Control+v")
    screen.keyboard.press("Control+s")
    screen.wait_for_selector(".messagelist")
    kept = TextSection.objects.get(parent=page).body_en
    assert kept == '<p>The word is <span lang="ar" dir="rtl">العراق</span></p>'


def test_the_language_that_a_program_calls_a_whole_text_is_no_passage_in_another_language(paste):
    html = word(
        "<p class=MsoNormal><span lang=EN-CA>Un texte en français, que Word croit anglais.</span></p>"
    )
    assert paste(html, into="fr")[0] == "<p>Un texte en français, que Word croit anglais.</p>"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Left out of what you pasted: 2 images, 1 footnote, 1 link without a full address, and 1 form field.",
        ),
        (
            "fr",
            "Éléments omis du contenu collé : 2 images, 1 note de bas de page, 1 lien sans adresse complète et "
            "1 champ de formulaire.",
        ),
    ],
)
def test_what_could_not_be_kept_is_said(paste, language, said):
    html = word(
        '<p class=MsoNormal><img width=64 height=64 src="file:///C:/a.png" alt="x">Words'
        '<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a><img src="https://example.org/b.png"></p>',
        '<p class=MsoNormal><a href="#top">More</a><input></p>',
    )
    assert paste(html, language=language, into=language, width=390) == ("<p>Words</p>\n<p>More</p>", said)


def test_a_paragraph_is_said_to_be_in_another_language_and_is_set_from_the_right(desk):
    page = a_page()
    a_text(page, body_en="<p>Words</p>\n<ul>\n<li>مرحبا</li>\n<li>بغداد</li>\n</ul>")
    screen = ready(desk(address(page)))
    box = screen.locator(".order-machine .ci-editor [role=textbox][lang=en]")
    box.scroll_into_view_if_needed()

    def choose(selector, language):
        box.locator(selector).first.click(click_count=3)
        screen.locator(".order-machine .ci-tool--foreign").first.click()
        if language:
            screen.locator("dialog select").select_option(language)
            screen.locator("dialog").get_by_role("button", name="Done").click()
        else:
            screen.locator("dialog").get_by_role("button", name="Remove").click()

    choose("p", "fr")
    choose("li", "ar")
    assert box.locator("li p").first.evaluate("(element) => getComputedStyle(element).direction") == "rtl"
    screen.keyboard.press("Control+s")
    screen.wait_for_selector(".messagelist")
    text = TextSection.objects.get(parent=page)
    assert text.body_en.startswith('<p lang="fr">Words</p>')
    assert 'dir="rtl">' in text.body_en
    ready(screen)
    box.scroll_into_view_if_needed()
    choose("p", "")
    screen.keyboard.press("Control+s")
    screen.wait_for_selector(".messagelist")
    text.refresh_from_db()
    assert text.body_en.startswith("<p>Words</p>")
