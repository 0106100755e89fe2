// @ts-check
// “Share as picture”: makes a card with a finding, its chart and its link, and downloads, copies or shares it. All of
// this happens in the browser. The card is an SVG that the browser lays out, with the words as HTML, in the colours of the
// page.
import { mix } from "./colours.js"
import { say } from "./dom.js"
import { bitmapOf, drawingOf } from "./drawing.js"
import { CARD, STYLE } from "./share_card_style.js"
import { download, html, set, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Drawing } from "./drawing.js" */

/**
 * What the card says: all plain text. `code` has a row of hexadecimal digits for each row of the QR code.
 * @typedef {object} Words
 * @property {string} place
 * @property {string} title
 * @property {string} finding
 * @property {{ text: string, right: boolean | null } | null} prediction
 * @property {string} link
 * @property {string[] | null} code
 */
/**
 * `charts` are the keys of the elements with charts, each with its title or "". `choice` names the switch that adds the prediction
 * to the card. `address` is the whole link, and `file` the name of the file.
 * @typedef {Words & { charts: [key: string, title: string][], choice: string, address: string, file: string }} Data
 */

const DRAWING = "The picture is being drawn."
const NOTHING_DRAWN = "The chart could not be drawn, so the picture has only words."
const NOT_DRAWN = "This browser could not draw the picture."
const ICON =
  "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm0 2v12h16V6zm2 10 4-5 3 3.6 2-2.6 3 4zM16 8a1.5 1.5 0 1 1 0 3a1.5 1.5 0 0 1 0-3z"
const SIZE = { width: 1200, height: 630 }
const MARK = "M6 0H20V26H6A6 6 0 0 1 0 20V6A6 6 0 0 1 6 0Z" // the left half of pages/static/logo.svg, 34 × 26
const TALL = 2.4 // a picture with a smaller ratio of width to height stands beside the words
const CODE = 232 // the most pixels of a side of the QR code
const FINEST = 2 // the fewest pixels of a module that a phone reads
const QUIET = 4 // modules of white around the code (ISO 18004)
const LETTER = 0.6 // the width of a letter, in sizes of its font, with what is lost at the ends of lines
const LOADING = 5000 // milliseconds in which a chart must be loaded
const HEAD = 28 // pixels of the first row of titles

