// Blocks by keyboard and for screen readers: what the content editor offers to the mouse, as buttons with names.

import { fill, texts as words } from "pages-admin/words"

const texts = words.blocks
// How much of the screen the line above the blocks covers at its top.
const HEAD = 48

const announcements = document.getElementById("announcements")

const all = (selector, root = document) => [...root.querySelectorAll(selector)]

const machine = () => document.querySelector(".order-machine")
const orderOf = (block) => block.querySelector(".order-machine-ordering")
const blocksInOrder = () =>
  all(".inline-related:not(.empty-form)", machine()).sort((a, b) => orderOf(a).value - orderOf(b).value)

function announce(text, values) {
  announcements.textContent = fill(text, values)
}

function kindOf(block) {
  return block.querySelector(":scope > h3 b").textContent.replace(/\s*:\s*$/, "").trim()
}

const LANGUAGES = document.documentElement.lang.startsWith("fr") ? ["fr", "en"] : ["en", "fr"]

// What a block is known by: its heading as it is written now, or the beginning of its text.
function titleOf(block) {
  const shared = block.querySelector("select[name$='-shared_block']")
  if (shared) return shared.value ? shared.selectedOptions[0].text : ""
  for (const name of ["heading", "title", "caption", "body", "introduction"]) {
    for (const language of LANGUAGES) {
      const field = block.querySelector(`[name$="-${name}_${language}"]`)
      const written = field && ("richText" in field.dataset ? wordsOf(field.value) : field.value.trim())
      if (written) return written
    }
  }
  return ""
}

function wordsOf(html) {
  const text = new DOMParser().parseFromString(html.replace(/<\/(p|li|h\d|td|th)>/g, " $&"), "text/html").body.textContent
  const words = text.replace(/\s+/g, " ").trim()
  return words.length > 60 ? `${words.slice(0, 60).replace(/\s\S*$/, "")}…` : words
}

function nameOf(block) {
  const title = titleOf(block)
  return title ? `${kindOf(block)}: ${title}` : kindOf(block)
}

function showTitle(block) {
  block.querySelector(":scope > h3 .inline_label").textContent = titleOf(block)
}

function placeOf(block) {
  const blocks = blocksInOrder()
  return { block: nameOf(block), kind: kindOf(block), place: blocks.indexOf(block) + 1, count: blocks.length }
}

// Keeps what the person looks at where it is on the screen while `act` changes what is around it.
function keepingPlace(element, act) {
  const before = element.getBoundingClientRect().top
  act()
  window.scrollBy(0, element.getBoundingClientRect().top - before)
}

// Brings a block into view from its title on, if it is not all there already.
function reveal(block) {
  const { top, bottom } = block.getBoundingClientRect()
  const bar = document.querySelector(".ci-bar")?.getBoundingClientRect().top ?? innerHeight
  if (top < HEAD || bottom > bar) block.scrollIntoView({ block: "start" })
}

// The content editor orders blocks by style only. Reading and tabbing follow the document, so it is put in order too.
// Only what stands in the wrong place is moved: an element that is moved loses the focus.
function settle() {
  const focused = document.activeElement
  let next = machine().querySelector(".empty-form")
  for (const block of blocksInOrder().reverse()) {
    if (block.nextElementSibling !== next) machine().insertBefore(block, next)
    next = block
  }
  if (focused !== document.activeElement && machine().contains(focused)) focused.focus({ preventScroll: true })
}

function move(block, step) {
  const blocks = blocksInOrder()
  const from = blocks.indexOf(block)
  const to = from + step
  if (to < 0 || to >= blocks.length) return announce(texts.stays, { block: nameOf(block) })
  blocks.splice(from, 1)
  blocks.splice(to, 0, block)
  keepingPlace(block, () => {
    blocks.forEach((each, index) => {
      orderOf(each).value = each.style.order = 10 * (index + 1)
    })
    settle()
  })
  orderOf(block).dispatchEvent(new Event("change", { bubbles: true }))
  announce(texts.moved, placeOf(block))
}

