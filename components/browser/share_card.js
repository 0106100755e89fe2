// @ts-check
// “Share as picture”: makes a card with a finding, its chart and its link, and downloads, copies or shares it. All of
// this happens in the browser.
import { draw, pictureAt, SIZE } from "./share_card_draw.js"
import { STYLE } from "./share_card_style.js"
import { download, html, set, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Words } from "./share_card_draw.js" */

/**
 * `charts` are the keys of the elements with charts, each with its title or "". `choice` names the switch that adds the prediction
 * to the card. `address` is the whole link, and `file` the name of the file.
 * @typedef {Words & { charts: [key: string, title: string][], choice: string, address: string, file: string }} Data
 */

const DRAWING = "The picture is being drawn."
const NOTHING_DRAWN = "The chart could not be drawn, so the picture has only words."
const NOT_DRAWN = "This browser could not draw the picture."
const NO_CLIPBOARD = "This browser cannot copy the picture here. Download it instead."
const NO_SHEET = "This browser has no share sheet for pictures: download or copy the picture."

/** Whether scripts of this page may copy a picture: browsers allow it on https and on this machine. */
const canCopy = () => "ClipboardItem" in window && Boolean(navigator.clipboard?.write)

/** @param {File} file */
const canShare = (file) => Boolean(navigator.canShare?.({ files: [file] }))

const ICON =
  "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm0 2v12h16V6zm2 10 4-5 3 3.6 2-2.6 3 4zM16 8a1.5 1.5 0 1 1 0 3a1.5 1.5 0 0 1 0-3z"

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
  /** @type {Promise<File | null>} the newest card, null if it could not be drawn */
  #card = Promise.resolve(null)
  #made = 0
  #lacks = "" // what the newest card lacks
  /** @type {Set<HTMLButtonElement>} the buttons that were pressed for the newest card and still work */
  #pressed = new Set()
  #open = button("Share as picture", "open")
  #preview = html("img", SIZE)
  #choice = html("input", { type: "checkbox", role: "switch" })
  #choiceName = html("span")
  #choiceLabel = html("label", {}, this.#choice, this.#choiceName)
  #download = button("Download PNG", "main")
  #copy = button("Copy picture")
  #share = button("Share…")
  #close = button("Close")
  #said = html("p", { role: "status" })
  #dialog

  /** @param {Component<Data>} component */
  constructor({ data, parentElement }) {
    this.#data = data
    const buttons = html("div", { class: "buttons" }, this.#download, this.#copy, this.#share, this.#close)
    const title = html("h2", {}, "Share as picture")
    this.#dialog = html("dialog", { "aria-label": "Share as picture" })
    this.#dialog.append(title, this.#preview, this.#choiceLabel, buttons, this.#said)
    this.#open.prepend(icon())
    this.#copy.hidden = !canCopy()
    this.#share.hidden = true // until there is a file to ask the browser about
    parentElement.replaceChildren(html("style", {}, STYLE), this.#open, this.#dialog)
    this.#open.onclick = () => {
      this.#dialog.showModal()
      this.#make()
    }
    this.#choice.onchange = () => this.#make()
    this.#close.onclick = () => this.#dialog.close()
    this.#onPress(this.#download, () => this.#save())
    this.#onPress(this.#copy, () => this.#copyIt())
    this.#onPress(this.#share, () => this.#shareIt())
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
    this.#forget()
  }

  /**
   * A press on the button works once the card is drawn. Further presses until then change nothing.
   * @param {HTMLButtonElement} pressed
   * @param {() => Promise<void>} work
   */
  #onPress(pressed, work) {
    pressed.onclick = async () => {
      if (this.#pressed.has(pressed)) return
      this.#pressed.add(pressed)
      await work().finally(() => this.#pressed.delete(pressed))
    }
  }

  /** @param {string} words */
  #say(words) {
    this.#said.textContent = `${words} ${this.#lacks}`.trim()
  }

  #make() {
    this.#lacks = ""
    this.#pressed.clear()
    this.#say(DRAWING)
    const turn = ++this.#made
    this.#card = this.#draw(turn).catch(() => {
      if (turn === this.#made) this.#say(NOT_DRAWN)
      return null
    })
  }

  /**
   * Draws the card. Shows it, unless another one has been begun meanwhile.
   * @param {number} turn
   */
  async #draw(turn) {
    const data = this.#data
    const words = { ...data, prediction: this.#choice.checked ? data.prediction : null }
    let lacks = ""
    /** @type {() => null} */
    const withoutPicture = () => {
      lacks = NOTHING_DRAWN
      return null
    }
    const picture = (await pictureAt(data.charts).catch(() => null)) ?? (data.charts.length ? withoutPicture() : null)
    const bitmap =
      (picture && (await draw(words, picture, this.#open).catch(withoutPicture))) ??
      (await draw(words, null, this.#open))
    const file = new File([bitmap], `${data.file}.png`, { type: "image/png" })
    if (turn !== this.#made || !this.#open.isConnected) return file
    this.#lacks = lacks
    this.#forget()
    set(this.#preview, { src: URL.createObjectURL(file), alt: `${data.title} ${data.finding}` })
    this.#offer(file)
    return file
  }

  /**
   * Shows what this browser can do with the card, and says what it cannot.
   * @param {File} file
   */
  #offer(file) {
    const [copies, shares] = [canCopy(), canShare(file)]
    this.#copy.hidden = !copies
    this.#share.hidden = !shares
    this.#say(copies ? (shares ? "" : NO_SHEET) : NO_CLIPBOARD)
  }

  async #save() {
    const file = await this.#card
    if (!file || !this.#open.isConnected) return
    download(file, file.name)
    this.#say("The picture is downloaded.")
  }

  /** Copies the card. Browsers allow this only during a press, so they get a promise of the card. */
  async #copyIt() {
    const card = this.#card
    const drawn = card.then((file) => file ?? Promise.reject(new Error(NOT_DRAWN)))
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": drawn })])
      this.#say("The picture is copied.")
    } catch {
      const refused = "The browser did not allow this page to copy the picture. Download it instead."
      this.#say((await card) ? refused : NOT_DRAWN)
    }
  }

  async #shareIt() {
    const { title, address } = this.#data
    const file = await this.#card
    if (!file) return
    try {
      await navigator.share({ files: [file], title, text: `${title} ${address}` })
    } catch (error) {
      const left = error instanceof DOMException && error.name === "AbortError" // the visitor closed the sheet
      if (!left) this.#say("The browser could not share the picture. Download it instead.")
    }
  }

  #forget() {
    if (this.#preview.src) URL.revokeObjectURL(this.#preview.src)
    this.#preview.removeAttribute("src")
  }
}

/** @type {Renderer<Data>} */
export const shareCard = rendererOf((component) => new ShareCard(component))
