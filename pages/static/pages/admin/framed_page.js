// A page of the site in a frame without an address: it is fetched and written into the frame, in which no script runs
// and no form is sent, so that no answer of the site may be framed.

export const MARGIN = 16 // above what is scrolled to
export const WIDTHS = { phone: 390, desktop: 1280 }

// Gives the page, without its banner for staff, or a problem: "signedOut" or "failed".
export async function fetchPage(address) {
  try {
    const response = await fetch(address)
    if (response.redirected || response.status === 403) return { problem: "signedOut" }
    if (!response.ok) return { problem: "failed" }
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    const banner = page.querySelector(".ci-banner--preview")
    banner.remove()
    return { page, banner }
  } catch {
    return { problem: "failed" }
  }
}

// Fills a frame that was empty.
export async function write(frame, page) {
  const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }))
  frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`
  await loaded
}

// Lets links lead to a place on the page, to its other language, or to a window of their own. `addresses` has those of
// the page by language, and `choose` shows one.
export function followLinks(frame, addresses, choose) {
  frame.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]")
    if (!link) return
    event.preventDefault()
    const href = link.getAttribute("href")
    const address = new URL(href, location.href)
    const language = ["en", "fr"].find((each) => addresses[each] === address.pathname)
    if (href.startsWith("#")) showPlace(frame, decodeURIComponent(href.slice(1)))
    else if (language) choose(language)
    else window.open(address, "_blank", "noopener")
  })
}

function showPlace(frame, id) {
  const place = frame.contentDocument.getElementById(id)
  if (!place) return
  const { defaultView: view } = frame.contentDocument
  view.scrollTo({ top: view.scrollY + place.getBoundingClientRect().top - MARGIN })
  place.tabIndex = -1
  place.focus({ preventScroll: true })
}

// As wide as on a phone or on a desktop, made smaller where there is less room.
export function fit(frame, width) {
  const room = frame.parentElement
  if (!room.clientWidth) return // it is out of sight
  const scale = Math.min(1, room.clientWidth / width)
  Object.assign(frame.style, {
    width: `${width}px`,
    height: `${room.clientHeight / scale}px`,
    transform: `scale(${scale})`,
    marginInlineStart: `${Math.max(0, (room.clientWidth - width) / 2)}px`,
  })
}
