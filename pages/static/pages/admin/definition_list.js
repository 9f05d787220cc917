// Terms with their definitions, as the editor holds them, and the keys that lead from one to the next.

import { Node } from "django-prose-editor/editor"

const element = (name, tag, more) =>
  Node.create({
    name,
    defining: true,
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
    ...more,
  })

export const DefinitionList = element("definitionList", "dl", { group: "block", content: "(term | definition)+" })

export const Term = element("term", "dt", {
  content: "(text | hardBreak | fact)*",
  addKeyboardShortcuts: () => ({ Enter: ({ editor }) => editor.commands.command(endTerm) }),
})

export const Definition = element("definition", "dd", {
  content: "block+",
  addKeyboardShortcuts: () => ({ Enter: ({ editor }) => editor.commands.command(endDefinition) }),
})

const cursorAt = (tr, selection, place) => tr.setSelection(selection.constructor.near(tr.doc.resolve(place)))

// Enter in a term: what follows the cursor is its definition. Enter in an empty term ends the list.
function endTerm({ tr, state, dispatch }) {
  const { selection, schema } = state
  const { $from, empty } = selection
  if (!empty || $from.parent.type.name !== "term") return false
  if (!dispatch) return true
  const { paragraph, definition } = schema.nodes
  if (!$from.parent.content.size) return endList(tr, selection, paragraph)
  const rest = $from.parent.content.cut($from.parentOffset)
  tr.delete($from.pos, $from.end())
  tr.insert($from.pos + 1, definition.create(null, paragraph.create(null, rest)))
  cursorAt(tr, selection, $from.pos + 3)
  return true
}

function endList(tr, selection, paragraph) {
  const { $from } = selection
  const depth = $from.depth - 1
  const isAll = $from.node(depth).childCount === 1
  const after = $from.after(depth)
  tr.insert(after, paragraph.create())
  cursorAt(tr, selection, after + 1)
  tr.delete(isAll ? $from.before(depth) : $from.before(), isAll ? after : $from.after())
  return true
}

// Enter in an empty paragraph at the end of a definition: the next term.
function endDefinition({ tr, state, dispatch }) {
  const { selection, schema } = state
  const { $from, empty } = selection
  const around = $from.depth > 1 ? $from.node(-1) : null
  const isLast = around?.type.name === "definition" && $from.index(-1) === around.childCount - 1
  if (!empty || !isLast || around.childCount < 2 || $from.parent.content.size) return false
  if (!dispatch) return true
  const after = $from.after($from.depth - 1)
  tr.insert(after, schema.nodes.term.create())
  cursorAt(tr, selection, after + 1)
  tr.delete($from.before(), $from.after())
  return true
}

// Makes of the selected paragraphs a list of terms and definitions by turns, and of a list its paragraphs.
export function toggleDefinitionList({ tr, state, dispatch }) {
  const { selection, schema } = state
  const { $from, $to } = selection
  const { paragraph, term, definition, definitionList } = schema.nodes
  for (let depth = $from.depth; depth > 0; depth--) {
    const list = $from.node(depth)
    if (list.type !== definitionList) continue
    const blocks = list.children.flatMap((child) =>
      child.type === term ? [paragraph.create(null, child.content)] : child.content.content,
    )
    if (dispatch) tr.replaceWith($from.before(depth), $from.after(depth), blocks)
    return true
  }
  const range = $from.blockRange($to)
  const chosen = range?.parent.content.content.slice(range.startIndex, range.endIndex) ?? []
  if (!chosen.length || !chosen.every((node) => node.type === paragraph)) return false
  if (!dispatch) return true
  const inTerm = (node) => node.content.content.filter((child) => term.contentMatch.matchType(child.type)) // no images
  const parts = chosen.map((node, index) =>
    index % 2 ? definition.create(null, paragraph.create(null, node.content)) : term.create(null, inTerm(node)),
  )
  if (parts.length % 2) parts.push(definition.create(null, paragraph.create()))
  tr.replaceWith(range.start, range.end, definitionList.create(null, parts))
  cursorAt(tr, selection, range.start + 2 + parts[0].content.size)
  return true
}
