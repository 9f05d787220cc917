// The form as a whole: counts characters, minds unsaved changes, shows a chosen picture, leads to a field.

import { fill, texts as words } from "pages-admin/words"

const texts = words.form
const form = document.querySelector("#content-main form")

// Characters

function addCounter(field) {
  if (field.id.includes("__prefix__") || field.dataset.counted) return
  field.dataset.counted = "yes"
  const limit = Number(field.dataset.measure)
  const counter = document.createElement("p")
  counter.className = "ci-counter"
  counter.id = `${field.id}_count`
  field.after(counter)
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${counter.id}`.trim())
  const show = () => {
    const count = [...field.value.trim()].length
    counter.textContent = fill(count > limit ? texts.over : texts.count, { count, limit })
    counter.classList.toggle("ci-counter--over", count > limit)
  }
  field.addEventListener("input", show)
  show()
}

const addCounters = (root) => root.querySelectorAll("[data-measure]").forEach(addCounter)

// Unsaved changes

let isChanged = Boolean(document.querySelector(".errornote"))

function showChanged() {
  const place = document.getElementById("unsaved")
  if (place) place.textContent = isChanged ? texts.unsaved : ""
}

function noteChange() {
  if (isChanged) return
  isChanged = true
  showChanged()
}

function mindChanges() {
  for (const name of ["input", "change"]) form.addEventListener(name, noteChange)
  for (const name of ["formset:added", "formset:removed"]) document.addEventListener(name, noteChange)
  form.addEventListener("submit", () => {
    isChanged = false
  })
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault()
  })
  showChanged()
}

// Pictures

function showPicture(event) {
  const input = event.target
  const file = input.files?.[0]
  if (!("picture" in input.dataset) || !file) return
  const box = input.closest(".ci-picture")
  let picture = box.querySelector(".ci-picture__now")
  if (!picture) {
    picture = document.createElement("img")
    picture.className = "ci-picture__now"
    picture.alt = ""
    box.prepend(picture)
  }
  picture.src = URL.createObjectURL(file)
  let note = box.querySelector(".ci-quiet")
  if (!note) {
    note = document.createElement("p")
    note.className = "ci-quiet"
    picture.after(note)
  }
  note.textContent = fill(texts.picture, { name: file.name })
}

// The text of the other person, when two have changed the same field

function takeTheirs({ target }) {
  const { useTheirs: name, text } = target.dataset
  if (!name) return
  const field = form.elements[name]
  if ("richText" in field.dataset) {
    field.dispatchEvent(new CustomEvent("rich-text:replace", { bubbles: true, detail: text }))
  } else {
    field.value = text
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
  target.disabled = true
}

// A link from a list of reasons leads to its field: #id_<name>, or #block-<key>-<name> within a block.

function fieldOf(fragment) {
  const inBlock = fragment.match(/^#block-([\w-]+)-(\w+)$/)
  if (!inBlock) return fragment.startsWith("#id_") ? document.getElementById(fragment.slice(1)) : null
  const [, key, name] = inBlock
  const mark = document.querySelector(`.inline-related:not(.empty-form) input[name$="-known_as"][value="${key}"]`)
  return mark?.closest(".inline-related").querySelector(`[name$="-${name}"]`)
}

function leadToField() {
  const field = fieldOf(location.hash)
  if (!field) return
  field.closest(".inline-related")?.classList.remove("collapsed")
  const details = field.closest("details")
  if (details) details.open = true
  const isRichText = "richText" in field.dataset
  if (isRichText) field.dispatchEvent(new CustomEvent("rich-text:focus", { bubbles: true }))
  else field.focus()
}

if (form) {
  addCounters(form)
  document.addEventListener("formset:added", (event) => addCounters(event.target))
  form.addEventListener("change", showPicture)
  form.addEventListener("click", takeTheirs)
  mindChanges()
  window.addEventListener("hashchange", leadToField)
  if (document.querySelector(".order-machine") || !document.getElementById("content-editor-context")) leadToField()
  else document.addEventListener("content-editor:ready", leadToField)
}
