// The words of the scripts, which the server writes into the page in the language of the person.

const element = document.getElementById("page-form-texts")

export const texts = JSON.parse(element.textContent)

// fill("{count} of {limit}", { count: 1, limit: 2 }) is "1 of 2"
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name])
