// Turns each textarea for rich text into an editor of what the site can show, and of nothing else.

import {
  Blockquote,
  Bold,
  BulletList,
  Code,
  CodeBlock,
  Document,
  Dropcursor,
  Editor,
  Extension,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  Italic,
  Link,
  ListItem,
  Mark,
  Node as EditorNode,
  OrderedList,
  Paragraph,
  SpecialCharacters,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
} from "django-prose-editor/editor"
import { Definition, DefinitionList, Term, toggleDefinitionList } from "pages-admin/definition-list"
import { ask } from "pages-admin/dialog"
import { askForFact } from "pages-admin/fact-dialog"
import { canHaveImage, countLeftOut, InlineImage, keyOf, savedImages } from "pages-admin/inline-image"
import { askForImage } from "pages-admin/image-dialog"
import { Footnote, footnoteAttributes, footnoteHere, newFootnote } from "pages-admin/footnote"
import { askForLink, counterpartOf, isPageLink } from "pages-admin/link-dialog"
import { cleanPaste } from "pages-admin/paste"
import { fill, texts } from "pages-admin/words"

const { toolbar: words, dialogs, pasted } = texts
const RIGHT_TO_LEFT = ["ar", "ckb"]

// What can be written

// A heading may have an anchor of its own, by which links come to it; it stays when its words change.
const Levels = Heading.extend({
  content: "(text | hardBreak | fact)*",
  addAttributes() {
    return { ...this.parent?.(), id: { default: null, keepOnSplit: false } }
  },
  parseHTML: () =>
    [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.min(Math.max(level, 3), 5) } })),
}).configure({ levels: [3, 4, 5] })

const Anchor = Link.extend({
  addAttributes: () => ({ href: { default: null }, hreflang: { default: null } }),
  addKeyboardShortcuts() {
    return { "Mod-k": ({ editor }) => editLink(editor) || true }
  },
}).configure({
  enableTarget: false,
  autolink: false,
  HTMLAttributes: {},
  isAllowedUri: (href, { defaultValidate }) => isPageLink(href) || defaultValidate(href),
})

const Abbreviation = Mark.create({
  name: "abbreviation",
  inclusive: false,
  addAttributes: () => ({ title: { default: null } }),
  parseHTML: () => [{ tag: "abbr[title]" }],
  renderHTML: ({ HTMLAttributes }) => ["abbr", HTMLAttributes, 0],
})

const Foreign = Mark.create({
  name: "foreign",
  addAttributes: () => ({ lang: { default: null }, dir: { default: null } }),
  parseHTML: () => [{ tag: "span[lang]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
})

// The words of a fact, which are those of the site: they are one thing here, and are not typed in.
const Fact = EditorNode.create({
  name: "fact",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    key: {
      default: null,
      parseHTML: (data) => data.getAttribute("value").slice("fact:".length),
      renderHTML: ({ key }) => ({ value: `fact:${key}` }),
    },
    words: { default: "", parseHTML: (data) => data.textContent, rendered: false },
  }),
  parseHTML: () => [{ tag: 'data[value^="fact:"]' }],
  renderHTML: ({ node, HTMLAttributes }) => ["data", HTMLAttributes, node.attrs.words],
  renderText: ({ node }) => node.attrs.words,
})

// What can say in which language it is, and from which side it is written.
const IN_LANGUAGE = [
  "paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote", "definitionList", "term",
  "definition", "table", "tableCell", "tableHeader",
]

const Languages = Extension.create({
  name: "languages",
  addGlobalAttributes: () => [
    { types: IN_LANGUAGE, attributes: { lang: { default: null }, dir: { default: null } } },
  ],
})

const Numbers = OrderedList.extend({
  addAttributes: () => ({
    start: { default: 1, parseHTML: (list) => list.start, renderHTML: ({ start }) => (start === 1 ? {} : { start }) },
    type: { default: null },
    reversed: {
      default: false,
      parseHTML: (list) => list.reversed,
      renderHTML: ({ reversed }) => (reversed ? { reversed: "reversed" } : {}),
    },
  }),
  renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
  addNodeView: null,
  addInputRules: null,
})

