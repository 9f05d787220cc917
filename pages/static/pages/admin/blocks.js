// Blocks by keyboard and for screen readers: what the content editor offers to the mouse, as buttons with names.

import { fill, texts as words } from "pages-admin/words"

const texts = words.blocks
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

function nameOf(block) {
  const field = block.querySelector('[name$="-heading_en"], [name$="-title_en"], [name$="-caption_en"]')
  const other = field && block.querySelector(`[name="${field.name.replace(/_en$/, "_fr")}"]`)
  const written = field?.value.trim() || other?.value.trim()
  return written ? `${kindOf(block)}: ${written}` : kindOf(block)
}

function placeOf(block) {
  const blocks = blocksInOrder()
  return { block: nameOf(block), kind: kindOf(block), place: blocks.indexOf(block) + 1, count: blocks.length }
}

// The content editor orders blocks by style only. Reading and tabbing follow the document, so it is put in order too.
function settle() {
  const end = machine().querySelector(".empty-form")
  const focused = document.activeElement
  for (const block of blocksInOrder()) machine().insertBefore(block, end)
  if (focused !== document.activeElement && machine().contains(focused)) focused.focus()
}

// Django numbers the forms anew when a new one is removed, and needs those that are saved to come first.
function unsettle() {
  const number = (block) => Number(block.id.match(/-(\d+)$/)?.[1])
  const end = machine().querySelector(".empty-form")
  const blocks = all(".inline-related:not(.empty-form)", machine()).sort((a, b) => number(a) - number(b))
  for (const block of blocks) machine().insertBefore(block, end)
}

function move(block, step) {
  const blocks = blocksInOrder()
  const from = blocks.indexOf(block)
  const to = from + step
  if (to < 0 || to >= blocks.length) return announce(texts.stays, { block: nameOf(block) })
  blocks.splice(from, 1)
  blocks.splice(to, 0, block)
  blocks.forEach((each, index) => {
    orderOf(each).value = each.style.order = 10 * (index + 1)
  })
  settle()
  block.scrollIntoView({ block: "nearest" })
  orderOf(block).dispatchEvent(new Event("change", { bubbles: true }))
  announce(texts.moved, placeOf(block))
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
  const element = button(block, "▾", texts.fold, () => block.classList.toggle("collapsed"))
  const show = () => element.setAttribute("aria-expanded", String(!block.classList.contains("collapsed")))
  new MutationObserver(show).observe(block, { attributeFilter: ["class"] })
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
  title.querySelector(".inline_label").after(tools)
  equipInsertion(block)
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
  for (const plugin of window.ContentEditor.plugins) {
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
  block.querySelector("fieldset input:not([type=hidden]), fieldset textarea")?.focus()
  announce(texts.added, placeOf(block))
}

function noteDeletion(event) {
  if (!event.target.matches('input[name$="-DELETE"]')) return
  const block = event.target.closest(".inline-related")
  announce(event.target.checked ? texts.deleted : texts.kept, { block: nameOf(block) })
}

document.addEventListener("content-editor:ready", () => {
  if (!window.ContentEditor.allowChange) return
  all(".inline-related:not(.empty-form)", machine()).forEach(equip)
  equipPalette()
  addRow()
  settle()
  document.addEventListener("formset:added", (event) => setTimeout(() => noteAdded(event)))
  document.addEventListener("formset:removed", () => setTimeout(() => {
    settle()
    announce(texts.removed, {})
  }))
  document.addEventListener("click", (event) => event.target.closest(".inline-deletelink") && unsettle(), true)
  document.addEventListener("dragend", () => setTimeout(settle))
  machine().addEventListener("change", noteDeletion)
})
