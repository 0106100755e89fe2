// @ts-check
// The answer that a participant gives: it is sent again until the server has stored or refused it. The browser keeps it
// meanwhile, also when the page is loaded anew.
import { AGAIN, ask, wait } from "./phone_server.js"

export class Answering {
  /** @type {Phone.Answer | null} the answer that the server has not stored yet */
  unsent = null
  #sending = false
  #key
  #room
  #show
  #refused

  /**
   * @param {string} room
   * @param {(told: Partial<Phone.Message>) => void} show called whenever an answer is chosen, stored or lost on its way
   * @param {(words: string) => void} refused
   */
  constructor(room, show, refused) {
    this.#key = `two-heads.answer.${room}`
    this.#room = room
    this.#show = show
    this.#refused = refused
    try {
      this.unsent = JSON.parse(localStorage.getItem(this.#key) ?? "null")
    } catch {
      // a browser that keeps nothing
    }
    this.send()
  }

  /**
   * The choice in the page's round: the answer that is not stored yet, or else the one that the room has.
   * @param {Phone.Page} page
   * @param {Phone.Own} own
   * @returns {{ given: number | null, sure: string }}
   */
  chosen({ question, asked }, own) {
    if (!question) return { given: null, sure: "" }
    const { step, round } = question
    const { unsent } = this
    if (unsent && unsent.step === step && unsent.round === round && unsent.asked === asked)
      return { given: unsent.value ?? unsent.option, sure: unsent.sure }
    const given = own.answers[step]?.[round - 1] ?? null
    return { given, sure: given === null ? "" : own.sure[step] }
  }

  /** @param {Phone.Answer} answer */
  choose(answer) {
    this.#keep(answer)
    this.#show({})
    this.send()
  }

  async send() {
    if (this.#sending) return
    this.#sending = true
    while (this.unsent) {
      const answer = this.unsent
      try {
        const { status, told } = await ask(`${this.#room}/answer`, answer)
        if (told.again) await wait(1000 * told.again)
        else if (this.unsent === answer) this.#keep(null)
        if (status === 200) this.#show(told)
        else if (!this.unsent) this.#refused(told.refused)
      } catch {
        this.#show({})
        await wait(AGAIN)
      }
    }
    this.#sending = false
  }

  /** @param {Phone.Answer | null} answer */
  #keep(answer) {
    this.unsent = answer
    try {
      if (answer) localStorage.setItem(this.#key, JSON.stringify(answer))
      else localStorage.removeItem(this.#key)
    } catch {
      // a browser that keeps nothing
    }
  }
}
