// The dialog in which an image of the library is chosen for a place in a text, and what is said to those who do not see it.
// Images are found as one types, by their titles and texts in either language.

import { ask, element, field } from "pages-admin/dialog"
import { Finder } from "pages-admin/finder"
import { fill, texts } from "pages-admin/words"

const words = texts.inlineImages

class ImageFinder extends Finder {
  constructor(url, onChoice) {
    super(url, { name: "image", words })
    this.onChoice = onChoice
    this.image = null
  }

  async find(typed) {
    return (await this.fetch({ q: typed })).images
  }

  describe(image) {
    return [thumbnail(image), element("span", { className: "ci-link-page__title" }, image.title), element("span", { className: "ci-link-page__details" }, image.size)]
  }

  async take(key) {
    return (await this.fetch({ image: key })).image
  }

  show(image, said) {
    this.image = image
    this.settle(image.title)
    this.status.textContent = ""
    this.chosen.replaceChildren(thumbnail(image), fill(words.chosen, { title: image.title }))
    this.onChoice(image, said)
  }

  get chosenImage() {
    return this.image && this.input.value === this.image.title ? this.image : null
  }
}

const thumbnail = ({ src }) => element("img", { className: "ci-link-page__image", src, alt: "" })

// What is said: the text of the library, one of its own, or nothing because the image is decoration.
class Saying {
  constructor(language) {
    this.language = language
    this.own = element("input", { id: "ci-image-text", name: "text", type: "text", maxLength: 300, lang: language, autocomplete: "off" })
    this.fromLibrary = element("span", { lang: language })
    const choices = [["library", `${words.fromLibrary} `, this.fromLibrary], ["own", words.own], ["none", words.decorative]].map(([value, ...label]) =>
      element("label", {}, element("input", { type: "radio", name: "said", value }), element("span", {}, ...label)),
    )
    this.row = field(words.text, this.own, words.textHint)
    this.panel = element("fieldset", { className: "ci-link-kinds ci-link-kinds--column", hidden: true }, element("legend", {}, words.said), ...choices, this.row)
    this.radios = [...this.panel.querySelectorAll("[type=radio]")]
    for (const radio of this.radios) radio.addEventListener("change", () => this.showRow())
  }

  show(image, alt) {
    const text = image.texts[this.language]
    this.fromLibrary.textContent = text || words.noText
    this.radios[0].disabled = !text
    this.own.value = alt || ""
    this.choose(alt === "" ? "none" : alt || !text ? "own" : "library")
    this.panel.hidden = false
  }

  choose(value) {
    for (const radio of this.radios) radio.checked = radio.value === value
    this.showRow()
  }

  showRow() {
    this.row.hidden = this.value !== "own"
  }

  get value() {
    return this.radios.find((radio) => radio.checked)?.value
  }

  // null for the text of the library; undefined while its own is not written.
  get alt() {
    if (this.value === "own") return this.own.value.trim() || undefined
    return this.value === "none" ? "" : null
  }
}

// Asks for an image. Gives { image, alt }, "remove", or null when the person thinks better of it; `key` and `alt` are those
// of the one that is there.
export function askForImage({ key, alt, language, url, isRemovable }) {
  const saying = new Saying(language)
  const finder = new ImageFinder(url, (image, said) => saying.show(image, said))
  return ask({
    title: isRemovable ? words.change : words.add,
    className: "ci-dialog--link",
    parts: [finder.panel, saying.panel],
    done: isRemovable ? texts.dialogs.done : words.insert,
    remove: isRemovable && words.remove,
    answer(_form, refuse) {
      const image = finder.chosenImage
      if (!image) return refuse(words.refused, finder.input)
      if (saying.alt === undefined) return refuse(words.empty, saying.own)
      return { image, alt: saying.alt }
    },
    start: () => finder.start(key, alt),
  })
}
