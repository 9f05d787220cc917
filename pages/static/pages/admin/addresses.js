// Suggests the address of a page from its title, as long as nobody has written another, and shows the whole web address.

import { fill, texts as words } from "pages-admin/words"

// As `pages/slugs.py` writes a text in an address.
const LETTERS = { œ: "oe", æ: "ae", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", ß: "ss", þ: "th" }
const MAX_LENGTH = 80

function slug(text) {
  const letters = text.normalize("NFKD").toLowerCase().replace(/[œæøđðłıßþ]/g, (letter) => LETTERS[letter])
  return letters.replace(/[\u0300-\u036f]+/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")
}

// Whole words only.
const shortened = (address) =>
  address.length > MAX_LENGTH ? address.slice(0, MAX_LENGTH + 1).replace(/-[^-]*$/, "") : address

const IS_NEW = !document.querySelector("[data-autosave]")

// The home page, which alone has no parent, has no address of its own.
const isHome = () => document.getElementById("id_parent")?.value.trim() === ""

function suggestFrom(title, field) {
  let suggested = ""
  const suggest = () => {
    if (field.value !== suggested || isHome()) return
    suggested = shortened(slug(title.value))
    if (field.value === suggested) return
    field.value = suggested
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
  title.addEventListener("input", suggest)
  if (IS_NEW) suggest() // the title may have been asked for before
}

function showWhole(field) {
  const note = document.createElement("p")
  note.className = "ci-counter ci-web-address"
  note.id = `${field.id}_whole`
  field.after(note)
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${note.id}`.trim())
  const show = () => {
    const address = field.dataset.webAddress + field.value.trim()
    note.textContent = field.value.trim() ? fill(words.form.webAddress, { address }) : ""
  }
  field.addEventListener("input", show)
  show()
}

for (const field of document.querySelectorAll("[data-web-address]")) {
  showWhole(field)
  const title = document.getElementById(field.id.replace("address", "title"))
  if (title) suggestFrom(title, field)
}
