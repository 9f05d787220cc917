// Choosing an image of the library in the form of a page: found by words, and by looking at it.

import { fill, texts } from "pages-admin/words"

const words = texts.images
const LANGUAGES = ["en", "fr"]
const form = document.getElementById("page_form")

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

function showButtons() {
  for (const button of document.querySelectorAll("[data-choose-image]")) button.hidden = false
}

// What is said of an image below it

function alternative({ texts: found }) {
  const shown = LANGUAGES.filter((language) => found[language])
  if (!shown.length) return words.noText
  const parts = shown.map((language) => element("span", { lang: language }, found[language]))
  return element("span", {}, `${words.text} `, ...parts.flatMap((part, index) => (index ? [" / ", part] : [part])))
}

function choose(box, image) {
  box.querySelector("[data-chosen-image]").replaceChildren(
    element("img", { className: "ci-picture__now", src: image.src, alt: "" }),
    element("p", { className: "ci-quiet" }, fill(words.chosen, { name: image.title })),
    element("p", { className: "ci-quiet" }, alternative(image)),
  )
  box.querySelector('input[type="file"]').value = ""
  const clear = box.querySelector('[name$="-clear"]')
  if (clear) clear.checked = false
  const hidden = box.querySelector('[name$="-kept"]')
  hidden.value = image.id
  hidden.dispatchEvent(new Event("change", { bubbles: true }))
}

// The dialog

class Finder {
  constructor(url, onChoice) {
    this.url = url
    this.onChoice = onChoice
    this.turn = 0
    this.input = element("input", { id: "ci-image-search", type: "search", autocomplete: "off", maxLength: 200 })
    this.status = element("p", { role: "status", className: "ci-dialog__hint" })
    this.list = element("ul", { className: "ci-images" })
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.search(), 200)
    })
  }

  async search() {
    const mine = ++this.turn
    try {
      const answer = await fetch(`${this.url}?${new URLSearchParams({ q: this.input.value })}`)
      if (!answer.ok || answer.redirected) throw new Error("no answer") // redirected to where people sign in
      const { images } = await answer.json()
      if (mine !== this.turn) return
      this.list.replaceChildren(...images.map((image) => this.option(image)))
      this.status.textContent = images.length ? fill(words.found, { found: images.length }) : words.nothing
    } catch {
      if (mine !== this.turn) return
      this.list.replaceChildren()
      this.status.textContent = words.failed
    }
  }

  option(image) {
    const picture = element("img", { src: image.src, alt: "", loading: "lazy" })
    const button = element("button", { type: "button" }, picture, element("span", {}, image.title), element("small", {}, image.size))
    button.addEventListener("click", () => this.onChoice(image))
    return element("li", {}, button)
  }
}

function open(box) {
  const dialog = element("dialog", { className: "ci-dialog ci-dialog--images", "aria-labelledby": "ci-images-title" })
  const finder = new Finder(box.dataset.libraryImage, (image) => {
    choose(box, image)
    dialog.close()
  })
  const cancel = element("button", { type: "button", className: "button" }, words.cancel)
  cancel.addEventListener("click", () => dialog.close())
  dialog.append(
    element("h2", { id: "ci-images-title" }, words.title),
    element("div", { className: "ci-dialog__field" }, element("label", { htmlFor: finder.input.id }, words.search), finder.input),
    finder.status,
    finder.list,
    element("div", { className: "ci-dialog__buttons" }, cancel),
  )
  dialog.addEventListener("close", () => {
    dialog.remove()
    box.querySelector("[data-choose-image]").focus()
  })
  document.body.append(dialog)
  dialog.showModal()
  finder.input.focus()
  finder.search()
}

form?.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-choose-image]")
  if (button) open(button.closest("[data-library-image]"))
})
for (const name of ["formset:added", "content-editor:ready"]) document.addEventListener(name, showButtons)
showButtons()
