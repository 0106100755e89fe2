// @ts-check
// A participant's page of a room, without Streamlit: the room's state comes on an event stream, and answers go by POST.
import { say } from "./dom.js"
import { keepFocus } from "./phone_focus.js"
import { PhoneRoom } from "./phone_room.js"
import { AGAIN, ask, BASE, wait } from "./phone_server.js"
import { html } from "./svg.js"

const place = /** @type {HTMLElement} */ (document.querySelector("main"))
const heading = html("h1")
const warning = html("p", { role: "alert", class: "warning", hidden: true })

/** @param {() => void} draw */
const redraw = (draw) => keepFocus(place, draw, () => place.querySelector("h1"))

/** @param {string} words */
function warn(words) {
  warning.hidden = !words
  say(warning, words)
}

/**
 * @param {string} code
 * @param {string} [words] why the server refused the last code
 */
function askForCode(code, words = "") {
  const look = { autocomplete: "off", autocapitalize: "characters", spellcheck: "false", placeholder: "ABC234" }
  const field = html("input", { type: "text", value: code, maxlength: 12, ...look })
  const label = html("label", { class: "field" }, "Code of the room", field)
  const form = html("form", {}, label, html("button", { type: "submit" }, "Join"))
  form.onsubmit = (event) => {
    event.preventDefault()
    const typed = field.value.trim()
    if (typed) join({ code: typed, invite: "" })
  }
  say(heading, "Join a room")
  warn(words)
  place.replaceChildren(heading, warning, form)
  if (words) field.focus()
}

/**
 * Joins the room; tries again while the server cannot be reached, or asks to wait.
 * @param {{ code: string, invite: string }} wanted
 */
async function join(wanted) {
  say(heading, "Joining …")
  redraw(() => place.replaceChildren(heading, warning))
  for (;;) {
    let seconds = AGAIN / 1000
    try {
      const { status, told } = await ask("join", wanted)
      if (status === 200) {
        begin(wanted, told)
        return
      }
      if (!told.again) {
        askForCode(wanted.code, told.refused)
        return
      }
      warn(told.refused)
      seconds = told.again
    } catch {
      warn("This server cannot be reached now. This page tries again by itself.")
    }
    await wait(1000 * seconds)
  }
}

/**
 * @param {{ invite: string }} wanted
 * @param {{ room: string, own: Phone.Own, page: Phone.Page }} told
 */
function begin({ invite }, told) {
  // A reload opens the same room.
  const query = invite ? `?invite=${encodeURIComponent(invite)}` : ""
  history.replaceState(null, "", `${BASE}/join/${told.page.code}${query}`)
  redraw(() => new PhoneRoom(place, told))
}

const query = new URLSearchParams(location.search)
const [, last = ""] = location.pathname.split("/join/")
const code = last.replace(/\/$/, "") || (query.get("code") ?? "")
if (code) join({ code, invite: query.get("invite") ?? "" })
else askForCode("")
