// @ts-check
// “Share as picture”: the card that Python has drawn, as a file.
import { say } from "./dom.js"
import { bitmapOf, inlined } from "./drawing.js"
import { STYLE } from "./share_card_style.js"
import { download, html, set } from "./svg.js"

const SIZE = { width: 1200, height: 630 }

/** @type {Renderer<{ svg: string, file: string }>} */
export const shareCard = ({ data, parentElement }) => {
  const button = html("button", { type: "button" }, "Download PNG")
  const said = html("p", { role: "status" })
  const place = html("div")
  place.innerHTML = data.svg
  parentElement.replaceChildren(html("style", {}, STYLE), place, button, said)
  const card = /** @type {SVGSVGElement} */ (place.firstElementChild)
  button.onclick = async () => {
    try {
      const text = new XMLSerializer().serializeToString(set(inlined(card), SIZE))
      download(await bitmapOf(text, SIZE), `${data.file}.png`)
      say(said, "The picture is downloaded.")
    } catch {
      say(said, "This browser could not draw the picture.")
    }
  }
  return undefined
}
