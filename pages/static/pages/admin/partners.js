// Offers every partner organization in each list of choices: the form itself holds only those that are chosen there.

const all = JSON.parse(document.getElementById("all-partners")?.textContent ?? "[]")

function choice(box, key, label) {
  const input = document.createElement("input")
  Object.assign(input, { type: "checkbox", id: `${box.id}_${key}`, name: box.id.replace(/^id_/, ""), value: key })
  const named = document.createElement("label")
  named.htmlFor = input.id
  named.append(input, ` ${label}`)
  const row = document.createElement("div")
  row.append(named)
  return row
}

function fill(box) {
  if (box.id.includes("__prefix__")) return
  const chosen = new Map([...box.querySelectorAll("input")].map((input) => [input.value, input.closest("div")]))
  box.replaceChildren(...all.map(([key, label]) => chosen.get(String(key)) ?? choice(box, key, label)))
}

const fillAll = (root) => root.querySelectorAll("[data-partners]").forEach(fill)

fillAll(document)
document.addEventListener("formset:added", (event) => fillAll(event.target))
