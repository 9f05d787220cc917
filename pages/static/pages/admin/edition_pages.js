// An edition in review as the pages that it makes, English and French beside each other, or one at a time where it is narrow.

import { fetchPage, fit, followLinks, WIDTHS, write } from "pages-admin/framed-page"

const section = document.getElementById("pages")
const problems = section?.querySelector("[role='status']")
const [en, fr] = section?.querySelectorAll("iframe") ?? []
const frames = { en, fr }
let leader = null // the frame that is scrolled by the person, which the other one follows

const chosen = (name) => section.querySelector(`[name="page-${name}"]:checked`).value
const fitAll = () => Object.values(frames).forEach((frame) => fit(frame, WIDTHS[chosen("width")]))

function choose(language) {
  section.querySelector(`[name="page-language"][value="${language}"]`).checked = true
  showChoice()
  frames[language].focus()
}

function showChoice() {
  section.dataset.shown = chosen("language")
  fitAll()
}

// The block at the top of a frame, and how much of it is above the top.
function placeIn(frame) {
  const blocks = [...frame.contentDocument.querySelectorAll("[data-block]")]
  const above = blocks.filter((block) => block.getBoundingClientRect().top <= 1)
  const block = above.at(-1)
  if (!block) return null
  const { top, height } = block.getBoundingClientRect()
  return { key: block.dataset.block, part: -top / height }
}

function scrollAlong(from, to) {
  if (leader !== from || !to.contentDocument) return
  const place = placeIn(from)
  if (!place) return to.contentWindow.scrollTo({ top: from.contentWindow.scrollY, behavior: "instant" })
  const block = to.contentDocument.querySelector(`[data-block="${CSS.escape(place.key)}"]`)
  if (!block) return
  const { top, height } = block.getBoundingClientRect()
  to.contentWindow.scrollBy({ top: top + place.part * height, behavior: "instant" })
}

async function show(language, other) {
  const frame = frames[language]
  const { page, problem } = await fetchPage(section.dataset[language])
  if (problem) {
    problems.textContent = section.dataset[problem]
    return
  }
  await write(frame, page)
  followLinks(frame, section.dataset, choose)
  for (const act of ["pointerover", "focusin", "keydown", "wheel", "touchstart"])
    frame.contentDocument.addEventListener(act, () => (leader = frame), { passive: true })
  frame.contentWindow.addEventListener("scroll", () => scrollAlong(frame, frames[other]), { passive: true })
}

if (section) {
  section.hidden = false
  section.addEventListener("change", showChoice)
  for (const frame of Object.values(frames)) new ResizeObserver(fitAll).observe(frame.parentElement)
  showChoice()
  show("en", "fr")
  show("fr", "en")
}
