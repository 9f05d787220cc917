// On a narrow screen the rows of a table are cards, in which each value needs the name of its column.
// No module: one that comes before the import map of a form would make some browsers refuse the map.

{
  const labelCells = (table) => {
    const heads = [...table.tHead.rows[0].cells]
    const toggle = table.querySelector("#action-toggle")
    if (toggle) toggle.closest(".text").dataset.label = toggle.getAttribute("aria-label")
    for (const row of table.tBodies[0].rows) {
      for (const [place, cell] of [...row.cells].entries()) {
        if (cell.tagName !== "TD" || cell.matches(".action-checkbox")) continue
        cell.dataset.label = heads[place]?.textContent.trim() ?? ""
        if (cell.textContent.trim() === "–") cell.dataset.empty = "yes"
      }
    }
    table.classList.add("ci-cards")
  }

  for (const table of document.querySelectorAll("#result_list, .ci-scroll > table[data-cards]")) labelCells(table)
}
