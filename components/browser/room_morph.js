// @ts-check
// Compare's diagram of the style with one box for all heads, on a wall. The host pulls the box apart; no edge moves.
import { Morph } from "./diagram_boxes.js"
import { Side } from "./diagram_side.js"
import { STYLE } from "./diagram_style.js"
import { say } from "./dom.js"
import { root } from "./room_style.js"
import { html } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Picture } from "./diagram_picture.js" */
/** @typedef {{ picture: Picture, apart: boolean, alt: string, size: string }} Data */

const WIDTH = 460 // of the diagram, in its own units
// The words of the diagram are too small for a wall.
const WALL = `.morph p { margin: 0; } .morph svg text { display: none; }
.morph svg.side { width: 100%; height: auto; max-height: 40vh; }`

/** @implements {View<Data>} */
class RoomMorph {
  #words = html("p")
  #drawing = html("div", { class: "diagram", role: "img" })
  #known = ""
  /** @type {Side | undefined} */
  #side
  #morph = new Morph(0, (t, moving) => this.#side?.part(t, moving))

  /** @param {Component<Data>} component */
  constructor({ data, parentElement }) {
    const frame = html("div", { class: "morph" }, this.#words, this.#drawing)
    root(parentElement, data).append(html("style", {}, STYLE + WALL), frame)
  }

  /** @param {Component<Data>} component */
  update({ data: { picture, apart, alt } }) {
    const { side, layers } = picture.morph
    if (side === null) return
    const known = JSON.stringify(picture)
    const another = known !== this.#known
    this.#known = known
    if (another) this.#draw(picture, side, apart)
    else if (this.#morph.goal !== Number(apart)) this.#morph.turn()
    this.#drawing.setAttribute("aria-label", alt)
    const style = picture.sides[side]
    say(this.#words, `${style.title}: ${apart ? layers : style.layers}`)
  }

  leave() {
    this.#morph.stop()
  }

  /**
   * @param {Picture} picture
   * @param {number} index
   * @param {boolean} apart
   */
  #draw(picture, index, apart) {
    const look = getComputedStyle(this.#drawing)
    const shared = {
      id: "room-morph",
      picture,
      family: look.fontFamily,
      scale: undefined,
      focus: () => null,
      ground: () => look.getPropertyValue("--st-background-color").trim() || "#ffffff",
      choose() {},
      hover() {},
    }
    const side = new Side(shared, index, WIDTH)
    side.root.setAttribute("inert", "") // nothing on a wall can be pressed
    this.#side = side
    this.#morph.stop()
    this.#morph = new Morph(apart ? 1 : 0, (t, moving) => side.part(t, moving))
    side.part(this.#morph.t, false)
    side.paint(null)
    this.#drawing.replaceChildren(side.root)
  }
}

/** @type {Renderer<Data>} */
export const roomMorph = rendererOf((component) => new RoomMorph(component))
