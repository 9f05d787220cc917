// What is pasted from another program, as the little of HTML that this site holds. Pure: text in, text out.
//
// The clipboard's own HTML is read here, before the editor sees it, because the content security policy takes the
// effect from style attributes: what is bold, a list or a heading in another program is often said in nothing else.

const BLOCKS = new Set(
  `address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3
  h4 h5 h6 header hgroup hr legend li main nav ol p pre section summary table ul`.split(/\s+/),
)
const DROPPED = new Set(
  "base button colgroup datalist head input link meta noscript option script select style textarea title xml".split(" "),
)
const MEDIA = new Set("audio canvas embed iframe object svg video".split(" "))

// Reading what elements say of themselves

// Under another name styles are only text, and the policy has nothing to refuse.
const withoutStyles = (html) =>
  html.replace(/<style\b[^>]*>.*?(<\/style>|$)/gis, "").replace(/(<[a-z][^<>]*?\s)style(\s*=)/gi, "$1data-style$2")

function declarations(text) {
  const found = {}
  for (const declaration of (text ?? "").split(";")) {
    const colon = declaration.indexOf(":")
    if (colon > 0) found[declaration.slice(0, colon).trim().toLowerCase()] = declaration.slice(colon + 1).trim()
  }
  return found
}

// Excel and LibreOffice say in a style sheet what is bold: by class, as "xl65" or "td.xl65".
function classStyles(html) {
  const styles = new Map()
  for (const [, sheet] of html.matchAll(/<style\b[^>]*>(.*?)(?:<\/style>|$)/gis)) {
    const rules = sheet.replace(/<!--|-->|\/\*.*?\*\//gs, "")
    for (const [, selectors, body] of rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      for (const selector of selectors.split(",")) {
        const name = selector.trim().match(/^[a-z0-9]*\.([\w-]+)$/i)?.[1]
        if (name) styles.set(name, { ...styles.get(name), ...declarations(body) })
      }
    }
  }
  return styles
}

function styleOf(element, sheet) {
  let style = {}
  for (const name of element.classList) style = { ...style, ...sheet.get(name) }
  return { ...style, ...declarations(element.dataset.style) }
}

const isBold = (weight, inherited) =>
  /^(bold|bolder|[6-9]00)\b/.test(weight) ? true : /^(normal|lighter|[1-5]00)\b/.test(weight) ? false : inherited

const isItalic = (style, inherited) => (/^(italic|oblique)/.test(style) ? true : /^normal/.test(style) ? false : inherited)

// Addresses of links

const REDIRECTS = [
  [/(^|\.)google\.[a-z.]+$/, /^\/url$/, ["q", "url"]],
  [/(^|\.)safelinks\.protection\.outlook\.com$/, /^\/$/, ["url"]],
  [/^(www\.)?urldefense\.com$/, /^\/v2\/url$/, ["u"]],
]

// The address itself, without the services that count who follows a link; "" for what leads nowhere from here.
export function cleanAddress(href, here = "") {
  let url
  try {
    url = new URL(href)
  } catch {
    return ""
  }
  for (let turn = 0; turn < 3; turn++) {
    const wrapped = REDIRECTS.find(([host, path]) => host.test(url.hostname) && path.test(url.pathname))
    const inner = wrapped?.[2].map((name) => url.searchParams.get(name)).find(Boolean)
    if (!inner || !/^https?:/i.test(inner)) break
    try {
      url = new URL(inner)
    } catch {
      break
    }
  }
  if (here && url.origin === here) return url.pathname + url.search + url.hash
  return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : ""
}

// Languages

const ARABIC = /[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]/
const SYRIAC = /[\u0700-\u074f]/
const LETTERS = /\p{L}/u
// Letters that Sorani has, and Arabic and Persian have not.
const SORANI = /[\u0695\u06b5\u06c6\u06ce]/
const PERSIAN = /[\u067e\u0686\u0698\u06a9\u06af\u06cc]/

const isRightToLeft = (text) => {
  const first = text.match(LETTERS)?.[0]
  return Boolean(first) && (ARABIC.test(first) || SYRIAC.test(first))
}

// The language of a text: what its script says, and what its program said where the script agrees.
function languageOf(text, said) {
  if (SYRIAC.test(text)) return "syr"
  if (ARABIC.test(text)) {
    if (SORANI.test(text) || /^(ckb|ku)/i.test(said)) return "ckb"
    return /^ar/i.test(said) || !PERSIAN.test(text) ? "ar" : ""
  }
  if (!LETTERS.test(text)) return ""
  return said.match(/^(en|fr|tk|kmr)(?=-|$)/i)?.[1].toLowerCase() ?? (/^ku(?=-|$)/i.test(said) ? "kmr" : "")
}

// Holds the place of a footnote in a text.
const NOTE_PLACE = "\ufffc"

// How far Word indents each level of a list.
const POINTS_A_LEVEL = 36

// What is left out

const isHidden = (node, style) =>
  node.hidden || style.display === "none" || style.visibility === "hidden" || style["mso-hide"] === "all"

// The sign before an item of a list, which `signOf` reads.
const isSign = (style) => /\bIgnore\b/i.test(style["mso-list"] ?? "")

// The texts of notes and comments, which stand behind the text, and what stands on each page of it.
const isApart = (node, style) =>
  /^((foot|end)note-list|comment-list|header|footer)$/.test(style["mso-element"] ?? "") ||
  /^(_?ftn|_?edn|sd(foot|end)note)\d+$/.test(node.id) ||
  node.matches(".MsoCommentText, .MsoCommentSubject")

const isSpacer = (node, tag) => tag === "img" && ["width", "height"].some((name) => node.getAttribute(name) === "1")

// What somebody has deleted while changes are tracked.
const isRemoved = (node, tag) => tag === "del" && (node.hasAttribute("cite") || node.hasAttribute("datetime"))

const isNote = (node, tag, style) => {
  const href = node.getAttribute("href") ?? ""
  const isBack = /^#_(ftn|edn)ref/.test(href)
  return tag === "a" && !isBack && (Boolean(style["mso-footnote-id"] || style["mso-endnote-id"]) || NOTE.test(href))
}
const NOTE = /^#(_?ftnt?\d+|_?edn\d+|sd(foot|end)note\d+sym)$/

// Notes and the references to them, which lead to one another: by reference its note, whatever program wrote it.
function footnotesIn(root) {
  const notes = new Map()
  const texts = new Set()
  for (const reference of root.querySelectorAll("a[href*='#']")) {
    if (!reference.isConnected || [...texts].some((text) => text.contains(reference))) continue
    const target = elementOf(root, hashOf(reference))
    if (!target || target.contains(reference)) continue
    const text = target.matches("a, sup, span") ? target.closest("li, dd, div[id], p") : target
    if (!text || text.contains(reference) || !canBeNote(text)) continue
    const names = namesAround(reference)
    const backs = [...text.querySelectorAll("a[href*='#']")].filter((link) => names.has(hashOf(link)))
    if (!backs.length && !texts.has(text)) continue
    notes.set(reference, text)
    texts.add(text)
    for (const back of backs) (back.closest(".fn-rtn") ?? back).remove()
  }
  for (const text of texts) if (text.localName === "dd" && text.previousElementSibling?.localName === "dt") text.previousElementSibling.remove()
  return { notes, texts }
}

function hashOf(link) {
  const hash = link.getAttribute("href").split("#")[1] ?? ""
  try {
    return decodeURIComponent(hash)
  } catch {
    return hash
  }
}

const elementOf = (root, name) => name && (root.getElementById(name) ?? root.querySelector(`a[name="${CSS.escape(name)}"]`))

// A note is short, and no part of the page with headings or tables of its own.
const canBeNote = (text) =>
  text.matches("li, dd, div, p, aside") && !text.querySelector("h1, h2, h3, h4, h5, h6, table") && text.textContent.length < 3000

// The names by which a note can lead back to its reference.
function namesAround(reference) {
  const names = new Set()
  for (let node = reference; node && !BLOCKS.has(node.localName); node = node.parentElement) {
    for (const name of [node.id, node.getAttribute("name")]) if (name) names.add(name)
  }
  for (const inner of reference.querySelectorAll("[id]")) names.add(inner.id)
  return names
}

// The anchors of headings, by each of the names that lead to one: its own, or that of what stands around or before it.
function anchorsIn(root) {
  const anchors = new Map()
  for (const heading of root.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const { parentElement: parent, previousElementSibling: before } = heading
    const named = [heading, ...heading.querySelectorAll("[id], a[name]")]
    if (parent?.firstElementChild === heading && parent.matches("section, div, article")) named.push(parent)
    if (before?.localName === "a" && !before.textContent.trim()) named.push(before)
    const names = named.map((node) => node.id || (node.localName === "a" && node.getAttribute("name"))).filter(Boolean)
    const own = names.find((name) => /^[A-Za-z][\w-]{0,99}$/.test(name))
    if (own) for (const name of names) anchors.set(name, { own, heading })
  }
  return anchors
}

const isComment = (node, tag) => tag === "a" && node.matches(".MsoCommentReference, [href^='#_msocom'], [href^='#cmnt']")

const MISSED = [
  ["images", (_node, tag) => tag === "img" || /(^|:)imagedata$/.test(tag)],
  ["media", (_node, tag) => MEDIA.has(tag)],
  ["footnotes", isNote],
  ["comments", isComment],
]

// From the clipboard's elements to blocks: { tag, runs } or { tag, children }, and items of lists with their level

class Reader {
  constructor(root, sheet, options) {
    this.sheet = sheet
    this.options = options
    this.left = { images: 0, footnotes: 0, comments: 0, media: 0, links: 0, fields: 0, headings: 0, terms: 0, numbers: 0 }
    const { notes, texts } = footnotesIn(root)
    this.notes = notes
    this.texts = texts
    this.anchors = anchorsIn(root)
    const candidates = [...root.querySelectorAll("h1, h2, h3, h4, h5, h6, p, [role=heading]")]
    this.levels = [...new Set(candidates.map(headingLevel).filter(Boolean))].sort()
  }

  read(element) {
    const blocks = []
    this.children(element, { said: "" }, blocks)
    return inLists(blocks)
  }

  children(parent, context, blocks) {
    for (const node of parent.childNodes) this.node(node, context, blocks)
    blocks.open = null
  }

  node(node, context, blocks) {
    if (node.nodeType === Node.TEXT_NODE) return this.text(node.data, context, blocks)
    if (node.nodeType !== Node.ELEMENT_NODE) return
    const tag = node.localName
    const style = styleOf(node, this.sheet)
    if (/^(button|input|select|textarea)$/.test(tag) && node.type !== "hidden" && !isHidden(node, style)) this.left.fields++
    if (this.texts.has(node)) return
    if (this.notes.has(node)) return this.footnote(this.notes.get(node), context, blocks)
    if (DROPPED.has(tag) || this.isLeftOut(node, tag, style)) return
    if (tag === "br") return this.text("\n", context, blocks)
    const inner = this.contextIn(node, tag, style, context)
    if (BLOCKS.has(tag)) return this.block(node, tag, style, inner, blocks)
    for (const child of node.childNodes) this.node(child, inner, blocks)
  }

  footnote(text, context, blocks) {
    const around = { said: context.said }
    this.texts.delete(text)
    const inside = this.inner(text, around).flatMap((one, index) => [...(index ? [{ text: " ", context: around }] : []), ...runsOf(one)])
    this.texts.add(text)
    const note = paragraphsOf(inside).flatMap((runs, index) => [...(index ? [{ text: " ", context: around }] : []), ...runs])
    if (note.length) note[0] = { ...note[0], text: note[0].text.replace(/^[\s\u00a0]+/, "") } // it followed the number
    this.text(NOTE_PLACE, { ...around, note }, blocks)
  }

  // Whether an element is left out; what a reader would miss is counted.
  isLeftOut(node, tag, style) {
    if (isHidden(node, style) || isSign(style) || isApart(node, style) || isSpacer(node, tag) || isRemoved(node, tag)) return true
    const missed = MISSED.find(([, isOne]) => isOne(node, tag, style))?.[0]
    if (missed) this.left[missed]++
    return Boolean(missed)
  }

  contextIn(node, tag, style, context) {
    const inner = { ...context }
    if (tag === "b" || tag === "strong") inner.bold = true
    if (tag === "i" || tag === "em" || tag === "cite" || tag === "dfn") inner.italic = true
    inner.bold = isBold(style["font-weight"] ?? "", inner.bold)
    inner.italic = isItalic(style["font-style"] ?? "", inner.italic)
    if (tag === "sup" || /^super/.test(style["vertical-align"] ?? "")) inner.raised = "sup"
    else if (tag === "sub" || /^sub/.test(style["vertical-align"] ?? "")) inner.raised = "sub"
    if (tag === "a") {
      const written = node.getAttribute("href") ?? ""
      const anchor = written.startsWith("#") && this.anchors.get(hashOf(node))
      const href = anchor ? `#${anchor.own}` : cleanAddress(written, this.options.here)
      if (written && !href && node.textContent.trim()) this.left.links++
      if (href) inner.link = { href, hreflang: node.getAttribute("hreflang")?.toLowerCase() || "" }
    }
    if (/^(code|kbd|samp|tt)$/.test(tag)) inner.code = true
    if (tag === "abbr" || tag === "acronym") inner.title = node.getAttribute("title")?.trim() || context.title
    const lang = node.getAttribute("lang") || style["mso-ansi-language"] || node.getAttribute("xml:lang")
    if (lang) inner.said = lang
    if (tag === "pre" || /^pre/.test(style["white-space"] ?? "")) inner.breaks = tag === "pre" || context.breaks
    return inner
  }

  text(data, context, blocks) {
    const text = context.breaks || data === "\n" ? data : data.replace(/[\t\n\r\f ]+/g, " ")
    if (!blocks.open) {
      if (!text.trim()) return
      blocks.push((blocks.open = { tag: "p", runs: [] }))
    }
    blocks.open.runs.push({ text, context })
  }

  block(node, tag, style, context, blocks) {
    blocks.open = null
    const level = headingLevel(node)
    if (level && context.isInside) {
      this.left.headings++
      this.children(node, { ...context, bold: true }, blocks)
    } else if (level) this.leaf(node, { tag: this.headingTag(level), anchor: this.anchorOf(node), runs: [] }, context, blocks, style)
    else if (tag === "pre") blocks.push({ tag, runs: [{ text: codeOf(node), context }] })
    else if (tag === "dl") this.terms(node, context, blocks)
    else if (tag === "table") this.table(node, context, blocks)
    else if (tag === "ul" || tag === "ol") this.list(node, tag, context, blocks, 1, node)
    else if (tag === "li") blocks.push({ item: "ul", level: 1, id: node, children: this.inner(node, context) })
    else if (tag === "blockquote" || node.matches(".MsoQuote, .MsoIntenseQuote")) {
      const children = this.inner(node, { ...context, isInside: true })
      if (children.length) blocks.push({ tag: "blockquote", children })
    } else if (listOf(style)) this.officeItem(node, style, context, blocks)
    else if (/^MsoListParagraph/.test(node.className) && blocks.at(-1)?.item) {
      const level = Math.round(parseFloat(style["margin-left"]) / POINTS_A_LEVEL) || 0
      blocks.push({ item: "more", level, children: this.inner(node, context) }) // a second paragraph of an item
    } else this.children(node, context, blocks)
    blocks.open = null
  }

  anchorOf(heading) {
    return [...this.anchors.values()].find((each) => each.heading === heading)?.own ?? ""
  }

  // The highest level of what is pasted is that just below the title of a block.
  headingTag(level) {
    return `h${Math.min(this.levels.indexOf(level) + 3, 5)}`
  }

  inner(node, context) {
    const blocks = []
    this.children(node, context, blocks)
    return inLists(blocks)
  }

  // A heading takes one line of text, whatever is in it.
  leaf(node, block, context, blocks, style) {
    const inside = this.inner(node, { ...context, bold: false, inHeading: true })
    const number = listOf(style) ? signOf(node) : ""
    const runs = inside.flatMap((one, index) => [...(index ? [{ text: " ", context }] : []), ...runsOf(one)])
    if (/\d/.test(number)) runs.unshift({ text: `${number} `, context })
    block.runs = runs.map((run) => ({ ...run, context: { ...run.context, bold: false } }))
    if (runs.some(({ text }) => text.trim())) blocks.push(block)
  }

  list(node, tag, context, blocks, level, id) {
    let numbering = numberingOf(node)
    for (const child of node.children) {
      if (child.matches("ul, ol")) this.list(child, child.localName, context, blocks, level + 1, id)
      else {
        this.listItem(child, tag, context, blocks, level, id, numbering)
        if (child.localName === "li") numbering = null
      }
    }
  }

  listItem(node, tag, context, blocks, level, id, numbering) {
    const said = Number(node.dataset.ariaLevel || node.getAttribute("aria-level"))
    const own = said > 0 && said < 10 ? said : level
    const style = styleOf(node, this.sheet)
    if (DROPPED.has(node.localName) || this.isLeftOut(node, node.localName, style)) return
    const inner = { ...this.contextIn(node, node.localName, style, context), isInside: true }
    const nested = [...node.children].filter((child) => child.matches("ul, ol"))
    const children = []
    for (const child of node.childNodes) if (!nested.includes(child)) this.node(child, inner, children)
    const name = node.dataset.listid ? `web ${node.dataset.listid}` : id
    if (tag === "ol" && node.hasAttribute("value")) {
      if (numbering) numbering.start = node.value
      else this.left.numbers++
    }
    blocks.push({ item: tag, level: own, id: name, numbering, children: inLists(children) })
    for (const child of nested) this.list(child, child.localName, inner, blocks, own + 1, id)
  }

  officeItem(node, style, context, blocks) {
    const { id, level } = listOf(style)
    const sign = signOf(node)
    const item = /^\(?([0-9]+(\.[0-9]+)*|[a-z]{1,2}|[ivxlcdm]+)[.)]+$|^[0-9]+$/i.test(sign) ? "ol" : "ul"
    const children = this.inner(node, context)
    const numbering = item === "ol" ? numberingOfSign(sign) : null
    if (children.length) blocks.push({ item, level, id, numbering, children })
  }

  terms(node, context, blocks) {
    const parts = [...node.querySelectorAll("dt, dd")].filter((part) => part.closest("dl") === node)
    const children = []
    const before = { ...this.left }
    for (const part of parts) {
      const tag = part.localName
      const inner = this.contextIn(part, tag, styleOf(part, this.sheet), { ...context, inTerms: true, isInside: true })
      if (this.isLeftOut(part, tag, styleOf(part, this.sheet))) continue
      const inside = this.inner(part, inner)
      if (tag === "dd" && inside.length) children.push({ tag, children: inside })
      if (tag === "dt") children.push({ tag, runs: inside.flatMap((one, index) => [...(index ? [{ text: " ", context }] : []), ...runsOf(one)]) })
    }
    const shown = children.filter((part) => runsOf(part).some(({ text }) => text.trim()))
    if (context.inTable || context.inTerms || new Set(shown.map(({ tag }) => tag)).size < 2) {
      Object.assign(this.left, before) // what is in it is read again
      this.left.terms += shown.filter(({ tag }) => tag === "dt").length
      this.children(node, context, blocks)
    } else blocks.push({ tag: "dl", children: shown })
  }

  table(node, context, blocks) {
    const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node)
    const table = rows.map((row) => [...row.children].filter((cell) => cell.matches("td, th")))
    const cells = table.flat()
    const isLayout = /^(presentation|none)$/.test(node.getAttribute("role")) || node.querySelector("table")
    if (cells.length < 2 || isLayout || context.inTable) {
      // For layout only, or a table within one, which the site does not hold: its words alone.
      for (const cell of cells) {
        this.children(cell, context, blocks)
        blocks.open = null
      }
      return
    }
    const read = table.map((row) => row.map((cell) => this.cell(cell, context))).filter((row) => row.length)
    while (read.length && read.at(-1).every(isEmptyCell)) read.pop()
    if (read.length > 1 && isHeaderRow(read[0]) && !read.slice(1).every(isHeaderRow)) {
      for (const cell of read[0]) cell.tag = "th"
    }
    for (const row of read) for (const cell of row) if (cell.tag === "th") plainWeight(cell)
    const named = [...node.children].find((child) => child.localName === "caption")
    const caption = named?.textContent.replace(/\s+/g, " ").trim()
    if (read.some((row) => !row.every(isEmptyCell))) blocks.push({ tag: "table", caption, rows: read })
  }

  cell(node, context) {
    const inner = this.contextIn(node, node.localName, styleOf(node, this.sheet), { ...context, inTable: true, isInside: true })
    const span = (name) => Math.min(Math.max(Number(node.getAttribute(name)) || 1, 1), 50)
    return { tag: node.localName, colspan: span("colspan"), rowspan: span("rowspan"), children: this.inner(node, inner) }
  }
}

