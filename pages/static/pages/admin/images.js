// Choosing an image of the library in the form of a page: found by words, and by looking at it.

import { button, element, fetchJson, field, LANGUAGES, openFrame } from "pages-admin/dialog"
import { fill, texts } from "pages-admin/words"

const words = texts.images
const form = document.getElementById("page_form")

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
      const { images } = await fetchJson(this.url, { q: this.input.value })
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
    const choice = element("button", { type: "button" }, picture, element("span", {}, image.title), element("small", {}, image.size))
    choice.addEventListener("click", () => this.onChoice(image))
    return element("li", {}, choice)
  }
}

function open(box) {
  const finder = new Finder(box.dataset.libraryImage, (image) => {
    choose(box, image)
    dialog.close()
  })
  const cancel = button(words.cancel, "cancel")
  cancel.addEventListener("click", () => dialog.close())
  const buttons = element("div", { className: "ci-dialog__buttons" }, cancel)
  const onClose = () => box.querySelector("[data-choose-image]").focus()
  const dialog = openFrame({ title: words.title, className: "ci-dialog--images", onClose }, field(words.search, finder.input), finder.status, finder.list, buttons)
  finder.input.focus()
  finder.search()
}

form?.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-choose-image]")
  if (opener) open(opener.closest("[data-library-image]"))
})
for (const name of ["formset:added", "content-editor:ready"]) document.addEventListener(name, showButtons)
showButtons()
