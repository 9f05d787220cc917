// A field with a list of what was found for it, which the arrow keys walk through: in the dialogs for links, facts and images.

import { element, fetchJson, field } from "pages-admin/dialog"

// A subclass gives `find`, which answers what was typed with a list of things, `describe`, the elements of one of them,
// and `take`, which shows the one whose key was chosen.
export class Finder {
  constructor(url, { name, words }) {
    this.url = url
    this.name = name
    this.words = words
    this.turn = 0
    this.list = element("ul", { id: `ci-${name}-found`, role: "listbox", className: "ci-link-pages", "aria-label": words.found })
    this.status = element("p", { role: "status", className: "ci-dialog__hint" })
    this.input = element("input", {
      id: `ci-${name}-search`,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      maxLength: 200,
      "aria-controls": this.list.id,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
    })
    this.chosen = element("p", { className: "ci-link-chosen", hidden: true })
    this.panel = element("div", {}, field(words.search, this.input, words.searchHint), this.list, this.status, this.chosen)
    this.waiting = 0 // keys that are not answered yet
    this.answered = Promise.resolve()
    this.isStale = false // while the list is not yet that of what is typed
    this.input.addEventListener("input", () => {
      this.isStale = true
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.search(), 150)
    })
    this.input.addEventListener("keydown", (event) => this.onKey(event))
    this.list.addEventListener("mousedown", (event) => event.preventDefault()) // the field keeps the focus
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]")
      if (option) this.choose(option.dataset.key)
    })
  }

  get options() {
    return [...this.list.children]
  }

  get active() {
    return this.options.find((option) => option.getAttribute("aria-selected") === "true")
  }

  fetch(parameters) {
    return fetchJson(this.url, parameters)
  }

  async search() {
    const mine = ++this.turn
    const typed = this.input.value
    try {
      const found = await this.find(typed)
      if (mine !== this.turn) return
      this.list.replaceChildren(...found.map((thing, index) => this.option(thing, index)))
      this.status.textContent = found.length ? "" : this.words.nothing
    } catch {
      if (mine !== this.turn) return
      this.list.replaceChildren()
      this.status.textContent = this.words.failed
    }
    this.isStale = this.input.value !== typed
    this.input.setAttribute("aria-expanded", String(this.options.length > 0))
    this.activate(null)
  }

  option(thing, index) {
    const about = { role: "option", id: `ci-${this.name}-option-${index}`, className: "ci-link-page", "data-key": thing.key, "aria-selected": "false" }
    return element("li", about, ...this.describe(thing))
  }

  activate(option) {
    for (const each of this.options) each.setAttribute("aria-selected", String(each === option))
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id)
      option.scrollIntoView({ block: "nearest" })
    } else this.input.removeAttribute("aria-activedescendant")
  }

  // Keys are answered one after the other: each waits until the list is that of what is typed.
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const isChoice = event.key === "Enter" && (this.waiting || this.active)
    if (!step && !isChoice) return
    event.preventDefault()
    this.waiting++
    this.answered = this.answered.then(() => this.answer(step)).finally(() => this.waiting--)
  }

  async answer(step) {
    if (this.isStale) {
      clearTimeout(this.timer)
      await this.search()
    }
    const { options, active } = this
    if (!step) return active && this.choose(active.dataset.key)
    if (!options.length) return
    const from = active ? options.indexOf(active) : step > 0 ? -1 : 0
    this.activate(options[(from + step + options.length) % options.length])
  }

  async choose(key, ...more) {
    clearTimeout(this.timer)
    const mine = ++this.turn
    try {
      const taken = await this.take(key, ...more)
      if (mine === this.turn) this.show(taken, ...more)
    } catch {
      if (mine === this.turn) this.status.textContent = this.words.gone
    }
  }

  // Begins with what was chosen before, if something was, or with the newest.
  start(key, ...more) {
    this.input.focus()
    if (key) this.choose(key, ...more)
    else this.search()
  }

  // The list is done with, and the field says what was chosen.
  settle(text) {
    this.isStale = false
    this.list.replaceChildren()
    this.input.setAttribute("aria-expanded", "false")
    this.input.removeAttribute("aria-activedescendant")
    this.input.value = text
    this.chosen.hidden = false
  }
}
