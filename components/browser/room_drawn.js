// @ts-check
// The pictures of a room.
import { roomPicture } from "./room_picture.js"
import { roomRuns } from "./room_runs.js"
import { roomVotes } from "./room_votes.js"
import { html } from "./svg.js"

/** @type {Record<string, Renderer<any>>} */
export const RENDERERS = { picture: roomPicture, runs: roomRuns, votes: roomVotes }

/**
 * Draws a picture in the shadow root of a new element, for a phone or, if it is `wide`, for a wall.
 * @param {Phone.Picture} picture
 * @param {import("./room_picture_charts.js").Wide} wide
 */
export function drawn({ kind, data }, wide = false) {
  const place = html("div", { class: "drawn" })
  const parentElement = place.attachShadow({ mode: "open" }) // its style sheet is its own
  RENDERERS[kind]({ data: { ...data, wide }, parentElement, setStateValue() {}, setTriggerValue() {} })
  return place
}

/**
 * Draws the pictures that the server has sent, in their places within `part`.
 * @param {ParentNode} part
 * @param {import("./room_picture_charts.js").Wide} [wide]
 */
export function drawAll(part, wide) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = part.querySelectorAll("[data-picture]")
  for (const place of places) {
    const { kind = "", picture = "null" } = place.dataset
    place.replaceChildren(drawn({ kind, data: JSON.parse(picture) }, wide))
  }
}