// Deleting. A block that is deleted stays in its place as a line with a way back, until the form is saved.

function deletionOf(block) {
  const there = block.querySelector(":scope > h3 [name$='-DELETE']")
  if (there) return there
  const field = document.createElement("input")
  Object.assign(field, { type: "checkbox", name: orderOf(block).name.replace(/ordering$/, "DELETE"), hidden: true })
  block.querySelector(":scope > h3").append(field)
  return field
}

const isDeleted = (block) => block.classList.contains("for-deletion")

function setDeleted(block, deleted) {
  const field = deletionOf(block)
  keepingPlace(block, () => {
    field.checked = deleted
    block.classList.toggle("for-deletion", deleted)
  })
  field.dispatchEvent(new Event("change", { bubbles: true }))
  block.querySelector(deleted ? ".ci-undelete" : ".ci-delete").focus({ preventScroll: true })
  announce(deleted ? texts.deleted : texts.kept, { block: nameOf(block) })
}

// Copying. The form is saved first, and the copy is made of what was saved. On a phone its language stays the one that is shown.

function saveAndCopy(block) {
  const { form } = keyOf(block)
  const submitter = Object.assign(document.createElement("button"), { name: "_next", hidden: true })
  const language = document.querySelector(".ci-languages")?.offsetParent ? form.dataset.shownLanguage : "en"
  submitter.value = `copy-block:${keyOf(block).value}:${language}`
  form.append(submitter)
  form.requestSubmit(submitter)
}

// Buttons in the title of a block

function button(block, sign, text, act) {
  const element = document.createElement("button")
  element.type = "button"
  element.textContent = sign
  element.className = "ci-tool"
  element.addEventListener("click", (event) => {
    event.preventDefault()
    event.stopPropagation()
    act()
  })
  nameAs(element, block, text)
  return element
}

// Gives an element its name, and gives it anew whenever something is written in its block.
function nameAs(element, block, text) {
  const call = () => {
    element.title = fill(text, { block: nameOf(block) })
    element.setAttribute("aria-label", element.title)
  }
  block.addEventListener("input", call)
  call()
}

function foldButton(block) {
  const element = button(block, "▾", texts.fold, () => setFolded(block, !isFolded(block)))
  element.classList.add("ci-fold")
  const show = () => element.setAttribute("aria-expanded", String(!isFolded(block)))
  new MutationObserver(() => {
    show()
    rememberFolded()
  }).observe(block, { attributeFilter: ["class"] })
  show()
  return element
}

function equip(block) {
  const title = block.querySelector(":scope > h3")
  if (!title || title.querySelector(".ci-tools")) return
  const tools = document.createElement("span")
  tools.className = "ci-tools"
  tools.append(
    foldButton(block),
    button(block, "↑", texts.up, () => move(block, -1)),
    button(block, "↓", texts.down, () => move(block, 1)),
  )
  const ends = document.createElement("span")
  ends.className = "ci-tools ci-tools--end"
  const remove = button(block, texts.delete[0], texts.delete[1], () => setDeleted(block, true))
  const restore = button(block, texts.undelete[0], texts.undelete[1], () => setDeleted(block, false))
  remove.classList.add("ci-delete")
  restore.classList.add("ci-undelete")
  ends.append(button(block, texts.copy[0], texts.copy[1], () => saveAndCopy(block)), remove, restore)
  title.querySelector(".inline_label").after(tools)
  title.append(ends)
  title.querySelector(".inline-deletelink")?.parentElement.remove()
  const show = () => {
    showTitle(block)
    title.setAttribute("aria-label", nameOf(block)) // or it would be read with the names of its buttons
  }
  show()
  block.addEventListener("input", show)
  block.classList.toggle("for-deletion", deletionOf(block).checked)
  const key = keyOf(block)
  if (!key.value) key.value = newKey()
  equipInsertion(block)
}

const keyOf = (block) => block.querySelector("[name$='-known_as']")

