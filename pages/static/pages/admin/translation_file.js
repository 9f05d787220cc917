// Shows what a translation file changes as soon as it is chosen; the text above the field says so.

for (const input of document.querySelectorAll("[data-submit-when-chosen]")) {
  input.addEventListener("change", () => input.files.length && input.form.requestSubmit())
}
