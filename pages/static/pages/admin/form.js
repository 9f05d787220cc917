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

let errors = document.getElementById("errors")
let isChanged = Boolean(errors)

// After a refusal the bar goes on saying that nothing was saved, with the way to the reasons.
function showChanged() {
  const place = document.getElementById("unsaved")
  if (!place || errors) return
  place.textContent = isChanged ? texts.unsaved : ""
  place.classList.remove("ci-bar__unsaved--told")
}

function noteChange() {
  if (isChanged) return
  isChanged = true
  showChanged()
}

// A draft that has saved itself: what was refused before is right now, and new pictures are stored.
function noteSaved({ detail: { isCurrent, images } }) {
  errors?.remove()
  errors = null
  for (const list of form.querySelectorAll(".errorlist")) list.remove()
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid")
  for (const row of form.querySelectorAll(".errors")) row.classList.remove("errors")
  for (const [key, kept] of Object.entries(images)) keepPicture(key, kept)
  isChanged = !isCurrent
  showChanged()
}

function mindChanges() {
  for (const name of ["input", "change"]) form.addEventListener(name, noteChange)
  for (const name of ["formset:added", "formset:removed"]) document.addEventListener(name, noteChange)
  form.addEventListener("submit", () => {
    isChanged = false
  })
  form.addEventListener("draft:saved", noteSaved)
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

function keepPicture(key, kept) {
  const mark = [...form.querySelectorAll('[name$="-known_as"]')].find((field) => field.value === key)
  const input = mark?.closest(".inline-related").querySelector("[data-picture]")
  if (!input?.files.length) return
  const box = input.closest(".ci-picture")
  let hidden = box.querySelector('[name$="-kept"]')
  if (!hidden) {
    hidden = document.createElement("input")
    Object.assign(hidden, { type: "hidden", name: `${input.name}-kept` })
    box.append(hidden)
  }
  hidden.value = kept
  box.querySelector(".ci-quiet").textContent = fill(texts.pictureSaved, { name: input.files[0].name })
  input.value = ""
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

function leadTo(field) {
  field.closest(".inline-related")?.classList.remove("collapsed")
  field.dispatchEvent(new CustomEvent("language:show", { bubbles: true }))
  const details = field.closest("details")
  if (details) details.open = true
  if ("richText" in field.dataset) field.dispatchEvent(new CustomEvent("rich-text:focus", { bubbles: true }))
  else (field.matches("input, select, textarea") ? field : field.querySelector("input"))?.focus()
  field.closest(".form-row")?.scrollIntoView({ block: "nearest" })
}

function leadToField() {
  const field = fieldOf(location.hash)
  if (field) leadTo(field)
}

// What kept the form from being saved

// The content editor keeps in the address where the screen was, and would lead back there, past the list of errors.
function stayAtTop() {
  const state = new URLSearchParams(location.hash.slice(1))
  if (!state.has("scrollY")) return
  state.delete("scrollY")
  history.replaceState(history.state, "", `#${state}`)
}

// By hand: a link to the same field twice, or to one that an editor of rich text covers, would lead nowhere.
function leadFromError(event) {
  const href = event.target.closest("#errors a, #unsaved a")?.getAttribute("href")
  if (!href?.startsWith("#")) return
  event.preventDefault()
  if (href === "#errors") errors.focus()
  else leadTo(document.getElementById(href.slice(1)))
}

function showErrors() {
  stayAtTop()
  history.scrollRestoration = "manual"
  form.addEventListener("click", leadFromError)
  const show = () => {
    for (const list of document.querySelectorAll(".inline-related .errorlist")) {
      list.closest(".inline-related").classList.remove("collapsed")
    }
    errors.focus()
  }
  if (document.getElementById("content-editor-context")) document.addEventListener("content-editor:ready", show)
  else show()
}

// What has the focus is not left behind the bar, however many rows the bar has.
function keepClearOfBar() {
  const bar = document.querySelector(".ci-bar")
  if (!bar) return
  const root = document.documentElement
  new ResizeObserver(() => {
    root.style.setProperty("scroll-padding-bottom", `${bar.offsetHeight + 16}px`)
  }).observe(bar)
  // An editor of rich text brings only its cursor into view.
  form.addEventListener("focusin", ({ target }) => requestAnimationFrame(() => {
    const { bottom, height } = target.getBoundingClientRect()
    const edge = bar.getBoundingClientRect().top
    if (!bar.contains(target) && bottom > edge && bottom < edge + bar.offsetHeight + height && height < edge - 64) {
      window.scrollBy(0, bottom - edge + 16)
    }
  }))
}

// On a phone the bar is one row, and “More” shows the rest of it.
function foldBar() {
  const bar = document.querySelector(".ci-bar")
  const more = document.getElementById("more")
  if (!more) return
  const fold = (isFolded) => {
    bar.classList.toggle("ci-bar--folded", isFolded)
    bar.classList.toggle("ci-bar--open", !isFolded)
    more.setAttribute("aria-expanded", String(!isFolded))
  }
  more.hidden = false
  more.addEventListener("click", () => fold(!bar.classList.contains("ci-bar--folded")))
  bar.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || bar.classList.contains("ci-bar--folded")) return
    fold(true)
    more.focus()
  })
  fold(true)
}

if (form) {
  foldBar()
  addCounters(form)
  keepClearOfBar()
  document.addEventListener("formset:added", (event) => addCounters(event.target))
  form.addEventListener("change", showPicture)
  form.addEventListener("click", takeTheirs)
  mindChanges()
  if (errors) showErrors()
  window.addEventListener("hashchange", leadToField)
  if (document.querySelector(".order-machine") || !document.getElementById("content-editor-context")) leadToField()
  else document.addEventListener("content-editor:ready", leadToField)
}
