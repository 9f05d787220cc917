// Sends the files of a form one by one, and tells what became of each.

import { fill, texts } from "pages-admin/words"

const words = texts.images
const form = document.getElementById("image-upload")
const status = document.getElementById("image-status")
const bar = document.getElementById("image-progress")
const results = document.getElementById("image-results")

async function send(file) {
  const body = new FormData()
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
  body.append("files", file)
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } })
    if (!answer.ok || answer.redirected) throw new Error("no answer")
    return (await answer.json()).files[0]
  } catch {
    return { name: file.name, error: words.notSent }
  }
}

function show({ name, error, title, url, src, isKnown }) {
  const row = document.createElement("li")
  const first = document.createElement(error ? "strong" : "a")
  first.textContent = error ? name : title
  if (error) {
    const reason = document.createElement("span")
    reason.className = "ci-upload-error"
    reason.textContent = error
    row.append(first, ": ", reason)
  } else {
    first.href = url
    const picture = document.createElement("img")
    Object.assign(picture, { className: "ci-thumbnail", src, alt: "" })
    row.append(picture, first, `: ${isKnown ? words.wasKnown : words.wasAdded}`)
  }
  results.append(row)
}

async function sendAll(event) {
  event.preventDefault()
  const files = [...form.elements.files.files]
  const counts = { added: 0, known: 0, refused: 0 }
  const button = form.querySelector('[type="submit"]')
  button.disabled = true
  results.replaceChildren()
  Object.assign(bar, { hidden: false, max: files.length, value: 0 })
  for (const [index, file] of files.entries()) {
    status.textContent = fill(words.sending, { done: index + 1, count: files.length, name: file.name })
    const answer = await send(file)
    counts[answer.error ? "refused" : answer.isKnown ? "known" : "added"]++
    show(answer)
    bar.value = index + 1
  }
  status.textContent = fill(words.sent, counts)
  button.disabled = false
  form.reset()
}

form.addEventListener("submit", sendAll)
