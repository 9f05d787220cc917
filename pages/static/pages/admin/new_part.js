// The dialog in which a partner organization or a file to download is added without leaving the form of a page. Its form
// comes from the site, which also says what is wrong with it.

import { button, element, errorPlace, openFrame } from "pages-admin/dialog"
import { texts } from "pages-admin/words"

const words = texts.newPart

async function request(url, expected, options) {
  try {
    const response = await fetch(url, options)
    if (response.redirected || [200, 403].includes(response.status) && !expected.includes(response.status)) throw new Error("signedOut")
    if (!expected.includes(response.status)) throw new Error("failed")
    return response
  } catch ({ message }) {
    throw new Error(words[message] ?? words.failed) // the network has messages of its own
  }
}

class NewPartDialog {
  constructor({ url, title, onAdded }) {
    Object.assign(this, { url, title, onAdded })
    this.problem = errorPlace()
    this.place = element("div")
    this.done = button(words.add, "done", "button default")
    this.done.setAttribute("form", "ci-new-part")
  }

  async open() {
    const cancel = button(words.cancel, "cancel")
    const buttons = element("div", { className: "ci-dialog__buttons" }, this.done, cancel)
    this.dialog = openFrame({ title: this.title, className: "ci-dialog--link" }, this.place, this.problem, buttons)
    cancel.addEventListener("click", () => this.dialog.close())
    try {
      this.show(await (await request(this.url, [200])).text())
    } catch (error) {
      this.problem.textContent = error.message
    }
  }

  // Shows the form, and goes to its first field, or to the first that something is wrong with.
  show(html) {
    this.place.innerHTML = html
    const form = this.place.querySelector("form")
    form.id = "ci-new-part"
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.send(form)
    })
    const fields = [...form.querySelectorAll("select, textarea, input:not([type=hidden])")]
    const wrong = fields.find((field) => field.getAttribute("aria-invalid") === "true")
    ;(wrong ?? fields[0]).focus()
  }

  async send(form) {
    if (this.done.disabled) return
    this.done.disabled = true // once, however often Enter is pressed
    this.problem.textContent = ""
    try {
      const response = await request(this.url, [201, 422], { method: "POST", body: new FormData(form) })
      if (response.status === 201) this.finish((await response.json()).part)
      else this.show(await response.text())
    } catch (error) {
      this.problem.textContent = error.message
    }
    this.done.disabled = false
  }

  finish(part) {
    this.dialog.close()
    this.onAdded(part)
  }
}

export const openNewPart = (options) => new NewPartDialog(options).open()
