// Lets a person set the focal point of an image by selecting it on the image, and shows what is cut around it. The two fields
// of numbers stay, and say the same: they need no script, and take the keyboard.

import { fill, texts } from "pages-admin/words"

const words = texts.focus
const picture = document.querySelector(".field-image .ci-picture__now")
const fields = ["x", "y"].map((name) => document.getElementById(`id_focus_${name}`))
if (picture && fields.every(Boolean)) offer()

function element(name, className, text = "") {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function offer() {
  const box = element("div", "ci-focus")
  const frame = element("div", "ci-focus__image")
  const mark = element("span", "ci-focus__mark")
  const whole = element("img", "")
  const cut = element("img", "ci-focus__cut")
  for (const each of [whole, cut]) Object.assign(each, { src: picture.src, alt: "" })
  const clear = element("button", "button ci-focus__clear", words.clear)
  clear.type = "button"
  mark.setAttribute("aria-hidden", "true")
  frame.title = words.point
  frame.append(whole, mark)
  const preview = element("div", "ci-focus__preview")
  preview.append(element("p", "ci-quiet", words.preview), cut, clear)
  box.append(element("p", "ci-quiet", words.help), frame, preview)
  fields[0].closest(".form-row").before(box)

  const isChosen = () => fields.some((field) => field.value !== "")
  const point = () => fields.map((field) => Math.min(100, Math.max(0, field.value === "" ? 50 : Number(field.value) || 0)))
  const show = () => {
    const [across, down] = point()
    const isSet = isChosen()
    mark.hidden = preview.hidden = !isSet
    Object.assign(mark.style, { left: `${across}%`, top: `${down}%` })
    cut.style.objectPosition = `${across}% ${down}%`
  }
  const set = (values) => {
    fields.forEach((field, index) => {
      field.value = values[index]
      field.dispatchEvent(new Event("input", { bubbles: true }))
    })
  }
  frame.addEventListener("click", (event) => {
    const { left, top, width, height } = whole.getBoundingClientRect()
    const share = (part, of) => Math.round(Math.min(1, Math.max(0, part / of)) * 100)
    set([share(event.clientX - left, width), share(event.clientY - top, height)])
    const [across, down] = point()
    const announcements = document.getElementById("announcements")
    if (announcements) announcements.textContent = fill(words.chosen, { across, down })
  })
  clear.addEventListener("click", () => {
    set(["", ""])
    fields[0].focus()
  })
  fields.forEach((field) => field.addEventListener("input", show))
  show()
}
