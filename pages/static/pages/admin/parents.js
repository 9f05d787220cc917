// Suggests pages in the field of the parent, from what is typed there.

const field = document.querySelector("[data-pages]")
const list = field && document.getElementById(field.getAttribute("list"))
let timer
let turn = 0

async function suggest() {
  const mine = ++turn
  const answer = await fetch(`${field.dataset.pages}?q=${encodeURIComponent(field.value)}`)
  if (!answer.ok || answer.redirected || mine !== turn) return // redirected to where people sign in
  const { pages } = await answer.json()
  list.replaceChildren(...pages.map((text) => Object.assign(document.createElement("option"), { value: text })))
}

if (list) {
  field.addEventListener("focus", () => field.select())
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(suggest, 150)
  })
}