// By its key a block is known again when it is saved, also one that is new.
const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("")

// Folding: remembered for each page by this browser. A long page opens folded the first time.

const MANY = 12
const STORE = `blocks folded ${location.pathname}`

const isFolded = (block) => block.classList.contains("collapsed")

function setFolded(block, folded) {
  block.classList.toggle("collapsed", folded)
}

function setAllFolded(folded) {
  for (const block of blocksInOrder()) setFolded(block, folded)
  announce(folded ? texts.allFolded : texts.allUnfolded, {})
}

function rememberFolded() {
  try {
    localStorage.setItem(STORE, JSON.stringify(blocksInOrder().filter(isFolded).map((block) => keyOf(block).value)))
  } catch {} // private windows may have no store
}

function restoreFolded() {
  let folded = null
  try {
    folded = JSON.parse(localStorage.getItem(STORE))
  } catch {}
  const blocks = blocksInOrder()
  for (const block of blocks) {
    const wasFolded = folded ? folded.includes(keyOf(block).value) : blocks.length > MANY
    setFolded(block, wasFolded && !block.querySelector(".errorlist"))
  }
}

function foldAllButtons() {
  const row = document.createElement("span")
  row.className = "ci-fold-all"
  for (const [text, folded] of [[texts.foldAll, true], [texts.unfoldAll, false]]) {
    const element = document.createElement("button")
    Object.assign(element, { type: "button", className: "ci-tool", textContent: text })
    element.addEventListener("click", () => setAllFolded(folded))
    row.append(element)
  }
  document.querySelector(".tabs.regions").append(row)
}

// Inserting

function asButton(element) {
  element.setAttribute("role", "button")
  element.tabIndex = 0
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    element.click()
  })
}

let insertingFrom = null

function equipInsertion(block) {
  const target = block.querySelector(":scope > .order-machine-insert-target")
  if (!target || target.tabIndex === 0) return
  asButton(target)
  nameAs(target, block, texts.insert)
  target.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    insertingFrom = target
    document.querySelector(".plugin-buttons .plugin-button:not(.content-editor-hide)").focus()
    announce(texts.choose, {})
  })
}

function equipPalette() {
  const palette = document.querySelector(".plugin-buttons")
  all(".plugin-button", palette).forEach(asButton)
  palette.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && insertingFrom) insertingFrom.focus()
  })
}

function addRow() {
  const row = document.createElement("div")
  row.className = "ci-add"
  row.setAttribute("role", "group")
  row.setAttribute("aria-label", texts.add)
  const label = document.createElement("span")
  label.textContent = texts.add
  row.append(label)
  // A kind that the template of the page does not have is offered nowhere.
  const offered = window.ContentEditor.plugins.filter(({ regions }) => !regions || regions.includes("main"))
  for (const plugin of offered) {
    const element = document.createElement("button")
    element.type = "button"
    element.className = "button"
    element.textContent = plugin.title
    element.addEventListener("click", () => {
      window.ContentEditor._insertBefore = null
      window.ContentEditor.addContent(plugin.prefix)
    })
    row.append(element)
  }
  document.querySelector(".order-machine-wrapper").after(row)
}

// Watching

function noteAdded(event) {
  const block = event.target
  if (!machine().contains(block)) return
  equip(block)
  settle()
  const fields = [...block.querySelectorAll("fieldset :is(input:not([type=hidden]), textarea, [role=textbox])")]
  fields.find((field) => field.offsetParent)?.focus({ preventScroll: true }) // on a phone, one language is shown
  reveal(block)
  announce(texts.added, placeOf(block))
}

document.addEventListener("content-editor:ready", () => {
  if (!window.ContentEditor.allowChange) return
  all(".inline-related:not(.empty-form)", machine()).forEach(equip)
  equipPalette()
  foldAllButtons()
  restoreFolded()
  addRow()
  settle()
  document.addEventListener("formset:added", (event) => setTimeout(() => noteAdded(event)))
  document.addEventListener("dragend", () => setTimeout(settle))
})
