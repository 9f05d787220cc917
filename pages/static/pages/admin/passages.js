// Comments on a passage: the words that are selected in the text of an edition go into the form, with the part and the language.

const text = document.getElementById("passages")
const form = document.getElementById("comment-form")
const button = document.getElementById("quote-button")
const LONGEST = 500

// What a comparison shows besides the words of the edition is no part of them.
function wordsOf(range) {
  const copy = range.cloneContents()
  for (const each of copy.querySelectorAll(".ci-unseen, .ci-state, del, summary")) each.remove()
  for (const line of copy.querySelectorAll("p")) line.append("\n")
  return copy.textContent.replace(/[^\S\n]+/g, " ").trim()
}

function selected() {
  const selection = getSelection()
  if (selection.isCollapsed || !selection.rangeCount) return null
  const range = selection.getRangeAt(0)
  const common = range.commonAncestorContainer
  const column = (common.nodeType === Node.TEXT_NODE ? common.parentElement : common).closest(".ci-column[lang]")
  if (!column || !text.contains(column)) return null
  const quote = wordsOf(range)
  return quote && { quote, language: column.lang, part: column.closest("[data-part]").dataset.part }
}

function comment() {
  const passage = selected()
  if (!passage) return
  form.elements.quote.value = passage.quote.slice(0, LONGEST)
  form.elements.part.value = passage.part
  form.elements.language.value = passage.language
  button.hidden = true
  form.elements.comment.focus()
  form.scrollIntoView({ block: "center" })
}

if (text && form && button) {
  document.addEventListener("selectionchange", () => {
    button.hidden = !selected()
  })
  button.addEventListener("mousedown", (event) => event.preventDefault()) // or the selection would be lost
  button.addEventListener("click", comment)
}
