// @ts-check
// A participant's page of a room, without Streamlit. The server sends it as HTML, the same for all. This draws each part
// when it changes, puts in what concerns the participant alone, and sends what they choose.
import { say } from "./dom.js"
import { AGAIN, ask, BASE, connection, follow, wait } from "./phone_server.js"
import { countdown } from "./room_clock.js"
import { html, svg } from "./svg.js"

const LETTERS = "ABCDEF"
const KEPT = "two-heads.answer." // the key in the browser's storage begins with it
const NONE = "Choose at least one option. Until then, the answer that you sent last counts, if there is one."
const UNREACHED = "No connection. Your choice was not kept: choose again."
const SENT = "Your answer is sent. You may change it until the answers are frozen."

/** @param {string} selector */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector))
const heading = find("h1")
const who = find(".who")
const bar = find(".bar-of-status")
const [status, clock] = /** @type {HTMLCollectionOf<HTMLElement>} */ (bar.children)
const warning = find(".warning")
const content = find(".content")
const form = /** @type {HTMLFormElement} */ (find("form"))
const query = new URLSearchParams(location.search)
const invite = query.get("invite") ?? ""
let room = ""
/** @type {Phone.Own} */
let own
/** @type {Phone.Page} */
let page
/** @type {Phone.Answer | null} the answer that the server has not stored yet: the browser keeps it, too */
let unsent = null
let posting = false // whether it is being sent
let ahead = 0 // seconds by which this browser's clock is ahead of the server's
let gone = "" // why the page has left the room: it was deleted, or the participant removed
/** @type {string[]} */
let drawn = [] // the parts of the page, as they are drawn
let sending = Promise.resolve() // the choices of a name or a pace: the last one counts

/** @param {string} words */
function warn(words) {
  warning.hidden = !words
  say(warning, words)
}

/** @param {Partial<Phone.Message>} told */
function show(told) {
  own = told.own ?? own
  const before = page?.code
  if (told.page && told.page.version >= (page?.version ?? 0)) page = told.page
  // A reload opens the same room.
  if (page.code !== before) history.replaceState(null, "", `${BASE}/join/${page.code}${invite && `?invite=${invite}`}`)
  draw()
}

function draw() {
  const { title, question, html: parts } = page
  document.title = `${title} · Two Heads`
  say(heading, title)
  who.replaceChildren("You are ", html("b", {}, own.alias), ". Your number is ", html("b", {}, String(own.number)), ".")
  const { given } = chosen()
  const lost = !connection.reached && !gone
  const back = unsent ? "Your answer is sent" : "This page goes on"
  const now = unsent ? "Not sent yet, trying again." : given === null ? page.status : SENT
  bar.classList.toggle("lost", lost)
  say(status, gone || (lost ? `No connection. ${back} by itself when the connection is back.` : now))
  const time = question && own.pace !== "none" ? `${question.since}.${own.pace}` : ""
  if (clock.dataset.time !== time) {
    clock.dataset.time = time
    const passed = Date.now() / 1000 - ahead - (question?.since ?? 0)
    const seconds = (question?.seconds ?? 0) * (own.pace === "10" ? 10 : 1)
    clock.replaceChildren(...(time ? [countdown(seconds - passed)] : []))
  }
  const focused = content.contains(document.activeElement)
  while (content.children.length > parts.length) content.lastChild?.remove()
  parts.forEach((text, i) => {
    const part = content.children[i] ?? content.appendChild(html("div"))
    if (drawn[i] === text) return
    part.innerHTML = text
    if (!i) warn("")
  })
  drawn = parts
  fill()
  if (!focused || content.contains(document.activeElement)) return
  const nearest = content.querySelector("h2") ?? heading
  nearest.tabIndex = -1
  nearest.focus()
}

/**
 * The choice in the page's round: the answer that is not stored yet, or else the one that the room has.
 * @returns {{ given: number | null, sure: string }}
 */
function chosen() {
  if (!page.question) return { given: null, sure: "" }
  const { step, round } = page.question
  if (unsent && unsent.step === step && unsent.round === round && unsent.asked === page.asked)
    return { given: unsent.value ?? unsent.option, sure: unsent.sure }
  const given = own.answers[step]?.[round - 1] ?? null
  return { given, sure: given === null ? "" : own.sure[step] }
}

/** The fields of the answer. */
const fields = () => /** @type {HTMLInputElement[]} */ ([...content.querySelectorAll("input[name=answer]")])

/** Puts in what the participant has chosen. What somebody types stays. */
function fill() {
  const { given, sure } = chosen()
  for (const field of fields()) {
    const value = Number(field.value)
    if (field.type === "text") field.defaultValue = String(given ?? "")
    else field.checked = given !== null && (field.type === "radio" ? given === value : Boolean(given & (1 << value)))
  }
  /** @type {NodeListOf<HTMLInputElement>} */
  const others = content.querySelectorAll("input:not([name=answer])")
  for (const field of others) {
    if (field.type === "text") field.defaultValue = own.alias
    else field.checked = field.value === (field.name === "sure" ? sure : own.pace)
    field.disabled = field.name === "sure" && given === null
  }
  /** @type {NodeListOf<HTMLElement>} */
  const places = content.querySelectorAll("[data-step]")
  for (const place of places) fillAnswer(place)
}