// Words that are typed as they stand, within a sentence and in lines of their own; both may have other marks.
const InlineCode = Code.extend({ excludes: "", addInputRules: null, addPasteRules: null })
const CodeLines = CodeBlock.extend({
  marks: "_",
  addAttributes: () => ({}),
  parseHTML: () => [{ tag: "pre", preserveWhitespace: "full" }],
  renderHTML: ({ HTMLAttributes }) => ["pre", HTMLAttributes, 0],
  addInputRules: null,
  addProseMirrorPlugins: null,
})

// In the editor a line of code ends in a line break; in what is saved, in an element for it.
const forEditor = (html) =>
  html.replace(/<pre>(.*?)<\/pre>/gs, (_all, code) => `<pre>\n${code.replaceAll("<br>", "\n")}</pre>`)

const spans = () => ({
  colspan: { default: 1, parseHTML: (cell) => cell.colSpan, renderHTML: ({ colspan }) => (colspan > 1 ? { colspan } : {}) },
  rowspan: { default: 1, parseHTML: (cell) => cell.rowSpan, renderHTML: ({ rowspan }) => (rowspan > 1 ? { rowspan } : {}) },
  colwidth: { default: null, renderHTML: () => ({}) },
})

const Cell = TableCell.extend({ addAttributes: spans })
const Header = TableHeader.extend({ addAttributes: () => ({ ...spans(), scope: { default: null } }) })

// The caption is an attribute of the table here, shown by the stylesheet, and an element of it in what is saved.
const Captioned = Table.extend({
  addAttributes: () => ({
    caption: {
      default: null,
      parseHTML: (table) => table.querySelector("caption")?.textContent.trim() || null,
      renderHTML: ({ caption }) => (caption ? { "data-caption": caption } : {}),
    },
  }),
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  renderHTML: ({ node: { attrs } }) => {
    const said = { lang: attrs.lang, dir: attrs.dir }
    return attrs.caption ? ["table", said, ["caption", attrs.caption], ["tbody", 0]] : ["table", said, ["tbody", 0]]
  },
}).configure({ resizable: false })

const EXTENSIONS = [
  Document, Paragraph, Text, HardBreak, Dropcursor, Gapcursor, History, SpecialCharacters,
  Levels, BulletList, Numbers, ListItem, Blockquote, DefinitionList, Term, Definition, CodeLines,
  Footnote, Bold, Italic, InlineCode, Superscript, Subscript, Anchor, Abbreviation, Foreign, Languages, Fact, InlineImage,
  Captioned, TableRow, Header, Cell,
]

// Dialogs

function fieldFor({ name, label, value, options, type = "text", ...more }) {
  const row = document.createElement("label")
  row.className = "ci-dialog__field"
  row.append(label)
  const field = document.createElement(options ? "select" : "input")
  field.name = name
  if (options) for (const [code, title] of options) field.append(new Option(title, code))
  else Object.assign(field, { type, ...more })
  field.value = value ?? ""
  row.append(field)
  return row
}

// Asks for some values; gives them, or "remove", or null when the person thinks better of it.
const askForValues = (title, fields, { removable = false } = {}) =>
  ask({ title, parts: fields.map(fieldFor), remove: removable && dialogs.remove, isChecked: true, answer: (form) => Object.fromEntries(new FormData(form)) })

async function editMark(editor, mark, title, fields, complete = (values) => values) {
  const isActive = editor.isActive(mark)
  if (editor.state.selection.empty && !isActive) return
  const answer = await askForValues(title, fields, { removable: isActive })
  const chain = editor.chain().focus()
  if (answer === null) return chain.run()
  if (isActive) chain.extendMarkRange(mark)
  if (answer === "remove") chain.unsetMark(mark).run()
  else chain.setMark(mark, complete(answer)).run()
}

