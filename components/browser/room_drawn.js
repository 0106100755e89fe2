// @ts-check
// The pictures of a room on pages without Streamlit.
import { roomPicture } from "./room_picture.js"
import { roomRuns } from "./room_runs.js"
import { roomVotes } from "./room_votes.js"
import { html } from "./svg.js"

/** @type {Record<string, Renderer<any>>} */
export const RENDERERS = { picture: roomPicture, runs: roomRuns, votes: roomVotes }

/**
 * Draws `data` in the shadow root of a new element, as Streamlit does on the board. An event `leave` on the element
 * cleans up, if the element is no longer on the page.
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
