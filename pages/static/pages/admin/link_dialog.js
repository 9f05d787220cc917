// The dialog in which a link is made or changed: to a page of the site or a section of it, to another address, to an
// e-mail address or to a telephone number. Pages are found as one types, in either language.

import { ask, element, field, LANGUAGES } from "pages-admin/dialog"
import { Finder } from "pages-admin/finder"
import { fill, texts } from "pages-admin/words"

const words = texts.links
const PAGE = /^page:([\w-]+)(?:#([\w-]+))?$/

export const isPageLink = (href) => PAGE.test(href ?? "")

// What is written in the fields, as an address; "" for what cannot be one

export function emailHref(text) {
  const address = text.trim().replace(/^mailto:/i, "")
  return /^[^\s@<>()",;:?&#]+@[^\s@<>()",;:?&#]+\.[^\s@<>()",;:?&#.]+$/.test(address) ? `mailto:${address}` : ""
}

// Ten digits are a number of North America; what follows “ext.” or « poste » is an extension.
export function phoneHref(text) {
  const [, number, extension] =
    text.trim().replace(/^tel:/i, "").match(/^(.*?)(?:[\s,;]*(?:ext(?:ension)?\.?|poste|x|;ext=)\s*(\d{1,10}))?$/i) ?? []
  if (!number || !/^\+?[\d\s().\u2011-]+$/.test(number)) return ""
  const digits = number.replace(/\D/g, "")
  if (digits.length < 3 || digits.length > 15) return ""
  const isLocal = !number.startsWith("+") && digits.length === 10
  const whole = number.startsWith("+") ? `+${digits}` : isLocal ? `+1${digits}` : digits.length === 11 && digits[0] === "1" ? `+${digits}` : digits
  return `tel:${whole}${extension ? `;ext=${extension}` : ""}`
}

// A name of a host with a full stop, maybe with a port, and what follows it: people leave out what comes before.
const HOST = /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+\.?(:\d{1,5})?([/?#].*)?$/u

export function webHref(text) {
  const address = text.trim()
  if (/^(\/(?!\/)|#.)/.test(address)) return address
  const whole = HOST.test(address) ? `https://${address}` : address.startsWith("//") ? `https:${address}` : address
  try {
    const { protocol, hostname } = new URL(whole)
    return /^https?:$/.test(protocol) && hostname.includes(".") && !/\s/.test(whole) ? whole : ""
  } catch {
    return ""
  }
}

// Says what is wrong with what was typed where a web address is asked for.
function webProblem(text) {
  const address = text.trim()
  const [, scheme] = /^([a-z][a-z0-9+-]*):/i.exec(address) ?? []
  if (emailHref(address)) return words.webProblems.email
  if (scheme && !/^https?$/i.test(scheme)) return fill(words.webProblems.scheme, { scheme: `${scheme}:` })
  if (/\s/.test(address)) return words.webProblems.space
  return words.refused.web
}

const HREFS = { web: webHref, email: emailHref, phone: phoneHref }

function kindOf(href) {
  if (!href || isPageLink(href)) return "page"
  return /^mailto:/i.test(href) ? "email" : /^tel:/i.test(href) ? "phone" : "web"
}

function titlesOf(titles) {
  const shown = LANGUAGES.filter((language) => titles[language])
  return shown.map((language) => element("span", { lang: language, className: "ci-link-page__title" }, titles[language]))
}

const pageText = ({ titles, key }) => LANGUAGES.map((language) => titles[language]).filter(Boolean).join(" / ") || key

// Finding a page, and a section of it

class PageFinder extends Finder {
  constructor(url, language) {
    super(url, { name: "link", words })
    this.language = language
    this.page = null
    this.section = element("select", { id: "ci-link-section", name: "section" })
    this.sectionRow = field(words.section, this.section)
    this.sectionRow.hidden = true
    this.panel.append(this.sectionRow)
  }

  async find(typed) {
    return (await this.fetch({ q: typed })).pages
  }

  describe(page) {
    const details = element("span", { className: "ci-link-page__details" }, `${page.addresses[this.language]} · ${page.state}`)
    return [...titlesOf(page.titles), details]
  }

  async take(key) {
    return (await this.fetch({ page: key })).page
  }

  // Takes a page, and a section of it where it has one of that key.
  show(page, section = "") {
    this.page = page
    this.settle(pageText(page))
    this.status.textContent = page.isReadable ? "" : words.notPublic
    this.chosen.replaceChildren(fill(words.chosen, { page: pageText(page) }), ` ${page.addresses[this.language]} · ${page.state}`)
    const options = partsOf(page, this.language).map(({ key, titles, level }) =>
      new Option("\u00a0".repeat(level * 3) + pageText({ titles, key }), key),
    )
    this.section.replaceChildren(new Option(words.whole, ""), ...options)
    this.section.value = section
    if (!this.section.value) this.section.value = ""
    this.sectionRow.hidden = !options.length
  }

  get href() {
    return this.page && this.input.value === pageText(this.page) ? `page:${this.page.key}${this.section.value && `#${this.section.value}`}` : ""
  }
}

// The sections of a page, and below each the headings in it, as links in a language can lead to them.
export function partsOf(page, language) {
  return page.sections.flatMap(({ key, titles, headings }) => [
    ...(key ? [{ key, titles, level: 0 }] : []),
    ...headings[language].map(({ key, title, level }) => ({ key, titles: { [language]: title }, level: level - 2 })),
  ])
}

// The part of the page that is in another language what a part is in this one: the same section, or the heading of the
// same number in it. Undefined where the languages have not the same headings.
export function counterpartOf(page, key, language, other) {
  for (const section of page.sections) {
    if (section.key === key && key) return { key, titles: section.titles }
    const [mine, theirs] = [section.headings[language], section.headings[other]]
    const index = mine.findIndex((heading) => heading.key === key)
    if (index >= 0 && mine.length === theirs.length) return { key: theirs[index].key, titles: { [other]: theirs[index].title } }
  }
}

// The dialog

function kindChoice(kind, kinds) {
  const choices = Object.entries(words.kinds).filter(([value]) => kinds.includes(value)).map(([value, label]) =>
    element("label", {}, element("input", { type: "radio", name: "kind", value, checked: value === kind }), label),
  )
  return element("fieldset", { className: "ci-link-kinds" }, element("legend", {}, words.goesTo), ...choices)
}

function panels(finder, { href, hreflang }) {
  const language = element("select", { id: "ci-link-hreflang", name: "hreflang" })
  const { languages, same } = texts.dialogs
  language.append(new Option(same, ""), ...Object.entries(languages).map(([code, name]) => new Option(name, code)))
  language.value = hreflang || ""
  const kind = kindOf(href)
  const input = (name, type, prefix) =>
    element("input", { id: `ci-link-${name}`, name, type, autocomplete: "off", value: kind === name ? decode(href.replace(prefix, "")) : "" })
  const web = element("input", { id: "ci-link-web", name: "web", type: "text", inputMode: "url", autocomplete: "off", value: kind === "web" ? href : "" })
  return {
    page: finder.panel,
    web: element("div", {}, field(words.web, web, words.webHint), field(texts.dialogs.hreflang, language)),
    email: element("div", {}, field(words.email, input("email", "text", /^mailto:/i))),
    phone: element("div", {}, field(words.phone, input("phone", "tel", /^tel:/i), words.phoneHint)),
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// Asks where a link goes. Gives { href, hreflang, text }, "remove", or null when the person thinks better of it; `text`
// is what to write where no words are selected. Without `url`, where pages are found, none are offered.
export function askForLink({ href, hreflang, language, url, isRemovable }) {
  const finder = new PageFinder(url, language)
  const kinds = Object.keys(words.kinds).filter((each) => url || each !== "page")
  const kind = kinds.includes(kindOf(href)) ? kindOf(href) : "web"
  const shown = panels(finder, { href, hreflang })
  if (!url) delete shown.page
  const showKind = (chosen) => {
    for (const [name, panel] of Object.entries(shown)) panel.hidden = name !== chosen
  }
  const choices = kindChoice(kind, kinds)
  showKind(kind)
  return ask({
    title: isRemovable ? words.change : words.add,
    className: "ci-dialog--link",
    parts: [choices, ...Object.values(shown)],
    remove: isRemovable && words.remove,
    answer(form, refuse) {
      const chosen = form.elements.kind.value
      const answer = answerOf(chosen, finder, form, language)
      if (answer) return answer
      const input = shown[chosen].querySelector("input")
      return refuse(chosen === "web" ? webProblem(input.value) : words.refused[chosen], input)
    },
    start(error) {
      choices.addEventListener("change", ({ target }) => {
        showKind(target.value)
        error.textContent = ""
      })
      const [, key, section] = PAGE.exec(href ?? "") ?? []
      if (shown.page) finder.start(key, section)
      shown[kind].querySelector("input").focus()
    },
  })
}

// What is written where a page is looked for may be an address of another site, or an e-mail address.
function elsewhere(typed) {
  const web = /^(https?:\/\/|www\.)/i.test(typed) ? webHref(typed) : ""
  const href = emailHref(typed) || (web && new URL(web).origin !== location.origin ? web : "")
  return href ? { href, hreflang: null, text: typed } : null
}

function answerOf(kind, finder, form, language) {
  if (kind === "page") {
    const { href, page } = finder
    if (!href) return elsewhere(finder.input.value.trim())
    const section = partsOf(page, language).find(({ key }) => key === finder.section.value)
    return { href, hreflang: null, text: (section ?? page).titles[language] || pageText(page) }
  }
  const typed = form.elements[kind].value
  const href = HREFS[kind](typed)
  return href && { href, hreflang: (kind === "web" && form.elements.hreflang.value) || null, text: typed.trim() }
}