async function editLink(editor) {
  const isActive = editor.isActive("link")
  const { textarea } = fieldOf.get(editor)
  const { lang: language } = textarea
  const { href, hreflang } = editor.getAttributes("link")
  const answer = await askForLink({ href, hreflang, language, url: textarea.dataset.links, isRemovable: isActive })
  const chain = editor.chain().focus()
  if (answer === null) return chain.run()
  if (isActive) chain.extendMarkRange("link")
  if (answer === "remove") return chain.unsetMark("link").run()
  const { text, ...attributes } = answer
  setLink(chain, attributes, text, { isEmpty: editor.state.selection.empty && !isActive })
  offerToOther(editor, { ...attributes, own: answer.href, ...(await counterpartFor(answer, textarea)) })
}

function setLink(chain, attributes, text, { isEmpty }) {
  const marks = [{ type: "link", attrs: attributes }]
  if (isEmpty) chain.insertContent({ type: "text", text, marks }).unsetMark("link").run()
  else chain.setMark("link", attributes).run()
}

// The same link in the other language

const linksIn = ({ doc }) => {
  const found = []
  doc.descendants((node, place) => {
    const mark = node.marks.find(({ type }) => type.name === "link")
    if (!mark) return
    const last = found.at(-1)
    if (last?.to === place && last.mark.eq(mark)) last.to = place + node.nodeSize
    else found.push({ mark, from: place, to: place + node.nodeSize, href: mark.attrs.href })
  })
  return found
}

const otherLanguage = { en: "fr", fr: "en" }

