// @ts-check
// The pictures of a room on pages without Streamlit.
import { roomAxis } from "./room_axis.js"
import { roomPicture } from "./room_picture.js"
import { roomRuns } from "./room_runs.js"
import { roomVotes } from "./room_votes.js"
import { html } from "./svg.js"

/** @type {Record<string, Renderer<any>>} */
export const RENDERERS = { axis: roomAxis, picture: roomPicture, runs: roomRuns, votes: roomVotes }

/**
 * Draws with a renderer of the board in a new element, as Streamlit does there. Its event `leave` ends the drawing if
 * it is no longer on the page; before that, it does nothing.
 * @template Data
 * @param {Renderer<Data>} renderer
 * @param {Data} data
 */
export function drawn(renderer, data) {
  const place = html("div", { class: "drawn" })
  const parentElement = place.attachShadow({ mode: "open" }) // its style sheet is its own
  const end = renderer({ data, parentElement, setStateValue() {}, setTriggerValue() {} })
  if (end) place.addEventListener("leave", end)
  return place
}
