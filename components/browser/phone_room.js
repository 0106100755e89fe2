// @ts-check
// A participant's room: its status, its question or result, and what the participant may choose. The question or result
// is drawn again only when its data change, so that no field loses its focus when something else comes.
import { say } from "./dom.js"
import { Answering, givenIn } from "./phone_answer.js"
import { keepNumber, wordsOf } from "./phone_choice.js"
import { keepFocus } from "./phone_focus.js"
import { follow } from "./phone_follow.js"
import { choicesOf, clockOf, ownAnswerOf, questionOf, resultOf } from "./phone_page.js"
import { ask, askUntilReached, BASE, connection, oneByOne } from "./phone_server.js"
import { html } from "./svg.js"

const SEEDS = "Keras trains the network once for each of you while you wait and think. Your seed makes your run unique."

const ASKED = { one: "Choose an answer.", several: "Choose your answers.", number: "Type a number and send it." }
const UNREACHED = { status: 0, told: { refused: "No connection. Your choice was not kept: choose again." } }
const NONE = "Choose at least one option. Until then, the answer that you sent last counts, if there is one."

export class PhoneRoom {
  #heading = html("h1")
  #who = html("p", { class: "who" })
  #status = html("p", { role: "status" })
  #clock = html("div")
  #bar = html("div", { class: "bar-of-status" }, this.#status, this.#clock)
  #warning = html("p", { role: "alert", class: "warning", hidden: true })
  #content = html("div")
  #answering
  #room
  /** @type {Phone.Own} */
  #own
  /** @type {Phone.Page} */
  #page
  #ahead = 0 // seconds by which this browser's clock is ahead of the server's
  #drawn = ""
  #asks = "" // the question and round whose fields are drawn
  #readings = 0 // how often the participant's own data were requested
  #newest = 0 // the last of these requests whose answer is shown
  #inOrder = oneByOne() // the choices of a name or a pace: the last one counts
  #changes = 0
  #changed = 0 // the last of them to which the room has responded
  #gone = false // the room was deleted, or the participant removed

  /**
   * @param {HTMLElement} place
   * @param {{ room: string, own: Phone.Own, page: Phone.Page }} told
   */
  constructor(place, { room, own, page }) {
    this.#room = room
    this.#own = own
    this.#page = page
    this.#answering = new Answering(
      room,
      () => this.#own,
      () => this.#page.asked,
      () => this.#showStatus(),
      (answer, words) => this.#refuse(answer, words),
    )
    this.#setOwn(own)
    place.replaceChildren(this.#heading, this.#who, this.#bar, this.#warning, this.#content)
    connection.changed = () => this.#showStatus()
    this.#draw()
    follow(`${room}/page`, {
      show: (next) => this.#show(next),
      changeOwn: (more) => this.#changeOwn(more),
      leave: (words) => this.#leave(words),
    })
    this.#answering.send()
  }

