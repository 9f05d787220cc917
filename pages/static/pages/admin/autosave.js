// Saves the draft by itself, a few seconds after typing stops. What cannot be sent is kept in this browser.

import { fill, texts as words } from "pages-admin/words"

const texts = words.autosave
const form = document.getElementById("page_form")
const bar = document.querySelector(".ci-bar")
const saved = document.getElementById("saved")
const unsaved = document.getElementById("unsaved")

const PAUSE = 3000 // after the last key
const LONGEST = 30000 // while somebody types without a pause
const RETRY = 10000
const PATIENCE = 20000 // for an answer
const MOST_PLAIN = 200000 // characters

const canSend = bar !== null && "autosave" in bar.dataset // a new page is saved for the first time by its author
let last = null // what the server has
let sending = null
let timer = null
let changedAt = 0
let isStopped = false // until the form is sent as a whole

const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "opened"])

function entries() {
  return [...new FormData(form)].filter(([name, value]) => !(value instanceof File && !value.size) && name !== "_next")
}

const written = (list) =>
  JSON.stringify(
    list
      .filter(([name]) => !NOT_CONTENT.has(name))
      .map(([name, value]) => [name, value instanceof File ? [value.name, value.size, value.lastModified] : value]),
  )

// When

function noteChange() {
  if (isStopped) return keepHere()
  changedAt ||= Date.now()
  const wait = Math.min(PAUSE, Math.max(0, changedAt + LONGEST - Date.now()))
  plan(wait)
}

function plan(wait) {
  clearTimeout(timer)
  timer = setTimeout(save, wait)
}

async function save() {
  if (sending) return plan(PAUSE)
  changedAt = 0
  const list = entries()
  const now = written(list)
  if (now === last) return
  if (!canSend) return keepHere(texts.local)
  sending = send(list)
  const answer = await sending
  sending = null
  take(answer, now)
}

// The server reads plain fields in a fraction of the time that it takes for parts with files. They become up to nine times
// as long, and it takes no more than some megabytes.
function bodyFor(list) {
  const isPlain = list.every(([, value]) => typeof value === "string")
  const length = list.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  return isPlain && length < MOST_PLAIN ? new URLSearchParams() : new FormData()
}

async function send(list) {
  const body = bodyFor(list)
  for (const [name, value] of list) body.append(name, value)
  body.append("_autosave", "1")
  try {
    const response = await fetch(location.pathname, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) })
    if (response.status === 403 || response.redirected) return { state: "signedOut" }
    return response.ok ? await response.json() : { state: "offline" }
  } catch {
    return { state: "offline" }
  }
}

function take(answer, sent) {
  if (answer.state === "saved") return takeSaved(answer, sent)
  keepHere()
  const message = answer.message ?? texts[answer.state]
  tell(message)
  form.dispatchEvent(new CustomEvent("draft:unsaved", { detail: message }))
  isStopped = answer.state === "conflict" || answer.state === "signedOut"
  if (answer.state === "offline") plan(RETRY)
  if (answer.state === "refused") last = sent // the same would be refused again
}

function takeSaved({ message, opened, images, bar: state }, sent) {
  last = sent
  form.elements.opened.value = opened
  saved.textContent = message
  document.getElementById("bar-state").innerHTML = state
  forget(STORE)
  const isCurrent = written(entries()) === sent
  form.dispatchEvent(new CustomEvent("draft:saved", { detail: { isCurrent, images } }))
  last = isCurrent ? written(entries()) : sent // without the files that are stored now
  if (!isCurrent) plan(PAUSE)
}

// Said once: for those who listen as well.
function tell(message) {
  saved.textContent = ""
  if (unsaved.textContent === message) return
  unsaved.textContent = message
  unsaved.classList.add("ci-bar__unsaved--told")
  document.getElementById("announcements").textContent = message
}

// Pressing a button while a draft is on its way waits for its answer: the form would otherwise look as if somebody
// else had saved meanwhile.
function waitForAnswer(event) {
  if (event.target !== form) return
  clearTimeout(timer)
  if (sending) {
    event.preventDefault()
    event.stopImmediatePropagation()
    const { submitter } = event
    sending.then(() => setTimeout(() => form.requestSubmit(submitter)))
    return
  }
  keepHere()
  remember(SUBMITTED, STORE, sessionStorage)
}

// In this browser

const STORE = `unsaved draft ${location.pathname}`
const SUBMITTED = "draft that was sent"

function remember(key, value, store = localStorage) {
  try {
    store.setItem(key, value)
  } catch {} // private windows may have no store, and a store may be full
}

function recall(key, store = localStorage) {
  try {
    return store.getItem(key)
  } catch {
    return null
  }
}

function forget(key, store = localStorage) {
  try {
    store.removeItem(key)
  } catch {}
}

function keepHere(message = "") {
  const list = entries().filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken")
  remember(STORE, JSON.stringify({ at: Date.now(), entries: list }))
  if (message) saved.textContent = message
}

// Two drafts are the same when their words are, however they are marked up and numbered.
const wordsIn = (list) =>
  list
    .filter(([name, value]) => typeof value === "string" && !/^(csrf|opened|_)|-(id|parent|ordering|known_as|FORMS|kept)$/.test(name))
    .map(([, value]) => value.replace(/<[^>]*>|&nbsp;|[\s\u00a0]/g, ""))
    .filter(Boolean)
    .sort()
    .join("\n")

function offerKept() {
  const sent = recall(SUBMITTED, sessionStorage)
  forget(SUBMITTED, sessionStorage)
  const wasSaved = document.querySelector(".messagelist .success")
  const here = wordsIn(entries())
  for (const key of new Set([STORE, sent].filter(Boolean))) {
    const kept = JSON.parse(recall(key) ?? "null")
    if (!kept) continue
    if (wasSaved || wordsIn(kept.entries) === here) forget(key)
    else if (key === STORE && !document.getElementById("errors")) showKept(kept)
  }
}

function showKept(kept) {
  const box = document.createElement("div")
  box.className = "ci-notice ci-notice--warning"
  box.setAttribute("role", "status")
  const text = document.createElement("p")
  const moment = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" })
  text.textContent = fill(texts.kept, { moment })
  const buttons = document.createElement("p")
  for (const [label, act] of [[texts.send, () => sendKept(kept)], [texts.discard, () => discard(box)]]) {
    const button = document.createElement("button")
    Object.assign(button, { type: "button", className: "button", textContent: label })
    button.addEventListener("click", act)
    buttons.append(button, " ")
  }
  box.append(text, buttons)
  form.prepend(box)
}

// Sent as it was kept: the server compares it with what has been saved since.
function sendKept(kept) {
  const copy = document.createElement("form")
  Object.assign(copy, { method: "post", action: location.pathname, enctype: form.enctype, hidden: true })
  const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]
  for (const [name, value] of [token, ...kept.entries, ["_continue", "1"]]) {
    const field = document.createElement("textarea")
    Object.assign(field, { name, value })
    copy.append(field)
  }
  remember(SUBMITTED, STORE, sessionStorage)
  document.body.append(copy)
  copy.submit()
}

function discard(box) {
  forget(STORE)
  box.remove()
}

function start() {
  last = written(entries())
  offerKept()
  for (const name of ["input", "change", "formset:added"]) document.addEventListener(name, noteChange)
  form.addEventListener("draft:wanted", () => isStopped || plan(0))
  document.addEventListener("submit", waitForAnswer, true)
  window.addEventListener("online", () => plan(0))
}

if (form && bar) document.addEventListener("content-editor:ready", () => setTimeout(start))
