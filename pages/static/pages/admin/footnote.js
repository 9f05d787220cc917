// Footnotes, as the editor holds them: words in the text, right after those that they are about.

import { Mark } from "django-prose-editor/editor"

let count = 0

// Two in a row are two, although they look the same: each has a number of its own, which is not saved.
export const Footnote = Mark.create({
  name: "footnote",
  priority: 1100, // around links and all other marks
  exitable: true,
  addAttributes: () => ({
    number: { default: null, parseHTML: () => ++count, renderHTML: () => ({}) },
    lang: { default: null },
    dir: { default: null },
  }),
  parseHTML: () => [{ tag: "span[role=doc-footnote]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["span", { role: "doc-footnote", ...HTMLAttributes }, 0],
})

// Where the footnote around the cursor begins and ends, and its words; null elsewhere, and where some have marks or links.
export function footnoteHere({ doc, selection }) {
  const { $from } = selection
  const mark = [...$from.marks(), ...($from.nodeAfter?.marks ?? [])].find(({ type }) => type.name === "footnote")
  if (!mark) return null
  let [from, to, text, isPlain] = [null, null, "", true]
  doc.nodesBetween($from.start(), $from.end(), (node, place) => {
    if (!node.isInline || !mark.isInSet(node.marks)) return
    from ??= place
    to = place + node.nodeSize
    text += node.text ?? " "
    isPlain &&= node.isText && node.marks.length === 1
  })
  return { mark, from, to, text, isPlain }
}

export const newFootnote = (text) => ({ type: "text", text, marks: [{ type: "footnote", attrs: { number: ++count } }] })
export const footnoteAttributes = () => ({ number: ++count })