/**
 * The participant's answers, whether the last one is right, if that may be shown, and the participant's run.
 * @param {HTMLElement} place
 */
function fillAnswer(place) {
  const { step, kind, runs, low, high } = place.dataset
  const answers = (own.answers[Number(step)] ?? []).filter((each) => each !== null)
  const last = answers[answers.length - 1]
  const words = answers.map((value) => {
    const has = (/** @type {number} */ i) => (kind === "several" ? value & (1 << i) : value === i)
    return kind === "number" ? value : [...LETTERS].filter((_, i) => has(i)).join(", ")
  })
  const isGood = Number(low) <= last && last <= Number(high)
  const mark = html("strong", { class: isGood ? "good" : "bad" }, isGood ? "✓ Right. " : "✗ Not right. ")
  const said = ["You answered: ", html("b", {}, words.join(" → ")), "."]
  const line = answers.length ? [...(low ? [mark] : []), ...said] : ["You have not answered this question."]
  place.querySelector(".own-answer")?.replaceChildren(...line)
  const mine = (runs ?? "").split(" ").indexOf(String(own.number))
  if (mine < 0 || place.querySelector(".own")) return
  const lines = [...place.querySelectorAll(".run")].flatMap((path) => path.getAttribute("d")?.split(" ") ?? [])
  place.querySelector(".median")?.after(svg("path", { class: "own", d: lines[mine] }))
  place.querySelector(".own-run")?.removeAttribute("hidden")
}

/**
 * Keeps and sends another answer. Null leaves the answer, or how sure the participant is, as chosen before.
 * @param {number | null} given
 * @param {string | null} sure
 */
function choose(given, sure) {
  const now = chosen()
  const wanted = given ?? now.given
  if (wanted === null || !page.question) return
  warn("")
  const { step, round } = page.question
  const answer = fields()[0].type === "text" ? { option: 0, value: wanted } : { option: wanted, value: null }
  keep({ step, round, asked: page.asked, ...answer, sure: sure ?? now.sure })
  draw()
  send()
}

/** @param {Phone.Answer | null} answer */
function keep(answer) {
  unsent = answer
  localStorage.setItem(KEPT + room, JSON.stringify(answer))
}

/** Sends the answer until the server has stored or refused it. */
async function send() {
  if (posting) return
  posting = true
  while (unsent) {
    const answer = unsent
    try {
      const { status, told } = await ask(`${room}/answer`, answer)
      if (told.again) await wait(1000 * told.again)
      else if (unsent === answer) keep(null)
      if (status !== 200 && !unsent) {
        drawn = [] // the fields show what the room has
        draw()
        warn(`Your last answer was not counted. ${told.refused}`)
      } else show(status === 200 ? told : {})
    } catch {
      draw()
      await wait(AGAIN)
    }
  }
  posting = false
}

content.onchange = ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return
  const { name, type, value } = target
  if (name === "sure") choose(null, value)
  else if (name !== "answer") sending = sending.then(() => change({ [name]: value }))
  else if (type === "radio") choose(Number(value), null)
  else if (type === "checkbox") {
    const mask = fields().reduce((sum, field) => sum + (field.checked ? 1 << Number(field.value) : 0), 0)
    if (mask) choose(mask, null)
    else warn(NONE)
  }
}

content.onsubmit = (event) => {
  event.preventDefault()
  choose(Number(fields()[0].value.trim().replace("\u2212", "-").replace(",", ".")), null)
}

/** @param {{ name?: string, pace?: string }} wanted */
async function change(wanted) {
  try {
    const { status, told } = await ask(`${room}/me`, wanted)
    warn(status === 200 ? "" : told.refused)
    if (status === 200) return show(told)
  } catch {
    warn(UNREACHED)
  }
  return fill()
}

/** Shows an earlier result when it is opened. */
content.addEventListener(
  "toggle",
  async ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || !target.dataset.result || !target.open) return
    const { told } = await ask(`${room}/results/${target.dataset.result}`)
    const place = /** @type {Element} */ (target.lastElementChild)
    place.innerHTML = told.html ?? told.refused
    fill()
  },
  true,
)

/** @param {string} words */
function leave(words) {
  gone = words
  page = { ...page, question: null, html: [] }
  draw()
}

/**
 * Joins the room; tries again while the server cannot be reached, or asks to wait.
 * @param {string} code
 */
async function join(code) {
  say(heading, "Joining …")
  form.hidden = true
  for (;;) {
    let seconds = AGAIN / 1000
    try {
      const { status, told } = await ask("join", { code, invite })
      if (status === 200) return begin(told)
      warn(told.refused)
      if (!told.again) {
        say(heading, "Join a room")
        form.hidden = false
        form.code.value = code
        return form.code.focus()
      }
      seconds = told.again
    } catch {
      warn("This server cannot be reached now. This page tries again by itself.")
    }
    await wait(1000 * seconds)
  }
}

/** @param {Phone.Message & { room: string, now: number }} told */
function begin(told) {
  warn("")
  bar.hidden = false
  room = told.room
  ahead = Date.now() / 1000 - told.now
  unsent = JSON.parse(localStorage.getItem(KEPT + room) ?? "null")
  connection.changed = draw
  show(told)
  follow(`${room}/page`, show, leave)
  send()
}

const [, typed = query.get("code") ?? ""] = location.pathname.split("/join/")
if (typed) join(typed.replace("/", ""))
