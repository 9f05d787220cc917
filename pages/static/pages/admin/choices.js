// Offers every partner organization, or every file to download, in each list of choices: the form itself holds only
// those that are chosen there. It holds all terms of vocabularies. Where there are many of any, they are found by typing a
// part of their name, of what is shared in either language. One that is not there yet is added in a dialog.

import { openNewPart } from "pages-admin/new-part"
import { fill as fillText, texts as words } from "pages-admin/words"

const FEW = 8

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()

// By the kind of choices: all that the form does not hold, the words in which it is found, and what is said about that.
const kinds = new Map(
  ["partners", "downloads", "terms"].map((kind) => {
    const all = JSON.parse(document.getElementById(`all-${kind}`)?.textContent ?? "[]")
    const searched = new Map(all.map(([key, label, others]) => [String(key), plain(`${label} ${others}`)]))
    return [kind, { all, searched, texts: words[kind] }]
  }),
)
const kindOf = (box) => kinds.get(box.dataset.choices)

function choice(box, key, label, language) {
  const input = document.createElement("input")
  Object.assign(input, { type: "checkbox", id: `${box.id}_${key}`, name: box.id.replace(/^id_/, ""), value: key })
  const named = document.createElement("label")
  named.htmlFor = input.id
  const words = Object.assign(document.createElement("span"), { textContent: label, lang: language })
  named.append(input, " ", language ? words : label)
  const row = document.createElement("div")
  row.append(named)
  return row
}

function fill(box) {
  if (box.id.includes("__prefix__") || box.dataset.filled) return
  box.dataset.filled = "yes"
  const { all } = kindOf(box)
  if (box.dataset.choices !== "terms") {
    const chosen = new Map([...box.querySelectorAll("input")].map((input) => [input.value, input.closest("div")]))
    box.replaceChildren(...all.map(([key, label, , language]) => chosen.get(String(key)) ?? choice(box, key, label, language)))
  }
  if (box.children.length > FEW) addSearch(box)
  if (box.dataset.new) addButton(box)
}

function addButton(box) {
  const { texts } = kindOf(box)
  const opener = Object.assign(document.createElement("button"), { type: "button", className: "button ci-new-part", textContent: texts.new })
  opener.addEventListener("click", () => openNewPart({ url: box.dataset.new, title: texts.title, onAdded: (part) => take(box, part) }))
  box.after(opener)
}

// A new part is offered by every list, and chosen in the one that it was added in.
function take(box, [key, label, others, language]) {
  const kind = kindOf(box)
  kind.all.push([key, label, others, language])
  kind.searched.set(String(key), plain(`${label} ${others}`))
  for (const each of document.querySelectorAll(`[data-choices="${box.dataset.choices}"][data-filled]`)) {
    const row = choice(each, key, label, language)
    row.hidden = each !== box && Boolean(document.getElementById(`${each.id}_search`))
    each.append(row)
  }
  box.hidden = false
  const input = document.getElementById(`${box.id}_${key}`)
  input.click()
  input.focus()
  document.getElementById("announcements").textContent = fillText(kind.texts.added, { name: label })
}

// Shows those that are chosen and those whose names hold every word that was typed.
function show(box, text) {
  const { searched } = kindOf(box)
  const parts = plain(text).split(/\s+/).filter(Boolean)
  let found = 0
  for (const row of box.children) {
    const { checked, value } = row.querySelector("input")
    const named = searched.get(value) ?? plain(row.textContent)
    const isFound = parts.length > 0 && parts.every((part) => named.includes(part))
    row.hidden = !checked && !isFound
    found += isFound ? 1 : 0
  }
  box.hidden = [...box.children].every((row) => row.hidden)
  return parts.length ? found : null
}

function addSearch(box) {
  const { texts } = kindOf(box)
  const field = document.createElement("input")
  Object.assign(field, { type: "search", id: `${box.id}_search`, className: "ci-find", autocomplete: "off" })
  field.placeholder = texts.search
  field.setAttribute("aria-label", texts.search)
  field.setAttribute("aria-controls", box.id)
  box.before(field)
  const search = () => {
    const found = show(box, field.value)
    if (found !== null) document.getElementById("announcements").textContent = fillText(texts.found, { found })
  }
  field.addEventListener("input", (event) => {
    event.stopPropagation() // nothing of the page has changed
    search()
  })
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return
    event.preventDefault() // or the form would be sent
    const found = [...box.querySelectorAll(":scope > div:not([hidden]) input:not(:checked)")]
    if (found.length === 1) found[0].click()
    field.select()
  })
  box.addEventListener("change", () => show(box, field.value))
  show(box, "")
}

const fillAll = (root) => root.querySelectorAll("[data-choices]").forEach(fill)

fillAll(document)
document.addEventListener("formset:added", (event) => fillAll(event.target))
