// Lets a person choose on the image itself which part of it pages show: by drawing, moving and stretching a rectangle, or with
// the arrow keys. The four fields of numbers stay, and say the same: they need no script.

import { fill, texts } from "pages-admin/words"

const words = texts.crop
const MIN_SIDE = 16
const STEP = 10 // pixels of the image that an arrow key moves by

for (const [crop, image] of [["crop", "image"], ["crop_fr", "image_fr"]]) {
  const picture = document.getElementById(`id_${image}`)?.closest(".ci-picture")?.querySelector(".ci-picture__now")
  const box = document.getElementById(`id_${crop}`)?.closest("[data-crop][data-width]")
  if (picture && box) offer(box, picture)
}

function element(name, className, properties = {}) {
  return Object.assign(document.createElement(name), { className, ...properties })
}

const between = (least, value, most) => Math.min(most, Math.max(least, value))

function offer(box, picture) {
  const [width, height] = [Number(box.dataset.width), Number(box.dataset.height)]
  const fields = [...box.querySelectorAll("input")]
  const frame = element("div", "ci-crop__image")
  const whole = element("img", "", { src: picture.src, alt: "", draggable: false })
  const part = element("div", "ci-crop__part", { tabIndex: 0 })
  const corner = element("span", "ci-crop__corner")
  part.setAttribute("role", "group")
  part.setAttribute("aria-label", words.part)
  part.append(corner)
  frame.append(whole, part)
  const begin = element("button", "button", { type: "button", textContent: words.begin })
  const clear = element("button", "button", { type: "button", textContent: words.clear })
  const buttons = element("p", "ci-crop__buttons")
  buttons.append(begin, clear)
  box.append(element("p", "ci-quiet", { textContent: words.help }), frame, buttons)

  const rectangle = () => (fields.some(({ value }) => value === "") ? null : fields.map(({ value }) => Number(value)))
  const show = () => {
    const found = rectangle()
    part.hidden = clear.hidden = !found
    begin.hidden = Boolean(found)
    if (!found) return
    const sizes = [width, height, width, height]
    const [left, top, across, down] = found.map((value, index) => `${(100 * value) / sizes[index]}%`)
    Object.assign(part.style, { left, top, width: across, height: down })
  }
  // Takes a rectangle, within the image and large enough.
  const set = ([left, top, across, down]) => {
    across = between(Math.min(MIN_SIDE, width), Math.round(across), width)
    down = between(Math.min(MIN_SIDE, height), Math.round(down), height)
    const values = [between(0, Math.round(left), width - across), between(0, Math.round(top), height - down), across, down]
    fields.forEach((field, index) => {
      field.value = values[index]
      field.dispatchEvent(new Event("input", { bubbles: true }))
    })
  }
  const announce = () => {
    const [left, top, across, down] = rectangle()
    document.getElementById("announcements").textContent = fill(words.chosen, { left, top, width: across, height: down })
  }
  const place = ({ clientX, clientY }) => {
    const { left, top, width: shown, height: tall } = whole.getBoundingClientRect()
    return [between(0, (clientX - left) / shown, 1) * width, between(0, (clientY - top) / tall, 1) * height]
  }

  frame.addEventListener("pointerdown", (event) => {
    event.preventDefault()
    const start = place(event)
    const before = rectangle()
    const way = event.target === corner ? "stretch" : event.target === part ? "move" : "draw"
    frame.setPointerCapture(event.pointerId)
    const follow = (moved) => {
      const [x, y] = place(moved)
      const [across, down] = [x - start[0], y - start[1]]
      if (way === "move") set([before[0] + across, before[1] + down, before[2], before[3]])
      else if (way === "stretch") set([before[0], before[1], Math.min(before[2] + across, width - before[0]), Math.min(before[3] + down, height - before[1])])
      else if (Math.abs(across) + Math.abs(down) > 4) set([Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(across), Math.abs(down)])
    }
    const end = () => {
      frame.removeEventListener("pointermove", follow)
      part.focus()
      if (rectangle()) announce()
    }
    frame.addEventListener("pointermove", follow)
    frame.addEventListener("pointerup", end, { once: true })
  })
  part.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key]
    if (!step) return
    event.preventDefault()
    const [left, top, across, down] = rectangle()
    if (event.shiftKey) set([left, top, Math.min(across + step[0], width - left), Math.min(down + step[1], height - top)])
    else set([left + step[0], top + step[1], across, down])
    announce()
  })
  begin.addEventListener("click", () => {
    set([width / 10, height / 10, (width * 8) / 10, (height * 8) / 10])
    part.focus()
    announce()
  })
  clear.addEventListener("click", () => {
    for (const field of fields) {
      field.value = ""
      field.dispatchEvent(new Event("input", { bubbles: true }))
    }
    fields[0].focus()
  })
  for (const field of fields) field.addEventListener("input", show)
  show()
}