// Lines of code as they stand; programs also make a line of each element.
function codeOf(node) {
  let text = ""
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) text += child.data
    else if (child.localName === "br") text += "\n"
    else if (child.nodeType === Node.ELEMENT_NODE && !DROPPED.has(child.localName)) {
      const isLine = BLOCKS.has(child.localName)
      if (isLine && text && !text.endsWith("\n")) text += "\n"
      text += codeOf(child) + (isLine ? "\n" : "")
    }
  }
  return text
}

// From which number a list counts, and in what: null for numbers from 1.
function numberingOf(list) {
  if (list.localName !== "ol") return null
  const sort = list.getAttribute("type") || LIST_STYLES[declarations(list.querySelector("li")?.dataset.style)["list-style-type"]]
  return { start: list.start, type: sort ?? "", reversed: list.reversed }
}
const LIST_STYLES = {
  "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I",
}

const ROMAN = { i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 }

// The same of the sign before an item: “3.”, “c)”, “iv.”. Only the first of a list can be “i” and no letter.
function numberingOfSign(sign) {
  const said = sign.replace(/[().]+$|^\(/g, "").split(".").at(-1)
  if (/^\d+$/.test(said)) return { start: Number(said), type: "" }
  const small = said.toLowerCase()
  const isCapital = said !== small
  if (/^[ivx]+$/.test(small)) {
    const values = [...small].map((letter) => ROMAN[letter])
    const start = values.reduce((sum, value, index) => sum + (value < values[index + 1] ? -value : value), 0)
    return { start, type: isCapital ? "I" : "i" }
  }
  return { start: small.length === 1 ? small.charCodeAt(0) - 96 : 1, type: isCapital ? "A" : "a" }
}

const runsOf = (block) => block.runs ?? (block.children ?? block.rows?.flat() ?? []).flatMap(runsOf)
const isEmptyCell = (cell) => !runsOf(cell).some(({ text }) => text.trim())
const isBoldCell = (cell) => runsOf(cell).every(({ text, context }) => !text.trim() || context.bold)
const isHeaderRow = (row) =>
  !row.every(isEmptyCell) && row.every((cell) => cell.tag === "th" || isBoldCell(cell))

function plainWeight(block) {
  for (const run of runsOf(block)) run.context = { ...run.context, bold: false }
}

function headingLevel(node) {
  const tag = node.localName.match(/^h([1-6])$/)
  if (tag) return Number(tag[1])
  if (node.getAttribute("role") === "heading") return Number(node.getAttribute("aria-level")) || 2
  return Number(node.className.match?.(/^MsoHeading([1-9])/)?.[1]) || (node.matches(".MsoTitle") ? 1 : 0)
}

// "l0 level2 lfo1" of Word: the list, and the level in it.
function listOf(style) {
  const found = style["mso-list"]?.match(/\bl(\d+)\s+level(\d)\s+lfo(\d+)/i)
  return found && { id: `${found[1]} ${found[3]}`, level: Number(found[2]) }
}

// The sign that Word writes before an item, such as "·" or "1.".
function signOf(node) {
  const sign = [...node.querySelectorAll("[data-style]")].find((one) => /mso-list:\s*Ignore/i.test(one.dataset.style))
  return sign?.textContent.replace(/[\s\u00a0]+/g, "") ?? ""
}

// Items that follow one another become lists within lists.
function inLists(blocks) {
  const result = []
  let open = [] // the lists that go on, one a level
  for (const block of blocks) {
    if (!block.item) {
      open = []
      result.push(block)
      continue
    }
    if (block.item === "more") {
      open = open.slice(0, block.level || open.length)
      open.at(-1)?.children.at(-1).children.push(...block.children)
      continue
    }
    if (!block.children.length) continue
    const depth = Math.min(block.level, open.length + 1)
    open = open.slice(0, depth)
    const last = open[depth - 1]
    const goesOn = last?.tag === block.item && (depth > 1 || last.id === block.id)
    if (!goesOn) {
      const list = { tag: block.item, id: block.id, numbering: block.numbering, children: [] }
      open[depth - 1] = list
      const above = depth > 1 ? open[depth - 2].children.at(-1) : null
      if (above) above.children.push(list)
      else result.push(list)
    }
    open[depth - 1].children.push({ tag: "li", children: block.children })
  }
  return result.filter((block) => block.runs?.some(({ text }) => text.trim()) || block.children?.length || block.rows)
}

// From blocks to HTML

class Writer {
  constructor(blocks, options) {
    this.options = options
    this.around = ""
    const counts = {}
    let letters = 0
    for (const { text, context } of blocks.flatMap(runsOf)) {
      const length = text.match(/\p{L}/gu)?.length ?? 0
      letters += length
      const language = languageOf(text, context.said ?? "")
      counts[language] = (counts[language] ?? 0) + length
    }
    // A program names one language for a whole text, and often the wrong one. Only what is written in another script,
    // or is the smaller part, is taken for a passage in another language.
    const isSure = (language) => ["ar", "ckb", "syr"].includes(language) || counts[language] < letters / 2
    this.isPassage = (language) => language && language !== options.language && isSure(language)
  }

  write(blocks) {
    return blocks.map((block) => this.block(block)).join("")
  }

  block(block) {
    if (block.rows) return this.table(block)
    if (block.children) {
      const attributes = numberingAttributes(block.numbering) + this.inLanguage(runsOf(block))
      return `<${block.tag}${attributes}>${this.within(block, () => this.write(block.children))}</${block.tag}>`
    }
    if (block.tag === "pre") return `<pre>\n${escaped(block.runs[0].text)}</pre>`
    return paragraphsOf(block.runs)
      .map((runs, index) => this.leaf(block.tag, runs, index ? "" : block.anchor))
      .join("")
  }

  // What is said of a list or table is not said again of what is in it.
  within(block, act) {
    const around = this.around
    this.around = this.languageOfAll(runsOf(block)) || around
    const html = act()
    this.around = around
    return html
  }

  table(block) {
    const { caption, rows } = block
    const cell = ({ tag, colspan, rowspan, children }) => {
      const spans = (colspan > 1 ? ` colspan="${colspan}"` : "") + (rowspan > 1 ? ` rowspan="${rowspan}"` : "")
      return `<${tag}${spans}>${this.write(children) || "<p></p>"}</${tag}>`
    }
    const body = this.within(block, () => rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join(""))
    return `<table${this.inLanguage(rows.flat().flatMap(runsOf))}>${caption ? `<caption>${escaped(caption)}</caption>` : ""}<tbody>${body}</tbody></table>`
  }

  // A paragraph that is all in another language says so itself.
  leaf(tag, runs, anchor = "") {
    const whole = this.options.inline ? "" : this.languageOfAll(runs)
    const inner = runs.map((run) => this.run(run, whole, tag)).join("")
    return `<${tag}${this.inLanguage(runs)}${anchor && ` id="${anchor}"`}>${inner}</${tag}>`
  }

  languageOfAll(runs) {
    const languages = new Set(runs.filter(({ text }) => LETTERS.test(text)).map((run) => this.passage(run)))
    return languages.size === 1 ? [...languages][0] : ""
  }

  inLanguage(runs) {
    if (this.options.inline) return ""
    const whole = this.languageOfAll(runs)
    if (whole === this.around) return ""
    const dir = isRightToLeft(runs.map(({ text }) => text).join("")) && whole ? ' dir="rtl"' : ""
    return (whole ? ` lang="${whole}"` : "") + dir
  }

  passage({ text, context }) {
    const language = languageOf(text, context.said ?? "")
    return this.isPassage(language) ? language : ""
  }

  run(run, whole, tag) {
    const { text, context } = run
    if (context.note) return `<span role="doc-footnote">${context.note.map((each) => this.run(each, whole, tag)).join("")}</span>`
    let html = escaped(text).replaceAll("\n", "<br>")
    if (!text.trim()) return html
    const language = this.passage(run)
    if (language && language !== whole) {
      const dir = isRightToLeft(text) ? ' dir="rtl"' : ""
      html = `<span lang="${language}"${dir}>${html}</span>`
    }
    if (context.code) html = `<code>${html}</code>`
    if (context.raised) html = `<${context.raised}>${html}</${context.raised}>`
    if (context.title) html = `<abbr title="${escaped(context.title)}">${html}</abbr>`
    if (context.italic) html = `<em>${html}</em>`
    if (context.bold && !/^(h\d|dt)$/.test(tag)) html = `<strong>${html}</strong>`
    if (context.link) {
      const hreflang = context.link.hreflang ? ` hreflang="${escaped(context.link.hreflang)}"` : ""
      html = `<a href="${escaped(context.link.href)}"${hreflang}>${html}</a>`
    }
    return html
  }
}

function numberingAttributes(numbering) {
  if (!numbering) return ""
  const { start, type, reversed } = numbering
  return (start !== 1 && Number.isInteger(start) ? ` start="${start}"` : "") +
    (/^[aAiI]$/.test(type) ? ` type="${type}"` : "") +
    (reversed ? ' reversed="reversed"' : "")
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign])

