// Keys for the list of reports. They act only while the focus is in the list, so that they disturb nobody elsewhere.

const list = document.getElementById("result_list")

const rows = () => [...list.querySelectorAll("tbody tr")]

const go = (row, step) => {
  const all = rows()
  const next = all[all.indexOf(row) + step]
  next?.querySelector("th a")?.focus()
}

const KEYS = {
  j: (row) => go(row, 1),
  k: (row) => go(row, -1),
  x: (row) => row.querySelector(".action-select")?.click(),
}

list?.addEventListener("keydown", (event) => {
  const row = event.target.closest("tbody tr")
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (row && plain && KEYS[event.key]) {
    event.preventDefault()
    KEYS[event.key](row)
  }
})