// Where the same link leads in the other language, and what to write there where no words are selected.
async function counterpartFor({ href, text }, textarea) {
  const other = otherLanguage[textarea.lang]
  const [, key, part] = href.match(/^page:([\w-]+)(?:#([\w-]+))?$/) ?? []
  if (!key || !textarea.dataset.links) return { href, text }
  const answer = await fetch(`${textarea.dataset.links}?page=${key}`)
  if (!answer.ok || answer.redirected) return { href, text }
  const { page } = await answer.json()
  const found = part && counterpartOf(page, part, textarea.lang, other)
  return { href: found ? `page:${key}#${found.key}` : `page:${key}`, text: (found || page).titles[other] }
}

// Above the text of the other language: puts the link over the words that are selected there, over the link of the
// same number, or else where the cursor is.
function offerToOther(editor, { href, own, hreflang, text }) {
  const other = otherEditor(editor)
  if (!other || linksIn(other.state).some((link) => link.href === href)) return
  const { lang } = fieldOf.get(other).textarea
  const title = text || href
  const number = linksIn(editor.state).findIndex((link) => link.href === own)
  const isOnlyHere = (link) => link && !linksIn(editor.state).some((each) => each.href === link.href)
  const counterpart = () => {
    const link = linksIn(other.state)[number]
    return isOnlyHere(link) ? link : null
  }
  offer(other, fill(texts.links.offer, { page: title }), texts.links.offered[lang], () => {
    const link = other.state.selection.empty && counterpart()
    const chain = other.chain().focus()
    if (link) chain.setTextSelection({ from: link.from, to: link.to })
    const isEmpty = other.state.selection.empty && !link
    setLink(chain, { href, hreflang }, title, { isEmpty })
  })
}

// The editor of the same text in the other language; null where there is none.
function otherEditor(editor) {
  const { textarea } = fieldOf.get(editor)
  const field = document.getElementById(textarea.id.replace(/_(en|fr)$/, `_${otherLanguage[textarea.lang]}`))
  if (!field || field === textarea) return null
  return makeEditor(field)
}

const MAX_OFFERS = 3 // that wait at a time: a writer who takes none is not left with a list of them

// Above a text, below what was offered before: a button that does something to it, and one that does not.
function offer(editor, text, announcement, act) {
  waitingOffers(editor).find((each) => each.firstChild.textContent === text)?.remove()
  if (waitingOffers(editor).length === MAX_OFFERS) waitingOffers(editor)[0].remove()
  const note = document.createElement("p")
  note.className = "ci-offer"
  const use = document.createElement("button")
  Object.assign(use, { type: "button", className: "button", textContent: text })
  const dismiss = document.createElement("button")
  Object.assign(dismiss, { type: "button", className: "button", textContent: texts.links.dismiss })
  use.addEventListener("click", () => {
    note.remove()
    act()
  })
  dismiss.addEventListener("click", () => {
    note.remove()
    editor.commands.focus()
  })
  note.append(use, dismiss)
  const above = waitingOffers(editor).at(-1) ?? fieldOf.get(editor).box.querySelector(".ci-toolbar")
  above.after(note)
  document.getElementById("announcements").textContent = announcement
}

const waitingOffers = (editor) => [...fieldOf.get(editor).box.querySelectorAll(".ci-offer")]

// Facts

const factsIn = ({ doc }) => {
  const found = []
  doc.descendants((node) => node.type.name === "fact" && found.push(node.attrs.key))
  return found
}

async function editFact(editor) {
  const { textarea } = fieldOf.get(editor)
  const isActive = editor.isActive("fact")
  const { key, words: shown } = editor.getAttributes("fact")
  const fact = await askForFact({ key, language: textarea.lang, url: textarea.dataset.facts, isRemovable: isActive })
  const chain = editor.chain().focus()
  if (fact === null) return chain.run()
  if (fact === "remove") return chain.insertContent({ type: "text", text: shown }).run()
  chain.insertContent(factNode(fact, textarea.lang)).run()
  const other = otherEditor(editor)
  if (!other || factsIn(other.state).includes(fact.key)) return
  const { lang } = fieldOf.get(other).textarea
  offer(other, fill(texts.facts.offer, { words: fact.words[lang] }), texts.facts.offered[lang], () => {
    other.chain().focus().insertContent(factNode(fact, lang)).run()
  })
}

const factNode = ({ key, words: inLanguages }, language) => ({ type: "fact", attrs: { key, words: inLanguages[language] } })

// Images

const imagesIn = ({ doc }) => {
  const found = []
  doc.descendants((node) => node.type.name === "inlineImage" && found.push(keyOf(node.attrs)))
  return found
}

async function editImage(editor) {
  const { textarea } = fieldOf.get(editor)
  const isActive = editor.isActive("inlineImage")
  const attrs = editor.getAttributes("inlineImage")
  const answer = await askForImage({ key: keyOf(attrs), alt: attrs.alt, language: textarea.lang, url: textarea.dataset.images, isRemovable: isActive })
  const chain = editor.chain().focus()
  if (answer === null) return chain.run()
  if (answer === "remove") return chain.deleteSelection().run()
  const { image, alt } = answer
  chain.insertContent(imageNode(image, textarea.lang, alt)).run()
  const other = otherEditor(editor)
  if (!other || imagesIn(other.state).includes(image.key)) return
  const { lang } = fieldOf.get(other).textarea
  offer(other, fill(texts.inlineImages.offer, { title: image.title }), texts.inlineImages.offered[lang], () => {
    // A text of its own is in the language that it was written in.
    other.chain().focus().insertContent(imageNode(image, lang, alt === "" ? "" : null)).run()
  })
}

const imageNode = ({ described }, language, alt) => ({ type: "inlineImage", attrs: { ...described[language], alt } })

function editAbbreviation(editor) {
  const { title } = editor.getAttributes("abbreviation")
  const fields = [{ name: "title", label: dialogs.expansion, value: title, required: true }]
  editMark(editor, "abbreviation", words.abbreviation[1], fields)
}

// A passage in a paragraph is marked; whole paragraphs, lists, quotations and tables say it themselves.
async function editForeign(editor) {
  const { lang } = editor.getAttributes("foreign")
  const blocks = blocksIn(editor)
  const said = blocks.map(({ node }) => node.attrs.lang).find(Boolean)
  const options = Object.entries(dialogs.languages)
  const fields = [{ name: "lang", label: dialogs.language, value: lang || said || "ar", options }]
  const inLanguage = (values) => ({
    lang: values.lang,
    dir: RIGHT_TO_LEFT.includes(values.lang) ? "rtl" : null,
  })
  if (!blocks.length) return editMark(editor, "foreign", words.foreign[1], fields, inLanguage)
  const answer = await askForValues(words.foreign[1], fields, { removable: Boolean(said) })
  const chain = editor.chain().focus()
  if (answer === null) return chain.run()
  chain.unsetMark("foreign").command(({ tr }) => {
    const attributes = answer === "remove" ? { lang: null, dir: null } : inLanguage(answer)
    for (const { node, place } of blocks) tr.setNodeMarkup(place, null, { ...node.attrs, ...attributes })
    return true
  })
  chain.run()
}

// The blocks that are selected from their first letter to their last; also the one around the cursor that says a
// language, so that this can be changed. Those within one that is selected as a whole need not say it again.
function blocksIn({ state: { doc, selection } }) {
  const found = []
  const { from, to, empty, $from } = selection
  if (empty) {
    for (let depth = $from.depth; depth > 0; depth--) {
      const node = $from.node(depth)
      if (node.attrs.lang) return [{ node, place: $from.before(depth) }]
    }
    return []
  }
  doc.nodesBetween(from, to, (node, place) => {
    if (!IN_LANGUAGE.includes(node.type.name) || !node.textContent) return true
    const isWhole = from <= firstLetter(node, place) && to >= lastLetter(node, place)
    if (isWhole) found.push({ node, place })
    return !isWhole
  })
  return found
}

const firstLetter = (node, place) => (node.isTextblock ? place + 1 : firstLetter(node.firstChild, place + 1))
const lastLetter = (node, place) => {
  const end = place + node.nodeSize - 1
  return node.isTextblock ? end : lastLetter(node.lastChild, end - node.lastChild.nodeSize)
}

// Where the caption of a table is a field of its own, the table has none.
const hasCaptionField = (editor) => "captioned" in fieldOf.get(editor).textarea.dataset
const captionOf = (editor) => editor.getAttributes("table").caption

async function insertTable(editor) {
  const answer = await askForValues(words.table[1], [
    { name: "rows", label: dialogs.rows, value: 3, type: "number", min: 2, max: 50, required: true },
    { name: "cols", label: dialogs.columns, value: 3, type: "number", min: 1, max: 12, required: true },
    ...(hasCaptionField(editor) ? [] : [{ name: "caption", label: dialogs.captionText }]),
  ])
  const chain = editor.chain().focus()
  if (!answer) return chain.run()
  chain.insertTable({ rows: Number(answer.rows), cols: Number(answer.cols), withHeaderRow: true })
  chain.updateAttributes("table", { caption: answer.caption?.trim() || null }).run()
}

async function editCaption(editor) {
  const answer = await askForValues(words.caption[1], [{ name: "caption", label: dialogs.captionText, value: captionOf(editor) }])
  const chain = editor.chain().focus()
  if (answer) chain.updateAttributes("table", { caption: answer.caption.trim() || null })
  chain.run()
}

// What is selected becomes a footnote, or one is written; of the one around the cursor the words are changed.
async function editFootnote(editor) {
  const here = footnoteHere(editor.state)
  if (!here && !editor.state.selection.empty) {
    return editor.chain().focus().setMark("footnote", footnoteAttributes()).run()
  }
  const field = { name: "text", label: dialogs.footnote, value: here?.text, required: true }
  const answer = await askForValues(words.footnote[1], here && !here.isPlain ? [] : [field], { removable: Boolean(here) })
  const chain = editor.chain().focus()
  if (answer === null) return chain.run()
  if (answer === "remove") return chain.deleteRange(here).run()
  if (here && (!here.isPlain || answer.text === here.text)) return chain.run()
  if (here) return chain.insertContentAt(here, { type: "text", text: answer.text, marks: [here.mark.toJSON()] }).run()
  chain.insertContent(newFootnote(answer.text)).command(({ tr }) => Boolean(tr.setStoredMarks([]))).run()
}

// How a numbered list counts: the one that is nearest to the cursor.
async function editNumbering(editor) {
  const { $from } = editor.state.selection
  let depth = $from.depth
  while (depth && $from.node(depth).type.name !== "orderedList") depth--
  if (!depth) return
  const place = $from.before(depth)
  const { start, type, reversed } = $from.node(depth).attrs
  const answer = await askForValues(words.numbering[1], [
    { name: "start", label: dialogs.start, value: start, type: "number", min: 0, max: 9999, required: true },
    { name: "type", label: dialogs.numberType, value: type, options: Object.entries(dialogs.numberTypes) },
    { name: "reversed", label: dialogs.order, value: reversed ? "down" : "up", options: Object.entries(dialogs.orders) },
  ])
  const chain = editor.chain().focus()
  if (!answer) return chain.run()
  const attributes = { start: Number(answer.start), type: answer.type === "1" ? null : answer.type, reversed: answer.reversed === "down" }
  chain.command(({ tr }) => Boolean(tr.setNodeMarkup(place, null, { ...tr.doc.nodeAt(place).attrs, ...attributes }))).run()
}

// The toolbar. `act` takes a chain with the focus in it; `open` is for what asks first.

const inTable = (editor) => editor.isActive("table")
const canHaveNote = (editor) => !editor.isActive("codeBlock")
const canHaveTerms = (editor) => !inTable(editor) && editor.can().command(toggleDefinitionList)
const canMark = (mark) => (editor) => !editor.state.selection.empty || editor.isActive(mark)

const isForeign = (editor) =>
  editor.isActive("foreign") || (editor.state.selection.empty && blocksIn(editor).length > 0)

const TOOLS = [
  { name: "paragraph", act: (chain) => chain.setParagraph(), isActive: (editor) => editor.isActive("paragraph") },
  { name: "heading3", act: (chain) => chain.toggleHeading({ level: 3 }), isActive: (editor) => editor.isActive("heading", { level: 3 }) },
  { name: "heading4", act: (chain) => chain.toggleHeading({ level: 4 }), isActive: (editor) => editor.isActive("heading", { level: 4 }) },
  { name: "heading5", act: (chain) => chain.toggleHeading({ level: 5 }), isActive: (editor) => editor.isActive("heading", { level: 5 }) },
  { name: "bullets", act: (chain) => chain.toggleBulletList(), isActive: (editor) => editor.isActive("bulletList") },
  { name: "numbers", act: (chain) => chain.toggleOrderedList(), isActive: (editor) => editor.isActive("orderedList") },
  { name: "numbering", open: editNumbering, isHidden: (editor) => !editor.isActive("orderedList") },
  { name: "terms", act: (chain) => chain.command(toggleDefinitionList), isActive: (editor) => editor.isActive("definitionList"), isEnabled: canHaveTerms },
  { name: "quote", act: (chain) => chain.toggleBlockquote(), isActive: (editor) => editor.isActive("blockquote") },
  { name: "bold", act: (chain) => chain.toggleBold(), isActive: (editor) => editor.isActive("bold") },
  { name: "italic", act: (chain) => chain.toggleItalic(), isActive: (editor) => editor.isActive("italic") },
  { name: "superscript", act: (chain) => chain.toggleSuperscript(), isActive: (editor) => editor.isActive("superscript") },
  { name: "subscript", act: (chain) => chain.toggleSubscript(), isActive: (editor) => editor.isActive("subscript") },
  { name: "code", act: (chain) => chain.toggleCode(), isActive: (editor) => editor.isActive("code") },
  { name: "codeLines", act: (chain) => chain.toggleCodeBlock(), isActive: (editor) => editor.isActive("codeBlock") },
  { name: "link", open: editLink, isActive: (editor) => editor.isActive("link") },
  { name: "fact", open: editFact, isActive: (editor) => editor.isActive("fact"), isHidden: (editor) => !fieldOf.get(editor).textarea.dataset.facts },
  { name: "image", open: editImage, isActive: (editor) => editor.isActive("inlineImage"), isEnabled: canHaveImage, isHidden: (editor) => !fieldOf.get(editor).textarea.dataset.images },
  { name: "footnote", open: editFootnote, isActive: (editor) => editor.isActive("footnote"), isEnabled: canHaveNote },
  { name: "abbreviation", open: editAbbreviation, isActive: (editor) => editor.isActive("abbreviation"), isEnabled: canMark("abbreviation") },
  { name: "foreign", open: editForeign, isActive: isForeign, isEnabled: (editor) => canMark("foreign")(editor) || isForeign(editor) },
  { name: "table", open: insertTable, isHidden: inTable },
  { name: "caption", open: editCaption, isHidden: (editor) => !inTable(editor) || (hasCaptionField(editor) && !captionOf(editor)) },
  { name: "headerRow", act: (chain) => chain.toggleHeaderRow(), isHidden: (editor) => !inTable(editor) },
  { name: "headerColumn", act: (chain) => chain.toggleHeaderColumn(), isHidden: (editor) => !inTable(editor) },
  { name: "headerCell", act: (chain) => chain.toggleHeaderCell(), isActive: (editor) => editor.isActive("tableHeader"), isHidden: (editor) => !inTable(editor) },
  { name: "rowAfter", act: (chain) => chain.addRowAfter(), isHidden: (editor) => !inTable(editor) },
  { name: "rowDelete", act: (chain) => chain.deleteRow(), isHidden: (editor) => !inTable(editor) },
  { name: "columnAfter", act: (chain) => chain.addColumnAfter(), isHidden: (editor) => !inTable(editor) },
  { name: "columnDelete", act: (chain) => chain.deleteColumn(), isHidden: (editor) => !inTable(editor) },
  { name: "tableDelete", act: (chain) => chain.deleteTable(), isHidden: (editor) => !inTable(editor) },
  { name: "undo", act: (chain) => chain.undo(), isEnabled: (editor) => editor.can().undo() },
  { name: "redo", act: (chain) => chain.redo(), isEnabled: (editor) => editor.can().redo() },
]

function toolButton(editor, tool) {
  const [sign, name] = words[tool.name]
  const element = document.createElement("button")
  Object.assign(element, { type: "button", textContent: sign, title: name, className: `ci-tool ci-tool--${tool.name}` })
  // A name begins with what is to be seen of it, for those who speak it; “•–” and “↶” are no words.
  const isSaid = /[\p{L}\d]/u.test(sign) && !name.startsWith(sign)
  element.setAttribute("aria-label", isSaid ? `${sign} – ${name}` : name)
  element.addEventListener("click", () => {
    if (element.getAttribute("aria-disabled") === "true") return
    if (tool.open) tool.open(editor)
    else tool.act(editor.chain().focus()).run()
  })
  editor.on("transaction", () => showState(editor, tool, element))
  showState(editor, tool, element)
  return element
}

function showState(editor, tool, element) {
  if (tool.isActive) element.setAttribute("aria-pressed", String(tool.isActive(editor)))
  if (tool.isEnabled) element.setAttribute("aria-disabled", String(!tool.isEnabled(editor)))
  if (tool.isHidden) element.hidden = tool.isHidden(editor)
}

// One tab stop for the whole toolbar; the arrow keys move within it.
function toolbarFor(editor, field) {
  const bar = document.createElement("div")
  bar.className = "ci-toolbar"
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", fill(words.name, { field }))
  bar.append(...TOOLS.map((tool) => toolButton(editor, tool)))
  const stop = (element) => {
    for (const each of bar.children) each.tabIndex = each === element ? 0 : -1
  }
  stop(bar.firstElementChild)
  bar.addEventListener("focusin", ({ target }) => stop(target))
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const shown = [...bar.children].filter((each) => !each.hidden)
    shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length].focus()
  })
  return bar
}

