// What all dialogs over a form are made of: elements, the frame that opens over the page and keeps the focus until it is
// left, and the question that a frame asks, with what is wrong said in it.

import { texts } from "pages-admin/words"

export const LANGUAGES = ["en", "fr"]

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

export function field(label, control, hint) {
  const row = element("div", { className: "ci-dialog__field" }, element("label", { htmlFor: control.id }, label), control)
  if (hint) {
    row.append(element("p", { className: "ci-dialog__hint", id: `${control.id}-hint` }, hint))
    control.setAttribute("aria-describedby", `${control.id}-hint`)
  }
  return row
}

export function button(text, value, className = "button") {
  return element("button", { textContent: text, value, className, type: value === "done" ? "submit" : "button" })
}

// An answer of the site in JSON. Throws where it gives none, or leads to where people sign in.
export async function fetchJson(url, parameters) {
  const answer = await fetch(`${url}?${new URLSearchParams(parameters)}`)
  if (!answer.ok || answer.redirected) throw new Error("no answer")
  return answer.json()
}

export const errorPlace = () => element("p", { role: "alert", className: "ci-dialog__error" })

// Opens a dialog with a title. It keeps the focus, Escape closes it, what had the focus has it again, and then it is gone.
export function openFrame({ title, className = "", onClose }, ...children) {
  const heading = element("h2", { id: "ci-dialog-title" }, title)
  const dialog = element("dialog", { className: `ci-dialog ${className}`.trim(), "aria-labelledby": heading.id }, heading, ...children)
  dialog.addEventListener("close", () => {
    dialog.remove()
    onClose?.()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

// Milliseconds within which a second Enter was meant for the dialog that the first one closed.
const SECOND_PRESS = 500

// Behind the dialog words may be selected, which that Enter would replace by an empty paragraph.
function ignoreSecondEnter() {
  const ignore = (event) => {
    if (event.key !== "Enter" || event.target.closest?.("dialog")) return // the next dialog has its own
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  addEventListener("keydown", ignore, { capture: true })
  setTimeout(() => removeEventListener("keydown", ignore, { capture: true }), SECOND_PRESS)
}

// Asks for something. Gives what `answer` gives, "remove", or null when the person thinks better of it. `answer` is called
// with the form and with `refuse`, which says what is wrong and goes to the field; for that it gives nothing. `start` is
// called once the dialog is open. With `isChecked`, the browser looks at the fields first. One answer is given, however
// often the button or Enter is pressed.
export function ask({ title, className, parts, done = texts.dialogs.done, remove, isChecked = false, answer, start }) {
  const error = errorPlace()
  const cancel = button(texts.dialogs.cancel, "cancel")
  const removal = remove ? [button(remove, "remove")] : []
  const buttons = element("div", { className: "ci-dialog__buttons" }, button(done, "done", "button default"), ...removal, cancel)
  const form = element("form", { noValidate: !isChecked }, ...parts, error, buttons)
  const refuse = (message, input) => {
    for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid")
    error.textContent = message
    input.setAttribute("aria-invalid", "true")
    input.focus()
  }
  return new Promise((resolve) => {
    const dialog = openFrame({ title, className, onClose: () => resolve(null) }, form)
    const give = (value) => {
      resolve(value)
      dialog.remove() // who asked says what has the focus now
      ignoreSecondEnter()
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      const value = answer(form, refuse)
      if (value !== undefined) give(value)
    })
    cancel.addEventListener("click", () => give(null))
    removal[0]?.addEventListener("click", () => give("remove"))
    start?.(error)
  })
}
