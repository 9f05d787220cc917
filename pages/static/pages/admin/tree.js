// Drags pages to another place in their list. A drop sends what the buttons “Move up” and “Move down” send: see
// `pages/admin/ordering.py`.

const form = document.getElementById("changelist-form")
const PLACES = ["before", "into", "after"]

const rowOf = (element) => element.closest?.("#result_list tbody tr")
const pageOf = (row) => row?.querySelector("[data-page]")?.dataset.page
const isHome = (row) => !row.querySelector(".ci-drag")

let dragged = null

// In the upper quarter of a row a page comes before it, in the lower quarter after it, and between them under it.
function placeIn(row, y) {
  if (isHome(row)) return "into"
  const { top, height } = row.getBoundingClientRect()
  const part = (y - top) / height
  return part < 0.25 ? "before" : part > 0.75 ? "after" : "into"
}

function show(row, place) {
  for (const other of document.querySelectorAll("#result_list tbody tr")) {
    for (const name of PLACES) other.classList.toggle(`ci-drop-${name}`, other === row && name === place)
  }
}

function send(url, value) {
  const button = Object.assign(document.createElement("button"), { name: "to", value, hidden: true })
  button.setAttribute("formaction", url)
  form.append(button)
  form.requestSubmit(button)
}

for (const handle of form?.querySelectorAll(".ci-drag") ?? []) handle.hidden = false

form?.addEventListener("dragstart", (event) => {
  const handle = event.target.closest?.(".ci-drag")
  if (!handle) return
  dragged = handle
  event.dataTransfer.effectAllowed = "move"
  event.dataTransfer.setData("text/plain", pageOf(rowOf(handle)))
  event.dataTransfer.setDragImage(rowOf(handle), 0, 0)
})

form?.addEventListener("dragover", (event) => {
  const row = rowOf(event.target)
  const takes = dragged && pageOf(row) && row !== rowOf(dragged)
  show(takes ? row : null, takes && placeIn(row, event.clientY))
  if (!takes) return
  event.preventDefault()
  event.dataTransfer.dropEffect = "move"
})

form?.addEventListener("drop", (event) => {
  const row = rowOf(event.target)
  if (!dragged || !pageOf(row) || row === rowOf(dragged)) return
  event.preventDefault()
  send(dragged.dataset.url, `${placeIn(row, event.clientY)}:${pageOf(row)}`)
})

form?.addEventListener("dragend", () => {
  dragged = null
  show(null)
})
