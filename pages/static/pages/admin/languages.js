// On a phone the fields of one language at a time, English or French: both stay in the form, and the stylesheet hides one.

import { fill, texts as words } from "pages-admin/words"

const texts = words.languages
const form = document.querySelector("#content-main form")
const NAMES = ["en", "fr"]

function markFields(root) {
  for (const field of root.querySelectorAll(".form-multiline > div > .fieldBox")) {
    const language = field.className.match(/field-\w+_(en|fr)\b/)?.[1]
    if (language) field.parentElement.dataset.fieldLanguage = language
  }
}

const labelOf = (language) => choice.querySelector(`[value="${language}"]`).nextElementSibling
const hasErrors = (language) => form.querySelector(`[data-field-language="${language}"] .errorlist`) !== null

function show(language) {
  form.dataset.shownLanguage = language
  choice.querySelector(`[value="${language}"]`).checked = true
}

// For as long as the window is open, a form shows the language that was chosen last: also after it is saved.
const STORE = "language shown"

function remember(language) {
  try {
    sessionStorage.setItem(STORE, language)
  } catch {} // private windows may have no store
}

function recall() {
  try {
    return NAMES.find((language) => language === sessionStorage.getItem(STORE))
  } catch {
    return undefined
  }
}

function markErrors() {
  for (const language of NAMES) {
    const name = texts[language]
    labelOf(language).textContent = hasErrors(language) ? fill(texts.errors, { language: name }) : name
  }
}

function makeChoice() {
  const group = Object.assign(document.createElement("fieldset"), { className: "ci-languages ci-segments" })
  const legend = Object.assign(document.createElement("legend"), { className: "ci-unseen", textContent: texts.name })
  group.append(legend)
  for (const value of NAMES) {
    const label = document.createElement("label")
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "shown-language", value })
    label.append(input, document.createElement("span"))
    group.append(label)
  }
  group.addEventListener("change", ({ target }) => {
    show(target.value)
    remember(target.value)
  })
  return group
}

const choice = makeChoice()

if (form) markFields(form)
if (form?.querySelector("[data-field-language]")) {
  form.before(choice) // outside: it is no field of the form
  markErrors()
  const preferred = recall() ?? (document.documentElement.lang.startsWith("fr") ? "fr" : "en")
  show([preferred, ...NAMES].find(hasErrors) ?? preferred)
  form.addEventListener("draft:saved", () => setTimeout(markErrors))
  form.addEventListener("language:show", ({ target }) => {
    const language = target.closest("[data-field-language]")?.dataset.fieldLanguage
    if (language) show(language)
  })
}