  /** @param {Phone.Own} told */
  #setOwn(told) {
    this.#own = told
    this.#ahead = Date.now() / 1000 - told.now
  }

  /** @param {Partial<Phone.Own>} more */
  #changeOwn(more) {
    Object.assign(this.#own, more)
    if (this.#changes === this.#changed) this.#showPace() // else the visitor's own choice is still on its way
    this.#draw()
  }

  /** Chooses the pace that the room has. */
  #showPace() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const paces = this.#content.querySelectorAll('input[name="pace"]')
    for (const field of paces) field.checked = field.value === this.#own.pace
  }

  /**
   * Reads what the room knows about this participant, which may have changed in another tab.
   * @returns {Promise<void>}
   */
  async #readOwn() {
    const { stored } = this.#answering
    const reading = ++this.#readings
    const { status, told } = await askUntilReached(`${this.#room}/own`)
    if (status !== 200 || reading < this.#newest) return
    if (stored !== this.#answering.stored) return this.#readOwn() // it may lack the last answer
    this.#newest = reading
    const before = this.#answering.chosen(this.#page).option
    this.#setOwn(told)
    this.#drawn = ""
    if (this.#answering.chosen(this.#page).option !== before) this.#asks = "" // its fields show another answer now
    this.#draw()
  }

  /** @param {Phone.Page} next */
  #show(next) {
    if (next.version < this.#page.version) return
    const before = this.#page
    this.#page = next
    if (next.code !== before.code) history.replaceState(null, "", `${BASE}/join/${next.code}`)
    const { question, result } = next
    const deleted = before.asked !== next.asked // the host deleted the answers of a question; only the room knows which
    if (deleted) this.#own.answers = {}
    if (result) this.#own.answers[result.step]?.splice(result.rounds ?? 2) // the host took the second round back
    if (question && before.question?.step !== question.step) this.#warn("")
    this.#draw()
    if (deleted || (result && !this.#own.answers[result.step])) this.#readOwn()
  }

  /** @param {string} words */
  #leave(words) {
    this.#gone = true
    this.#bar.classList.remove("lost")
    say(this.#status, words)
    this.#clock.replaceChildren()
    this.#redraw(() => this.#content.replaceChildren())
  }

  /**
   * @param {Phone.Answer} answer
   * @param {string} words
   */
  #refuse(answer, words) {
    this.#warn(`Your answer ${wordsOf(answer.kind, givenIn(answer))} was not counted. ${words}`)
    this.#asks = "" // the fields show what the room has
    this.#readOwn()
  }

  /** @param {string} words */
  #warn(words) {
    this.#warning.hidden = !words
    say(this.#warning, words)
  }

  #showStatus() {
    if (this.#gone) return
    const { phase, status } = this.#page
    const { unsent } = this.#answering
    const { option } = this.#answering.chosen(this.#page)
    this.#bar.classList.toggle("lost", !connection.reached)
    if (!connection.reached) say(this.#status, this.#withoutConnection(option))
    else if (phase === "paused")
      say(this.#status, `${status} ${unsent ? "Your last answer is not sent yet." : "Your answers are kept."}`)
    else if (phase !== "ask") say(this.#status, status)
    else if (unsent) say(this.#status, "Not sent yet, trying again.")
    else if (option === null) say(this.#status, `${status}${ASKED[this.#page.question?.answer ?? "one"]}`)
    else say(this.#status, `${status}Your answer is sent. You may change it until the answers are frozen.`)
  }

  /** @param {number | null} option */
  #withoutConnection(option) {
    if (this.#page.phase !== "ask") return "No connection. This page goes on by itself when the connection is back."
    if (this.#answering.unsent) return "No connection. Your answer is sent when the connection is back."
    if (option === null) return "No connection. The room has no answer from you yet."
    return `No connection. The room has your answer ${wordsOf(this.#page.question?.answer, option)}.`
  }

  #draw() {
    if (this.#gone) return
    const page = this.#page
    const own = this.#own
    const { question } = page
    say(this.#heading, page.title)
    document.title = `${page.title} · Two Heads`
    const number = ["You are ", html("b", {}, own.alias), ". Your number is "]
    this.#who.replaceChildren(...number, html("b", {}, String(own.number)), ".")
    this.#showStatus()
    const clock = question && page.phase === "ask" ? `${question.since}.${own.pace}` : ""
    if (this.#clock.dataset.key !== clock) {
      this.#clock.dataset.key = clock
      const now = Date.now() / 1000 - this.#ahead
      this.#clock.replaceChildren(...(question && clock ? clockOf(question, own, now) : []))
    }
    const { phase, result, results, names } = page
    const drawn = JSON.stringify([phase, question, result, results, names])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    const asks = question && phase === "ask" ? `${question.step}.${question.round}.${page.asked}` : ""
    const draw = () => this.#content.replaceChildren(...this.#parts())
    this.#redraw(asks === this.#asks ? () => keepNumber(this.#content, draw) : draw)
    this.#asks = asks
  }

  /** @param {() => void} draw */
  #redraw(draw) {
    keepFocus(this.#content, draw, () => this.#content.querySelector("h2") ?? this.#heading)
  }

  #parts() {
    const page = this.#page
    const own = this.#own
    const { phase, question, result } = page
    if (phase === "lobby") return [...(page.seeds ? [html("p", {}, SEEDS)] : []), ...this.#choices()]
    if (result) return resultOf(result, own, { room: this.#room, base: BASE })
    if (phase === "over") return page.results.length ? this.#pastResults() : []
    if (!question) return []
    const words = page.names ? "More time, or your name" : "More time"
    const more = html("details", {}, html("summary", {}, words), ...this.#choices())
    const asked = phase === "ask"
    const nodes = questionOf(
      question,
      this.#answering.chosen(page),
      asked ? (option, sure) => this.#choose(option, sure) : null,
    )
    return [...nodes, ...(asked ? [] : [ownAnswerOf(own.answers[question.step], question.answer, null)]), more]
  }

  /**
   * @param {number | null} option
   * @param {string | null} sure
   */
  #choose(option, sure) {
    if (option === 0 && this.#page.question?.answer === "several") {
      this.#warn(NONE)
      return
    }
    this.#warn("")
    for (const field of this.#content.querySelectorAll('input[name="sure"]')) field.removeAttribute("disabled")
    this.#answering.choose(this.#page, option, sure)
  }

  #choices() {
    return choicesOf(this.#page, this.#own, (wanted) => this.#change(wanted))
  }

  /** @param {{ name?: string, pace?: string }} wanted */
  async #change(wanted) {
    const change = ++this.#changes
    const { status, told } = await this.#inOrder(() => ask(`${this.#room}/me`, wanted)).catch(() => UNREACHED)
    if (status === 200) this.#changeOwn({ alias: told.alias, pace: told.pace }) // its answers may lack the last one
    if (change !== this.#changes) return // the last one draws what the room has
    this.#changed = change
    this.#warn(status === 200 ? "" : told.refused)
    this.#showPace()
    this.#draw()
  }

  #pastResults() {
    const below = html("div")
    const { results } = this.#page
    const menu = html(
      "select",
      {},
      ...results.map(([step, title]) => html("option", { value: step }, `${step + 1}. ${title}`)),
    )
    const show = async () => {
      const wanted = menu.value
      const { status, told } = await askUntilReached(`${this.#room}/results/${wanted}`)
      if (wanted !== menu.value) return
      const where = { room: this.#room, base: BASE }
      below.replaceChildren(...(status === 200 ? resultOf(told, this.#own, where) : [html("p", {}, told.refused)]))
    }
    menu.onchange = show
    show()
    return [html("label", { class: "field" }, "Results", menu), below]
  }
}
