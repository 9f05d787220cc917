// Images of the library within a text, as the editor holds them: each is one thing, shown by its file.
//
// What is saved is an `img` that names the image by its key, for which no browser has an address. So in the editor's own
// HTML it is an element of another name, which loads nothing.

import { Node as EditorNode } from "django-prose-editor/editor"

const ELEMENT = "ci-image"
const NAMES = ["src", "alt", "default", "width", "height", "file"]

export const savedImages = (html) => html.replaceAll(`<${ELEMENT} `, "<img ").replaceAll(`></${ELEMENT}>`, ">")

// What is said in the place of an image: its own text, that of the library, or nothing.
export const textOf = (attrs) => attrs.alt ?? attrs.default ?? ""
export const keyOf = ({ src }) => src?.slice("image:".length)

function addressOf({ file }, media) {
  const [name, ...widths] = (file ?? "").split(" ")
  return widths.length ? `${media}images/${name.split(".")[0]}/${widths[0]}.webp` : ""
}

export const InlineImage = EditorNode.create({
  name: "inlineImage",
  group: "inline",
  inline: true,
  atom: true,
  draggable: true,
  addOptions: () => ({ media: "/admin/media/" }),
  addAttributes: () => Object.fromEntries(NAMES.map((name) => [name, { default: null }])),
  parseHTML: () => [{ tag: `img[src^="image:"]` }, { tag: `${ELEMENT}[src^="image:"]` }],
  renderHTML: ({ HTMLAttributes }) => [ELEMENT, HTMLAttributes],
  renderText: ({ node }) => textOf(node.attrs),
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("img")
      dom.className = "ci-inline-image"
      dom.src = addressOf(node.attrs, this.options.media)
      dom.alt = textOf(node.attrs) || keyOf(node.attrs)
      dom.title = textOf(node.attrs)
      return { dom }
    }
  },
})

// How many images a change has left out because paragraphs became headings, terms or code, which have none. Somebody who
// deletes an image makes no such block of another.
export function countLeftOut({ docChanged, before, doc }) {
  if (!docChanged) return 0
  const [old, now] = [before, doc].map((each) => {
    const counts = { images: 0, others: 0 }
    each.descendants((node) => {
      if (node.type.name === "inlineImage") counts.images++
      if (node.isTextblock && node.type.name !== "paragraph") counts.others++
    })
    return counts
  })
  return now.others > old.others ? Math.max(old.images - now.images, 0) : 0
}

// A selection that may become an image: among words, and not in a heading, a term, code or a footnote.
export const canHaveImage = (editor) =>
  editor.isActive("inlineImage") || (editor.isActive("paragraph") && !editor.isActive("footnote"))
