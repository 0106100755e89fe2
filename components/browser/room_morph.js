// @ts-check
// Compare's diagram of the style with one box for all heads, on a wall. The host pulls the box apart; no edge moves.
import { Morph } from "./diagram_boxes.js"
import { Side } from "./diagram_side.js"
import { STYLE } from "./diagram_style.js"
import { html } from "./svg.js"

/** @import { Picture } from "./diagram_picture.js" */
/** @typedef {{ picture: Picture, apart: boolean, alt: string }} Data */

const WIDTH = 460 // of the diagram, in its own units
// The words of the diagram are too small for a wall.
const WALL = `.morph p { margin: 0; } .morph svg text { display: none; }
.morph svg.side { width: 100%; height: auto; max-height: 40vh; }`
/** @type {0 | 1} */
let before = 0 // whether the box was apart on the board that was drawn last

/**
 * Draws the diagram in `place`, whose style sheet is its own.
 * @param {ShadowRoot} place
 * @param {Data} data
 */
export function roomMorph(place, { picture, apart, alt }) {
  const { side: index, layers } = picture.morph
  if (index === null) return
  const side = new Side(picture, index, WIDTH, false, "room-morph")
  side.root.setAttribute("inert", "") // nothing on a wall can be pressed
  const morph = new Morph(before, (t, moving) => side.part(t, moving))
  side.part(morph.t, false)
  side.paint(null, "")
  before = apart ? 1 : 0
  if (morph.goal !== before) morph.turn()
  const style = picture.sides[index]
  const words = html("p", {}, `${style.title}: ${apart ? layers : style.layers}`)
  const drawing = html("div", { class: "diagram", role: "img", "aria-label": alt }, side.root)
  place.append(html("style", {}, STYLE + WALL), html("div", { class: "morph" }, words, drawing))
}