// Two line breaks in a row end a paragraph; those at its ends, and spaces beside them, say nothing.
function paragraphsOf(runs) {
  const paragraphs = [[]]
  let breaks = 0
  for (const run of runs) {
    for (const piece of run.text.split(/(\n)/)) {
      if (piece === "\n") breaks++
      else if (piece.trim()) {
        if (breaks > 1 && paragraphs.at(-1).length) paragraphs.push([])
        else if (breaks && paragraphs.at(-1).length) paragraphs.at(-1).push({ text: "\n", context: run.context })
        breaks = 0
        paragraphs.at(-1).push({ text: piece, context: run.context })
      } else if (piece && !breaks) paragraphs.at(-1).push({ text: piece, context: run.context })
    }
  }
  return paragraphs.map(spaced).filter((one) => one.length)
}

// One space between words; a row of no-break spaces, which is a gap made by hand, counts as one.
function spaced(runs) {
  const result = []
  let gap = true
  for (const run of runs) {
    let text = run.text.replace(/[ \u00a0]{2,}/g, " ")
    if (gap) text = text.replace(/^ +/, "")
    if (!text) continue
    gap = /[ \n]$/.test(text)
    result.push({ ...run, text })
  }
  const last = result.at(-1)
  if (last) last.text = last.text.replace(/[ \u00a0]+$/, "")
  return result.filter(({ text }) => text)
}