// Making editors: only those near the screen at first, because a long page has more than a hundred.

const editors = new WeakMap()
const fieldOf = new WeakMap() // by editor, its textarea and the box around both

function labelOf(textarea) {
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  if (!label) return { id: "", text: textarea.name }
  label.id = `${textarea.id}_label`
  return { id: label.id, text: label.textContent.replace(/\s*:\s*$/, "").trim(), element: label }
}

// Pasting: what another program says is read by `paste.js`, and what could not be kept is said below the field.

function fromClipboard(html, textarea, box, view) {
  box.querySelector(".ci-pasted")?.remove()
  if (html.includes("data-pm-slice")) return html // from an editor like this one
  const inWords = view.state.selection.$from.parent.content.size > 0
  const { html: kept, left } = cleanPaste(html, { language: textarea.lang, here: location.origin, inWords })
  const things = Object.entries(left)
    .filter(([, count]) => count)
    .map(([name, count]) => fill(pasted[name][count === 1 ? 0 : 1], { count }))
  if (things.length) {
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(things)
    say(box, fill(pasted.leftOut, { things: list }))
  }
  return kept
}

// Says below a field what was left out of it, until something is pasted again.
function say(box, text) {
  box.querySelector(".ci-pasted")?.remove()
  const note = document.createElement("p")
  note.className = "ci-pasted"
  note.textContent = text
  box.append(note)
  document.getElementById("announcements").textContent = text
}

