// @ts-check
import { lost, onConnection } from "./connection.js"

/**
 * Numbers the choices in a component. What Python drew before it got the newest choice must not undo it, unless that
 * choice was lost with the connection.
 */
export class Turns {
  #sent = 0
  #lost = 0 // choices up to this one were on their way when the connection was lost
  /** Ends this. */
  leave

  /** @param {() => void} restore shows what Python has, once the connection is back */
  constructor(restore) {
    this.leave = onConnection(() => {
      if (lost()) this.#lost = this.#sent
      else restore()
    })
  }

  /** The number of a new choice. One that is made without a connection is lost, so it gets no new number. */
  next() {
    if (!lost()) this.#sent += 1
    return this.#sent
  }

  /**
   * Whether what Python has counts, and not a newer choice. In a new session, numbers begin above all those before.
   * @param {number} turn that of the data from Python
   */
  counts(turn) {
    if (this.#sent > Math.max(turn, this.#lost)) return false
    this.#sent = Math.max(this.#sent, turn)
    return true
  }
}
