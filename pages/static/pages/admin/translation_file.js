// Shows what a translation file changes as soon as it is chosen; the text above the field says so.

for (const input of document.querySelectorAll("[data-submit-when-chosen]")) {
  const button = input.form.querySelector("[type=submit]")
  input.addEventListener("change", () => input.files.length && input.form.requestSubmit())
  // It is sent once: a second time, without the file, would take the place of what it shows.
  input.form.addEventListener("submit", () => (button.disabled = true))
  window.addEventListener("pageshow", () => (button.disabled = false))
}