// A paragraph that says its language is pasted as a paragraph: its words alone would lose it.
function whole(slice) {
  const { content, openStart, openEnd, constructor: Slice } = slice
  const open = (node, depth) => (node?.isTextblock && node.attrs.lang ? 0 : depth)
  return new Slice(content, open(content.firstChild, openStart), open(content.lastChild, openEnd))
}

function makeEditor(textarea) {
  if (editors.has(textarea)) return editors.get(textarea)
  const label = labelOf(textarea)
  const box = document.createElement("div")
  box.className = "ci-editor"
  textarea.before(box)
  const described = textarea.getAttribute("aria-describedby")
  const editor = new Editor({
    element: box,
    extensions: EXTENSIONS,
    content: forEditor(textarea.value),
    editorProps: {
      transformPastedHTML: (html, view) => fromClipboard(html, textarea, box, view),
      transformPasted: whole,
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        lang: textarea.lang,
        spellcheck: "true",
        ...(described && { "aria-describedby": described }),
        ...(textarea.getAttribute("aria-invalid") && { "aria-invalid": "true" }),
      },
    },
    onTransaction({ transaction }) {
      const count = countLeftOut(transaction)
      if (count) say(box, fill(texts.inlineImages.leftOut[count === 1 ? 0 : 1], { count }))
    },
    onUpdate() {
      textarea.value = editor.isEmpty ? "" : savedImages(editor.getHTML())
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  editors.set(textarea, editor)
  fieldOf.set(editor, { textarea, box })
  box.prepend(toolbarFor(editor, label.text))
  textarea.hidden = true
  label.element?.addEventListener("click", () => editor.commands.focus())
  return editor
}

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      nearby.unobserve(target)
      makeEditor(target)
    }
  },
  { rootMargin: "1000px" },
)

const fieldsIn = (root) =>
  [...root.querySelectorAll("textarea[data-rich-text]")].filter((field) => !field.id.includes("__prefix__"))

const watch = () => fieldsIn(document).forEach((field) => nearby.observe(field))

// Not before it is known which blocks are folded: those need no editors yet.
if (document.getElementById("content-editor-context")) document.addEventListener("content-editor:ready", watch)
else watch()

document.addEventListener("formset:added", ({ target }) => fieldsIn(target).forEach(makeEditor))
document.addEventListener("rich-text:focus", ({ target }) => {
  nearby.unobserve(target)
  makeEditor(target).commands.focus()
})
document.addEventListener("rich-text:replace", ({ target, detail }) => {
  nearby.unobserve(target)
  makeEditor(target).commands.setContent(forEditor(detail), { emitUpdate: true })
})
