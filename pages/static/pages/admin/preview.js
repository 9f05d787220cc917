// The preview beside the form: what is saved, in either language, at the block in hand.

import { fetchPage, fit, followLinks, MARGIN, WIDTHS, write } from "pages-admin/framed-page"
import { texts as words } from "pages-admin/words"

const texts = words.preview
const form = document.getElementById("page_form")
const panel = document.getElementById("preview")
const opener = document.getElementById("preview-button")
const frame = panel?.querySelector("iframe")
const state = document.getElementById("preview-state")

const BESIDE = matchMedia("(min-width: 1100px)") // narrower, the panel lies over the form
const STILL = matchMedia("(prefers-reduced-motion: reduce)")
const STORE = "preview beside the form"

let turn = 0
let unsaved = "" // why the draft could not be saved
let keyInHand = "" // of the block; "" for the top of the page

const chosen = (name) => panel.querySelector(`[name="preview-${name}"]:checked`).value
const shown = () => frame.contentDocument
const isFilled = () => Boolean(shown()?.querySelector("main"))
const sectionOf = (key) => (key ? shown().querySelector(`[data-block="${CSS.escape(key)}"]`) : null)

// What is shown

async function refresh() {
  const mine = ++turn
  const language = chosen("language")
  const { page, banner, problem } = await fetchPage(panel.dataset[language])
  if (mine !== turn) return
  if (problem) return tell({ problem: texts[problem] })
  frame.title = texts.titles[language]
  if (isFilled()) replaceContent(page)
  else await fill(page)
  tell({ problem: unsaved, saved: banner.dataset.saved })
}

function tell({ problem = "", saved = state.lastElementChild.textContent }) {
  state.firstElementChild.textContent = problem
  state.lastElementChild.textContent = saved
}

async function fill(next) {
  await write(frame, next)
  followLinks(frame, panel.dataset, (language) => choose("language", language))
  shown().addEventListener("keydown", closeByKey)
  scrollToBlock("instant")
}

// Nothing is loaded anew, so nothing flashes; what did not change stays as it is, with its pictures.
function replaceContent(next) {
  const { documentElement: root, defaultView: view } = shown()
  const wasThere = Boolean(sectionOf(keyInHand))
  const top = topOf(keyInHand)
  const { scrollY } = view
  const body = shown().adoptNode(next.body)
  for (const section of body.querySelectorAll("[data-block]")) {
    const before = sectionOf(section.dataset.block)
    if (before?.isEqualNode(section)) section.replaceWith(before)
  }
  root.lang = next.documentElement.lang
  shown().title = next.title
  shown().body.replaceWith(body)
  openFolds(sectionOf(keyInHand))
  if (sectionOf(keyInHand) && !wasThere) return scrollToBlock()
  view.scrollTo({ top: scrollY + topOf(keyInHand) - top, behavior: "instant" })
}

// Where it is

const topOf = (key) => (sectionOf(key) || shown().documentElement).getBoundingClientRect().top

function openFolds(section) {
  for (const fold of section?.querySelectorAll("details") ?? []) fold.open = true
}

function scrollToBlock(behavior = STILL.matches ? "instant" : "smooth") {
  const section = sectionOf(keyInHand)
  if (keyInHand && !section) return // it has not been saved yet
  openFolds(section)
  const { defaultView: view } = shown()
  view.scrollTo({ top: section ? view.scrollY + topOf(keyInHand) - MARGIN : 0, behavior })
}

function noteFocus({ target }) {
  if (target.closest(".ci-bar")) return
  const key = target.closest(".inline-related")?.querySelector("[name$='-known_as']")?.value ?? ""
  if (key === keyInHand) return
  keyInHand = key
  if (panel.open && isFilled()) scrollToBlock()
}

function choose(name, value) {
  panel.querySelector(`[name="preview-${name}"][value="${value}"]`).checked = true
  noteChoice()
}

const fitAgain = () => fit(frame, WIDTHS[chosen("width")])

// Opening and closing

function remember() {
  try {
    const values = { open: panel.open, language: chosen("language"), width: chosen("width") }
    localStorage.setItem(STORE, JSON.stringify(values))
  } catch {} // private windows may have no store
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {}
  } catch {
    return {}
  }
}

// Beside the form, both are worked in; over it, only the preview is.
function place() {
  if (BESIDE.matches) panel.setAttribute("open", "")
  else panel.showModal()
  showOpen()
}

function showOpen() {
  const { classList } = document.documentElement
  classList.toggle("ci-with-preview", panel.open)
  classList.toggle("ci-with-preview--desktop", panel.open && chosen("width") === "desktop")
  opener.setAttribute("aria-expanded", String(panel.open))
}

function open() {
  place()
  remember()
  refresh()
  form.dispatchEvent(new CustomEvent("draft:wanted"))
}

function close() {
  const hadFocus = panel.contains(document.activeElement)
  panel.close()
  showOpen()
  remember()
  if (hadFocus) opener.focus()
}

function closeByKey(event) {
  if (event.key !== "Escape") return
  event.preventDefault()
  close()
}

// What could not be saved is told, and what is shown stays.
function noteDraft(problem) {
  unsaved = problem
  if (problem) tell({ problem })
  else if (panel.open) refresh()
}

function noteChoice(event) {
  document.getElementById("preview-whole").href = panel.dataset[chosen("language")]
  showOpen()
  remember()
  fitAgain()
  if (event?.target.name === "preview-width") scrollToBlock("instant")
  else refresh()
}

function placeAgain() {
  if (!panel.open) return
  panel.close()
  if (BESIDE.matches) place()
  else close()
}

function start() {
  const { open: wasOpen, language, width } = recall()
  if (language) panel.querySelector(`[name="preview-language"][value="${language}"]`).checked = true
  if (width) panel.querySelector(`[name="preview-width"][value="${width}"]`).checked = true
  opener.hidden = false
  opener.addEventListener("click", () => (panel.open ? close() : open()))
  document.getElementById("preview-close").addEventListener("click", close)
  panel.addEventListener("change", noteChoice)
  panel.addEventListener("keydown", closeByKey)
  form.addEventListener("focusin", noteFocus)
  form.addEventListener("draft:saved", () => noteDraft(""))
  form.addEventListener("draft:unsaved", ({ detail }) => noteDraft(detail))
  BESIDE.addEventListener("change", placeAgain)
  new ResizeObserver(fitAgain).observe(frame.parentElement)
  if (wasOpen && BESIDE.matches) open()
}

if (form && panel) start()