const icon = () =>
  svg(
    "svg",
    { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" },
    svg("path", { d: ICON, fill: "currentColor" }),
  )

/** @param {string} label */
const button = (label, className = "") => html("button", { type: "button", class: className }, label)

/** @implements {View<Data>} */
class ShareCard {
  /** @type {Data} */
  #data
  /** @type {File | null} */
  #file = null
  #made = 0
  #open = button("Share as picture", "open")
  #preview = html("img", SIZE)
  #choice = html("input", { type: "checkbox", role: "switch" })
  #choiceName = html("span")
  #choiceLabel = html("label", {}, this.#choice, this.#choiceName)
  #download = button("Download PNG", "main")
  #copy = button("Copy picture")
  #share = button("Share…")
  #said = html("p", { role: "status" })
  #dialog = html("dialog", { "aria-label": "Share as picture" })

  /** @param {Component<Data>} component */
  constructor({ data, parentElement }) {
    this.#data = data
    const close = button("Close")
    const buttons = html("div", { class: "buttons" }, this.#download, this.#copy, this.#share, close)
    this.#dialog.append(html("h2", {}, "Share as picture"), this.#preview, this.#choiceLabel, buttons, this.#said)
    this.#open.prepend(icon())
    parentElement.replaceChildren(html("style", {}, STYLE), this.#open, this.#dialog)
    this.#open.onclick = () => {
      this.#dialog.showModal()
      this.#make()
    }
    this.#choice.onchange = () => this.#make()
    close.onclick = () => this.#dialog.close()
    this.#use(this.#download, async (file) => {
      download(file, file.name)
      return "The picture is downloaded."
    })
    this.#use(this.#copy, async (file) => {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": file })])
      return "The picture is copied."
    })
    this.#use(this.#share, async (file) => {
      const { title, address } = this.#data
      await navigator.share({ files: [file], title, text: `${title} ${address}` })
      return ""
    })
    this.#dialog.onclick = ({ target }) => {
      if (target === this.#dialog) this.#dialog.close() // a press on the backdrop
    }
  }

  /** @param {Component<Data>} component */
  update({ data }) {
    const changed = JSON.stringify(data) !== JSON.stringify(this.#data)
    this.#data = data
    this.#choiceLabel.hidden = !data.prediction
    this.#choiceName.textContent = data.choice
    if (changed && this.#dialog.open) this.#make()
  }

  leave() {
    this.#dialog.close()
    URL.revokeObjectURL(this.#preview.src)
  }

  /**
   * Lets a button do something with the card.
   * @param {HTMLButtonElement} pressed
   * @param {(file: File) => Promise<string>} work returns what is said then
   */
  #use(pressed, work) {
    pressed.onclick = async () => {
      if (!this.#file) return
      try {
        say(this.#said, await work(this.#file))
      } catch (error) {
        const left = error instanceof DOMException && error.name === "AbortError" // the visitor closed the sheet
        if (!left) say(this.#said, "The browser did not allow this. Download the picture instead.")
      }
    }
  }

  /** Draws the card. Shows it, unless another one has been begun meanwhile. */
  async #make() {
    const turn = ++this.#made
    const data = this.#data
    this.#offer(null, DRAWING)
    const words = { ...data, prediction: this.#choice.checked ? data.prediction : null }
    const picture = await pictureAt(data.charts).catch(() => null)
    const pictured = picture && (await draw(words, picture, this.#open).catch(() => null))
    const bitmap = pictured ?? (await draw(words, null, this.#open).catch(() => null))
    if (turn !== this.#made || !this.#open.isConnected) return
    if (!bitmap) this.#offer(null, NOT_DRAWN)
    else {
      const file = new File([bitmap], `${data.file}.png`, { type: "image/png" })
      this.#offer(file, data.charts.length && !pictured ? NOTHING_DRAWN : "")
    }
  }

  /**
   * Shows the card and what this browser can do with it: browsers copy pictures on https and on this machine alone.
   * @param {File | null} file
   * @param {string} words
   */
  #offer(file, words) {
    this.#file = file
    for (const each of [this.#download, this.#copy, this.#share]) each.disabled = !file
    this.#copy.hidden = !("ClipboardItem" in window && navigator.clipboard)
    this.#share.hidden = !(file && navigator.canShare?.({ files: [file] }))
    say(this.#said, words)
    if (!file) return
    URL.revokeObjectURL(this.#preview.src)
    set(this.#preview, { src: URL.createObjectURL(file), alt: `${this.#data.title} ${this.#data.finding}` })
  }
}

/**
 * The colours and the font of the page at this element, as a style.
 * @param {Element} element
 */
function lookOf(element) {
  const style = getComputedStyle(element)
  const colour = (/** @type {string} */ name, /** @type {string} */ without) =>
    style.getPropertyValue(name).trim() || without
  const ground = colour("--st-background-color", "#ffffff")
  const text = colour("--st-text-color", "#0f1620")
  const [right, wrong] = [colour("--st-green-text-color", text), colour("--st-red-text-color", text)]
  const inks = `color: ${text}; --ink: ${text}; --faint: ${mix(text, ground, 0.25)}; --right: ${right}; --wrong: ${wrong}`
  return `${inks}; --ground: ${ground}; font-family: ${colour("--st-font", "sans-serif")}`
}

/**
 * The drawings of the first chart or diagram at the place with that key, whose parts lie over or beside each other. Waits
 * for a chart that Streamlit is still loading.
 * @param {string} key
 */
async function drawingsAt(key) {
  const end = performance.now() + LOADING
  for (;;) {
    const place = document.querySelector(`.st-key-${key}:not([data-retained])`)
    const parts = [...(place?.querySelectorAll(":--plot, :--component") ?? [])].map((part) => {
      /** @type {NodeListOf<SVGSVGElement>} */
      const found = (part.shadowRoot ?? part).querySelectorAll("section.diagram svg.side, :--plot-drawing")
      return [...found]
    })
    const drawings = parts.find((found) => found.length) ?? []
    if (drawings.length || !place || performance.now() > end) return drawings
    await new Promise((done) => setTimeout(done, 50))
  }
}

/**
 * The picture of the charts or diagrams at those places of the page, null if one is missing. A chart stands below its
 * title.
 * @param {[key: string, title: string][]} charts
 */
async function pictureAt(charts) {
  const drawings = await Promise.all(charts.map(([key]) => drawingsAt(key)))
  if (!drawings.length || !drawings.every((each) => each.length)) return null
  const corners = drawings.map(([first]) => first.getBoundingClientRect())
  const [left, top] = [Math.min(...corners.map((box) => box.left)), Math.min(...corners.map((box) => box.top))]
  const head = charts.some(([, title]) => title) ? HEAD : 0
  const style = getComputedStyle(document.body)
  const font = { "font-family": style.fontFamily, "font-size": 15, "font-weight": 600, fill: style.color }
  const titles = charts.map(([, title], i) =>
    svg("text", { x: corners[i].left - left + 8, y: corners[i].top - top + head - 8, ...font }, title),
  )
  return drawingOf(drawings.flat(), { margin: 0, head, before: () => titles })
}

/**
 * The card as a bitmap, in the look of `element`.
 * @param {Words} words
 * @param {Drawing | null} picture
 * @param {Element} element
 */
function draw(words, picture, element) {
  const root = svg("svg", SIZE, svg("foreignObject", SIZE, card(words, picture, lookOf(element))))
  return bitmapOf({ text: new XMLSerializer().serializeToString(root), ...SIZE })
}

/**
 * The card as HTML. A wide picture stands below the words, another one beside them.
 * @param {Words} words
 * @param {Drawing | null} picture
 * @param {string} look
 */
function card({ place, title, finding, prediction, link, code }, picture, look) {
  const beside = picture !== null && picture.width < TALL * picture.height
  const mark = svg(
    "svg",
    { viewBox: "0 0 34 26", height: 30 },
    svg("path", { d: MARK, fill: "#0d9488" }),
    svg("path", { d: MARK, fill: "#8b5cf6", transform: "matrix(-1 0 0 1 34 0)" }),
    svg("path", { d: "M14 0H20V26H14Z", fill: "#5a4fc4" }),
  )
  const right = prediction && { true: "right", false: "wrong", null: "" }[`${prediction.right}`]
  const titleSizes = beside ? [36, 32, 28, 25] : [42, 38, 33, 28]
  const findingSizes = beside ? [22, 20, 18, 16] : picture ? [25, 22, 20, 18] : [32, 28, 25, 22]
  const width = beside ? 440 : 1100
  return html(
    "div",
    { class: beside ? "card beside" : "card", style: look },
    html("style", {}, CARD),
    html("header", {}, mark, html("b", {}, "Two Heads"), place && html("span", {}, `· ${place}`)),
    html("h1", { style: fontOf(title, titleSizes, width * (beside ? 6 : 2)) }, title),
    html(
      "p",
      { class: "finding", style: fontOf(finding, findingSizes, width * (beside ? 9 : picture ? 3 : 5)) },
      finding,
    ),
    picture ? pictured(picture) : "",
    prediction ? html("p", { class: `prediction ${right}` }, prediction.text) : "",
    html("p", { class: "link" }, link),
    code ? codeOf(code) : "",
  )
}

/**
 * The largest of some sizes of a font in which a text has room, in lines of `width` pixels together; else the last one.
 * @param {string} text
 * @param {number[]} sizes
 * @param {number} width
 */
function fontOf(text, sizes, width) {
  const size = sizes.find((each) => text.length * each * LETTER <= width) ?? sizes[sizes.length - 1]
  return `font-size: ${size}px`
}

/** @param {Drawing} picture */
function pictured({ text, width, height }) {
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement
  root.setAttribute("class", "picture")
  root.setAttribute("style", `max-width: ${2 * width}px; max-height: ${2 * height}px`)
  root.setAttribute("preserveAspectRatio", "xMinYMid")
  return root
}

/**
 * The QR code, each module as large as some whole pixels; nothing if they would be too small to be read.
 * @param {string[]} rows
 */
function codeOf(rows) {
  const count = rows.length + 2 * QUIET
  const pixels = Math.min(Math.floor(CODE / count), 6)
  if (pixels < FINEST) return ""
  const dark = rows.flatMap((row, y) => {
    const bits = [...row].flatMap((digit) => [8, 4, 2, 1].map((bit) => Number.parseInt(digit, 16) & bit))
    return bits.map((bit, x) => (bit ? `M${x + QUIET} ${y + QUIET}h1v1h-1Z` : ""))
  })
  const size = { width: pixels * count, height: pixels * count, viewBox: `0 0 ${count} ${count}` }
  return svg(
    "svg",
    { class: "code", ...size, "shape-rendering": "crispEdges" },
    svg("path", { d: `M0 0H${count}V${count}H0Z`, fill: "#ffffff" }),
    svg("path", { d: dark.join(""), fill: "#0f1620" }),
  )
}

/** @type {Renderer<Data>} */
export const shareCard = rendererOf((component) => new ShareCard(component))
