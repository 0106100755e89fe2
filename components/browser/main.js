// @ts-check
// The browser side of Two Heads: the renderers by the names under which Python mounts them (`browser.mount`), and the
// modules that act on every page.
import { announcement } from "./announce.js"
import { code } from "./code.js"
import { compass } from "./compass.js"
import { compassTable } from "./compass_geometry.js"
import { reconnection } from "./connection.js"
import { diagram } from "./diagram.js"
import { hostOf } from "./dom.js"
import { csvFile, ownFile } from "./file_drop.js"
import "./focus.js"
import { gallery } from "./gallery.js"
import "./glossary.js"
import { go } from "./go.js"
import "./page.js"
import "./panels.js"
import { forPaper } from "./paper.js"
import { player } from "./player.js"
import "./press.js"
import { roomPresses } from "./room_presses.js"
import "./scroll.js"
import { shareCard } from "./share_card.js"
import { step } from "./step.js"
import "./transitions.js"

/** @type {Record<string, Renderer<any>>} */
const RENDERERS = {
  announce: announcement,
  code,
  compass,
  compass_table: compassTable,
  csv_file: csvFile,
  diagram,
  gallery,
  go,
  own_file: ownFile,
  player,
  reconnection,
  room_presses: roomPresses,
  share_card: shareCard,
  step,
}

window.twoHeads = {
  render(name, component) {
    const renderer = RENDERERS[name]
    if (!renderer) throw new Error(`no renderer "${name}"`)
    forPaper(component.parentElement)
    hostOf(component.parentElement)?.closest(":--element")?.setAttribute("data-drawn", "")
    return renderer(component)
  },
}
