// A form that changes something is sent once, however often its button or Enter is pressed before the answer is there.
// No module: one that comes before the import map of a form would make some browsers refuse the map.

{
  // An answer that is no new page, such as a file to save, leaves the form where it is: it can be sent again after that.
  const PAUSE = 10_000
  const sent = new Set()

  document.addEventListener("submit", (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== "post") return
    if (sent.has(form)) return event.preventDefault()
    sent.add(form)
    setTimeout(() => sent.delete(form), PAUSE)
  })

  // Whoever comes back to a form may send it again.
  addEventListener("pageshow", () => sent.clear())
}
