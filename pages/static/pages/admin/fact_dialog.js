// The dialog in which a fact is chosen: the words of its figure come into the text, in the language of the text. Facts are
// found as one types, by their names in either language or by their figures.

import { ask, element, LANGUAGES } from "pages-admin/dialog"
import { Finder } from "pages-admin/finder"
import { fill, texts } from "pages-admin/words"

const words = texts.facts

class FactFinder extends Finder {
  constructor(url, language) {
    super(url, { name: "fact", words })
    this.language = language
    this.fact = null
  }

  async find(typed) {
    return (await this.fetch({ q: typed })).facts
  }

  describe(fact) {
    const names = LANGUAGES.map((language) => element("span", { lang: language, className: "ci-link-page__title" }, fact.names[language]))
    return [...names, element("span", { className: "ci-link-page__details" }, detailsOf(fact))]
  }

  async take(key) {
    return (await this.fetch({ fact: key })).fact
  }

  show(fact) {
    this.fact = fact
    this.settle(nameOf(fact))
    this.status.textContent = ""
    const inserted = element("strong", { lang: this.language }, fact.words[this.language])
    const [before, after = ""] = words.chosen.split("{words}")
    this.chosen.replaceChildren(before, inserted, after, ` (${detailsOf(fact)})`)
  }

  get chosenFact() {
    return this.fact && this.input.value === nameOf(this.fact) ? this.fact : null
  }
}

const nameOf = ({ names }) => LANGUAGES.map((language) => names[language]).join(" / ")

function detailsOf({ words: inLanguages, asOf, isOverdue }) {
  const figures = LANGUAGES.map((language) => inLanguages[language]).join(" / ")
  return [figures, asOf && fill(words.asOf, { date: asOf }), isOverdue && words.overdue].filter(Boolean).join(" · ")
}

// Asks for a fact. Gives it, "remove", or null when the person thinks better of it; `key` is that of the one that is there.
export function askForFact({ key, language, url, isRemovable }) {
  const finder = new FactFinder(url, language)
  return ask({
    title: isRemovable ? words.change : words.add,
    className: "ci-dialog--link",
    parts: [finder.panel],
    done: words.insert,
    remove: isRemovable && words.remove,
    answer: (_form, refuse) => finder.chosenFact ?? refuse(words.refused, finder.input),
    start: () => finder.start(key),
  })
}