// The clipboard's HTML as this site holds it, and how much of what could not be kept: { html, left }.
// `language` is that of the field, `here` the origin of this site; `inWords` says that it is pasted among other words.
export function cleanPaste(html, { language = "", here = "", inWords = false } = {}) {
  const start = html.search(/<!--\s*StartFragment\s*-->/i)
  const end = html.search(/<!--\s*EndFragment\s*-->/i)
  const root = new DOMParser().parseFromString(withoutStyles(html), "text/html")
  if (start >= 0 && end > start) removeOutside(root)
  const reader = new Reader(root, classStyles(html), { here })
  const blocks = reader.read(root.body)
  const inline = inWords && blocks.length === 1 && Boolean(blocks[0].runs)
  return { html: new Writer(blocks, { language, inline }).write(blocks), left: reader.left }
}

// What stands before or after the fragment was not selected.
function removeOutside(root) {
  const walker = root.createTreeWalker(root, NodeFilter.SHOW_COMMENT)
  const marks = []
  while (walker.nextNode()) {
    if (/^\s*(Start|End)Fragment\s*$/i.test(walker.currentNode.data)) marks.push(walker.currentNode)
  }
  const [first, last] = [marks[0], marks.at(-1)]
  if (!first || first === last) return
  const range = root.createRange()
  for (const [from, to] of [[null, first], [last, null]]) {
    range.selectNodeContents(root.body)
    if (from) range.setStartAfter(from)
    if (to) range.setEndBefore(to)
    for (const node of textsIn(range, root)) node.remove()
  }
}

function textsIn(range, root) {
  const walker = root.createTreeWalker(root.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) if (range.intersectsNode(walker.currentNode)) found.push(walker.currentNode)
  return found
}
